"""Law as configuration: what holds, what is 待核, its confirmation, and computed deadlines.

A version is never edited, so its id is also the version that an act names; no ``If-Match`` is needed.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema, Status
from pydantic import Field

from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.core.calendar import Span
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.core.law import Deadline, Uncountable
from xiezhi.lawbase import kinds, queries, rights, services
from xiezhi.lawbase.models import Confirmation, Kind, LawItem

from .shared import Day, Line, Loose, Text, holder

router = Router()
SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)
WHY_NOT = {
    "numberless": gettext_noop("法律对该期限没有规定天数，无法计算日期。"),
    "needs-time": gettext_noop("该期限按小时计算，请给出起算时刻。"),
    "extension": gettext_noop("延长次数超过规定。"),
    "out-of-range": gettext_noop("日期超出可以计算的范围。"),
}
KIND = f"^({'|'.join(Kind.values)})$"


class ItemOut(Schema):
    """A version of a row of law. ``scope`` empty: everywhere; digits: a division; a path: an agency."""

    id: UUID
    kind: str
    code: str
    scope: str
    version: int
    title: str
    basis: str
    doubtful: bool
    mark: str
    origin: str
    valid_from: date | None
    valid_to: date | None

    @staticmethod
    def resolve_basis(row: LawItem) -> str:
        return kinds.KINDS[row.kind].basis(row.payload)


class DoubtOut(Schema):
    """A place in the payload that is 待核."""

    field: str
    said: str


class ConfirmationOut(Schema):
    """A jurist's word that a version agrees with the text cited."""

    id: UUID
    item: UUID
    citation: str
    source_text: str
    consulted_on: date
    remark: str
    confirmed_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: str

    @staticmethod
    def resolve_item(row: Confirmation) -> UUID:
        return row.item_id


class ItemDetail(ItemOut):
    """With its payload, what is 待核 in it, and the confirmations of all its versions."""

    payload: dict[str, Any]
    doubts: list[DoubtOut]
    confirmations: list[ConfirmationOut]

    @staticmethod
    def resolve_doubts(row: LawItem) -> list[dict[str, str]]:
        return [{"field": d.field, "said": d.said} for d in kinds.doubts(row.payload)] if row.doubtful else []

    @staticmethod
    def resolve_confirmations(row: LawItem, context: Any) -> list[Confirmation]:
        return list(queries.confirmations(context["request"].actor, row))


class ConfirmationIn(Schema):
    """The text that was read: name, number, article (no address), its words, and the day."""

    citation: Annotated[Line, Field(max_length=300)]
    source_text: Text
    consulted_on: Day
    remark: Loose = ""


class WithdrawalIn(Schema):
    """Why the confirmation is taken back."""

    reason: Text


class CorrectionIn(Schema):
    """The row's new content as a whole, and the day from which it holds."""

    payload: dict[str, Any]
    valid_from: Day
    reason: Text


class Asked(Schema):
    """``start`` a day, or a moment for limits in hours; ``exclude`` spans ``A..B``, both ends included."""

    start: Annotated[date | datetime, Field(union_mode="left_to_right")]
    exclude: Annotated[list[Annotated[str, Field(max_length=30)]], Field(max_length=50)] = []
    extensions: Annotated[int, Field(ge=0, le=9)] = 0


class Reservation(Schema):
    """What is not sure about the date: ``mark`` is 待核 or 预估."""

    mark: str
    text: str


class DueOut(Schema):
    """When a limit ends: ``stricter`` is what work lists go by while something is 待核."""

    rule: str
    start: date
    due: date
    due_at: datetime | None
    unrolled: date
    stricter: date
    calendar_version: str
    steps: list[str]
    reservations: list[Reservation]


class Filters(Schema):
    """``pending``: only current versions that are still 待核."""

    kind: Annotated[str, Field(pattern=KIND)] | None = None
    pending: bool = False


@router.get("/items", response=Page[ItemOut], summary="法规配置列表", operation_id="list_law_items")
def list_items(
    request: HttpRequest, response: HttpResponse, paging: PagingQuery, filters: Annotated[Filters, Query()]
) -> dict[str, object]:
    """Current versions, by kind and code. Needs ``lawbase.read``."""
    actor = holder(request, queries.READ)
    current = queries.visible_to(actor).filter(valid_to=None, withdrawn=False)
    rows = queries.pending_confirmation(actor) if filters.pending else current
    rows = rows.filter(kind=filters.kind) if filters.kind else rows
    return paged(request, response, rows, paging, order=["kind", "code", "scope"])


@router.get("/items/{uuid:item}", response=ItemDetail, summary="法规配置", operation_id="get_law_item")
def get_item(request: HttpRequest, item: UUID) -> object:
    """One version with its doubts and confirmations."""
    return queries.item(holder(request, queries.READ), item)


@router.post(
    "/items/{uuid:item}/confirmation",
    response={201: ConfirmationOut},
    summary="核定",
    operation_id="confirm_law_item",
)
def confirm(request: HttpRequest, item: UUID, payload: ConfirmationIn) -> Status:
    """Confirm a 待核 version against its text. What holds for all takes ``lawbase.confirm`` over the whole tree."""
    actor = holder(request, rights.CONFIRM)
    return Status(201, services.confirm_item(actor, queries.item(actor, item).pk, **payload.dict()))


@router.post(
    "/items/{uuid:item}/versions", response={201: ItemDetail}, summary="更正", operation_id="correct_law_item"
)
def correct(request: HttpRequest, item: UUID, payload: CorrectionIn) -> Status:
    """Let another content hold from a day on. What holds for all takes ``lawbase.manage`` over the whole tree."""
    actor = holder(request, rights.MANAGE)
    return Status(201, services.correct_item(actor, queries.item(actor, item).pk, **payload.dict()))


@router.post(
    "/confirmations/{uuid:confirmation}/withdrawal",
    response=ConfirmationOut,
    summary="撤回核定",
    operation_id="withdraw_law_confirmation",
)
def withdraw(request: HttpRequest, confirmation: UUID, payload: WithdrawalIn) -> object:
    """The version is 待核 again."""
    actor = holder(request, rights.CONFIRM)
    if not Confirmation.objects.filter(pk=confirmation, item__in=queries.visible_to(actor)).exists():
        raise NotFound(f"confirmation {confirmation}")
    return services.withdraw_confirmation(actor, confirmation, reason=payload.reason)


@router.get("/deadlines/{str:rule}/due", response=DueOut, summary="计算期限", operation_id="compute_deadline")
def compute(request: HttpRequest, rule: str, asked: Annotated[Asked, Query()]) -> dict[str, object]:
    """When a limit ends that starts then, step by step in words. Needs ``lawbase.read``."""
    holder(request, queries.READ)
    try:
        found = queries.due(
            rule, asked.start, exclusions=tuple(_spans(asked.exclude)), extensions=asked.extensions
        )
    except Uncountable as error:
        raise Invalid({"start": [_(WHY_NOT[error.reason])]}) from error
    except LookupError:
        raise NotFound(f"rule {rule}") from None
    return _due(found)


def _spans(texts: list[str]) -> list[Span]:
    spans = []
    for text in texts:
        found = SPAN.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            spans.append(Span(date.fromisoformat(found[1]), date.fromisoformat(found[2])))
        except ValueError:
            raise Invalid({"exclude": [_("须为“起始日..结束日”，且结束日不早于起始日。")]}) from None
    return spans


def _due(found: Deadline) -> dict[str, object]:
    names = ("start", "due", "due_at", "unrolled", "stricter", "calendar_version")
    return {name: getattr(found, name) for name in names} | {
        "rule": found.rule.id,
        "steps": [step.text(_) for step in found.steps],
        "reservations": [{"mark": str(mark), "text": step.text(_)} for mark, step in found.reservations],
    }
