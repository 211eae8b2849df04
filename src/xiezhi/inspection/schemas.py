"""What the operations of tasks and triggered inspections take and give."""

import unicodedata
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import AfterValidator, Field

from xiezhi.core.unseen import unseen

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


def readable(text: str) -> str:
    """``text``; ``ValueError`` for control characters but line ends, and for those that are not seen."""
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in text):
        raise ValueError(_("不能含有控制字符，请删去后重试。"))
    # The forms refuse these too (web.forms.all_seen): what is stored reads as it was typed.
    if code := unseen(text):
        raise ValueError(format_lazy(_("含有看不见的格式控制字符 {code}，请删去后重新填写。"), code=code))
    return text


def sensible(day: date) -> date:
    """``day``; ``ValueError`` for one that nobody means."""
    if not EARLIEST <= day < LATEST:
        raise ValueError(_("日期须在 2000 年至 2199 年之间。"))
    return day


Day = Annotated[date, AfterValidator(sensible)]
Code = Annotated[str, Field(max_length=60), AfterValidator(readable)]
Document = Annotated[str, Field(max_length=80), AfterValidator(readable)]
Said = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(readable)]
Told = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(readable)]
Long = Annotated[str, Field(max_length=2000), AfterValidator(readable)]
Few = Annotated[list[UUID], Field(min_length=1, max_length=50)]


class TaskQuery(Schema):
    """``after`` is the ``next`` of the page before; ``mine``: only those that one is sent to oneself."""

    after: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    state: Annotated[str, Field(max_length=12)] = ""
    rests: Annotated[str, Field(max_length=12)] = ""
    mine: bool = False


class TaskOut(Schema):
    """A task without names. ``rests``: draw or trigger; ``draw`` is the draw's number, ``trigger`` the trigger's id."""

    id: UUID
    number: str
    rests: str
    draw: str
    trigger: UUID | None
    items: list[str]
    agency: str
    window_from: date
    window_to: date
    state: str
    released_at: datetime | None
    done_at: datetime | None
    rev: int


class TaskPage(Schema):
    """A page of tasks; ``next`` is empty on the last."""

    items: list[TaskOut]
    next: str


class ChecklistOut(Schema):
    """A checklist to be answered: ``sections`` as ``[{title, checks: [{code, text, basis, required}]}]``."""

    id: UUID
    item: str
    version: int
    sections: list[dict[str, Any]]


class NamesIn(Schema):
    """What names are read for; it is recorded."""

    purpose: Said


class SentOut(Schema):
    """An officer of a task. ``duty``: leader, member, reserve or replaced."""

    officer: UUID
    name: str
    duty: str
    place: int


class ResultOut(Schema):
    """What a visit came to; ``answers``: checklist → code of the check → pass, fail or na."""

    visited_on: date
    outcome: str
    answers: dict[str, dict[str, str]]
    findings: list[dict[str, str]]
    notes: str
    filed_at: datetime | None
    reviewed_at: datetime | None
    return_reason: str


class TaskNamesOut(Schema):
    """Whom a task is about, who goes, what came of it."""

    code: str
    name: str
    officers: list[SentOut]
    result: ResultOut | None


class TaskChangeIn(Schema):
    """A change to be approved: reassign (``officer``, ``why``), postpone (the new window), cancel (its ground)."""

    change: Annotated[str, Field(max_length=12)]
    reason: Told
    officer: UUID | None = None
    why: Annotated[str, Field(max_length=12)] = "other"
    relation: Annotated[str, Field(max_length=20)] = ""
    entity: Annotated[str, Field(max_length=18), AfterValidator(readable)] = ""
    window_from: Day | None = None
    window_to: Day | None = None
    ground: Annotated[str, Field(max_length=20)] = ""
    document: Document = ""


class TaskChangeOut(Schema):
    """The approval that decides; the task is unchanged but for ``rev``."""

    approval: UUID
    state: str
    rev: int


class FindingIn(Schema):
    """Something found at a visit."""

    text: Told
    basis: Long = ""
    measure: Long = ""


class VisitIn(Schema):
    """What a visit came to, see ``ResultOut``."""

    visited_on: Day
    outcome: Annotated[str, Field(max_length=20)]
    answers: dict[Code, dict[Code, Code]] = {}
    findings: Annotated[list[FindingIn], Field(max_length=200)] = []
    notes: Long = ""


class TaskReturnIn(Schema):
    """What is to be mended."""

    reason: Said


class TriggerQuery(Schema):
    """``after`` is the ``next`` of the page before."""

    after: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    state: Annotated[str, Field(max_length=12)] = ""


class TriggerOut(Schema):
    """A triggered inspection. ``told``: may one see whom it is about? Else ``code``, ``name``, ``reason`` are empty."""

    id: UUID
    ground: str
    reference: str
    told: bool
    code: str
    name: str
    reason: str
    items: list[str]
    agency: str
    window_from: date
    window_to: date
    state: str
    approval: UUID | None
    tasks: list[UUID]
    asked_at: datetime | None
    approved_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    rev: int


class TriggerPage(Schema):
    """A page of triggered inspections; ``next`` is empty on the last."""

    items: list[TriggerOut]
    next: str


class TriggerIn(Schema):
    """A triggered inspection to be approved; ``agency`` is a path, ``items`` versions of items in its list."""

    agency: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(readable)]
    ground: Annotated[str, Field(max_length=12)]
    reference: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(readable)]
    reason: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(readable)]
    code: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(readable)]
    items: Few
    window_from: Day
    window_to: Day


class TriggerSendIn(Schema):
    """Who goes: ids of officers."""

    leader: UUID
    members: Few


class TriggerEndIn(Schema):
    """Why no visit is made."""

    reason: Said
