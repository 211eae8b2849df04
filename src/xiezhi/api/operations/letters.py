"""Delegation letters (《行政处罚法》第二十条、第二十一条). A write names the letter's ``rev`` in ``If-Match``."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from xiezhi.api.auth import SIGNED_IN
from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.people import queries, services
from xiezhi.people.models import DelegationLetter
from xiezhi.web.concurrency import rev_of

from .officers import EndIn
from .shared import Day, Line, Path, Text, holder, one, versioned

router = Router(auth=SIGNED_IN)
MANAGE = "people.manage_letters"


class LetterOut(Schema):
    """A letter by which ``principal`` lets ``delegate`` (paths) act in its name, in force once it is published."""

    id: UUID
    principal: str
    delegate: str
    number: str
    matters: str
    valid_from: date
    valid_to: date
    published_at: str
    published_on: date | None
    revoked_on: date | None
    rev: int

    @staticmethod
    def resolve_principal(row: DelegationLetter) -> str:
        return row.principal.path

    @staticmethod
    def resolve_delegate(row: DelegationLetter) -> str:
        return row.delegate.path


class LetterIn(Schema):
    """A letter as written."""

    principal: Path
    delegate: Path
    number: Annotated[Line, Field(max_length=80)]
    matters: Text
    valid_from: Day
    valid_to: Day


class PublicationIn(Schema):
    """Where and since when the letter can be read."""

    published_at: Annotated[str, Field(pattern="^https?://[!-~]{1,280}$")]
    published_on: Day


@router.get("/letters", response=Page[LetterOut], summary="委托书列表", operation_id="list_letters")
def list_letters(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Published letters, and others of bodies that the actor reads, newest first."""
    rows = queries.letters(holder(request)).order_by()
    return paged(request, response, rows, paging, order=["-valid_from"])


@router.post("/letters", response={201: LetterOut}, summary="登记委托书", operation_id="record_letter")
def record(request: HttpRequest, response: HttpResponse, payload: LetterIn) -> Status:
    """Needs ``people.manage_letters`` over the principal."""
    return Status(201, versioned(response, services.record_letter(holder(request, MANAGE), **payload.dict())))


@router.get("/letters/{uuid:letter}", response=LetterOut, summary="委托书", operation_id="get_letter")
def get_letter(request: HttpRequest, response: HttpResponse, letter: UUID) -> object:
    """One letter, ``rev`` as ETag."""
    return versioned(response, one(queries.letters(holder(request)), letter))


@router.post(
    "/letters/{uuid:letter}/publication", response=LetterOut, summary="公布委托书", operation_id="publish_letter"
)
def publish(request: HttpRequest, response: HttpResponse, letter: UUID, payload: PublicationIn) -> object:
    """Only a published letter lets anyone act."""
    actor = holder(request, MANAGE)
    row = one(queries.letters(actor), letter)
    return versioned(
        response, services.publish_letter(actor, letter=row.pk, rev=rev_of(request), **payload.dict())
    )


@router.post(
    "/letters/{uuid:letter}/revocation", response=LetterOut, summary="终止委托", operation_id="revoke_letter"
)
def revoke(request: HttpRequest, response: HttpResponse, letter: UUID, payload: EndIn) -> object:
    """``on`` is the first day on which the delegation no longer holds."""
    actor = holder(request, MANAGE)
    row = one(queries.letters(actor), letter)
    return versioned(response, services.revoke_letter(actor, letter=row.pk, rev=rev_of(request), **payload.dict()))
