"""The header row: found, or refused with what to do."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from xiezhi.core.ids import uscc_reason
from xiezhi.core.ids.registration import is_registration_number

from .problems import FileRefused

MAX_COLUMNS = 200
MAX_ROWS = 300_000
MAX_BLANK_ROWS = 5_000
MAX_HEADER = 60

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A file taken apart: ``kind`` csv or xlsx, ``encoding`` of a CSV, column names, then (line, cells) pairs.

    Lines count from 1 as the user sees them; cells are text, stripped, as many as there are headers.
    ``notes`` are codes of ``messages.NOTE``.
    """

    kind: str
    encoding: str
    headers: tuple[str, ...]
    rows: Iterator[Row]
    notes: tuple[str, ...] = ()


def find_table(kind: str, encoding: str, lines: Iterator[Row], notes: tuple[str, ...] = ()) -> Table:
    """Take the first line that is not blank as the header and check it; the rest are rows."""
    header = next(((number, cells) for number, cells in lines if any(cells)), None)
    if header is None:
        raise FileRefused("empty")
    first = next(((number, cells) for number, cells in lines if any(cells)), None)
    names = _names(header[1], first[1] if first else [])
    if first is None:
        raise FileRefused("header-only")
    return Table(kind, encoding, names, _rows(first, lines, names), notes)


def normal(header: str) -> str:
    """A header as it is compared: NFKC, lower case, no spaces, no note in brackets, no star."""
    text = unicodedata.normalize("NFKC", header).lower()
    text = text.split("(")[0] or text
    return "".join(c for c in text if not c.isspace() and c not in "*:_-")


def _names(cells: list[str], first: list[str]) -> tuple[str, ...]:
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise FileRefused("columns", count=len(names), limit=MAX_COLUMNS)
    if len(names) == 1 and ("，" in names[0] or "；" in names[0]):
        raise FileRefused("full-width-comma", text=names[0][:MAX_HEADER])
    if len(names) == 1 and sum(bool(cell) for cell in first) > 1:
        raise FileRefused("title-row", text=names[0][:MAX_HEADER])
    if any(_is_data(name) for name in names):
        raise FileRefused("no-header", text=next(name for name in names if _is_data(name)))
    for place, name in enumerate(names, 1):
        if not name:
            raise FileRefused("unnamed-column", place=place)
        if len(name) > MAX_HEADER:
            raise FileRefused("no-header", text=name[:20] + "…")
        if names.index(name) != place - 1:
            raise FileRefused("duplicate-header", name=name, first=names.index(name) + 1, second=place)
    return tuple(names)


def _is_data(cell: str) -> bool:
    return is_registration_number(cell) or uscc_reason(cell) is None


def _rows(first: Row, lines: Iterator[Row], names: tuple[str, ...]) -> Iterator[Row]:
    width, count, blank = len(names), 1, 0
    yield first[0], _fit(first[1], width)
    for number, cells in lines:
        if not any(cells):
            blank += 1
            if blank > MAX_BLANK_ROWS:
                raise FileRefused("blank-rows", count=MAX_BLANK_ROWS)
            continue
        count, blank = count + 1, 0
        if count > MAX_ROWS:
            raise FileRefused("rows", limit=MAX_ROWS)
        yield number, _fit(cells, width)


def _fit(cells: list[str], width: int) -> list[str]:
    """As many cells as headers; what stands beyond the last header is kept, so that the row can be rejected."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    return cells + [""] * (width - len(cells))
