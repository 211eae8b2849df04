"""Walking a file through its acts, chunk by chunk."""

import shutil
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from django.db import connection, transaction

from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.errors import AtOnce, Invalid
from xiezhi.registry import queries, services
from xiezhi.registry.chunks.counts import WRITTEN_OUTCOMES
from xiezhi.registry.chunks.handling import steps
from xiezhi.registry.chunks.matching import save
from xiezhi.registry.gate import IMPORT, demand
from xiezhi.registry.importing import mapping as mappings
from xiezhi.registry.importing.files import MAX_BYTES, open_table
from xiezhi.registry.importing.header import Row
from xiezhi.registry.importing.kinds import ENTITY, KINDS, Kind
from xiezhi.registry.importing.messages import file_message
from xiezhi.registry.importing.problems import FileRefused
from xiezhi.registry.importing.rows import RowMapper
from xiezhi.registry.models import ColumnMapping, ImportBatch, ImportRow

STAGE_CHUNK = 2000
WRITE_CHUNK = 1000
# SQLite's waiters look again every 100 ms at the latest: a shorter pause would starve them.
_PAUSE = 0.11
Report = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """``phase`` is ``stage``, ``apply`` or ``undo``; ``total`` None while the end of the file is not seen."""

    phase: str
    done: int
    total: int | None = None


def stage_file(
    actor: Actor,
    *,
    filename: str,
    source: str,
    agency: str,
    district: str,
    path: Path | None = None,
    stream: IO[bytes] | None = None,
    mapping: Mapping[str, str] | None = None,
    lenient: bool = False,
    target: str = ENTITY.name,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportBatch:
    """Take a file in and make the dry run. ``mapping`` (header → field) is proposed from the headers if not given.

    Raises ``Denied``, and ``Invalid({"file": […]})`` for a file that can't be taken: nothing is changed then.
    """
    batch = receive(
        actor, filename=filename, source=source, agency=agency, district=district, path=path, stream=stream,
        mapping=mapping, lenient=lenient, target=target,
    )  # fmt: skip
    return stage(actor, batch.id, progress=progress, cancelled=cancelled)


def receive(
    actor: Actor,
    *,
    filename: str,
    source: str,
    agency: str,
    district: str,
    path: Path | None = None,
    stream: IO[bytes] | None = None,
    mapping: Mapping[str, str] | None = None,
    lenient: bool = False,
    target: str = ENTITY.name,
) -> ImportBatch:
    """Take a file in: check it as a whole, keep it, propose the mapping. Errors as :func:`stage_file`."""
    demand(actor, IMPORT, agency)
    with _local(path, stream) as local, worded_files():
        with open_table(local) as table:
            kind = KINDS.get(target, ENTITY)
            known = mapping is None
            columns = _known(actor, table.headers, kind) if known else mappings.check(mapping, table.headers, kind)
            # The first rows are read, so that a broken body shows before anything is kept.
            for _row in islice(table.rows, 50):
                pass
        with local.open("rb") as file:
            blob = store.put(file, limit=MAX_BYTES)
        return services.receive_file(
            actor,
            agency=agency,
            district=district,
            source=source,
            filename=filename,
            sha256=blob.sha256,
            size=blob.size,
            kind=table.kind,
            encoding=table.encoding,
            headers=table.headers,
            columns=columns,
            notes=table.notes,
            lenient=lenient,
            target=target,
        )


def stage(
    actor: Actor,
    batch_id: uuid.UUID,
    *,
    columns: Mapping[str, str] | None = None,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportBatch:
    """The dry run of a received file. ``Invalid`` for a mapping that lacks a required field or unreadable rows."""
    _walk(stage_steps(actor, batch_id, columns=columns), progress, cancelled)
    return queries.get_import(actor, batch_id)


def apply_batch(
    actor: Actor,
    batch_id: uuid.UUID,
    *,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportBatch:
    """Write a staged batch. Where ``cancelled()`` says so, stop: what was written stays and can be undone."""
    if not _walk(apply_steps(actor, batch_id), progress, cancelled):
        batch = queries.get_import(actor, batch_id)
        return services.cancel_import(actor, batch_id) if batch.state == ImportBatch.State.APPLYING else batch
    return queries.get_import(actor, batch_id)


def undo_batch(
    actor: Actor,
    batch_id: uuid.UUID,
    *,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportBatch:
    """Take a batch back as far as that is right; :func:`..kept_rows` lists the rest with why."""
    _walk(undo_steps(actor, batch_id), progress, cancelled)
    return queries.get_import(actor, batch_id)


def stage_steps(
    actor: Actor, batch_id: uuid.UUID, *, columns: Mapping[str, str] | None = None
) -> Iterator[Progress]:
    """:func:`stage` as a generator; left early, the batch stays received and can be staged again."""
    batch = queries.get_import(actor, batch_id)
    if batch.state not in (ImportBatch.State.RECEIVED, ImportBatch.State.STAGED):
        raise Invalid({"": [str(batch.get_state_display())]})
    with worded_files():
        kind = KINDS[batch.target]
        chosen = mappings.check(batch.columns if columns is None else columns, batch.headers, kind)
    _drop_rows(batch)
    marks: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    try:
        with kept_file(batch) as path, open_table(path) as table:
            mapper = RowMapper(batch.headers, chosen, kind=kind, lenient=batch.lenient)
            done = 0
            while chunk := _next(table.rows):
                rows = steps(batch).match(actor, batch, [mapper.map(number, cells) for number, cells in chunk])
                with transaction.atomic():
                    save(batch, rows)
                for row in rows:
                    marks.update(row.row.marks if row.outcome != ImportRow.Outcome.REJECTED else ())
                    changes.update(row.diff.keys())
                done += len(rows)
                yield Progress("stage", done)
    except FileRefused as refused:
        message = file_message(refused)
        services.refuse_file(actor, batch_id, reason=message)
        raise Invalid({"file": [message]}) from refused
    services.complete_staging(actor, batch_id, columns=chosen, marks=marks, changes=changes)
    yield Progress("stage", done, done)


def apply_steps(actor: Actor, batch_id: uuid.UUID) -> Iterator[Progress]:
    """:func:`apply_batch` as a generator: one step a chunk. Left early and begun again, it goes on."""
    batch = queries.get_import(actor, batch_id)
    waiting = batch.rows.filter(outcome__in=WRITTEN_OUTCOMES)
    total = waiting.count()
    through, done = batch.applied_through, waiting.filter(number__lte=batch.applied_through).count()
    while through := _insistently(
        lambda after=through: services.apply_rows(actor, batch_id, after=after, limit=WRITE_CHUNK)
    ):
        done = min(done + WRITE_CHUNK, total)
        yield Progress("apply", done, total)
        _let_others_write()
    services.complete_import(actor, batch_id)
    yield Progress("apply", total, total)


def undo_steps(actor: Actor, batch_id: uuid.UUID) -> Iterator[Progress]:
    """:func:`undo_batch` as a generator, likewise."""
    batch = queries.get_import(actor, batch_id)
    total = batch.rows.filter(outcome__in=WRITTEN_OUTCOMES, number__lte=batch.applied_through).count()
    through, done = batch.undone_through, total - batch.rows.filter(result="written").count()
    while through := services.undo_rows(actor, batch_id, after=through, limit=WRITE_CHUNK):
        done = min(done + WRITE_CHUNK, total)
        yield Progress("undo", done, total)
        _let_others_write()
    services.complete_undo(actor, batch_id)
    yield Progress("undo", total, total)


def _walk(steps: Iterator[Progress], progress: Report | None, cancelled: Callable[[], bool] | None) -> bool:
    """Walk to the end; False where it was cancelled before."""
    for step in steps:
        if progress is not None:
            progress(step)
        if cancelled is not None and cancelled():
            steps.close()  # type: ignore[attr-defined]
            return False
    return True


def _next(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, STAGE_CHUNK))


def _known(actor: Actor, headers: tuple[str, ...], kind: Kind) -> dict[str, str]:
    """A saved mapping that fits all its columns on this file, else what the header names suggest."""
    saved: ColumnMapping
    for saved in queries.mappings_visible_to(actor).filter(target=kind.name).order_by("-updated_at"):
        if set(saved.columns) <= set(headers) and not mappings.missing(saved.columns, kind):
            return {header: saved.columns[header] for header in headers if header in saved.columns}
    return mappings.propose(headers, kind)


def _drop_rows(batch: ImportBatch) -> None:
    while ids := list(batch.rows.values_list("pk", flat=True)[:STAGE_CHUNK]):
        batch.rows.filter(pk__in=ids).delete()


def _insistently(write: Callable[[], int]) -> int:
    """A chunk may meet a code that another registers at the same moment; the second try leaves it out."""
    try:
        return write()
    except AtOnce:
        return write()


def _let_others_write() -> None:
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(_PAUSE)


@contextmanager
def worded_files() -> Iterator[None]:
    """A refused file or mapping leaves as ``Invalid`` with its sentence."""
    try:
        yield
    except FileRefused as refused:
        raise Invalid({"file": [file_message(refused)]}) from refused


@contextmanager
def _local(path: Path | None, stream: IO[bytes] | None) -> Iterator[Path]:
    if path is not None:
        yield path
        return
    if stream is None:
        raise TypeError("either path or stream")
    with tempfile.TemporaryDirectory(prefix="xiezhi-import-") as folder:
        local = Path(folder) / "file"
        with local.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
        yield local


@contextmanager
def kept_file(batch: ImportBatch) -> Iterator[Path]:
    """The batch's file, as a local path."""
    with store.open(batch.blob_id) as file, _local(None, file) as path:
        yield path
