"""Rows out to XLSX or CSV: streamed, and no cell can start a formula."""

import codecs
import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from .columns import Column

Format = Literal["xlsx", "csv"]
MEDIA_TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
# What a spreadsheet takes as the beginning of a formula, also after a tab or a line break.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CHUNK = 1000
XLSX_ROWS = 1_048_575
CELL = 32_767


class TooManyRows(ValueError):
    """More rows than a worksheet holds; CSV has no such limit."""


def export_rows(
    rows: QuerySet[Any],
    columns: Sequence[Column],
    fmt: Format,
    stream: IO[bytes],
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write header and rows to the binary ``stream``; returns the number of rows.

    ``rows`` must already be what the actor may see. ``progress`` is called with the count every 1,000 rows;
    what it raises (a cancelled job) ends the export.
    """
    writers = {"xlsx": _write_xlsx, "csv": _write_csv}
    titles = [str(column.title) for column in columns]
    return writers[fmt](titles, _cells(rows, columns, progress), stream)


def _cells(rows: QuerySet[Any], columns: Sequence[Column], progress: Callable[[int], None]) -> Iterable[list[Any]]:
    done = 0
    for done, row in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        yield [column.plain(row) for column in columns]
        if done % CHUNK == 0:
            progress(done)
    progress(done)


def _write_csv(titles: list[str], cells: Iterable[list[Any]], stream: IO[bytes]) -> int:
    # The mark lets Excel read UTF-8.
    stream.write(codecs.BOM_UTF8)
    text = codecs.getwriter("utf-8")(stream)
    writer = csv.writer(text)
    writer.writerow(titles)
    count = 0
    for line in cells:
        writer.writerow([guarded(value) for value in line])
        count += 1
    return count


def _write_xlsx(titles: list[str], cells: Iterable[list[Any]], stream: IO[bytes]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("数据"))
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, title) for title in titles])
    count = 0
    for count, line in enumerate(cells, start=1):
        if count > XLSX_ROWS:
            raise TooManyRows(count)
        sheet.append([_cell(sheet, value) for value in line])
    book.save(stream)
    return count


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return _yes(value) if value is not None else ""
    if isinstance(value, int | float | Decimal):
        # A spreadsheet keeps 15 digits; codes and long numbers go out as text.
        return value if abs(value) < 10**15 else _text_cell(sheet, str(value))
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, date):
        return value
    return _text_cell(sheet, str(value))


def _yes(value: bool) -> str:
    return gettext("是") if value else gettext("否")


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with: its type is set, so nothing is ever evaluated."""
    cell = WriteOnlyCell(sheet, value="")
    cell.value = _printable(text)[:CELL]
    cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= 32)


def guarded(value: Any) -> str:
    """A CSV cell: dates in Shanghai time; text that would start a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int | float | Decimal | date):
        return str(value)
    text = _printable(str(value))
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA) else text
