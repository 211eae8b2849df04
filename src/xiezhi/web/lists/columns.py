"""Columns: what a row shows, how it sorts, what its cell is in an export."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Column:
    """One column.

    name     key of the column; without ``value`` also the attribute path (``"agency__name"``)
    value    row → plain value (text, number, date); used by page and export alike
    html     row → safe HTML for the page only (a tag, a link of its own)
    link     row → address; the cell becomes a link
    sort     field path to sort by; empty: not sortable
    """

    name: str
    title: Text
    value: Callable[[Any], Any] | None = None
    html: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    sort: str = ""
    number: bool = False

    def plain(self, row: Any) -> Any:
        """The cell's value: text, number, date, bool or None."""
        if self.value is not None:
            return self.value(row)
        found = row
        for part in self.name.split("__"):
            found = getattr(found, part, None)
        return found

    def shown(self, row: Any) -> Any:
        """What the page shows."""
        return self.html(row) if self.html is not None else display(self.plain(row))


# Dates, times, credit codes and the like, document numbers, addresses of machines.
_WHOLE = re.compile(
    r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?(?: (?:至|—) (?:\d{4}-\d\d-\d\d|—))?|[0-9A-Za-z.-]{3,24}|\S{0,16}〔\d{4}〕\S{0,8}"
)


def whole(value: Any) -> bool:
    """Is it read as one piece, never broken over two lines? Asked of what :func:`display` answers."""
    return isinstance(value, str) and _WHOLE.fullmatch(value) is not None


def display(value: Any) -> Any:
    """A plain value as a reader sees it: Shanghai time, 是/否, a dash for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value
