"""One's own messages inside the house."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.notify import inbox, queries

from .shared import holder, one

router = Router()


class NotificationOut(Schema):
    """A message; ``link`` is a path inside the site, or empty."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


class ReadIn(Schema):
    """Which of one's messages are read; left out: all of them."""

    ids: Annotated[list[UUID], Field(max_length=200)] | None = None


class ReadOut(Schema):
    """How many were unread before, and are left."""

    marked: int
    unread: int


@router.get("", response=Page[NotificationOut], summary="站内通知列表", operation_id="list_notifications")
def list_notifications(
    request: HttpRequest, response: HttpResponse, paging: PagingQuery, unread: Annotated[bool, Query()] = False
) -> dict[str, object]:
    """The actor's own messages, newest first; with ``unread`` those that he has not read."""
    rows = queries.inbox(holder(request)).order_by()
    return paged(request, response, rows.filter(read_at=None) if unread else rows, paging, order=["-created_at"])


@router.post("/read", response=ReadOut, summary="全部标为已读", operation_id="read_notifications")
def read(request: HttpRequest, payload: ReadIn) -> dict[str, int]:
    """Mark these, or all, of one's messages as read. Others' are passed over."""
    actor = holder(request)
    return {"marked": inbox.mark_read(actor, payload.ids), "unread": queries.unread(actor)}


@router.get("/{uuid:notification}", response=NotificationOut, summary="站内通知", operation_id="get_notification")
def get_notification(request: HttpRequest, notification: UUID) -> object:
    """One of the actor's own messages."""
    return one(queries.inbox(holder(request)), notification)
