"""Operations of disclosure under /api/v1/disclosure: the public part without sign-in, the work list with it.

An act names in ``If-Match`` the ``rev`` it read.
"""

from collections.abc import Collection, Sequence
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.web import navigation
from xiezhi.web.concurrency import rev_of, set_etag
from xiezhi.web.lists import keyset
from xiezhi.web.lists.filters import clean

from . import gate, queries, scanning, services
from .models import READ, Publication
from .schemas import (
    CorrectionIn,
    Paging,
    PublicationOut,
    PublicationPage,
    PublishedOut,
    PublishedPage,
    ReasonIn,
    WaiverIn,
    WithdrawalIn,
)

router = Router()
ONE = "/publications/{uuid:publication}"


@router.get("/public", response=PublishedPage, auth=None, summary="公示列表", operation_id="list_published")
def list_published(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """What is public, newest first."""
    page = _page(queries.public(), paging, queries.NEWEST, "title", queries.FILLED)
    bodies = queries.names_of_agencies({row.agency for row in page.rows})
    return {"items": [_published(row, bodies.get(row.agency, "")) for row in page.rows], "next": page.after}


@router.get(
    "/public/{uuid:publication}",
    response=PublishedOut,
    auth=None,
    summary="一项公示",
    operation_id="get_published",
)
def get_published(request: HttpRequest, publication: UUID) -> dict[str, Any]:
    """One of them; 404 where it is not public, or no more."""
    row = queries.public().filter(pk=publication).first()
    if row is None:
        raise NotFound(f"publication {publication}")
    return _published(row, queries.names_of_agencies({row.agency}).get(row.agency, ""))


@router.get("/publications", response=PublicationPage, summary="公示工作台", operation_id="list_publications")
def list_publications(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Rows of the work list that the actor may see, due first."""
    actor = _reader(request)
    page = _page(queries.visible_to(actor), paging, ("due_on",), "working_title")
    return {"items": [_row(actor, row, scan=False) for row in page.rows], "next": page.after}


@router.get(ONE, response=PublicationOut, summary="一项待公示内容", operation_id="get_publication")
def get_publication(request: HttpRequest, response: HttpResponse, publication: UUID) -> dict[str, Any]:
    """One of them, with what the scan found in what waits for a signature."""
    actor = _reader(request)
    return _answer(actor, response, queries.get(actor, publication))


@router.post(f"{ONE}/preparation", response=PublicationOut, summary="拟定公示", operation_id="prepare_publication")
def prepare(request: HttpRequest, response: HttpResponse, publication: UUID, payload: WaiverIn) -> dict[str, Any]:
    """Make what is to be shown from the whitelisted fields of its source."""
    actor = _reader(request)
    return _answer(actor, response, services.prepare(actor, publication, rev=rev_of(request), **payload.dict()))


@router.post(f"{ONE}/signature", response=PublicationOut, summary="签发公示", operation_id="sign_publication")
def sign(request: HttpRequest, response: HttpResponse, publication: UUID, payload: WaiverIn) -> dict[str, Any]:
    """A second person signs; it is public from now on."""
    actor = _reader(request)
    return _answer(actor, response, services.sign(actor, publication, rev=rev_of(request), **payload.dict()))


@router.post(f"{ONE}/return", response=PublicationOut, summary="退回公示", operation_id="return_publication")
def send_back(
    request: HttpRequest, response: HttpResponse, publication: UUID, payload: ReasonIn
) -> dict[str, Any]:
    """Send it back to be mended."""
    actor = _reader(request)
    return _answer(actor, response, services.send_back(actor, publication, rev=rev_of(request), **payload.dict()))


@router.post(f"{ONE}/correction", response=PublicationOut, summary="拟定更正", operation_id="correct_publication")
def correct(
    request: HttpRequest, response: HttpResponse, publication: UUID, payload: CorrectionIn
) -> dict[str, Any]:
    """Prepare a new version; the old one stays public until it is signed."""
    actor = _reader(request)
    return _answer(actor, response, services.correct(actor, publication, rev=rev_of(request), **payload.dict()))


@router.post(f"{ONE}/withdrawal", response=PublicationOut, summary="撤下公示", operation_id="withdraw_publication")
def withdraw(
    request: HttpRequest, response: HttpResponse, publication: UUID, payload: WithdrawalIn
) -> dict[str, Any]:
    """Take it down, on every channel."""
    actor = _reader(request)
    return _answer(actor, response, services.withdraw(actor, publication, rev=rev_of(request), **payload.dict()))


def _reader(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not navigation.holds(actor, READ):
        raise Denied(READ)
    return actor


def _page(
    rows: Any, paging: Paging, order: Sequence[str], searched: str, filled: Collection[str] = ()
) -> keyset.Page:
    if text := clean(paging.q):
        rows = rows.filter(**{f"{searched}__icontains": text})
    if kind := clean(paging.kind):
        rows = rows.filter(kind=kind)
    return keyset.page(rows, order, paging.limit, after=paging.after, filled=filled)


def _answer(actor: Actor, response: HttpResponse, row: Publication) -> dict[str, Any]:
    set_etag(response, row.rev)
    return _row(actor, row, scan=True)


def _row(actor: Actor, row: Publication, *, scan: bool) -> dict[str, Any]:
    version = queries.version_for(actor, row)
    look = scan and version is not None and gate.sees_content(actor, row)
    places = scanning.scan(row, version) if look and version is not None else []
    return {
        **{
            name: getattr(row, name)
            for name in ("id", "kind", "subject", "agency", "state", "source_change", "due_on")
        },
        **{name: getattr(row, name) for name in ("pending", "published_at", "expires_on", "rev")},
        "title": row.working_title,
        "version": row.shown,
        "fields": version.fields if version else [],
        "findings": sorted({one.code for place in places for one in place.found}),
    }


def _published(row: Publication, body: str) -> dict[str, Any]:
    version = queries.shown_version(row)
    if version is None:
        raise NotFound(f"publication {row.pk}")
    return {
        **{
            name: getattr(row, name)
            for name in ("id", "kind", "title", "published_at", "changed_at", "expires_on")
        },
        "agency": body,
        "version": version.number,
        "correction": version.reason,
        "digest": version.digest,
        "fields": version.fields,
    }
