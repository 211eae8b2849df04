"""Acts on an approval: submit, agree, return, submit again, withdraw. Who may speak is in :mod:`..turns`."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound, Refusal, Refused
from xiezhi.people import flow, turns
from xiezhi.people.aggregate import agency_at, demand, hold, need, refuse, take, today
from xiezhi.people.approval_kinds import APPROVAL_KINDS
from xiezhi.people.models import Account, Approval, ApprovalOpinion
from xiezhi.record.acts import act, at, emit, unchanged

_APPLICANT_TITLE = gettext_noop("承办人")


@act("people.approval_submitted")
def submit(
    actor: Actor, *, kind: str, subject: str, title: str, agency: str, text: str, stream: str = ""
) -> Approval:
    """Ask for the approval of ``subject`` (``"kind:id"``), which belongs to agency path ``agency``.

    text     the applicant's own opinion, printed first on the form
    stream   the case or visit that it belongs to; by default a chain of its own
    The route in force today is pinned. Refused while another approval of the same act is open.
    """
    need(actor, "approval.submit", agency)
    applicant = _account(actor)
    demand(subject=subject, title=title, text=text)
    place = agency_at(agency)
    route = turns.route_for(kind, agency, today())
    if route is None:
        raise _no_route(kind, place.name)
    if Approval.objects.filter(kind=kind, subject=subject, state__in=flow.OPEN).exists():
        raise refuse(
            "xz-approval-open",
            gettext_noop("“%(title)s”已有一件审批在办理中。"),
            gettext_noop("在原审批中办理，或先撤回原审批。"),
            title=title,
        )
    approval = Approval(
        kind=kind,
        subject=subject,
        title=title,
        agency=agency,
        district=place.district,
        route=route,
        submitted_by=applicant,
        submitted_at=at(),
    )
    approval.stream = stream or f"approval:{approval.id}"
    approval.save(force_insert=True)
    spoken = _Spoken(ApprovalOpinion.SUBMIT, text)
    _note(approval, applicant, spoken)
    _move(approval, flow.begin(route.path), applicant, spoken, {"route": route.id}, title=title)
    return approval


@act("people.step_agreed", "people.approved")
def agree(
    actor: Actor, *, approval: uuid.UUID | str, text: str, rev: int, role: str = "", minutes: str = ""
) -> Approval:
    """Agree at the present step, in one's own role or as a substitute; the last agreement approves the act.

    role      which of the awaited roles, needed only by one who could speak in several
    minutes   number of the minutes, at a meeting step
    """
    row = _take(actor, approval, rev)
    turn = _turn(actor, row, role)
    demand(text=text)
    step = row.route.path[row.step - 1]
    if step.meeting and not minutes.strip():
        raise Invalid({"minutes": [_("“%(step)s”须填写会议纪要文号。") % {"step": step.title}]})
    spoken = _Spoken(ApprovalOpinion.AGREE, text, turn, minutes)
    opinion = _note(row, turn.account, spoken)
    after = flow.agree(row.route.path, row.place, turn.role)
    _move(row, after, turn.account, spoken, _given(opinion), type_="people.step_agreed")
    if after.state == flow.APPROVED:
        _emit_approved(row)
    return row


@act("people.approval_returned")
def return_approval(
    actor: Actor, *, approval: uuid.UUID | str, text: str, rev: int, to_step: int = flow.APPLICANT, role: str = ""
) -> Approval:
    """Return it with a reason to the applicant (0) or to an earlier step; what lies after is owed anew."""
    row = _take(actor, approval, rev)
    turn = _turn(actor, row, role)
    demand(text=text)
    if not flow.APPLICANT <= to_step < row.step:
        raise Invalid({"to_step": [_("只能退回承办人或之前的步骤。")]})
    spoken = _Spoken(ApprovalOpinion.RETURN, text, turn, "", to_step)
    opinion = _note(row, turn.account, spoken)
    after = flow.send_back(row.route.path, row.place, turn.role, to_step)
    _move(row, after, turn.account, spoken, {**_given(opinion), "return_to": to_step})
    return row


@act("people.approval_resubmitted")
def resubmit(actor: Actor, *, approval: uuid.UUID | str, text: str, rev: int, title: str = "") -> Approval:
    """The applicant submits a returned approval again, from the first step, with what he mended."""
    row = _take(actor, approval, rev)
    applicant = _own(actor, row)
    if row.state != flow.RETURNED:
        raise _wrong_state(row)
    demand(text=text)
    if title.strip():
        row.title = title
        row.save(update_fields=["title"])
    spoken = _Spoken(ApprovalOpinion.RESUBMIT, text)
    _note(row, applicant, spoken)
    _move(row, flow.begin(row.route.path, row.round), applicant, spoken, {}, title=row.title)
    return row


@act("people.approval_withdrawn")
def withdraw(actor: Actor, *, approval: uuid.UUID | str, text: str, rev: int) -> Approval:
    """The applicant takes it back; it stays readable and decides nothing."""
    row = _take(actor, approval, rev)
    applicant = _own(actor, row)
    if row.state not in flow.OPEN:
        raise _wrong_state(row)
    demand(text=text)
    spoken = _Spoken(ApprovalOpinion.WITHDRAW, text)
    _note(row, applicant, spoken)
    _move(row, flow.withdraw(row.place), applicant, spoken, {})
    return row


@act("people.approval_withdrawn")
def withdraw_ended(actor: Actor, *, approval: uuid.UUID | str, text: str) -> Approval:
    """What it was asked for has ended: it leaves the inboxes, in the name of who ended that, with his reason.

    Called by the app that owns the subject, within its own act. One that is decided already stays as it is.
    """
    row = take(Approval, approval)
    if row.state not in flow.OPEN:
        unchanged()
        return row
    account = _account(actor)
    demand(text=text)
    spoken = _Spoken(ApprovalOpinion.WITHDRAW, text)
    _note(row, account, spoken)
    _move(row, flow.withdraw(row.place), account, spoken, {})
    return row


@dataclass(frozen=True)
class _Spoken:
    """What was said, before it is written down."""

    decision: str
    text: str
    turn: turns.Turn | None = None
    minutes: str = ""
    return_to: int | None = None


def _take(actor: Actor, approval: uuid.UUID | str, rev: int) -> Approval:
    """The approval, locked; one that the actor may not see is not there."""
    row = take(Approval, approval)
    if not Approval.objects.visible_to(actor).filter(pk=row.pk).exists():
        raise NotFound(f"Approval {approval}")
    hold(row, rev)
    return row


def _turn(actor: Actor, row: Approval, role: str) -> turns.Turn:
    verdict = turns.turn_of(actor, row, at(), role)
    if isinstance(verdict, Refusal):
        raise Refused(verdict)
    return verdict


def _note(row: Approval, account: Account, spoken: _Spoken) -> ApprovalOpinion:
    """Write the opinion down, with names as they are today."""
    turn = spoken.turn
    substitute = turn is not None and turn.authorisation is not None
    return ApprovalOpinion.objects.create(
        approval=row,
        number=row.opinions.count() + 1,
        round=row.round,
        step=row.step if turn else flow.APPLICANT,
        step_title=row.route.path[row.step - 1].title if turn else _APPLICANT_TITLE,
        role=turn.role if turn else "",
        decision=spoken.decision,
        text=spoken.text,
        minutes=spoken.minutes,
        return_to=spoken.return_to,
        account=account,
        name=account.name or account.username,
        principal=turn.principal if turn and substitute else None,
        principal_name=(turn.principal.name if turn and turn.principal else "") if substitute else "",
        authorisation=turn.authorisation if turn else None,
        at=at(),
    )


def _given(opinion: ApprovalOpinion) -> dict[str, object]:
    return {
        "opinion": opinion.id,
        "at_step": opinion.step,
        "role": opinion.role,
        "principal": opinion.principal_id,
        "authorisation": opinion.authorisation_id,
        "minutes": opinion.minutes,
    }


def _move(
    row: Approval,
    place: flow.Place,
    account: Account,
    spoken: _Spoken,
    more: dict[str, object],
    *,
    type_: str | None = None,
    title: str = "",
) -> None:
    """Emit the event that carries where the approval stands afterwards; the projection writes it."""
    principal = spoken.turn.principal if spoken.turn else None
    emit(
        type_,
        stream=row.stream,
        subject=f"approval:{row.id}",
        data={
            "approval": row.id,
            "kind": row.kind,
            "subject": row.subject,
            "state": place.state,
            "step": place.step,
            "round": place.round,
            "waiting": list(place.waiting),
            **more,
        },
        private={
            "name": account.name or account.username,
            "text": spoken.text,
            "principal_name": principal.name if principal else "",
            "title": title,
        },
        agency=row.agency,
        district=row.district,
    )
    row.refresh_from_db()


def _emit_approved(row: Approval) -> None:
    emit(
        "people.approved",
        stream=row.stream,
        subject=row.subject,
        data={
            "approval": row.id,
            "kind": row.kind,
            "subject": row.subject,
            "route": row.route_id,
            "decided_at": at(),
        },
        agency=row.agency,
        district=row.district,
    )
    row.refresh_from_db()


def _account(actor: Actor) -> Account:
    """The person behind the actor; components and the public don't speak in approvals."""
    account = turns.account_of(actor)
    if account is None:
        raise Denied("approval.submit")
    return account


def _own(actor: Actor, row: Approval) -> Account:
    account = _account(actor)
    if account.pk != row.submitted_by_id:
        raise refuse(
            "xz-approval-applicant",
            gettext_noop("只有承办人本人能重新提交或撤回“%(title)s”。"),
            gettext_noop("请联系承办人。"),
            title=row.title,
        )
    return account


def _wrong_state(row: Approval) -> Exception:
    return refuse(
        "xz-approval-state",
        gettext_noop("“%(title)s”目前不处于可办理此操作的状态。"),
        gettext_noop("刷新页面，查看审批的当前状态。"),
        title=row.title,
    )


def _no_route(kind: str, name: str) -> Exception:
    return refuse(
        "xz-approval-route",
        gettext_noop("%(agency)s没有“%(kind)s”的现行审批流程。"),
        gettext_noop("请系统管理员在“审批流程”中启用一条流程。"),
        agency=name,
        kind=_(APPROVAL_KINDS.get(kind, kind)),
    )
