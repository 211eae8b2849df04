"""XLSX: sizes, merged cells and formulas are checked on the raw parts before the workbook is parsed."""

import codecs
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from .header import MAX_COLUMNS, MAX_ROWS, Row, Table, find_table
from .problems import FileRefused

MAX_PARTS = 2_000
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 250
_RATIO_FROM = 20 * 1024 * 1024
_BLOCK = 1 << 20
_OVERLAP = 4096
_PREFIX = rb"<(?:[^\s<>/:\"'=]{1,100}:)?"
_MERGED = re.compile(_PREFIX + rb"mergeCell[\s/>](?:[^>]*?\bref\s*=\s*[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+))?")
_FORMULA = re.compile(_PREFIX + rb"f[\s/>]")
_CELL = re.compile(_PREFIX + rb"c\s[^>]*?\br=[\"']([A-Z]{1,3}[0-9]+)[\"']")
# No sheet has columns beyond XFD or rows beyond 1,048,576; a part that says so is made to exhaust its reader.
_BEYOND = re.compile(rb"\br=[\"'](?:([A-Z]{4,})[0-9]+|[A-Z]*[0-9]{8,})[\"']")
# The checks below read bytes as ASCII. Spreadsheets write UTF-8; what is in another encoding would pass unseen.
_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([^\"'\s]{0,40})")
_ASCII = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_NOT_UTF8 = b"\0\xff\xfe"
_SPACE = b" \t\r\n"
_SAFE_NUMBER = 10**15
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, IndexError, AttributeError,
    TypeError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


@contextmanager
def read_workbook(path: Path) -> Iterator[Table]:
    """The table on the first sheet of a workbook; the file stays open while rows are read."""
    check_archive(path)
    with path.open("rb") as file, _parsed(file) as book:
        sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
        if sheet is None:
            raise FileRefused("no-sheet")
        check_sheet(path, sheet._worksheet_path)
        sheet.reset_dimensions()
        notes = ("other-sheets",) if len(book.worksheets) > 1 else ()
        yield find_table("xlsx", "", _lines(sheet), notes)


@contextmanager
def _parsed(file: IO[bytes]) -> Iterator[Any]:
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that it drops; none of them carries a value.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except _BROKEN as error:
            raise FileRefused("broken-workbook") from error
    try:
        yield book
    finally:
        book.close()


def check_archive(path: Path) -> None:
    """Declared sizes first, then what really comes out: a small file must not unfold into a huge one."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            if len(parts) > MAX_PARTS or declared > MAX_UNPACKED or _is_bomb(declared, path):
                raise FileRefused("zip-bomb", size=declared // 2**20)
            if any(part.flag_bits & 1 for part in parts):
                raise FileRefused("password")
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise FileRefused("other-kind", kind=_archive_kind(names))
            _unpack(archive, parts, path)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise FileRefused("broken-workbook") from error


def check_sheet(path: Path, part: str) -> None:
    """Formulas, merged cells and columns beyond the limit, found in the sheet's raw XML, which must be UTF-8."""
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        tail = b""
        while block := file.read(_BLOCK):
            text = tail + block
            if b"\0" in block or _encoded_otherwise(text):
                raise FileRefused("broken-workbook")
            if merged := _MERGED.search(text):
                raise FileRefused("merged", cells=(merged[1] or b"").decode())
            if formula := _FORMULA.search(text):
                before = _CELL.findall(text, max(0, formula.start() - _OVERLAP), formula.start())
                raise FileRefused("formula", cell=before[-1].decode() if before else "")
            if beyond := _BEYOND.search(text):
                raise FileRefused("columns" if beyond[1] else "blank-rows", count="16384+", limit=MAX_COLUMNS)
            tail = text[-_OVERLAP:]


def _is_bomb(unpacked: int, path: Path) -> bool:
    return unpacked > _RATIO_FROM and unpacked > MAX_RATIO * path.stat().st_size


def _unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], path: Path) -> None:
    total = 0
    for part in parts:
        with archive.open(part) as file:
            tail = b""
            while block := file.read(_BLOCK):
                total += len(block)
                text = tail + block
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text or (not tail and _encoded_otherwise(block)):
                    raise FileRefused("broken-workbook")
                if total > MAX_UNPACKED or _is_bomb(total, path):
                    raise FileRefused("zip-bomb", size=total // 2**20)
                tail = text[-16:]


def _encoded_otherwise(begin: bytes) -> bool:
    """Does a part begin as XML of another encoding than UTF-8? Pictures and settings of printers do not."""
    if begin.translate(None, _NOT_UTF8 + _SPACE).startswith(b"<") and any(byte in begin[:4] for byte in _NOT_UTF8):
        return True
    told = _ENCODING.match(begin.removeprefix(codecs.BOM_UTF8))
    return told is not None and told[1].lower() not in _ASCII


def _archive_kind(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "DOCX"
    if "xl/workbook.bin" in names:
        return "XLSB"
    if "content.xml" in names:
        return "ODS"
    return "ZIP"


def _lines(sheet: Any) -> Iterator[Row]:
    rows = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        number += 1
        try:
            values = next(rows)
        except StopIteration:
            return
        except _BROKEN as error:
            raise FileRefused("broken-workbook") from error
        if number > MAX_ROWS * 4:
            raise FileRefused("blank-rows", count=MAX_ROWS)
        if len(values) > MAX_COLUMNS and any(value is not None for value in values[MAX_COLUMNS:]):
            raise FileRefused("columns", count=len(values), limit=MAX_COLUMNS)
        yield number, [_text(value) for value in values[: MAX_COLUMNS + 1]]


def _text(value: object) -> str:
    """A cell as text. A number of 16 digits or more has lost its last ones in the workbook: shown as such."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _SAFE_NUMBER:
            return f"{value:.14E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
