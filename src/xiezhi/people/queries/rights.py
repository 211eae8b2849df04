"""Reading accounts and rights, above all :func:`actor_of`: from one who signed in to one who may act."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet

from xiezhi import clock
from xiezhi.core.actor import PUBLIC, Ability, Actor
from xiezhi.core.errors import Denied
from xiezhi.people.abilities import ABILITIES, ENFORCEMENT
from xiezhi.people.models import Account, Agency, Officer, Role, RoleAssignment
from xiezhi.people.models.dated import on
from xiezhi.people.scope import account_id

from .officers import valid_certificates


def actor_of(account: Account | None, agency: str | None = None) -> Actor:
    """The actor that the account is now (the clock's today, Asia/Shanghai). Deny by default.

    agency   path of the unit he acts for; by default his own. Another one only where he holds a role: ``Denied``.
    An inactive account is the public. Enforcement abilities are held by serving officers alone, on days on which
    one of their certificates is valid; never by assistants.
    """
    if account is None or not account.is_active:
        return PUBLIC
    if account.kind == Account.PARTY:
        return Actor(id=str(account.id), kind="party")
    today = clock.today()
    held = list(RoleAssignment.objects.filter(on(today), account=account).select_related("role"))
    home = account.unit.path if account.unit is not None else ""
    path = home if agency is None else agency
    if path != home and not any(path.startswith(row.agency) for row in held):
        raise Denied("people.read", path)
    unit = account.unit if path == home else Agency.objects.filter(path=path).first()
    if unit is None and path:
        raise Denied("people.read", path)
    barred = frozenset() if _may_enforce(account, today) else ENFORCEMENT
    abilities = frozenset(
        Ability(name, row.agency)
        for row in held
        for name in row.role.abilities
        if name in ABILITIES and name not in barred
    )
    return Actor(str(account.id), "officer", path, unit.district if unit else "", abilities)


def staff_of(paths: Iterable[str]) -> QuerySet[Account]:
    """Active accounts of those who work in these bodies or below them; for news to them."""
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(unit__path__startswith=path)
    return Account.objects.filter(within, kind=Account.STAFF, is_active=True).select_related("unit", "officer")


def holders(ability: str, agency: str = "") -> list[str]:
    """Actor ids of the active accounts that hold the ability today; for news to those who answer for it.

    agency   path on which they must hold it; empty: wherever
    """
    today = clock.today()
    rows = RoleAssignment.objects.filter(on(today), account__is_active=True).select_related("role")
    return sorted(
        {
            str(row.account_id)
            for row in rows
            if ability in row.role.abilities and (not agency or agency.startswith(row.agency))
        }
    )


def _may_enforce(account: Account, today: object) -> bool:
    if account.assistant_id is not None or account.officer is None or account.officer.state != Officer.SERVING:
        return False
    return bool(valid_certificates(account.officer.pk, today, today))  # type: ignore[arg-type]


def must_enrol(account: Account) -> bool:
    """Must he set up an authenticator before anything else? His account or a body above him demands it.

    Demonstration accounts are exempt in the demonstration's profile only.
    """
    if account.demo and settings.DEMO:
        return False
    if not account.must_use_totp and not _agency_demands(account):
        return False
    return not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def _agency_demands(account: Account) -> bool:
    if account.unit is None:
        return False
    parts = account.unit.path.strip("/").split("/")
    above = ["/" + "/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]
    return Agency.objects.filter(path__in=above, demands_totp=True).exists()


def accounts(actor: Actor) -> QuerySet[Account]:
    """Accounts of units in which the actor may read people, and his own."""
    seen = Q(pk=account_id(actor))
    for path in actor.paths("people.read"):
        seen |= Q() if path == "/" else Q(unit__path__startswith=path)
        if path == "/":
            return Account.objects.select_related("unit").order_by("unit__path", "username")
    return Account.objects.filter(seen).select_related("unit").order_by("unit__path", "username")


def roles(actor: Actor) -> QuerySet[Role]:
    """The roles and what they hold: known to everyone of the house."""
    if actor.kind not in {"officer", "system"}:
        return Role.objects.none()
    return Role.objects.order_by("code")


def assignments(actor: Actor) -> QuerySet[RoleAssignment]:
    """Assignments in subtrees where the actor may read people, and his own; newest first."""
    rows = RoleAssignment.objects.select_related("account", "role").order_by("-valid_from", "-id")
    paths = actor.paths("people.read")
    if "/" in paths:
        return rows
    seen = Q(account=account_id(actor))
    for path in paths:
        seen |= Q(agency__startswith=path) | Q(account__unit__path__startswith=path)
    return rows.filter(seen)
