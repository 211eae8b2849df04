"""The rejected rows as the user sent them, with the reason per cell: XLSX or CSV.

Text that a spreadsheet would run as a formula is only data here, and must stay data in what we hand out.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from xiezhi.web.lists.export import guarded

REASON = "拒收原因"
LINE = "原文件行号"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_CELL = 32_767

Rejected = tuple[int, Sequence[str], Sequence[tuple[str, str]]]
"""(line, cells as given, ((header or "", reason), …))"""


def reasons(problems: Sequence[tuple[str, str]]) -> str:
    """``列名：原因；列名：原因`` in one cell."""
    return "；".join(f"{header}：{reason}" if header else reason for header, reason in problems)


def write_csv(out: BinaryIO, headers: Sequence[str], rows: Iterable[Rejected]) -> None:
    """CSV in UTF-8 with BOM, as Chinese spreadsheets expect it."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([LINE, *map(guarded, headers), REASON])
    for line, cells, problems in rows:
        padded = [*cells, *[""] * (len(headers) - len(cells))]
        writer.writerow([line, *map(guarded, padded), guarded(reasons(problems))])
    text.detach()


def write_xlsx(out: BinaryIO, headers: Sequence[str], rows: Iterable[Rejected]) -> None:
    """A workbook; the cells at fault are coloured and carry the reason as a comment as well."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("拒收行")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, title, bold=True) for title in (LINE, *headers, REASON)])
    for line, cells, problems in rows:
        faults = dict(problems)
        padded = [*cells, *[""] * (len(headers) - len(cells))]
        sheet.append(
            [
                _cell(sheet, line),
                *(
                    _cell(sheet, cell, fault=faults.get(headers[place] if place < len(headers) else "", ""))
                    for place, cell in enumerate(padded)
                ),
                _cell(sheet, reasons(problems)),
            ]
        )
    book.save(out)


def _cell(sheet: Any, value: str | int, *, bold: bool = False, fault: str = "") -> Any:
    text = _ILLEGAL.sub("\ufffd", value)[:_MAX_CELL] if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=text)
    if isinstance(text, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    if fault:
        cell.fill = PatternFill("solid", fgColor="FFE0B2")
        cell.comment = Comment(fault, "獬豸")
    return cell
