"""Imports over a whole file: stage (dry run), apply, undo. Each walks short acts of :mod:`..services.imports`.

    batch = stage_file(actor, path=p, filename="名录.csv", source="市场监管登记", agency="/a/", district="321202")
    preview(actor, batch.id)                 # what would happen, before it does
    apply_batch(actor, batch.id)             # writes in chunks; others write in between
    undo_batch(actor, batch.id)              # what is unchanged and unused since

``receive`` only takes the file in (headers, proposed mapping); ``stage`` makes the dry run with a mapping. The
``*_steps`` are the same as generators of :class:`Progress`, for jobs and for a loop of one's own.
"""

from .orders import current, doing, order
from .previewing import (
    Preview,
    RowPreview,
    kept_rows,
    preview,
    preview_rows,
    rows_of,
    sample,
    worded,
    write_report,
)
from .runs import (
    Progress,
    apply_batch,
    apply_steps,
    receive,
    stage,
    stage_file,
    stage_steps,
    undo_batch,
    undo_steps,
    worded_files,
)

__all__ = [
    "Preview",
    "Progress",
    "RowPreview",
    "apply_batch",
    "apply_steps",
    "current",
    "doing",
    "kept_rows",
    "order",
    "preview",
    "preview_rows",
    "receive",
    "rows_of",
    "sample",
    "stage",
    "stage_file",
    "stage_steps",
    "undo_batch",
    "undo_steps",
    "worded",
    "worded_files",
    "write_report",
]
