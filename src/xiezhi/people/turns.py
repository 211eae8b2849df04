"""Whose turn it is: who may give an opinion on an approval now, in which role, for whom.

Rules of the house, each with its id: ``xz-approval-state``, ``xz-approval-self``, ``xz-approval-two-steps``,
``xz-approval-turn``, ``xz-substitute-dates``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_noop

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Refusal

from . import flow
from .models import Account, Approval, ApprovalRoute, RoleAssignment, SubstituteAuthorisation
from .models.dated import on
from .models.letters import in_force
from .scope import account_id


@dataclass(frozen=True)
class Turn:
    """``account`` may speak in ``role``; as a substitute, for ``principal`` by ``authorisation``."""

    account: Account
    role: str
    principal: Account | None = None
    authorisation: SubstituteAuthorisation | None = None


@dataclass(frozen=True)
class Held:
    """A role that someone may speak in, and the path within which."""

    role: str
    path: str
    principal: Account | None = None
    authorisation: SubstituteAuthorisation | None = None


def account_of(actor: Actor) -> Account | None:
    """The active staff account behind an actor; None for components, parties and the public."""
    key = account_id(actor)
    if key is None:
        return None
    return Account.objects.filter(pk=key, is_active=True, kind=Account.STAFF).first()


def route_for(kind: str, agency: str, day: date) -> ApprovalRoute | None:
    """The route in force on ``day`` of the nearest agency at or above path ``agency``, or None."""
    routes = ApprovalRoute.objects.filter(on(day), kind=kind)
    above = [route for route in routes if agency.startswith(route.agency)]
    return max(above, key=lambda route: (len(route.agency), route.version), default=None)


def held_by(account: Account, day: date) -> Iterator[Held]:
    """Roles that the account may speak in on ``day``: its own, and those of principals who still hold theirs."""
    for row in RoleAssignment.objects.filter(on(day), account=account).select_related("role"):
        yield Held(row.role.code, row.agency)
    authorised = SubstituteAuthorisation.objects.filter(
        in_force(day), substitute=account, principal__is_active=True
    ).select_related("role", "principal")
    for row in authorised:
        own = RoleAssignment.objects.filter(on(day), account=row.principal, role=row.role)
        if any(row.agency.startswith(assignment.agency) for assignment in own):
            yield Held(row.role.code, row.agency, row.principal, row)


def turn_of(actor: Actor, approval: Approval, at: datetime, role: str = "") -> Turn | Refusal:
    """The turn of the actor at the approval's present step, or why he has none."""
    account = account_of(actor)
    if approval.state != flow.PENDING:
        return _refusal(*_STATE, approval)
    if account is None:
        return _refusal(*_TURN, approval)
    held = list(held_by(account, clock.day(at)))
    open_roles = [name for name in approval.place.waiting if role in {"", name}]
    fitting = [h for h in held if h.role in open_roles and approval.agency.startswith(h.path)]
    refused: Refusal | None = None
    # One's own role speaks before one that is held for another.
    for found in sorted(fitting, key=lambda h: h.principal is not None):
        refused = _barred(approval, account, found)
        if refused is None:
            return Turn(account, found.role, found.principal, found.authorisation)
    if refused is not None:
        return refused
    return _refusal(*(_DATES if _once_authorised(account, approval) else _TURN), approval)


def _barred(approval: Approval, account: Account, found: Held) -> Refusal | None:
    persons = {account.pk} | ({found.principal.pk} if found.principal else set())
    if approval.submitted_by_id in persons:
        return _refusal(*_SELF, approval)
    spoken = approval.opinions.exclude(step__in=[flow.APPLICANT, approval.step])
    if spoken.filter(Q(account__in=persons) | Q(principal__in=persons)).exists():
        return _refusal(*_TWO_STEPS, approval)
    # At a countersigned step too, each role is a person of his own.
    beside = approval.opinions.filter(step=approval.step, round=approval.round).exclude(role=found.role)
    if beside.filter(Q(account__in=persons) | Q(principal__in=persons)).exists():
        return _refusal(*_TWO_STEPS, approval)
    return None


def _once_authorised(account: Account, approval: Approval) -> bool:
    rows = SubstituteAuthorisation.objects.filter(substitute=account, role__code__in=approval.place.waiting)
    return any(approval.agency.startswith(row.agency) for row in rows)


def _refusal(rule: str, message: str, remedy: str, approval: Approval) -> Refusal:
    return Refusal(rule, "", message, remedy, {"title": approval.title})


_STATE = (
    "xz-approval-state",
    gettext_noop("“%(title)s”目前不在审批中，不能签署意见。"),
    gettext_noop("刷新页面，查看审批的当前状态。"),
)
_SELF = (
    "xz-approval-self",
    gettext_noop("不能审批本人提交的“%(title)s”，也不能由代办人代其审批。"),
    gettext_noop("请由担任该角色的其他人员，或经书面授权的其他代办人签署。"),
)
_TWO_STEPS = (
    "xz-approval-two-steps",
    gettext_noop("同一人不能在“%(title)s”的两个步骤（或会签的两个角色）签署意见。"),
    gettext_noop("请由担任该角色的其他人员，或经书面授权的其他代办人签署。"),
)
_TURN = (
    "xz-approval-turn",
    gettext_noop("“%(title)s”的当前步骤不由您签署。"),
    gettext_noop("在审批表上查看正在等待哪个角色签署。"),
)
_DATES = (
    "xz-substitute-dates",
    gettext_noop("您代办“%(title)s”当前步骤的授权不在有效期内，或授权人已不担任该角色。"),
    gettext_noop("请授权人重新出具书面授权，或由其本人签署。"),
)
