"""Background jobs: how far they are."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.blobs import store
from xiezhi.core.errors import NotFound
from xiezhi.jobs import queries, queue
from xiezhi.jobs.models import State
from xiezhi.web.lists.export import MEDIA_TYPES

router = Router()


class JobOut(Schema):
    """A job. ``percent`` is null while the total is unknown.

    ``rule_id``, ``article`` and ``remedy`` are those of the refusal that ended it, else empty.
    """

    id: UUID
    name: str
    title: str
    state: str
    done: int
    total: int | None
    percent: int | None
    text: str
    error: str
    rule_id: str
    article: str
    remedy: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@router.get("", response=Page[JobOut], summary="后台任务列表", operation_id="list_jobs")
def list_jobs(
    request: HttpRequest, response: HttpResponse, paging: PagingQuery, own: Annotated[bool, Query()] = False
) -> dict[str, object]:
    """Jobs that the actor may see, newest first; with ``own`` those that he ordered."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = queries.visible_to(actor)
    return paged(request, response, rows.filter(actor=actor.id) if own else rows, paging, order=["-created_at"])


@router.get("/{uuid:job_id}", response=JobOut, summary="后台任务", operation_id="get_job")
def get_job(request: HttpRequest, job_id: UUID) -> object:
    """One job."""
    return queries.job(request.actor, job_id)  # type: ignore[attr-defined]


@router.post("/{uuid:job_id}/cancel", response=JobOut, summary="取消后台任务", operation_id="cancel_job")
def cancel_job(request: HttpRequest, job_id: UUID) -> object:
    """Ask the job to end."""
    return queue.cancel(request.actor, job_id)  # type: ignore[attr-defined]


_FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_OTHER = "application/octet-stream"


@router.get(
    "/{uuid:job_id}/result",
    summary="下载任务结果",
    operation_id="get_job_result",
    openapi_extra={
        "responses": {
            200: {"description": "文件", "content": dict.fromkeys((*MEDIA_TYPES.values(), _OTHER), _FILE)}
        }
    },
)
def get_job_result(request: HttpRequest, job_id: UUID) -> FileResponse:
    """The file that a job made, for the one who ordered it: it holds what he may see, which others may not."""
    actor = request.actor  # type: ignore[attr-defined]
    job = queries.job(actor, job_id)
    if job.state != State.DONE or not job.result_blob or job.actor != actor.id:
        raise NotFound(f"file of job {job_id}")
    kind = job.result_type if job.result_type in MEDIA_TYPES.values() else _OTHER
    return FileResponse(
        store.open(job.result_blob),
        as_attachment=True,
        filename=job.result_name or job.result_blob,
        content_type=kind,
    )
