"""The result of a visit: filed by who went, reviewed by a second person, returned or released."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.inspection import checking, gate, queries, task_guards, texts
from xiezhi.inspection.codes import TaskState
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.guards import demand
from xiezhi.inspection.models import Task, TaskResult
from xiezhi.record import queries as record
from xiezhi.record.acts import act, at, emit

OPEN = (TaskState.RELEASED, TaskState.RETURNED)


@act("inspection.result_filed")
def file_result(
    actor: Actor,
    task: uuid.UUID,
    *,
    rev: int,
    visited_on: date,
    outcome: str,
    answers: Mapping[str, Mapping[str, str]],
    findings: Sequence[Mapping[str, str]] = (),
    notes: str = "",
) -> TaskResult:
    """File what the visit came to, or file it anew after it was returned.

    visited_on   day in Shanghai, within the task's window, not in the future
    outcome      :class:`codes.Outcome`
    answers      checklist id → code → :class:`codes.Answer`; checklists in force on that day, see ``queries``
    findings     ``{"text", "basis", "measure"}`` each
    :raises Denied: whoever was not sent and may not visit for the task's agency
    :raises Refused: not sent, out of order, outside the window, or fewer than two officers with a certificate on that day
    """
    row: Task = gate.locked_row(actor, Task, task, rev, gate.VISIT, his=lambda one: queries.may_file(actor, one))
    demand(
        task_guards.in_state(row, OPEN, _("登记检查结果")),
        task_guards.was_sent(row, actor),
        task_guards.within_window(row, visited_on, clock.day(at())),
        task_guards.two_certified(row, visited_on),
    )
    lists = {str(one.pk): one.sections for one in queries.checklists_of(row)}
    wrong = checking.faults(lists, outcome, answers, findings, notes)
    if wrong:
        raise Invalid(wrong)
    kept = checking.kept(lists, answers)
    shared = {"agency": row.agency, "district": row.district, "sensitivity": 1, "stream": row.stream}
    told = {
        "visited_on": visited_on,
        "outcome": outcome,
        "answers": kept,
        "findings": [dict(one) for one in findings],
        "notes": notes,
    }
    result, _made = TaskResult.objects.update_or_create(task=row, defaults=told, create_defaults=told | shared)
    emit(
        **scope_of(row, "task"),
        data={
            "task": str(row.id),
            "result": str(result.id),
            "visited_on": visited_on.isoformat(),
            "outcome": outcome,
            "findings": len(findings),
            "checklists": sorted(lists),
        },
        private={"answers": kept, "findings": told["findings"], "notes": notes},
    )
    result.refresh_from_db()
    return result


@act("inspection.result_released")
def release_result(actor: Actor, task: uuid.UUID, *, rev: int) -> Task:
    """A second person finds the result in order; from now on it may be published.

    :raises Refused: it is not filed, or he filed it or went himself
    """
    row, result = _reviewed(actor, task, rev, _("复核"))
    filed = record.last_of(row.stream, "inspection.result_filed")
    data = {"task": str(row.id), "result": str(result.id), "outcome": result.outcome, "filed": str(filed)}
    emit(**scope_of(row, "task"), data=data)
    row.refresh_from_db()
    return row


@act("inspection.result_returned")
def return_result(actor: Actor, task: uuid.UUID, *, rev: int, reason: str) -> Task:
    """Send the result back to who filed it, with what is to be mended."""
    row, result = _reviewed(actor, task, rev, _("退回"))
    texts.demand(reason=reason)
    emit(**scope_of(row, "task"), data={"task": str(row.id), "result": str(result.id), "reason": reason})
    row.refresh_from_db()
    return row


def _reviewed(actor: Actor, task: uuid.UUID, rev: int, what: str) -> tuple[Task, TaskResult]:
    row: Task = gate.locked_row(actor, Task, task, rev, gate.REVIEW)
    demand(task_guards.in_state(row, (TaskState.FILED,), what))
    demand(task_guards.second_person(row, actor))
    return row, row.result
