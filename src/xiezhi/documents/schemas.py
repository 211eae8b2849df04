"""What the operations of documents take and give."""

import unicodedata
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import AfterValidator, Field

from xiezhi.core.unseen import unseen


def readable(text: str) -> str:
    """``text``; ``ValueError`` for control characters but line ends, and for those that are not seen."""
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in text):
        raise ValueError(_("不能含有控制字符，请删去后重试。"))
    # The forms refuse these too (web.forms.all_seen): what is stored reads as it was typed.
    if code := unseen(text):
        raise ValueError(format_lazy(_("含有看不见的格式控制字符 {code}，请删去后重新填写。"), code=code))
    return text


Short = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(readable)]
Path = Annotated[str, Field(min_length=1, max_length=200)]
Few = Annotated[int, Field(ge=1, le=50)]


class Paging(Schema):
    """``after`` is the ``next`` of the page before; an unusable one is 422."""

    after: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    q: Annotated[str, Field(max_length=200)] = ""


class TemplateOut(Schema):
    """A version of a template: its contract as stored, its text, what its elements rest on."""

    id: UUID
    agency: str
    code: str
    version: int
    title: str
    state: str
    fields: list[dict[str, Any]]
    body: str
    numbering: str
    seal: str
    approval: str
    basis: list[dict[str, Any]]
    valid_from: date | None
    digest: str
    rev: int


class DocumentOut(Schema):
    """A document without what was typed; ``sha256`` is of its PDF, ``code`` what its QR carries."""

    id: UUID
    template: UUID
    type: str
    version: int
    agency: str
    title: str
    subject: str
    state: str
    sealing: str
    number: str
    code: str
    sha256: str
    missing: int
    approval: UUID | None
    corrects: UUID | None
    corrected_by: UUID | None
    created_at: datetime
    signed_at: datetime | None
    issued_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    rev: int


class NumberOut(Schema):
    """A line of the register."""

    id: UUID
    type: str
    year: int
    serial: int
    text: str
    state: str
    document: UUID | None
    holder: str
    reason: str
    given_at: datetime
    rev: int


class ValuesOut(Schema):
    """What was typed, by field of the contract."""

    values: dict[str, Any]


class DraftIn(Schema):
    """A new document of a template's version in force. ``values`` by field; what is missing is listed, not refused."""

    template: UUID
    agency: Path
    title: Short
    subject: Annotated[str, Field(max_length=120), AfterValidator(readable)] = ""
    values: dict[str, Any]


class SaveIn(Schema):
    """All that is typed."""

    title: Annotated[str, Field(max_length=200), AfterValidator(readable)] = ""
    values: dict[str, Any]


class SignIn(Schema):
    """``number``: a reserved one; left out: the next."""

    number: UUID | None = None


class OpinionIn(Schema):
    """The applicant's own opinion, first on the form."""

    text: Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(readable)]


class ReasonIn(Schema):
    """Why; no personal data."""

    reason: Short


class PurposeIn(Schema):
    """What personal data are read for."""

    purpose: Short


class SealIn(Schema):
    """A request for the seal."""

    purpose: Short
    way: Annotated[str, Field(pattern="^(paper|electronic)$")] = "paper"
    copies: Annotated[int, Field(ge=1, le=20)] = 1


class RegisterIn(Schema):
    """The keeper's entry."""

    seal_name: Annotated[str, Field(min_length=1, max_length=80)]


class ReserveIn(Schema):
    """Numbers to put by."""

    template: UUID
    agency: Path
    reason: Short
    count: Few = 1


class BlanksIn(Schema):
    """Blank forms for an officer's account."""

    template: UUID
    agency: Path
    holder: UUID
    count: Few = 1


class DocumentPage(Schema):
    items: list[DocumentOut]
    next: str


class NumberPage(Schema):
    items: list[NumberOut]
    next: str


class TemplatePage(Schema):
    items: list[TemplateOut]
    next: str
