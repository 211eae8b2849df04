"""Operations of tasks and triggered inspections. An act names in ``If-Match`` the ``rev`` it read.

Draws have theirs in ``api.operations.draws``. Names are no part of a task: reading them is an act of its own, noted
with its purpose.
"""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from xiezhi.core.errors import Denied, NotFound
from xiezhi.people import queries as people
from xiezhi.record import services as record
from xiezhi.web import navigation
from xiezhi.web.concurrency import rev_of, set_etag
from xiezhi.web.lists import keyset

from . import gate, queries, services
from .codes import Rests
from .models import READ, Checklist, Task, TaskOfficer, TaskResult, Trigger
from .schemas import (
    ChecklistOut,
    NamesIn,
    TaskChangeIn,
    TaskChangeOut,
    TaskNamesOut,
    TaskOut,
    TaskPage,
    TaskQuery,
    TaskReturnIn,
    TriggerEndIn,
    TriggerIn,
    TriggerOut,
    TriggerPage,
    TriggerQuery,
    TriggerSendIn,
    VisitIn,
)

router = Router()


@router.get("/tasks", response=TaskPage, summary="检查任务", operation_id="list_tasks")
def list_tasks(request: HttpRequest, query: Annotated[TaskQuery, Query()]) -> dict[str, Any]:
    """Tasks of the agencies in which one may read, and those one is let in on; the latest window first."""
    actor = _reader(request)
    rows = queries.tasks_of(actor) if query.mine else queries.tasks_visible_to(actor)
    if query.state:
        rows = rows.filter(state=query.state)
    if query.rests:
        rows = rows.filter(trigger__isnull=query.rests != Rests.TRIGGER)
    return _page(rows, query, ["-window_from", "pk"], _task)


@router.get("/tasks/{uuid:task}", response=TaskOut, summary="一项检查任务", operation_id="get_task")
def get_task(request: HttpRequest, response: HttpResponse, task: UUID) -> dict[str, Any]:
    """One task, with its ``rev`` as ETag."""
    return _told(response, _one_task(request, task))


@router.get(
    "/tasks/{uuid:task}/checklists",
    response=list[ChecklistOut],
    summary="任务的检查表",
    operation_id="list_task_checklists",
)
def list_checklists(request: HttpRequest, task: UUID) -> list[dict[str, Any]]:
    """The checklists that its result answers, one an item at most."""
    return [_checklist(row) for row in queries.checklists_of(_one_task(request, task))]


@router.post(
    "/tasks/{uuid:task}/names",
    response=TaskNamesOut,
    summary="查看对象、人员和结果",
    operation_id="read_task_names",
)
def read_names(request: HttpRequest, task: UUID, payload: NamesIn) -> dict[str, Any]:
    """Object, officers and result; who read them and what for is recorded."""
    actor, row = _reader(request), _one_task(request, task)
    target, officers = queries.task_names(actor, row)
    if target is None:
        raise Denied(gate.READ_RELEASED, row.agency)
    result = queries.result_of(actor, row)
    fields = ["name", "code", "officers", *(["result"] if result else [])]
    record.note_sensitive_read(actor, subject=f"task:{row.pk}", fields=fields, purpose=payload.purpose)
    return {
        "code": target.code,
        "name": target.name,
        "officers": [_sent(one) for one in officers],
        "result": _result(result) if result else None,
    }


@router.post(
    "/tasks/{uuid:task}/changes", response=TaskChangeOut, summary="申请变更任务", operation_id="ask_task_change"
)
def ask_change(request: HttpRequest, task: UUID, payload: TaskChangeIn) -> dict[str, Any]:
    """Ask for a reassignment, a new window or the end of a task; done once everyone has signed."""
    rev = rev_of(request)
    approval = services.ask_task_change(_reader(request), task, **payload.dict(), rev=rev)
    return {"approval": approval.pk, "state": approval.state, "rev": rev + 1}


@router.post(
    "/tasks/{uuid:task}/result", response=TaskOut, summary="登记检查结果", operation_id="file_task_result"
)
def file_result(request: HttpRequest, response: HttpResponse, task: UUID, payload: VisitIn) -> dict[str, Any]:
    """File what the visit came to, as one of those sent; or anew after it was returned."""
    services.file_result(_reader(request), task, **payload.dict(), rev=rev_of(request))
    return _told(response, _one_task(request, task))


@router.post(
    "/tasks/{uuid:task}/result/release",
    response=TaskOut,
    summary="复核检查结果",
    operation_id="release_task_result",
)
def release_result(request: HttpRequest, response: HttpResponse, task: UUID) -> dict[str, Any]:
    """A second person finds the result in order."""
    services.release_result(_reader(request), task, rev=rev_of(request))
    return _told(response, _one_task(request, task))


@router.post(
    "/tasks/{uuid:task}/result/return", response=TaskOut, summary="退回检查结果", operation_id="return_task_result"
)
def return_result(
    request: HttpRequest, response: HttpResponse, task: UUID, payload: TaskReturnIn
) -> dict[str, Any]:
    """Send it back to who filed it."""
    services.return_result(_reader(request), task, rev=rev_of(request), reason=payload.reason)
    return _told(response, _one_task(request, task))


@router.get("/triggers", response=TriggerPage, summary="触发式检查", operation_id="list_triggers")
def list_triggers(request: HttpRequest, query: Annotated[TriggerQuery, Query()]) -> dict[str, Any]:
    """Triggered inspections of the agencies in which one may read, newest first."""
    rows = queries.triggers_visible_to(_reader(request)).prefetch_related("items", "tasks")
    return _page(rows.filter(state=query.state) if query.state else rows, query, ["-asked_at"], _trigger)


@router.post("/triggers", response={201: TriggerOut}, summary="申请触发式检查", operation_id="ask_trigger")
def ask_trigger(request: HttpRequest, response: HttpResponse, payload: TriggerIn) -> Status:
    """Ask for an inspection outside the draw; it goes to approval at once."""
    actor = _reader(request)
    gate.allowed(actor, payload.agency, gate.PLAN, gate.VISIT)
    agency = people.agency(actor, payload.agency)
    row = services.ask_trigger(
        actor, **payload.dict(exclude={"agency"}), agency=agency.path, district=agency.district
    )
    return Status(201, _told_trigger(response, _one_trigger(request, row.pk)))


@router.get("/triggers/{uuid:trigger}", response=TriggerOut, summary="一件触发式检查", operation_id="get_trigger")
def get_trigger(request: HttpRequest, response: HttpResponse, trigger: UUID) -> dict[str, Any]:
    """One triggered inspection, with its ``rev`` as ETag."""
    return _told_trigger(response, _one_trigger(request, trigger))


@router.post(
    "/triggers/{uuid:trigger}/task",
    response={201: TaskOut},
    summary="为触发式检查指派人员",
    operation_id="send_for_trigger",
)
def send(request: HttpRequest, response: HttpResponse, trigger: UUID, payload: TriggerSendIn) -> Status:
    """Send officers to an approved one: its task. Anew before the visit: others go, the former task ends."""
    row = services.send_for_trigger(_reader(request), trigger, **payload.dict(), rev=rev_of(request))
    return Status(201, _told(response, _one_task(request, row.pk)))


@router.post(
    "/triggers/{uuid:trigger}/end", response=TriggerOut, summary="终止触发式检查", operation_id="end_trigger"
)
def end_trigger(
    request: HttpRequest, response: HttpResponse, trigger: UUID, payload: TriggerEndIn
) -> dict[str, Any]:
    """Drop it, with its task or its open approval."""
    services.end_trigger(_reader(request), trigger, rev=rev_of(request), reason=payload.reason)
    return _told_trigger(response, _one_trigger(request, trigger))


def _reader(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    if not navigation.holds(actor, READ):
        raise Denied(READ)
    return actor


def _one_task(request: HttpRequest, task: UUID) -> Task:
    row: Task | None = queries.tasks_visible_to(_reader(request)).filter(pk=task).first()
    if row is None:
        raise NotFound(f"task {task}")
    return row


def _one_trigger(request: HttpRequest, trigger: UUID) -> Trigger:
    row: Trigger | None = queries.triggers_visible_to(_reader(request)).filter(pk=trigger).first()
    if row is None:
        raise NotFound(f"trigger {trigger}")
    return row


def _told(response: HttpResponse, row: Task) -> dict[str, Any]:
    set_etag(response, row.rev)
    return _task(row)


def _told_trigger(response: HttpResponse, row: Trigger) -> dict[str, Any]:
    set_etag(response, row.rev)
    return _trigger(row)


def _page(
    rows: QuerySet[Any], query: TaskQuery | TriggerQuery, order: list[str], shape: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    found = keyset.page(rows, order, query.limit, after=query.after)
    return {"items": [shape(row) for row in found.rows], "next": found.after}


def _task(row: Task) -> dict[str, Any]:
    plain = ("id", "agency", "window_from", "window_to", "state", "released_at", "done_at", "rev")
    return {name: getattr(row, name) for name in plain} | {
        "number": str(row),
        "rests": Rests.TRIGGER.value if row.trigger_id else Rests.DRAW.value,
        "draw": row.draw.draw_id if row.draw else "",
        "trigger": row.trigger_id,
        "items": [str(item) for item in row.items.all()],
    }


def _trigger(row: Any) -> dict[str, Any]:
    plain = (
        "id", "ground", "reference", "told", "agency", "window_from", "window_to", "state", "asked_at", "approved_at",
        "ended_at", "end_reason", "rev",
    )  # fmt: skip
    return {name: getattr(row, name) for name in plain} | {
        **{name: getattr(row, f"told_{name}") for name in queries.TOLD},
        "items": [str(item) for item in row.items.all()],
        "approval": row.approval_id,
        "tasks": [task.pk for task in row.tasks.all()],
    }


def _checklist(row: Checklist) -> dict[str, Any]:
    return {"id": row.pk, "item": str(row.item), "version": row.version, "sections": row.sections}


def _sent(row: TaskOfficer) -> dict[str, Any]:
    return {"officer": row.officer_id, "name": row.officer.name, "duty": row.duty, "place": row.place}


def _result(row: TaskResult) -> dict[str, Any]:
    plain = (
        "visited_on", "outcome", "answers", "findings", "notes", "filed_at", "reviewed_at", "return_reason",
    )  # fmt: skip
    return {name: getattr(row, name) for name in plain}
