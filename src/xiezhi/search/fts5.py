"""SQLite: one contentless FTS5 table whose rowid is the entry's id.

FTS5 walks its lists backwards by rowid as cheaply as forwards, so the newest fifty of a million hits cost as much
as fifty hits. What may be seen is looked up in the same walk: each row carries a mark for its kind, for being a
public one of its kind, and for every agency above it. Each such mark names the kind, so that a scope is a plain
OR of marks: with ANDs inside the OR, FTS5 took about 10 ms a question over 400,000 rows; so, 1 ms over a million.

The tokenizer is ``ascii``: it splits at our blanks and takes every other character as it comes, so no table of
Unicode decides here which rare character counts as a letter (``unicode61`` knows none after 2012).
"""

import hashlib
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

from . import grams
from .engine import Scope
from .models import Entry


class Fts5:
    """See ``engine.Engine``."""

    def write(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_fts(rowid, row, marks) VALUES (%s, %s, %s)",
                [(entry.pk, *_columns(entry)) for entry in entries],
            )

    def erase(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_fts(search_fts, rowid, row, marks) VALUES ('delete', %s, %s, %s)",
                [(entry.pk, *_columns(entry)) for entry in entries],
            )

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_fts(search_fts) VALUES ('delete-all')")

    def find(self, asked: Sequence[str], scopes: Sequence[Scope], before: int | None, limit: int) -> list[int]:
        sql = "SELECT rowid FROM search_fts WHERE search_fts MATCH %s"
        values: list[object] = [expression(asked, scopes)]
        if before is not None:
            sql += " AND rowid < %s"
            values.append(before)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY rowid DESC LIMIT %s", [*values, limit])
            return [int(row[0]) for row in cursor.fetchall()]

    def matching(self, asked: Sequence[str], scopes: Sequence[Scope]) -> RawSQL:
        return RawSQL("SELECT rowid FROM search_fts WHERE search_fts MATCH %s", [expression(asked, scopes)])


def expression(asked: Sequence[str], scopes: Sequence[Scope]) -> str:
    """The FTS5 expression. Only terms of ours go in, and these hold no quotes."""
    parts = [_asked(run) for run in asked]
    parts.append("marks : (" + " OR ".join(f'"{mark}"' for scope in scopes for mark in _scope(scope)) + ")")
    return " AND ".join(parts)


def _asked(run: str) -> str:
    return f'marks : "{run}"' if grams.is_mark(run) else f'row : "{" ".join(grams.phrase(run))}"'


def _scope(scope: Scope) -> list[str]:
    """The marks of which a row in this scope carries one."""
    if scope.everything:
        return [_coded("k", scope.kind)]
    return [_coded("p", scope.kind), *(_coded("a", scope.kind, path) for path in scope.paths)]


def _columns(entry: Entry) -> tuple[str, str]:
    found = grams.terms(entry.runs())
    marks = [*found.marks, _coded("k", entry.kind)]
    marks += [_coded("a", entry.kind, path) for path in _above(entry.agency)]
    if entry.public:
        marks.append(_coded("p", entry.kind))
    return " ".join(found.row), " ".join(marks)


def _above(agency: str) -> list[str]:
    """``/a/b/`` → ``/a/``, ``/a/b/``."""
    steps = agency.strip("/").split("/")
    return ["/" + "/".join(steps[: nth + 1]) + "/" for nth in range(len(steps))] if agency.strip("/") else []


def _coded(letter: str, *names: str) -> str:
    """A mark that no text can hold: ``¦`` is in no run."""
    return f"¦{letter}{hashlib.blake2b(chr(10).join(names).encode(), digest_size=8).hexdigest()}"
