"""Plans of inspections: drafted, approved through the matrix, published. Draws rest on its lines (``basis``)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, Verdict
from xiezhi.inspection import gate, plan_guards, plan_lines, texts
from xiezhi.inspection.codes import PlanKind, PlanState
from xiezhi.inspection.guards import demand
from xiezhi.inspection.item_guards import item_in_force
from xiezhi.inspection.models import Plan
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import PLAN as APPROVAL_OF_PLAN
from xiezhi.record.acts import act, at, emit


@act("inspection.plan_drafted")
def draft_plan(
    actor: Actor,
    *,
    kind: str,
    year: int,
    title: str,
    agency: str,
    district: str,
    lines: Sequence[Mapping[str, Any]],
    begins: date | None = None,
    ends: date | None = None,
    ground: str = "",
) -> Plan:
    """Draft a plan.

    kind          ``codes.PlanKind``; a special plan and one of key supervision say their ``ground``
    begins, ends  days that it covers, within ``year``; by default the whole year
    lines         see :func:`plan_lines.read`
    """
    gate.allowed(actor, agency, gate.PLAN)
    if kind not in PlanKind.values:
        raise Invalid({"kind": [_("请选择计划的种类。")]})
    plan = Plan(kind=kind, year=year, agency=agency, district=district)
    plan.stream = f"plan:{plan.id}"
    read = _fill(plan, title, begins, ends, ground, lines)
    plan.save(force_insert=True)
    plan_lines.store(plan, read)
    _emit_content(plan)
    plan.refresh_from_db()
    return plan


@act("inspection.plan_changed")
def change_plan(
    actor: Actor,
    plan: uuid.UUID,
    *,
    rev: int,
    title: str,
    lines: Sequence[Mapping[str, Any]],
    begins: date | None = None,
    ends: date | None = None,
    ground: str = "",
) -> Plan:
    """Change a draft, or a plan whose approval was returned."""
    row = gate.locked_row(actor, Plan, plan, rev, gate.PLAN)
    demand(plan_guards.may_change(row))
    read = _fill(row, title, begins, ends, ground, lines)
    row.save()
    plan_lines.store(row, read)
    _emit_content(row)
    row.refresh_from_db()
    return row


@act("inspection.plan_submitted")
def submit_plan(actor: Actor, plan: uuid.UUID, *, rev: int, text: str) -> Plan:
    """Ask for its approval; ``text`` is the applicant's opinion, printed first on the form."""
    row = gate.locked_row(actor, Plan, plan, rev, gate.PLAN)
    demand(plan_guards.may_submit(row), *_items_in_force(row))
    approval = people.submit(
        actor,
        kind=APPROVAL_OF_PLAN,
        subject=f"plan:{row.id}",
        title=row.title,
        agency=row.agency,
        text=text,
        stream=row.stream,
    )
    emit(**gate.scope_of(row, "plan"), data={"plan": str(row.id), "approval": str(approval.id)})
    row.refresh_from_db()
    return row


@act("inspection.plan_published")
def publish_plan(actor: Actor, plan: uuid.UUID, *, rev: int, document: str) -> Plan:
    """Publish an approved plan under a document number; from now on draws and visits may rest on it.

    :raises Refused: not approved; the year has a published yearly plan already; or the number is another plan's
    """
    row = gate.locked_row(actor, Plan, plan, rev, gate.PUBLISH)
    texts.demand(document=document)
    demand(
        plan_guards.in_state(row, (PlanState.SUBMITTED, PlanState.APPROVED), _("公布")),
        plan_guards.approved(row),
        plan_guards.only_one_a_year(row),
        plan_guards.number_free(row, document),
        *_items_in_force(row),
    )
    emit(
        **gate.scope_of(row, "plan"),
        data={
            "plan": str(row.id),
            "kind": row.kind,
            "year": row.year,
            "title": row.title,
            "document": document,
            "lines": plan_lines.shown(row),
        },
    )
    row.refresh_from_db()
    return row


@act("inspection.plan_ended")
def end_plan(actor: Actor, plan: uuid.UUID, *, rev: int, reason: str) -> Plan:
    """End a plan, whatever it has come to; what was drawn from it stands, nothing more is."""
    row = gate.locked_row(actor, Plan, plan, rev, gate.PLAN)
    demand(plan_guards.in_state(row, tuple(state for state in PlanState if state != PlanState.ENDED), _("终止")))
    texts.demand(reason=reason)
    emit(**gate.scope_of(row, "plan"), data={"plan": str(row.id), "reason": reason})
    row.refresh_from_db()
    return row


def _items_in_force(plan: Plan) -> list[Verdict]:
    """Each item is in force when the plan begins, or today where it has begun: nobody signs what can't be published."""
    on = max(plan.begins, clock.day(at()))
    return [item_in_force(line.item, plan.agency, on) for line in plan.lines.select_related("item")]


def _fill(
    plan: Plan,
    title: str,
    begins: date | None,
    ends: date | None,
    ground: str,
    lines: Sequence[Mapping[str, Any]],
) -> list[plan_lines.Line]:
    texts.demand(title=title)
    plan.title, plan.ground = title, ground
    plan.begins, plan.ends = begins or date(plan.year, 1, 1), ends or date(plan.year, 12, 31)
    wrong: dict[str, list[str]] = {}
    if not plan.begins.year == plan.ends.year == plan.year or plan.ends < plan.begins:
        wrong["ends"] = [_("起止日期须在计划年度之内，且先后有序。")]
    if plan.kind != PlanKind.YEARLY and not texts.is_text(ground):
        wrong["ground"] = [_("专项检查和重点监管须写明事由。")]
    if wrong:
        raise Invalid(wrong)
    return plan_lines.read(plan, lines)


def _emit_content(plan: Plan) -> None:
    emit(
        **gate.scope_of(plan, "plan"),
        data={
            "plan": str(plan.id),
            "kind": plan.kind,
            "year": plan.year,
            "title": plan.title,
            "lines": plan_lines.shown(plan),
        },
    )
