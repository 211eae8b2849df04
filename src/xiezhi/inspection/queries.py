"""Reading draws: ``visible_to`` first; what the public sees comes from the ``public_…`` functions alone."""

import uuid
from datetime import date

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied
from xiezhi.people import queries as people
from xiezhi.people.scope import account_id
from xiezhi.registry import queries as registry

from . import cycles, gate, reckoning
from .codes import PUBLIC, Duty, PlanState, State
from .dispatch import SENT
from .models import (
    READ,
    Checklist,
    Draw,
    DrawBundle,
    DrawnTarget,
    InspectionItem,
    Plan,
    TargetRoster,
    Task,
    TaskOfficer,
    TaskResult,
    TaskTarget,
    Trigger,
)

TOLD = ("name", "code", "reason")


def visible_to(actor: Actor) -> QuerySet[Draw]:
    """Draws of the agencies in which the actor may read inspections."""
    return Draw.objects.visible_to(actor).select_related("roster__item", "line__plan", "line__item")


def rosters_visible_to(actor: Actor) -> QuerySet[TargetRoster]:
    """Target rosters, likewise. Entries (names, grades) are read through them."""
    return TargetRoster.objects.visible_to(actor).select_related("item")


def districts_of_projects(actor: Actor) -> list[str]:
    """Codes of the districts of the projects that the actor may see: what a roster may be narrowed to."""
    rows = registry.projects_visible_to(actor).order_by("district").values_list("district", flat=True)
    return list(rows.distinct())


def items() -> QuerySet[InspectionItem]:
    """The item list; a reference table, open to everyone."""
    return InspectionItem.objects.all()


def items_in_force(actor: Actor, on: date) -> QuerySet[InspectionItem]:
    """Items of the lists of agencies in which the actor may read (or of those above), each in its newest version."""
    rows = InspectionItem.objects.in_force(on)
    paths = actor.paths(READ)
    if "/" in paths:
        return rows
    reach = Q(pk__in=[])
    for path in paths:
        above = ["/".join(path.split("/")[:depth]) + "/" for depth in range(1, path.count("/") + 1)]
        reach |= Q(agency__startswith=path) | Q(agency__in=above)
    return rows.filter(reach)


def items_by_field(actor: Actor, on: date) -> dict[str, int]:
    """Field of supervision → how many items are in force."""
    rows = items_in_force(actor, on).order_by().values_list("field").annotate(number=Count("pk"))
    return dict(rows)


def plans_visible_to(actor: Actor) -> QuerySet[Plan]:
    """Plans of the agencies in which the actor may read inspections."""
    return Plan.objects.visible_to(actor).select_related("approval")


def plans_to_draw(actor: Actor, year: int) -> QuerySet[Plan]:
    """Published plans of the year on whose lines draws rest: those he may read, and those of bodies above his own."""
    parts = actor.agency.strip("/").split("/")
    above = ["/", *("/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1))]
    read = Q(pk__in=plans_visible_to(actor).values("pk"))
    if actor.paths(READ):
        read |= Q(agency__in=above, district=actor.district)  # published: known to everyone
    rows = Plan.objects.filter(read, state=PlanState.PUBLISHED)
    return rows.filter(begins__lte=date(year, 12, 31), ends__gte=date(year, 1, 1))


def triggers_visible_to(actor: Actor) -> QuerySet[Trigger]:
    """Triggered inspections likewise.

    Each with ``told``: may the actor see whom it is about? ``told_name``, ``told_code`` and ``told_reason`` are empty
    where he may not: only these are shown and searched.
    """
    told = Exists(Trigger.objects.filter(_told(actor), pk=OuterRef("pk")))
    shown = {
        f"told_{name}": Case(When(told, then=F(name)), default=Value(""), output_field=TextField())
        for name in TOLD
    }
    return Trigger.objects.visible_to(actor).select_related("approval").annotate(told=told, **shown)


def _told(actor: Actor) -> Q:
    """Triggers whose target the actor may see.

    Whoever plans there or reads released tasks, who asked for it, whom its approval concerns, and those sent.
    """
    seen = Q(asked_by=actor.id) | Q(approval__in=people.concerning(actor).values("pk"))
    for ability in (gate.PLAN, gate.READ_RELEASED):
        for path in actor.paths(ability):
            seen |= ~Q(pk=None) if path == "/" else Q(agency__startswith=path)
    return seen | Q(pk__in=TaskTarget.objects.visible_to(actor).values("task__trigger"))


def tasks_visible_to(actor: Actor) -> QuerySet[Task]:
    """Tasks of the agencies in which the actor may read, and those he is let in on. They hold no names."""
    rows = Task.objects.visible_to(actor).select_related("draw", "dispatch", "trigger")
    return rows.prefetch_related("items")


def sent_to(actor: Actor) -> QuerySet[TaskOfficer]:
    """Where the account's own officer is sent; known to him from the release on. Nobody's for keys and components."""
    rows = TaskOfficer.objects.visible_to(actor).filter(duty__in=SENT).order_by()
    key = account_id(actor)
    return rows.filter(officer__account=key) if key else rows.none()


def tasks_of(actor: Actor) -> QuerySet[Task]:
    """Tasks that the account's own officer is sent to; known to him from their release on."""
    # Named one by one: a career has some thousands, and PostgreSQL looks at every task for a subquery.
    return tasks_visible_to(actor).filter(pk__in=list(sent_to(actor).values_list("task", flat=True)))


def task_names(actor: Actor, task: Task) -> tuple[TaskTarget | None, list[TaskOfficer]]:
    """Object and officers, as far as the actor may see them; the caller notes the reading."""
    target = TaskTarget.objects.visible_to(actor).filter(task=task).first()
    officers = TaskOfficer.objects.visible_to(actor).filter(task=task).select_related("officer__unit")
    order = {duty: number for number, duty in enumerate(Duty)}
    return target, sorted(officers, key=lambda row: (order[Duty(row.duty)], row.place))


def is_sent(actor: Actor, task: Task) -> bool:
    """Whether the account's own officer is sent to the task (a reserve is not)."""
    key = account_id(actor)  # none of keys and components: it would match officers without an account
    return bool(key) and TaskOfficer.objects.filter(task=task, duty__in=SENT, officer__account=key).exists()


def may_file(actor: Actor, task: Task) -> bool:
    """Whether the actor is sent and may visit somewhere: a squad's officer is sent to tasks of his detachment as well.

    The ability itself he must hold: it is nobody's whose certificates lapsed.
    """
    return bool(actor.paths(gate.VISIT)) and is_sent(actor, task)


def checklists_of(task: Task) -> list[Checklist]:
    """The newest checklist of each of the task's items, by the item's code; the items without one are left out."""
    found: dict[uuid.UUID, Checklist] = {}
    for row in Checklist.objects.filter(item__tasks=task).select_related("item").order_by("item__code", "version"):
        found[row.item_id] = row
    return list(found.values())


def result_of(actor: Actor, task: Task) -> TaskResult | None:
    """The task's result, as far as the actor may see it; the caller notes the reading."""
    return TaskResult.objects.visible_to(actor).filter(task=task).first()


def may_see_names(actor: Actor, task: Task) -> bool:
    """Whether the task's names are open, and to the actor."""
    return TaskTarget.objects.visible_to(actor).filter(task=task).exists()


def public_draws() -> QuerySet[Draw]:
    """Draws that anyone may see: from the commitment on. Names only where they were opened.

    What was void before its commitment was never announced: its number shows in the console alone.
    """
    return Draw.objects.filter(state__in=PUBLIC, committed_at__isnull=False).select_related(
        "roster__item", "line__plan", "line__item"
    )


def public_targets(draw: Draw) -> QuerySet[DrawnTarget]:
    """Drawn objects and reserves by opaque id; none before the result is published."""
    rows = DrawnTarget.objects.filter(draw=draw)
    if draw.state in (State.PUBLISHED, State.OPENED) or (draw.state == State.VOID and draw.drawn_at):
        return rows
    return rows.none()


def latest_bundle(draw: Draw) -> DrawBundle | None:
    """The bundle that was published last."""
    return DrawBundle.objects.filter(draw=draw).select_related("file").first()


def sealed_names(actor: Actor, draw: Draw) -> dict[str, tuple[str, str]]:
    """Opaque id → (code, name) of the drawn and the reserves, before they are opened.

    Only with the ability ``inspection.read_names``; the caller notes the reading
    (``record.services.note_sensitive_read``).
    """
    if not actor.may(gate.READ_NAMES, draw.agency):
        raise Denied(gate.READ_NAMES, draw.agency)
    by_id = cycles.drawn_names(draw)
    names = reckoning.code_names(draw, sorted(set(by_id.values())))
    return {opaque: (code, names[code]) for opaque, code in by_id.items()}


def bundle(bundle_id: uuid.UUID) -> DrawBundle | None:
    """A published bundle by its id, also one that a later replaced."""
    return DrawBundle.objects.select_related("draw", "file").filter(pk=bundle_id).first()
