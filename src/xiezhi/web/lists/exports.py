"""Sending an export: a small one at once, a large one as a job with progress."""

import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django.http import FileResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied
from xiezhi.jobs import queue
from xiezhi.jobs.context import JobContext
from xiezhi.jobs.registry import Produced
from xiezhi.web import navigation
from xiezhi.web.models import ListExport

from .export import MEDIA_TYPES, Format, export_rows

if TYPE_CHECKING:
    from .page import ListPage

AT_ONCE = 2_000
SPOOL = 5 * 1024 * 1024


def send(view: "ListPage", fmt: str, params: Mapping[str, str]) -> HttpResponseBase:
    """All rows that the list shows, whatever its page: a download, or the page of the job that makes it."""
    page = type(view)
    rows = page.filtered(view.actor, view.kwargs, params).order_by()
    name = f"{view.page_title()}_{timezone.localtime(clock.now()):%Y%m%d_%H%M}.{fmt}"
    if rows[: AT_ONCE + 1].count() > AT_ONCE:
        asked = ListExport.objects.create(
            page=f"{page.__module__}.{page.__qualname__}",
            arguments={key: str(value) for key, value in view.kwargs.items()},
            params=dict(params),
            format=fmt,
            file_name=name,
            asked_at=clock.now(),
        )
        job = queue.enqueue(view.actor, "web.export", export=str(asked.pk))
        return HttpResponseRedirect(reverse("console:job", args=[job.pk]))
    file: Any = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 -- the response closes it
    write(page, view.actor, view.kwargs, params, cast(Format, fmt), file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA_TYPES[fmt])


def run(ctx: JobContext, asked: ListExport) -> Produced:
    """The job's part: the same rows, seen with the rights that the actor has now. ``Denied`` where the page is
    no longer his to open: an empty file would say that there is nothing."""
    page = cast("type[ListPage]", import_string(asked.page))
    if not navigation.holds(ctx.actor, page.ability):
        raise Denied(page.ability, ctx.actor.agency)
    total = page.filtered(ctx.actor, asked.arguments, asked.params).order_by().count()

    def tell(done: int) -> None:
        ctx.check_cancelled()
        ctx.progress(done, total)

    with tempfile.TemporaryFile() as file:
        write(page, ctx.actor, asked.arguments, asked.params, cast(Format, asked.format), file, tell)
        file.seek(0)
        blob = store.put(file, media_type=MEDIA_TYPES[asked.format])
    ListExport.objects.filter(pk=asked.pk).update(blob=blob.sha256)
    store.hold(blob.sha256, f"export:{asked.pk}")
    return Produced(blob.sha256, asked.file_name, MEDIA_TYPES[asked.format])


def write(
    page: "type[ListPage]",
    actor: Actor,
    arguments: Mapping[str, Any],
    params: Mapping[str, str],
    fmt: Format,
    file: Any,
    progress: Any = lambda done: None,
) -> None:
    """The rows of a list page into ``file``."""
    rows = page.filtered(actor, arguments, params).order_by(*page.sorting(params), "pk")
    export_rows(rows, page.columns, fmt, file, progress)
