"""Agencies and districts: public reference data."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.core.actor import PUBLIC
from xiezhi.people import queries

router = Router(auth=None)


class AgencyOut(Schema):
    """An enforcement body or a division in it; ``path`` is its place in the tree."""

    path: str
    name: str
    short: str
    kind: str
    district: str


@router.get("/agencies", response=Page[AgencyOut], summary="执法机构", operation_id="list_agencies")
def list_agencies(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """The tree of agencies, in order of path."""
    return paged(request, response, queries.agencies(PUBLIC).order_by(), paging, order=["path"])
