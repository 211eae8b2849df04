"""What a batch would do, did, and left: read for pages, API and reports."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from django.db.models import QuerySet

from xiezhi.core.actor import Actor
from xiezhi.registry import queries
from xiezhi.registry.chunks.counts import result_counts
from xiezhi.registry.importing import report
from xiezhi.registry.importing.fields import Value
from xiezhi.registry.importing.files import open_table
from xiezhi.registry.importing.kinds import KINDS
from xiezhi.registry.importing.messages import MARK, cell_message, kept_message
from xiezhi.registry.models import ImportBatch, ImportRow

from .runs import kept_file


@dataclass(frozen=True)
class Change:
    """A column that a row would change."""

    column: str
    title: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class RowPreview:
    """One row of the dry run, in words. ``reasons`` are (header or "", why) pairs."""

    number: int
    outcome: str
    name: str
    code: str
    entity: uuid.UUID | None
    changes: list[Change] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """Counts of the dry run: rows by outcome, marks and changed columns by title; ``total`` rows."""

    batch: ImportBatch
    rows: dict[str, int]
    marks: dict[str, int]
    changes: dict[str, int]
    total: int
    results: dict[str, int]


def preview(actor: Actor, batch_id: uuid.UUID) -> Preview:
    """What the batch would do, before it does. ``NotFound`` where the actor may not see it."""
    batch = queries.get_import(actor, batch_id)
    counts = batch.counts or {"rows": {}, "marks": {}, "changes": {}}
    return Preview(
        batch,
        counts["rows"],
        {str(MARK[code]): count for code, count in counts["marks"].items()},
        {KINDS[batch.target].title_of(column): count for column, count in counts["changes"].items()},
        sum(counts["rows"].values()),
        result_counts(batch),
    )


def sample(actor: Actor, batch_id: uuid.UUID, count: int = 3) -> list[list[str]]:
    """The first rows of the file as they stand, for choosing what its columns are."""
    batch = queries.get_import(actor, batch_id)
    with kept_file(batch) as path, open_table(path) as table:
        return [cells for _number, cells in islice(table.rows, count)]


def rows_of(actor: Actor, batch_id: uuid.UUID) -> "QuerySet[ImportRow]":
    """The staged rows in the order of the file; filter by ``outcome`` or ``result``, then :func:`worded`."""
    return queries.get_import(actor, batch_id).rows.select_related("batch").order_by("number")


def preview_rows(
    actor: Actor, batch_id: uuid.UUID, *, outcome: str, after: int = 0, limit: int = 50
) -> list[RowPreview]:
    """Rows of one outcome behind line ``after``."""
    rows = rows_of(actor, batch_id).filter(outcome=outcome, number__gt=after)
    return [worded(row) for row in rows[:limit]]


def kept_rows(actor: Actor, batch_id: uuid.UUID) -> Iterator[RowPreview]:
    """Rows that an import left out (``shifted``) or an undo kept, with why."""
    for row in rows_of(actor, batch_id).filter(result__in=("shifted", "kept")).iterator(chunk_size=1000):
        yield worded(row)


def worded(row: ImportRow) -> RowPreview:
    """A staged row as a reader sees it."""
    kind = KINDS[row.batch.target]
    name, code = kind.shown
    return RowPreview(
        row.number,
        row.outcome,
        str(row.values.get(name, "")),
        str(row.values.get(code, "")),
        row.entity,
        [Change(column, kind.title_of(column), before, after) for column, (before, after) in row.diff.items()],
        [(p["column"], cell_message(p["code"], p["params"])) for p in row.problems]
        + [("", kept_message(why["code"], why["params"])) for why in row.why],
        [str(MARK[code]) for code in row.marks],
    )


def write_report(actor: Actor, batch_id: uuid.UUID, out: BinaryIO, *, form: str) -> int:
    """Write the rejected rows with the reason per cell to ``out`` (``xlsx`` or ``csv``); answers how many."""
    batch = queries.get_import(actor, batch_id)
    count = 0

    def rejected() -> Iterator[report.Rejected]:
        nonlocal count
        rows = batch.rows.select_related("batch").filter(outcome=ImportRow.Outcome.REJECTED).order_by("number")
        for row in rows.iterator(chunk_size=1000):
            count += 1
            yield row.number, row.cells, worded(row).reasons

    writer = {"xlsx": report.write_xlsx, "csv": report.write_csv}[form]
    writer(out, batch.headers, rejected())
    return count
