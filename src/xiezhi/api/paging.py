"""Keyset paging of the API: ``?after=&limit=``, ``next`` in the body and in the ``Link`` header."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from xiezhi.web.lists import keyset

T = TypeVar("T")
LIMIT = 50
MOST = 200


class Paging(Schema):
    """Parameters of a list. An unusable ``after`` is 422."""

    after: Annotated[str, Field(max_length=2000, description="上一页的 next；空为第一页")] = ""
    limit: Annotated[int, Field(ge=1, le=MOST, description="每页条数")] = LIMIT


PagingQuery = Annotated[Paging, Query()]


class Page(Schema, Generic[T]):
    """One page; ``next`` is the ``after`` of the next one, empty at the end."""

    items: list[T]
    next: str


def paged(
    request: HttpRequest,
    response: HttpResponse,
    rows: QuerySet[Any],
    paging: Paging,
    *,
    order: Sequence[str] = (),
    shape: Callable[[Any], Any] = lambda row: row,
) -> dict[str, Any]:
    """A page of ``rows`` in ``order`` (primary key last), each through ``shape``; sets ``Link: …; rel="next"``."""
    found = keyset.page(rows, order, paging.limit, after=paging.after)
    if found.after:
        query = request.GET.copy()
        query["after"] = found.after
        response["Link"] = f'<{request.path}?{urlencode(list(query.items()))}>; rel="next"'
    return {"items": [shape(row) for row in found.rows], "next": found.after}
