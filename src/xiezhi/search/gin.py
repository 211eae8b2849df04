"""PostgreSQL: a narrow table beside the entries, with a GIN index over terms, its key in the order of publishing.

Two plans, and neither is good for every word. GIN fetches all hits and sorts them: right for few. A scan from the
newest stops at the fiftieth hit: right for many. The choice is an estimate from the statistics of the column: the
rarest term of the question bounds its hits from above. (An estimate for all terms together would multiply, and
take 示例建设, in half of all texts, for rare.) The kinds asked for are estimated likewise. A scan that a wrong
estimate chose ends after a budget of rows, and the rest is answered by the plan that is then cheaper.

Terms are stored as 32-bit sums; what they let through is held against the text itself.
"""

import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL

from . import grams
from .engine import Scope
from .models import Entry

# Measured: a row by GIN (fetched from anywhere, then sorted) costs about as much as three rows of a scan.
ROWS_OF_A_SCAN = 3
BUDGET = 20_000
STRETCH = 1_000
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

    def any_of(self, terms: Sequence[int]) -> float:
        """The share of rows that one of ``terms`` is in, from above."""
        return min(1.0, sum(self.share.get(term, self.other) for term in terms))


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
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")  # compiling takes longer than any of these queries
            search = _Search(cursor, asked, scopes, _statistics(cursor))
            return search.by_gin(before, limit) if search.prefers_gin(limit) else search.by_scan(before, limit)

    def matching(self, asked: Sequence[str], scopes: Sequence[Scope]) -> RawSQL:
        terms = [_sum(term) for run in asked for term in _terms(run)]
        where, values = _condition(asked, scopes)
        sql = f"SELECT id FROM search_term WHERE terms @> %s::integer[] AND {where}"  # noqa: S608
        return RawSQL(sql, [terms, *values])  # noqa: S611


def by_gin(share: float, rows: float, limit: int) -> bool:
    """Is GIN expected to be the cheaper plan for the newest ``limit`` hits, if ``share`` of ``rows`` hit?"""
    return share * rows * ROWS_OF_A_SCAN < min(limit / share if share > 0 else rows, rows)


class _Search:
    """One question. The texts of its queries are put together from our own words; all values are bound."""

    def __init__(
        self, cursor: CursorWrapper, asked: Sequence[str], scopes: Sequence[Scope], statistics: Statistics
    ) -> None:
        self.cursor = cursor
        self.rows = statistics.rows
        self.terms = [_sum(term) for run in asked for term in _terms(run)]
        self.kinds = [_sum(_kind_mark(scope.kind)) for scope in scopes]
        words, kinds = statistics.rarest(self.terms), statistics.any_of(self.kinds)
        self.share = min(words, kinds)
        self.by_kind = not self.terms or kinds < words  # else the kinds would only lengthen what GIN reads
        self.where, self.values = _condition(asked, scopes)

    def prefers_gin(self, limit: int) -> bool:
        return by_gin(self.share, self.rows, limit)

    def by_gin(self, before: int | None, limit: int) -> list[int]:
        """All hits, then the newest of them. Materialized, so that the planner cannot turn it into the scan."""
        wanted, values = ["terms @> %s::integer[]"] if self.terms else [], [self.terms] if self.terms else []
        if self.by_kind:
            wanted.append("terms && %s::integer[]")
            values.append(self.kinds)
        self.cursor.execute(
            f"WITH hit AS MATERIALIZED (SELECT id FROM search_term WHERE {' AND '.join(wanted)}"  # noqa: S608
            f" AND ({_bound('<', before)}) AND {self.where}) SELECT id FROM hit ORDER BY id DESC LIMIT %s",
            [*values, *_value(before), *self.values, limit],
        )
        return [row[0] for row in self.cursor.fetchall()]

    def by_scan(self, before: int | None, limit: int) -> list[int]:
        """From the newest down, in growing stretches; beyond the budget by whichever plan is then cheaper."""
        found: list[int] = []
        stretch, left = max(STRETCH, int(4 * limit / max(self.share, 0.001))), BUDGET
        while left > 0:
            floor = self._floor(before, min(stretch, left))
            found += self._scan(before, floor, limit - len(found))
            if floor is None or len(found) >= limit:
                return found
            before, left, stretch = floor, left - stretch, stretch * 8
        rest = self._scan(before, None, limit - len(found)) if self.share * ROWS_OF_A_SCAN > 1 else None
        return found + (self.by_gin(before, limit - len(found)) if rest is None else rest)

    def _scan(self, before: int | None, floor: int | None, limit: int) -> list[int]:
        """Without terms in the condition, so that the planner cannot use GIN."""
        self.cursor.execute(
            f"SELECT id FROM search_term WHERE ({_bound('<', before)}) AND ({_bound('>=', floor)})"  # noqa: S608
            f" AND {self.where} ORDER BY id DESC LIMIT %s",
            [*_value(before), *_value(floor), *self.values, limit],
        )
        return [row[0] for row in self.cursor.fetchall()]

    def _floor(self, before: int | None, stretch: int) -> int | None:
        """The id at which a stretch of that many rows ends; ``None`` where the table ends first."""
        self.cursor.execute(
            f"SELECT id FROM search_term WHERE ({_bound('<', before)}) ORDER BY id DESC OFFSET %s LIMIT 1",  # noqa: S608
            [*_value(before), stretch],
        )
        row = self.cursor.fetchone()
        # The row after the stretch: its own turn comes with the next one.
        return row[0] + 1 if row else None


def _condition(asked: Sequence[str], scopes: Sequence[Scope]) -> tuple[str, list[object]]:
    """What the text itself and the scope must say, with its values."""
    # In the folded text each run stands between blanks.
    values: list[object] = [f" {run}" if run.isascii() and grams.is_mark(run) else run for run in asked]
    seen = []
    for scope in scopes:
        seen.append(f"(kind = %s AND {_seen(scope)})")
        values += [scope.kind, *(() if scope.everything else scope.paths)]
    return " AND ".join([*["strpos(norm, %s) > 0"] * len(asked), f"({' OR '.join(seen)})"]), values


_known: dict[str, tuple[float, Statistics]] = {}
_lock = Lock()


def _statistics(cursor: CursorWrapper) -> Statistics:
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
    sums = sorted({_sum(term) for term in (*found.row, *found.marks, _kind_mark(entry.kind))})
    return entry.pk, entry.kind, entry.public, entry.agency, f" {' '.join(runs)} ", sums


def _terms(run: str) -> list[str]:
    return [run] if grams.is_mark(run) else grams.phrase(run)


def _kind_mark(kind: str) -> str:
    return f"¦{kind}"


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
