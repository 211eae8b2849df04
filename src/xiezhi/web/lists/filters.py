"""Filters of a list: each reads its own parameters of the address, and says in words what it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor

Label = str | Promise
SEARCH = _("关键词")


@dataclass(frozen=True)
class Control:
    """A field of the filter bar. ``kind``: search, text, select, date or checkbox."""

    name: str
    label: Label
    kind: str
    value: str
    choices: Sequence[tuple[str, Label]] = ()


@dataclass(frozen=True)
class Filter:
    """Base: ``name`` is the parameter and, unless ``field`` is given, the model's field path."""

    name: str
    label: Label
    field: str = ""

    @property
    def path(self) -> str:
        return self.field or self.name

    def names(self) -> tuple[str, ...]:
        """Parameters that the filter reads."""
        return (self.name,)

    def controls(self, params: Mapping[str, str]) -> list[Control]:
        """Fields of the filter bar."""
        return [Control(self.name, self.label, "text", params.get(self.name, ""))]

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        """Narrow the rows; an unusable value narrows nothing."""
        raise NotImplementedError

    def narrow(self, actor: Actor, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        """As :meth:`apply`, for a filter whose answer depends on who asks."""
        return self.apply(rows, params)


@dataclass(frozen=True)
class Text(Filter):
    """The field begins with what was typed (``contains=True``: contains it)."""

    contains: bool = False

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        value = clean(params.get(self.name, ""))
        lookup = "icontains" if self.contains else "istartswith"
        return rows.filter(**{f"{self.path}__{lookup}": value}) if value else rows


@dataclass(frozen=True)
class Search(Filter):
    """Free text: over ``fields`` (contains), or by ``search(rows, text)`` where an index does better."""

    name: str = "q"
    label: Label = SEARCH
    fields: tuple[str, ...] = ()
    search: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None

    def controls(self, params: Mapping[str, str]) -> list[Control]:
        return [Control(self.name, self.label, "search", params.get(self.name, ""))]

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        value = clean(params.get(self.name, ""))
        if not value:
            return rows
        if self.search is not None:
            return self.search(rows, value)
        found = Q()
        for field in self.fields:
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


@dataclass(frozen=True)
class Choice(Filter):
    """One of ``choices`` (or of what ``choices()`` gives); anything else is ignored."""

    choices: Sequence[tuple[str, Label]] | Callable[[], Sequence[tuple[str, Label]]] = ()

    def options(self) -> Sequence[tuple[str, Label]]:
        return self.choices() if callable(self.choices) else self.choices

    def controls(self, params: Mapping[str, str]) -> list[Control]:
        options = [("", _("全部")), *self.options()]
        return [Control(self.name, self.label, "select", params.get(self.name, ""), options)]

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        value = params.get(self.name, "")
        known = {str(key) for key, _label in self.options()}
        return rows.filter(**{self.path: value}) if value and value in known else rows


@dataclass(frozen=True)
class Flag(Filter):
    """A tick: only rows whose field is true."""

    def controls(self, params: Mapping[str, str]) -> list[Control]:
        return [Control(self.name, self.label, "checkbox", params.get(self.name, ""))]

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        return rows.filter(**{self.path: True}) if params.get(self.name) == "1" else rows


@dataclass(frozen=True)
class DateRange(Filter):
    """From and to, both ends included; days of Shanghai where the field is a moment."""

    def days(self, params: Mapping[str, str]) -> tuple[date | None, date | None]:
        """The two days that were asked for; None where none or an unusable one was."""
        first, last = self.names()
        return day_of(params.get(first, "")), day_of(params.get(last, ""))

    def names(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def controls(self, params: Mapping[str, str]) -> list[Control]:
        first, last = self.names()
        return [
            Control(first, _("%(label)s 起") % {"label": self.label}, "date", params.get(first, "")),
            Control(last, _("%(label)s 止") % {"label": self.label}, "date", params.get(last, "")),
        ]

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        first, last = self.days(params)
        moments = isinstance(rows.model._meta.get_field(self.path.split("__")[0]), DateTimeField)
        if first is not None:
            rows = rows.filter(**{f"{self.path}__gte": _start(first) if moments else first})
        if last is not None and last < date.max:
            if moments:
                rows = rows.filter(**{f"{self.path}__lt": _start(last + timedelta(days=1))})
            else:
                rows = rows.filter(**{f"{self.path}__lte": last})
        return rows


def clean(text: str) -> str:
    """What a database can look for: no NUL, no outer blanks, at most 200 characters."""
    return text.replace("\x00", "").strip()[:200]


def day_of(text: str) -> date | None:
    """The day that a parameter names, ``2026-03-02``; None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
