"""What operations share: who asks, what texts and days they take, one row that he may see."""

import unicodedata
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.core.unseen import unseen
from xiezhi.web import navigation
from xiezhi.web.concurrency import set_etag

M = TypeVar("M", bound=Model)
EARLIEST, LATEST = date(1950, 1, 1), date(2200, 1, 1)
OUT_OF_TIME = _("日期须在 1950 年至 2199 年之间。")
BREAKS = frozenset("\t\n\r")


def readable(text: str) -> str:
    """``text``; ``ValueError`` for control characters and for those that are not seen but change what is read."""
    if any(unicodedata.category(c) == "Cc" and c not in BREAKS for c in text):
        raise ValueError(_("不能含有控制字符，请删去后重试。"))
    # The forms refuse these too (web.forms.all_seen): a published text reads as it is stored.
    if code := unseen(text):
        raise ValueError(format_lazy(_("含有看不见的格式控制字符 {code}，请删去后重新填写。"), code=code))
    return text


def _sensible(day: date) -> date:
    if not EARLIEST <= day < LATEST:
        raise ValueError(OUT_OF_TIME)
    return day


Day = Annotated[date, AfterValidator(_sensible)]
Code = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(readable)]
Path = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(readable)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(readable)]
Text = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(readable)]
Loose = Annotated[str, Field(max_length=4000), AfterValidator(readable)]


def holder(request: HttpRequest, ability: str = "") -> Actor:
    """Who asks; ``Denied`` where he holds the ability nowhere. The service asks again, for the row's agency."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not navigation.holds(actor, ability):
        raise Denied(ability)
    return actor


def one(rows: QuerySet[M], key: UUID) -> M:
    """The row of what the actor may see; ``NotFound``."""
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound(str(key))
    return found


def versioned(response: HttpResponse, row: Any) -> Any:
    """The row, its ``rev`` as ETag."""
    set_etag(response, row.rev)
    return row
