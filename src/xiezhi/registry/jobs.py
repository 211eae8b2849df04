"""Work in the background: the long runs of an import, permits that run out."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from django.utils.translation import gettext_noop as _

from xiezhi import clock
from xiezhi.core.errors import Invalid, Refused, Stale
from xiezhi.jobs.context import Cancelled, JobContext, JobFailed
from xiezhi.jobs.registry import job, periodic

from . import imports, queries, searching, services
from .models import ImportBatch, ImportRow, Permit

CHUNK = 200


@job("registry.stage_import", title=_("导入预演"))
def stage_import(ctx: JobContext, *, batch: str, columns: list[list[str]] | None = None) -> dict[str, Any]:
    """The dry run; repeated from the start after a crash. ``columns`` are (header, field) pairs."""
    chosen = None if columns is None else dict(columns)  # type: ignore[arg-type]
    _walk(ctx, imports.stage_steps(ctx.actor, uuid.UUID(batch), columns=chosen))
    return {"batch": batch}


@job("registry.apply_import", title=_("写入导入数据"))
def apply_import(ctx: JobContext, *, batch: str) -> dict[str, Any]:
    """Goes on where an earlier run ended. Cancelled, the batch says so, and what was written can be undone."""
    try:
        _walk(ctx, imports.apply_steps(ctx.actor, uuid.UUID(batch)))
    except Cancelled:
        found = queries.get_import(ctx.actor, uuid.UUID(batch))
        if found.state == ImportBatch.State.APPLYING:
            services.cancel_import(ctx.actor, found.id)
        raise
    return {"batch": batch}


@job("registry.undo_import", title=_("撤销导入"))
def undo_import(ctx: JobContext, *, batch: str) -> dict[str, Any]:
    """Goes on where an earlier run ended."""
    _walk(ctx, imports.undo_steps(ctx.actor, uuid.UUID(batch)))
    return {"batch": batch}


def _walk(ctx: JobContext, steps: Iterator[imports.Progress]) -> None:
    with closing(steps):  # type: ignore[type-var]
        try:
            for step in steps:
                ctx.progress(step.done, step.total)
                ctx.check_cancelled()
        except Invalid as error:
            raise JobFailed("；".join(text for texts in error.fields.values() for text in texts)) from error
    ctx.flush()


@job("registry.index_import", title=_("更新检索索引"))
def index_import(ctx: JobContext, *, batch: str) -> dict[str, Any]:
    """Let what an import wrote or an undo took back be found, or no longer; goes on where an earlier run ended."""
    rows = (
        ImportRow.objects.filter(batch=batch, outcome__in=("new", "changed")).exclude(result="").order_by("number")
    )
    through, done = int(str(ctx.saved.get("through", 0))), int(str(ctx.saved.get("done", 0)))
    while found := list(rows.filter(number__gt=through).values_list("number", "entity")[: searching.CHUNK]):
        searching.refresh([pk for _number, pk in found])
        through, done = found[-1][0], done + len(found)
        ctx.save(through=through, done=done)
        ctx.progress(done)
        ctx.check_cancelled()
    ctx.flush()
    return {"indexed": done}


@periodic("registry.complete_index", title=_("补全检索索引"), daily="03:40")
def complete_index(ctx: JobContext) -> dict[str, Any]:
    """What the index lacks, after an upgrade or an import that broke off, is added."""
    done = 0
    for count in searching.complete():
        done += count
        ctx.progress(done)
        ctx.check_cancelled()
    return {"indexed": done}


@periodic("registry.expire_permits", title=_("到期许可处理"), daily="00:10")
def expire_permits(ctx: JobContext) -> dict[str, Any]:
    """Permits whose last day is past are expired, each in an act of its own; run again, it finds none left.

    A permit that someone changes at the same moment is left to the next run.
    """
    today = clock.today()
    over = Permit.objects.filter(state__in=("valid", "suspended"), valid_until__lt=today).order_by("pk")
    done, left, last = 0, 0, uuid.UUID(int=0)
    while found := list(over.filter(pk__gt=last).values_list("pk", "rev")[:CHUNK]):
        for pk, rev in found:
            ctx.check_cancelled()
            try:
                services.expire_permit(ctx.actor, pk, rev=rev, on=today)
                done += 1
            except (Refused, Stale):
                left += 1
        last = found[-1][0]
        ctx.progress(done + left)
    ctx.flush()
    return {"expired": done, "left": left}
