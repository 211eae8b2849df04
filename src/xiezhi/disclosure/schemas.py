"""What the operations of disclosure take and give."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import AfterValidator, Field

from xiezhi.core.unseen import unseen

from .codes import Ground
from .texts import MOST


def _readable(text: str) -> str:
    if unseen(text) or any(ord(c) < ord(" ") and c not in "\n\r\t" for c in text):
        raise ValueError(_("不能含控制字符或看不见的字符。"))
    return text


Words = Annotated[str, Field(min_length=1, max_length=MOST), AfterValidator(_readable)]
Loose = Annotated[str, Field(max_length=MOST), AfterValidator(_readable)]


class Paging(Schema):
    """``after`` is the ``next`` of the page before; an unusable one is 422. ``q``: part of the title."""

    after: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    q: Annotated[str, Field(max_length=200)] = ""
    kind: Annotated[str, Field(max_length=10)] = ""


class FieldOut(Schema):
    """One field as it is shown."""

    name: str
    label: str
    value: str | list[str]


class PublishedOut(Schema):
    """Something public. ``digest``: SHA-256 (hex) of the content that its signing event binds."""

    id: UUID
    kind: str
    title: str
    agency: str
    version: int
    published_at: datetime
    changed_at: datetime
    expires_on: date | None
    correction: str
    digest: str
    fields: list[FieldOut]


class PublishedPage(Schema):
    """A page; ``next`` is empty at the end."""

    items: list[PublishedOut]
    next: str


class PublicationOut(Schema):
    """A row of the work list. ``fields`` are those that wait for a signature, or are public, as far as one may see."""

    id: UUID
    kind: str
    subject: UUID
    agency: str
    title: str
    state: str
    source_change: str
    due_on: date | None
    version: int
    pending: int
    published_at: datetime | None
    expires_on: date | None
    fields: list[FieldOut]
    findings: list[str]
    rev: int


class PublicationPage(Schema):
    """A page; ``next`` is empty at the end."""

    items: list[PublicationOut]
    next: str


class WaiverIn(Schema):
    """``waiver``: why hints of the scan do not matter; may be empty."""

    waiver: Loose = ""


class ReasonIn(Schema):
    """Why."""

    reason: Words


class CorrectionIn(Schema):
    """``reason`` is published with the new version."""

    reason: Words
    waiver: Loose = ""


class WithdrawalIn(Schema):
    """``ground`` and ``text`` are published."""

    ground: Ground
    text: Words
