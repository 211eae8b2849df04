"""Reading approvals: the inbox (待办), the form with every opinion, the matrix, the authorisations."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Allowed, NotFound, Refusal, Verdict
from xiezhi.people import flow, turns
from xiezhi.people.models import (
    Account,
    Approval,
    ApprovalOpinion,
    ApprovalRoute,
    Role,
    RoleAssignment,
    SubstituteAuthorisation,
)
from xiezhi.people.models.dated import on
from xiezhi.people.models.letters import in_force
from xiezhi.people.scope import account_id

from .rights import actor_of


def approvals(actor: Actor) -> QuerySet[Approval]:
    """Approvals that the actor may see, newest first."""
    return (
        Approval.objects.visible_to(actor).select_related("route", "submitted_by").order_by("-submitted_at", "-id")
    )


def approval(actor: Actor, key: uuid.UUID | str) -> Approval:
    """One approval; ``NotFound`` where it isn't visible."""
    row = approvals(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(f"approval {key}")
    return row


def inbox(actor: Actor) -> list[Approval]:
    """What waits for this very actor now, oldest first: his turns (own or as substitute), and returned to him."""
    account = turns.account_of(actor)
    if account is None:
        return []
    wanted = Q(state=flow.RETURNED, submitted_by=account)
    for held in turns.held_by(account, clock.today()):
        wanted |= Q(state=flow.PENDING, waiting__contains=f",{held.role},", agency__startswith=held.path)
    rows = Approval.objects.visible_to(actor).filter(wanted).select_related("route", "submitted_by")
    return [row for row in rows.order_by("submitted_at", "id") if row.state == flow.RETURNED or _turn(actor, row)]


def concerning(actor: Actor) -> QuerySet[Approval]:
    """Approvals that the actor asked for or spoke in, and those that await a role of his, own or as substitute."""
    account = turns.account_of(actor)
    if account is None:
        return Approval.objects.none()
    spoken = ApprovalOpinion.objects.filter(Q(account=account) | Q(principal=account))
    wanted = Q(submitted_by=account) | Q(pk__in=spoken.values("approval"))
    for held in turns.held_by(account, clock.today()):
        wanted |= Q(state=flow.PENDING, waiting__contains=f",{held.role},", agency__startswith=held.path)
    return Approval.objects.filter(wanted)


def may_act(actor: Actor, row: Approval, role: str = "") -> Verdict:
    """May the actor give an opinion now? The refusal says why not."""
    verdict = turns.turn_of(actor, row, clock.now(), role)
    return verdict if isinstance(verdict, Refusal) else Allowed()


def _turn(actor: Actor, row: Approval) -> bool:
    return not isinstance(turns.turn_of(actor, row, clock.now()), Refusal)


@dataclass(frozen=True)
class FormRow:
    """A step of the form as printed: its title, roles in words, what was said, and whether it is its turn."""

    number: int
    title: str
    roles: tuple[str, ...]
    opinions: Sequence[ApprovalOpinion]
    current: bool


def form_rows(row: Approval) -> list[FormRow]:
    """The approval form, step by step, the applicant first: every opinion with its name and time."""
    said: dict[int, list[ApprovalOpinion]] = {}
    for opinion in row.opinions.select_related("authorisation").order_by("number"):
        said.setdefault(opinion.step, []).append(opinion)
    names = dict(Role.objects.values_list("code", "name"))
    open_ = row.state in flow.OPEN
    form = [FormRow(0, _("承办人"), (), said.get(0, []), open_ and row.step == flow.APPLICANT)]
    for number, step in enumerate(row.route.path, 1):
        titles = tuple(names.get(role, role) for role in step.roles)
        form.append(FormRow(number, step.title, titles, said.get(number, []), open_ and row.step == number))
    return form


def routes(actor: Actor) -> QuerySet[ApprovalRoute]:
    """The approval matrix with its versions: known to everyone of the house."""
    if actor.kind not in {"officer", "system"}:
        return ApprovalRoute.objects.none()
    return ApprovalRoute.objects.order_by("kind", "agency", "-version")


def route_in_force(kind: str, agency: str, day: date) -> ApprovalRoute | None:
    """The route that an act of ``kind`` at path ``agency`` would take on ``day``."""
    return turns.route_for(kind, agency, day)


def authorisations(actor: Actor) -> QuerySet[SubstituteAuthorisation]:
    """Substitutes' authorisations given or held by the actor, or in subtrees where he may sign them."""
    rows = SubstituteAuthorisation.objects.select_related("principal", "substitute", "role").order_by(
        "-valid_from", "-id"
    )
    paths = actor.paths("approval.authorise") + actor.paths("people.read")
    if "/" in paths:
        return rows
    person = account_id(actor)
    seen = Q(principal=person) | Q(substitute=person) if person else Q(pk__in=[])
    for path in paths:
        seen |= Q(agency__startswith=path)
    return rows.filter(seen)


def awaited(approval: Approval) -> list[str]:
    """Actor ids of the accounts whose turn it is now, substitutes among them; for news to them."""
    today = clock.today()
    roles = approval.place.waiting
    held = RoleAssignment.objects.filter(on(today), role__code__in=roles).values("account")
    stand_ins = SubstituteAuthorisation.objects.filter(in_force(today), role__code__in=roles).values("substitute")
    rows = Account.objects.filter(Q(pk__in=held) | Q(pk__in=stand_ins), is_active=True)
    return [str(row.pk) for row in rows if not isinstance(may_act(actor_of(row), approval), Refusal)]
