"""What kind of file lies there, told by its bytes and not by its name; what is refused before parsing."""

import codecs
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .delimited import read_delimited
from .header import Table
from .problems import FileRefused
from .workbook import read_workbook

MAX_BYTES = 100 * 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# First bytes of files that people do pick by mistake, and what they are called.
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"<html", "HTML"),
    (b"<!doctype", "HTML"),
    (b"<table", "HTML"),
    (b"<head", "HTML"),
    (b"<meta", "HTML"),
    (b"<?xml", "XML"),
    (b"{\\rtf", "RTF"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` is ``csv`` or ``xlsx``."""

    name: str


def kind_of(path: Path) -> Kind:
    """CSV or XLSX; :class:`FileRefused` for everything else, saying what it seems to be."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty")
    if size > MAX_BYTES:
        raise FileRefused("too-big", size=size // 2**20, limit=MAX_BYTES // 2**20)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_OLE):
        raise FileRefused("password" if _holds(path, _ENCRYPTED) else "old-xls")
    begins = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for start, name in _OTHERS:
        if begins.startswith(start.lower()):
            raise FileRefused("other-kind", kind=name)
    if head.startswith(b"PK"):
        if not zipfile.is_zipfile(path):
            raise FileRefused("broken-workbook")
        return Kind("xlsx")
    return Kind("csv")


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The table in ``path``: header and an iterator over rows. Everything that can be told of the file as a whole
    without keeping it in memory is checked first; :class:`FileRefused` may still come while rows are read."""
    reader = read_workbook if kind_of(path).name == "xlsx" else read_delimited
    with reader(path) as table:
        yield table


def _holds(path: Path, needle: bytes) -> bool:
    tail = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if needle in tail + block:
                return True
            tail = block[-len(needle) :]
    return False
