"""Acts on delegation letters (处罚法 arts. 20–21) and on written authorisations of substitutes (A/B 角)."""

import uuid
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.people.aggregate import agency_at, demand, demand_order, hold, need, refuse, take
from xiezhi.people.models import Account, Agency, DelegationLetter, Role, RoleAssignment, SubstituteAuthorisation
from xiezhi.people.models.dated import throughout
from xiezhi.record.acts import act, emit

_ARTICLE = "《行政处罚法》第二十条"


@act("people.letter_recorded")
def record_letter(
    actor: Actor,
    *,
    principal: str,
    delegate: str,
    number: str,
    matters: str,
    valid_from: date,
    valid_to: date,
) -> DelegationLetter:
    """Enter a letter by which agency ``principal`` lets agency ``delegate`` (paths) act in its name.

    A body that itself acts by delegation may not pass it on. The letter is in force once it is published.
    """
    need(actor, "people.manage_letters", principal)
    giver, taker = agency_at(principal), agency_at(delegate)
    demand(number=number, matters=matters)
    demand_order(valid_from, valid_to)
    if giver == taker:
        raise Invalid({"delegate": [_("委托机关与受委托组织不能相同。")]})
    _demand_first_hand(giver, taker, valid_from, valid_to)
    if DelegationLetter.objects.filter(principal=giver, number=number).exists():
        raise Invalid({"number": [_("该文号的委托书已登记。")]})
    letter = DelegationLetter.objects.create(
        principal=giver,
        delegate=taker,
        number=number,
        matters=matters,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _emit(
        letter,
        {
            "letter": letter.id,
            "principal": principal,
            "delegate": delegate,
            "number": number,
            "matters": matters,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
    )
    return letter


@act("people.letter_published")
def publish_letter(
    actor: Actor, *, letter: uuid.UUID | str, published_at: str, published_on: date, rev: int | None = None
) -> DelegationLetter:
    """Note where and since which day the letter is published; only then does it let anyone act."""
    row = _take(actor, letter, rev)
    demand(published_at=published_at)
    if not published_at.startswith(("https://", "http://")):
        raise Invalid({"published_at": [_("填写公布网页的完整地址（以 https:// 开头）。")]})
    last = row.valid_to if row.revoked_on is None else row.revoked_on - timedelta(days=1)
    _demand_first_hand(row.principal, row.delegate, row.valid_from, last)
    _emit(row, {"letter": row.id, "published_at": published_at, "published_on": published_on})
    row.refresh_from_db()
    return row


@act("people.letter_revoked")
def revoke_letter(
    actor: Actor, *, letter: uuid.UUID | str, on: date, reason: str, rev: int | None = None
) -> DelegationLetter:
    """The delegation ends; ``on`` is the first day on which it no longer holds."""
    row = _take(actor, letter, rev)
    demand(reason=reason)
    _emit(row, {"letter": row.id, "on": on, "reason": reason})
    row.refresh_from_db()
    return row


@act("people.substitute_authorised")
def authorise_substitute(
    actor: Actor,
    *,
    principal: uuid.UUID | str,
    substitute: uuid.UUID | str,
    role: str,
    agency: str,
    document: str,
    reason: str,
    valid_from: date,
    valid_to: date,
) -> SubstituteAuthorisation:
    """Let B give opinions in ``role`` for A within ``agency``, by written authorisation ``document``, with dates.

    Signed by A himself or by one who holds ``approval.authorise`` there. A must hold the role on every day of it.
    """
    first, second = take(Account, principal), take(Account, substitute)
    if str(first.id) != actor.id:
        need(actor, "approval.authorise", agency)
    demand(document=document, reason=reason)
    demand_order(valid_from, valid_to)
    if first == second or not second.is_active or second.assistant_id is not None:
        raise Invalid({"substitute": [_("代办人须是另一位在用账号的正式人员。")]})
    held = RoleAssignment.objects.filter(throughout(valid_from, valid_to), account=first, role__code=role)
    if not any(agency.startswith(row.agency) for row in held):
        raise refuse(
            "xz-substitute-role",
            gettext_noop("%(name)s在授权期间内并不始终担任该角色，不能授权他人代办。"),
            gettext_noop("核对角色、机构和起止日期。"),
            name=first.name,
        )
    row = SubstituteAuthorisation.objects.create(
        principal=first,
        substitute=second,
        role=Role.objects.get(code=role),
        agency=agency,
        document=document,
        reason=reason,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _emit_authorisation(
        row,
        {
            "authorisation": row.id,
            "principal": first.id,
            "substitute": second.id,
            "role": role,
            "agency": agency,
            "document": document,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
        reason,
    )
    return row


@act("people.authorisation_revoked")
def revoke_authorisation(
    actor: Actor, *, authorisation: uuid.UUID | str, on: date, reason: str
) -> SubstituteAuthorisation:
    """``on`` is the first day on which B no longer acts for A."""
    row = take(SubstituteAuthorisation, authorisation)
    if str(row.principal_id) != actor.id:
        need(actor, "approval.authorise", row.agency)
    demand(reason=reason)
    _emit_authorisation(row, {"authorisation": row.id, "on": on}, reason)
    row.refresh_from_db()
    return row


def _take(actor: Actor, letter: uuid.UUID | str, rev: int | None) -> DelegationLetter:
    row = take(DelegationLetter, letter)
    need(actor, "people.manage_letters", row.principal.path)
    hold(row, rev)
    return row


def _demand_first_hand(giver: Agency, taker: Agency, first: date, last: date | None) -> None:
    """``Refused`` where on any day from ``first`` to ``last`` the giver would himself hold a letter, or the taker
    give one: whichever is entered first.
    """
    held = Q(valid_to=None) | Q(valid_to__gte=first)
    kept = Q(revoked_on=None) | (Q(revoked_on__gt=first) & Q(revoked_on__gt=F("valid_from")))
    rows = DelegationLetter.objects.filter(held, kept)
    if last is not None:
        rows = rows.filter(valid_from__lte=last)
    found = rows.filter(Q(delegate=giver) | Q(principal=taker)).first()
    if found is not None:
        raise refuse(
            "处罚法-20",
            gettext_noop("%(name)s自身依委托执法，不得再委托其他组织。"),
            gettext_noop("请由原委托机关直接出具委托书。"),
            article=_ARTICLE,
            name=(giver if found.delegate == giver else taker).name,
        )


def _emit(letter: DelegationLetter, data: dict[str, object]) -> None:
    subject = f"letter:{letter.id}"
    body = letter.principal
    emit(stream=subject, subject=subject, data=data, agency=body.path, district=body.district)


def _emit_authorisation(row: SubstituteAuthorisation, data: dict[str, object], reason: str) -> None:
    subject = f"authorisation:{row.id}"
    emit(stream=subject, subject=subject, data=data, private={"reason": reason}, agency=row.agency)
