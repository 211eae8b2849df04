"""CSV: the encoding is found by strict decoding, never guessed by frequency."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .header import MAX_COLUMNS, Row, Table, find_table
from .problems import FileRefused

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;"
MAX_CELL = 131_072
_BLOCK = 1 << 20
# Spreadsheets write this line first to say what parts the columns.
_TOLD = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@contextmanager
def read_delimited(path: Path) -> Iterator[Table]:
    """The table in a CSV file; the file stays open while rows are read."""
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        told = _TOLD.fullmatch(file.readline(MAX_CELL))
        if told is None:
            file.seek(0)
            delimiter = _delimiter(file)
            file.seek(0)
        else:
            delimiter = told[1]
        shown = encoding.removesuffix("-sig")
        yield find_table("csv", shown, _lines(file, delimiter, skipped=0 if told is None else 1))


def detect_encoding(path: Path) -> str:
    """``utf-8-sig`` (with or without BOM) or else ``gb18030``: the first that decodes the whole file strictly."""
    with path.open("rb") as file:
        if file.read(2) in _UTF16:
            raise FileRefused("utf-16")
    lines, last = 0, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if (place := block.find(b"\0")) >= 0:
                raise FileRefused("nul", line=lines + block.count(b"\n", 0, place) + 1)
            lines += block.count(b"\n")
            last = block
    bad_line = 0
    for encoding in ENCODINGS:
        bad = _undecodable_line(path, encoding)
        if bad is None:
            return encoding
        bad_line = max(bad_line, bad)
    raise FileRefused("encoding", line=bad_line, tail=bool(last))


def _undecodable_line(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return line + error.object.count(b"\n", 0, error.start)
            if not block:
                return None
            line += block.count(b"\n")


def _delimiter(file: TextIO) -> str:
    for line in file:
        if line.strip():
            counts = Counter(c for c in line[: MAX_CELL * 2] if c in DELIMITERS)
            return max(DELIMITERS, key=lambda c: counts[c])
    return ","


def _lines(file: TextIO, delimiter: str, *, skipped: int = 0) -> Iterator[Row]:
    """Rows with the number of the line on which each begins; ``skipped`` lines were read before."""
    reader = csv.reader(_bounded(file), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "unclosed-quote" if "limit" in str(error) or "end of data" in str(error) else "bad-quote"
            raise FileRefused(code, line=begins) from error
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise FileRefused("columns", count=len(cells), limit=MAX_COLUMNS)
        yield begins, [cell.strip() for cell in cells]


def _bounded(file: TextIO) -> Iterator[str]:
    """Lines of the file, none longer than a row could rightly be: a single line of 100 MB is no table."""
    limit = MAX_CELL * 8
    number = 0
    while line := file.readline(limit):
        number += 1
        if len(line) == limit:
            commas = max(line.count(c) for c in DELIMITERS)
            if commas > MAX_COLUMNS:
                raise FileRefused("columns-at-least", count=commas + 1, limit=MAX_COLUMNS)
            raise FileRefused("long-line", line=number)
        yield line
