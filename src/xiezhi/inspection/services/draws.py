"""From a plan to the commitment, and the end of a draw that does not count; who is left out: ``exclusions``."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.inspection import (
    basis,
    bundles,
    cycles,
    dispatch,
    fairness,
    gate,
    guards,
    item_guards,
    left_out,
    level_guards,
    numbering,
    own_number,
    reckoning,
    rivals,
    searching,
    stored,
    task_guards,
    together,
    turn_guards,
)
from xiezhi.inspection.codes import BEFORE_COMMITMENT, PUBLIC, Level, State
from xiezhi.inspection.models import (
    Draw,
    Plan,
    PlanLine,
    RosterEntry,
    SourceValue,
    TargetRoster,
    Task,
)
from xiezhi.inspection.task_ends import cancel_tasks
from xiezhi.record.acts import act, at, emit

CODE_VERSION = "dr/1"


@act("inspection.draw_prepared")
def prepare_draw(
    actor: Actor,
    *,
    roster: TargetRoster,
    title: str,
    window_from: date,
    window_to: date,
    plan: Sequence[Mapping[str, Any]],
    sources: Sequence[Mapping[str, Any]],
    plan_line: PlanLine | None = None,
    cycle: Mapping[str, Any] | None = None,
    profile: str = "dr/1",
    level: str = Level.ROUTINE,
    parent: Draw | None = None,
) -> Draw:
    """Plan a draw on a frozen roster; its number is given out here.

    plan      per stratum in announced order: ``stratum``, ``method`` (equal, weighted), ``n`` or ``ratio``
              ([numerator, denominator]), ``coverage``, ``reserves``
    sources   announced sources: ``label``, ``describes``, ``not_before`` (aware), ``encoding`` (utf8, hex; of outside
              witnesses witness, notary, with their ``commitment``); none for a quick draw
    plan_line   line of a published plan that it rests on; a draw without one is refused, unless it has a ``parent``
    cycle     ``name``, ``draws``, ``number`` where strata have coverage
    level     of the ceremony (docs/dr-1.md §4); the sources must make it
    parent    the draw whose objects officers are drawn for; see ``dispatches.prepare_dispatch``
    :raises Invalid: naming the field that can't be announced
    :raises Refused: the roster's item is not in force today, or the line does not carry this draw (``basis``)
    """
    gate.allowed(actor, roster.agency, gate.PLAN)
    _demand_item(roster, parent)
    line = parent.line if parent is not None else _locked_line(plan_line)
    if profile not in rules_of_draw.PROFILES:
        raise Invalid({"profile": [_("抽取算法只能是 dr/1 或 dr/1-sm3。")]})
    draw = Draw(
        draw_id=numbering.next_number(roster.agency, roster.district, at()),
        title=title,
        roster=roster,
        parent=parent,
        line=line,
        profile=profile,
        level=level,
        window_from=window_from,
        window_to=window_to,
        plan=[stored.stratum(stratum) for stratum in plan],
        sources=stored.sources(level, sources),
        cycle=dict(cycle) if cycle else None,
        code_version=CODE_VERSION,
        agency=roster.agency,
        district=roster.district,
    )
    if parent is None and line is not None:
        beside = together.items(line, roster.item, clock.day(at()))
        draw.caps = left_out.caps(draw, [roster.item, *beside], clock.day(at()))
    rules = reckoning.rules(draw)
    rules.check()
    _demand_same_strata(draw)
    guards.demand(basis.planned(draw, line))
    draw.stream = draw.stream_name
    draw.save(force_insert=True)
    if parent is None and line is not None:
        draw.items.set(beside)
    excluded = left_out.fill_in(draw, clock.day(at()))
    guards.demand(
        guards.drawable(draw, _there(draw)),
        guards.sources_later_than(draw, at()),
        guards.window_after_sources(draw),
        guards.sources_of_its_own(draw, rivals.own(draw), rivals.in_turn(draw)),
        level_guards.quick_is_special(draw, line),
        level_guards.witnesses_of_its_own(draw),
    )
    SourceValue.objects.bulk_create([SourceValue(draw=draw, label=source["label"]) for source in draw.sources])
    emit(
        **gate.scope(draw),
        data={
            "draw": str(draw.id),
            "draw_id": draw.draw_id,
            "roster": str(roster.id),
            "rules": rules.document({}),
            "plan": str(line.plan_id) if line else None,
            "line": str(line.id) if line else None,
            "deviations": basis.deviations(draw),
            "together": sorted(item.code for item in draw.items.all()),
        },
        private={"excluded": excluded} if excluded else None,
    )
    draw.refresh_from_db()
    return draw


@act("inspection.draw_committed", "inspection.own_number_made")
def commit_draw(actor: Actor, draw: uuid.UUID, *, rev: int) -> Draw:
    """Fix roster, rules and exclusions by hash, before any source is known. Nothing of them changes after this.

    :raises Refused: a source that was announced does not lie later than now, the item is not in force today, or the
        plan was ended since
    """
    row = gate.locked(actor, draw, rev, gate.DRAW)
    moment = reckoning.whole_second(at())
    guards.demand(guards.in_state(row, BEFORE_COMMITMENT, _("作出承诺")))
    if row.level == Level.QUICK:
        own_number.make(row, moment)
    guards.demand(
        basis.planned(row, _locked_line(row.line)),
        task_guards.objects_stand(row),
        guards.drawable(row, _there(row)),
        guards.sources_later_than(row, moment),
        guards.window_after_sources(row),
        guards.sources_of_its_own(row, rivals.own(row), rivals.in_turn(row)),
        level_guards.quick_is_special(row, row.line),
        level_guards.witnesses_of_its_own(row),
    )
    _demand_item(row.roster, row.parent)
    secret = reckoning.fresh_secret(cycles.still_to_cover(row))
    figures: dict[str, int] = {}
    if row.parent is not None:
        sent = dispatch.dispatch(row, secret)
        secret = replace(secret, table=sent.table)
        figures = fairness.of_table(sent.table, sent.able, sent.barred)
    committed = reckoning.commitment(row, secret, moment)
    files = bundles.files_of_draw.committed_files(committed)
    emit(
        "inspection.draw_committed",
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "draw_id": row.draw_id,
            "profile": row.profile,
            "root": committed.root.hex(),
            "rules_hash": committed.rules_hash.hex(),
            "objects": len(committed.roster),
            "committed_at": rules_of_draw.stamp(moment),
            "files": bundles.digests(files),
            "fairness": figures,
        },
        private=secret.private(),
    )
    row.refresh_from_db()
    searching.let_find(row)
    return row


@act("inspection.draw_voided", "inspection.task_cancelled")
def void_draw(actor: Actor, draw: uuid.UUID, *, reason: str, explanation: str, document: str, rev: int) -> Draw:
    """Void a draw, at any step, and cancel its tasks that are still ahead, of objects as of officers.

    It stays in the record and published; the next has a new id and a new source.
    :raises Refused: its source is due and its value was not entered, unless the reason is one of
        ``turn_guards.WITHOUT_VALUE``
    """
    row = gate.locked(actor, draw, rev, gate.DRAW)
    guards.demand(guards.in_state(row, (State.PREPARED, *PUBLIC[:-1]), _("作废")))
    texts = {"reason": reason, "explanation": explanation, "document": document}
    # void.json holds plain text only (docs/dr-1.md §1): no line breaks.
    wrong = {
        name: [_("不能含换行或制表符，请写成一段。") if text.strip() else _("请填写。")]
        for name, text in texts.items()
        if not (text.strip() and rules_of_draw.is_plain(text))
    }
    if wrong:
        raise Invalid(wrong)
    guards.demand(turn_guards.value_before_void(rivals.own(row), reason, at()))
    row = _void(row, **texts)
    tasks = Task.objects.filter(Q(draw=row) | Q(dispatch=row))
    cancel_tasks(tasks, _("抽取 %(draw)s 作废") % {"draw": row.draw_id})
    return row


@act("inspection.draw_voided")
def discard_draw(actor: Actor, draw: uuid.UUID, *, explanation: str, rev: int) -> Draw:
    """Give up what was planned, before anything was committed; its number stays used, its sources are free again.

    explanation   stays in the record with the number; no names
    """
    row = gate.locked(actor, draw, rev, gate.PLAN)
    guards.demand(guards.in_state(row, BEFORE_COMMITMENT, _("弃用")))
    if not rules_of_draw.is_plain(explanation.strip()):
        raise Invalid({"explanation": [_("请写明原因，写成一段。")]})
    return _void(row, reason=_("弃用拟定"), explanation=explanation.strip(), document="")


def _void(row: Draw, **texts: str) -> Draw:
    """``texts``: reason, explanation, document, as they are published."""
    moment = reckoning.whole_second(at())
    void = bundles.files_of_draw.Void(moment, **texts)
    files = {"void.json": bundles.files_of_draw.void_file(void)} if row.committed_at else {}
    emit(
        "inspection.draw_voided",
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "draw_id": row.draw_id,
            "voided_at": rules_of_draw.stamp(moment),
            **texts,
            "files": bundles.digests(files),
        },
    )
    row.refresh_from_db()
    return row


def _locked_line(line: PlanLine | None) -> PlanLine | None:
    """The line with its plan as it stands now: who ends the plan at this moment waits, or has ended it already."""
    if line is None:
        return None
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=line.plan_id)
    found = PlanLine.objects.select_related("item").get(pk=line.pk)
    found.plan = plan
    return found


def _demand_item(roster: TargetRoster, parent: Draw | None) -> None:
    # Officers are sent to what was drawn lawfully, though the item ended since.
    if parent is None:
        guards.demand(item_guards.item_in_force(roster.item, roster.agency, clock.day(at())))


def _there(draw: Draw) -> dict[str, tuple[int, int]]:
    """Stratum → objects that are not excluded, and those of them that its method can draw."""
    rows = RosterEntry.objects.filter(roster_id=draw.roster_id).exclude(exclusions__draw=draw).order_by()
    counted = rows.values_list("stratum").annotate(size=Count("pk"), heavy=Count("pk", filter=Q(weight__gt=0)))
    weighted = {stratum["stratum"] for stratum in draw.plan if stratum["method"] == "weighted"}
    return {name: (size, heavy if name in weighted else size) for name, size, heavy in counted}


def _demand_same_strata(draw: Draw) -> None:
    rows = RosterEntry.objects.filter(roster_id=draw.roster_id)
    there = set(rows.order_by().values_list("stratum", flat=True).distinct())
    planned = {stratum["stratum"] for stratum in draw.plan}
    if there != planned:
        raise Invalid(
            {
                "plan": [
                    _("方案的各层须与名录一致。名录有：%(there)s；方案有：%(planned)s。")
                    % {"there": "、".join(sorted(there)), "planned": "、".join(sorted(planned))}
                ]
            }
        )
