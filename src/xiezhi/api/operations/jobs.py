"""Background jobs: how far they are."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.jobs import queries, queue

router = Router()


class JobOut(Schema):
    """A job. ``percent`` is null while the total is unknown."""

    id: UUID
    name: str
    title: str
    state: str
    done: int
    total: int | None
    percent: int | None
    text: str
    error: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@router.get("", response=Page[JobOut], summary="后台任务列表", operation_id="list_jobs")
def list_jobs(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Jobs that the actor may see, newest first."""
    return paged(request, response, queries.visible_to(request.actor), paging, order=["-created_at"])  # type: ignore[attr-defined]


@router.get("/{uuid:job_id}", response=JobOut, summary="后台任务", operation_id="get_job")
def get_job(request: HttpRequest, job_id: UUID) -> object:
    """One job."""
    return queries.job(request.actor, job_id)  # type: ignore[attr-defined]


@router.post("/{uuid:job_id}/cancel", response=JobOut, summary="取消后台任务", operation_id="cancel_job")
def cancel_job(request: HttpRequest, job_id: UUID) -> object:
    """Ask the job to end."""
    return queue.cancel(request.actor, job_id)  # type: ignore[attr-defined]
