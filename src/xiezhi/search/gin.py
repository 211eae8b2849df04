"""PostgreSQL: a narrow table beside the entries, with a GIN index over terms, its key in the order of publishing.

Two plans, and neither is good for every word. GIN fetches all hits and sorts them: right for few. A scan from the
newest stops at the fiftieth hit: right for many. The choice is an estimate from the statistics of the column: the
rarest term of the question bounds its hits from above. (An estimate for all terms together would multiply, and
take 示例建设, in half of all texts, for rare.) A scan that a wrong estimate chose ends after a budget of rows, and
GIN answers the rest.

Terms are stored as 32-bit sums; what they let through is held against the text itself.
"""

import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from django.db import connection, transaction

from . import grams
from .engine import Scope
from .models import Entry

# Measured: a row by GIN (fetched from anywhere, then sorted) costs about as much as three rows of a scan.
ROWS_OF_A_SCAN = 3
BUDGET = 20_000
STATISTICS_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Statistics:
    """Rows of the table, and how often the commonest terms occur in it (0 to 1). ``other`` bounds all the rest."""

    rows: float
    share: dict[int, float]
    other: float

    def rarest(self, terms: Sequence[int]) -> float:
        """The share of rows that the rarest of ``terms`` is in, from above."""
        return min((self.share.get(term, self.other) for term in terms), default=1.0)


class Gin:
    """See ``engine.Engine``."""

    def write(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_term(id, kind, public, agency, norm, terms) VALUES (%s, %s, %s, %s, %s, %s)",
                [_row(entry) for entry in entries],
            )

    def erase(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_term WHERE id = ANY(%s)", [[entry.pk for entry in entries]])

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE search_term")

    def find(self, asked: Sequence[str], scopes: Sequence[Scope], before: int | None, limit: int) -> list[int]:
        terms = [_sum(term) for run in asked for term in _terms(run)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")  # compiling takes longer than any of these queries
            search = _Search(cursor, asked, scopes, terms)
            if terms and by_gin(_statistics(cursor), terms, limit):
                return search.by_gin(before, limit)
            return search.by_scan(before, limit)


def by_gin(statistics: Statistics, terms: Sequence[int], limit: int) -> bool:
    """Is GIN expected to be the cheaper plan for the newest ``limit`` hits?"""
    share = statistics.rarest(terms)
    if share <= 0:
        return True
    return share * statistics.rows * ROWS_OF_A_SCAN < min(limit / share, statistics.rows)


class _Search:
    """One question. The texts of its queries are put together from our own words; all values are bound."""

    def __init__(self, cursor, asked: Sequence[str], scopes: Sequence[Scope], terms: list[int]) -> None:  # type: ignore[no-untyped-def]
        self.cursor = cursor
        self.terms = terms
        conditions, self.values = [], []  # type: ignore[var-annotated]
        for run in asked:
            # In the folded text each run stands between blanks.
            conditions.append("strpos(norm, %s) > 0")
            self.values.append(f" {run}" if run.isascii() and grams.is_mark(run) else run)
        seen = []
        for scope in scopes:
            seen.append(f"(kind = %s AND {_seen(scope)})")
            self.values += [scope.kind, *(() if scope.everything else scope.paths)]
        self.where = " AND ".join([*conditions, "(" + " OR ".join(seen) + ")"])

    def by_gin(self, before: int | None, limit: int) -> list[int]:
        """All hits, then the newest of them. Materialized, so that the planner cannot turn it into the scan."""
        self.cursor.execute(
            f"WITH hit AS MATERIALIZED (SELECT id FROM search_term WHERE terms @> %s::integer[]"  # noqa: S608
            f" AND ({_bound('<', before)}) AND {self.where}) SELECT id FROM hit ORDER BY id DESC LIMIT %s",
            [self.terms, *_value(before), *self.values, limit],
        )
        return [row[0] for row in self.cursor.fetchall()]

    def by_scan(self, before: int | None, limit: int) -> list[int]:
        """From the newest down; without terms in the condition, so that the planner cannot use GIN."""
        floor = self._floor(before) if self.terms else None
        self.cursor.execute(
            f"SELECT id FROM search_term WHERE ({_bound('<', before)}) AND ({_bound('>=', floor)})"  # noqa: S608
            f" AND {self.where} ORDER BY id DESC LIMIT %s",
            [*_value(before), *_value(floor), *self.values, limit],
        )
        found = [row[0] for row in self.cursor.fetchall()]
        if floor is not None and len(found) < limit:
            found += self.by_gin(floor, limit - len(found))
        return found

    def _floor(self, before: int | None) -> int | None:
        """The id at which the budget of a scan ends."""
        self.cursor.execute(
            f"SELECT id FROM search_term WHERE ({_bound('<', before)}) ORDER BY id DESC OFFSET %s LIMIT 1",  # noqa: S608
            [*_value(before), BUDGET],
        )
        row = self.cursor.fetchone()
        return row[0] if row else None


_known: dict[str, tuple[float, Statistics]] = {}
_lock = Lock()


def _statistics(cursor) -> Statistics:  # type: ignore[no-untyped-def]
    """What ANALYZE knows, read at most every five minutes."""
    name = str(connection.settings_dict["NAME"])
    with _lock:
        read_at, known = _known.get(name, (0.0, None))
        if known is not None and time.monotonic() - read_at < STATISTICS_SECONDS:
            return known
    cursor.execute(
        "SELECT c.reltuples, s.most_common_elems::text::integer[], s.most_common_elem_freqs FROM pg_class c"
        " LEFT JOIN pg_stats s ON s.schemaname = current_schema()"
        " AND s.tablename = c.relname AND s.attname = 'terms'"
        " WHERE c.oid = 'search_term'::regclass"
    )
    rows, elements, shares = cursor.fetchone()
    common = dict(zip(elements or [], shares or [], strict=False))
    statistics = Statistics(max(float(rows), 0.0), common, min(common.values()) if common else 1.0)
    with _lock:
        _known[name] = (time.monotonic(), statistics)
    return statistics


def forget_statistics() -> None:
    """Read them anew at the next question: after ANALYZE, where five minutes are too long to wait."""
    with _lock:
        _known.clear()


def _row(entry: Entry) -> tuple[object, ...]:
    runs = entry.runs()
    found = grams.terms(runs)
    sums = sorted({_sum(term) for term in (*found.row, *found.marks)})
    return entry.pk, entry.kind, entry.public, entry.agency, f" {' '.join(runs)} ", sums


def _terms(run: str) -> list[str]:
    return [run] if grams.is_mark(run) else grams.phrase(run)


def _sum(term: str) -> int:
    """Its CRC-32 as PostgreSQL's signed integer."""
    return (zlib.crc32(term.encode()) ^ 0x80000000) - 0x80000000


def _seen(scope: Scope) -> str:
    if scope.everything:
        return "true"
    return "(" + " OR ".join(["public", *("starts_with(agency, %s)" for _ in scope.paths)]) + ")"


def _bound(sign: str, value: int | None) -> str:
    return "true" if value is None else f"id {sign} %s"


def _value(value: int | None) -> list[int]:
    return [] if value is None else [value]
