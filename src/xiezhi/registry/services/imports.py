"""Acts of an import. Each writes a bounded chunk, so that other writers wait for one chunk only.

:mod:`xiezhi.registry.imports` walks them over a whole file.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils.translation import gettext as _

from xiezhi.core import canonical
from xiezhi.core.actor import Actor, system
from xiezhi.core.errors import Invalid, Refusal, Refused, Stale
from xiezhi.jobs import queue
from xiezhi.record.acts import act, at, emit, unchanged
from xiezhi.registry.chunks import writing
from xiezhi.registry.chunks.counts import WRITTEN_OUTCOMES, result_counts
from xiezhi.registry.chunks.handling import steps
from xiezhi.registry.gate import IMPORT, demand, locked
from xiezhi.registry.importing import mapping
from xiezhi.registry.importing.kinds import KINDS
from xiezhi.registry.importing.messages import file_message
from xiezhi.registry.importing.problems import FileRefused
from xiezhi.registry.models import ColumnMapping, ImportBatch, ImportRow
from xiezhi.registry.steps import APPLIABLE, UNDOABLE, UNWRITTEN, demand_state

_Outcome = ImportRow.Outcome
_State = ImportBatch.State


@act("registry.import_received")
def receive_file(
    actor: Actor,
    *,
    agency: str,
    district: str,
    source: str,
    filename: str,
    sha256: str,
    size: int,
    kind: str,
    encoding: str,
    headers: Sequence[str],
    columns: Mapping[str, str],
    notes: Sequence[str] = (),
    lenient: bool = False,
    target: str = ImportBatch.Target.ENTITY,
) -> ImportBatch:
    """Open a batch for a file that is kept in ``blobs`` and was found to be a table. ``Denied``, ``Invalid``."""
    demand(actor, IMPORT, agency)
    if not source.strip():
        raise Invalid({"source": [_("请填写数据来源，例如“市场监管登记”。")]})
    if target not in KINDS:
        raise Invalid({"target": [_("请选择名录种类。")]})
    batch = ImportBatch.objects.create(
        target=target,
        agency=agency,
        district=district,
        source=source.strip()[:60],
        filename=filename[-200:],
        blob_id=sha256,
        kind=kind,
        encoding=encoding,
        headers=list(headers),
        columns=dict(columns),
        notes=list(notes),
        lenient=lenient,
        actor=actor.id,
        created_at=at(),
    )
    emit(
        **_about(batch),
        data={
            "batch": str(batch.id),
            "source": source,
            "filename": filename[-200:],
            "sha256": sha256,
            "size": size,
            "target": target,
        },
    )
    return batch


@act("registry.import_staged")
def complete_staging(
    actor: Actor,
    batch_id: uuid.UUID,
    *,
    columns: Mapping[str, str],
    marks: Mapping[str, int],
    changes: Mapping[str, int],
) -> ImportBatch:
    """The dry run is done: its rows lie in ``ImportRow``. ``Refused`` where the batch was begun to be written."""
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, UNWRITTEN)
    rows = dict(batch.rows.values_list("outcome").annotate(count=Count("id")).order_by("outcome"))
    batch.columns = dict(columns)
    batch.save(update_fields=["columns"])
    emit(
        **_about(batch),
        data={
            "batch": str(batch.id),
            "rows": {outcome: rows.get(outcome, 0) for outcome in _Outcome.values},
            "marks": dict(marks),
            "changes": dict(changes),
            "mapping": hashlib.sha256(
                canonical.encode([[header, field] for header, field in columns.items()])
            ).hexdigest(),
        },
    )
    batch.refresh_from_db()
    return batch


@act("registry.import_refused")
def refuse_file(actor: Actor, batch_id: uuid.UUID, *, reason: str) -> ImportBatch:
    """The rows turned out unreadable: nothing of the file is kept but the file itself and why."""
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, UNWRITTEN)
    batch.rows.all().delete()
    emit(**_about(batch), data={"batch": str(batch.id), "reason": reason[:300]})
    batch.refresh_from_db()
    return batch


@act("registry.import_discarded")
def discard_import(actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    """Give up a batch of which nothing was written. ``Refused`` otherwise: undo it instead."""
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, UNWRITTEN)
    batch.rows.all().delete()
    emit(**_about(batch), data={"batch": str(batch.id)})
    batch.refresh_from_db()
    return batch


@act("registry.import_rows_applied", "registry.project_moved", "registry.permit_changed")
def apply_rows(actor: Actor, batch_id: uuid.UUID, *, after: int, limit: int = 1000) -> int:
    """Write the next ``limit`` staged rows behind line ``after``; answers the last line written, 0: none left.

    A row whose entity is not what the dry run saw, or that the actor may no longer import, is left out and marked
    ``shifted``, with why in ``ImportRow.why``.
    ``Stale`` where another has written on from ``after``; ``Refused`` in a state that takes no rows.
    """
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, APPLIABLE)
    if batch.applied_through != after:
        raise Stale(after, batch.applied_through)
    rows = writing.lines(batch.rows.filter(number__gt=after, outcome__in=WRITTEN_OUTCOMES), limit)
    if not rows:
        unchanged()
        return 0
    written = steps(batch).write(actor, batch, rows, at())
    through = rows[-1].number
    emit(**_about(batch), data={"batch": str(batch.id), "through": through, "rows": written})
    return through


@act("registry.import_cancelled")
def cancel_import(actor: Actor, batch_id: uuid.UUID, *, reason: str = "") -> ImportBatch:
    """Stop writing: what was written stays and can be undone; the rest can still be written."""
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, {_State.APPLYING})
    emit(**_about(batch), data={"batch": str(batch.id), "reason": reason})
    _let_find(batch)
    batch.refresh_from_db()
    return batch


@act("registry.import_applied")
def complete_import(actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    """All rows that could be written are. ``Refused`` while some are left."""
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, APPLIABLE)
    if batch.rows.filter(number__gt=batch.applied_through, outcome__in=WRITTEN_OUTCOMES).exists():
        raise Refused(
            Refusal(
                "xz-registry-import-rest",
                "",
                _("还有数据行没有写入，不能结束导入。"),
                _("请继续写入，或中止导入。"),
            )
        )
    emit(**_about(batch), data={"batch": str(batch.id), "counts": result_counts(batch)})
    _let_find(batch)
    batch.refresh_from_db()
    return batch


@act("registry.import_rows_undone", "registry.project_moved", "registry.permit_changed")
def undo_rows(actor: Actor, batch_id: uuid.UUID, *, after: int, limit: int = 1000) -> int:
    """Take back the next ``limit`` written rows behind line ``after``; answers the last line seen, 0: none left.

    What was changed or used since, or is of an agency for which the actor may no longer import, is kept, with why
    in ``ImportRow.why``.
    """
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, UNDOABLE)
    if batch.undone_through != after:
        raise Stale(after, batch.undone_through)
    rows = writing.lines(batch.rows.filter(number__gt=after, result="written"), limit)
    if not rows:
        unchanged()
        return 0
    done = steps(batch).undo(actor, batch, rows, at())
    through = rows[-1].number
    emit(**_about(batch), data={"batch": str(batch.id), "through": through, "rows": done})
    return through


@act("registry.import_undone")
def complete_undo(actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    """Every written row was taken back or kept with a reason. ``Refused`` while some are left."""
    batch = locked(ImportBatch, batch_id, actor, IMPORT)
    demand_state(batch, UNDOABLE)
    if batch.rows.filter(result="written").exists():
        raise Refused(
            Refusal(
                "xz-registry-undo-rest",
                "",
                _("还有数据行没有撤销，不能结束撤销。"),
                _("请继续撤销。"),
            )
        )
    emit(**_about(batch), data={"batch": str(batch.id), "counts": result_counts(batch)})
    _let_find(batch)
    batch.refresh_from_db()
    return batch


@act("registry.mapping_saved")
def save_mapping(
    actor: Actor,
    *,
    agency: str,
    district: str,
    name: str,
    source: str,
    columns: Mapping[str, str],
    target: str = "entity",
) -> ColumnMapping:
    """Keep a mapping for next time; the same name again replaces it. ``Denied``, ``Invalid``."""
    demand(actor, IMPORT, agency)
    if not name.strip():
        raise Invalid({"name": [_("请给列对应关系起个名字。")]})
    try:
        mapping.check(columns, list(columns), KINDS[target])
    except FileRefused as refused:
        raise Invalid({"columns": [file_message(refused)]}) from refused
    saved, _made = ColumnMapping.objects.update_or_create(
        agency=agency,
        district=district,
        name=name.strip()[:60],
        defaults={"source": source, "target": target, "columns": dict(columns), "updated_at": at()},
    )
    emit(
        stream=f"mapping:{saved.id}",
        subject=f"mapping:{saved.id}",
        data={"mapping": str(saved.id), "name": saved.name},
        agency=agency,
        district=district,
    )
    return saved


def _let_find(batch: ImportBatch) -> None:
    """What was written or taken back is found, or no longer, once the job has gone through it."""
    if batch.target == ImportBatch.Target.ENTITY:
        queue.enqueue(system("registry"), "registry.index_import", batch=str(batch.id))


def _about(batch: ImportBatch) -> dict[str, str]:
    name = f"import:{batch.id}"
    return {"stream": name, "subject": name, "agency": batch.agency, "district": batch.district}
