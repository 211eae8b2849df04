"""Sending an export: small ones at once, large ones (once ``jobs`` runs them) as a job with progress."""

import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from xiezhi import clock

from .export import MEDIA_TYPES, Format, export_rows

if TYPE_CHECKING:
    from .page import ListPage

SPOOL = 5 * 1024 * 1024


def send(view: "ListPage", fmt: str, params: Mapping[str, str]) -> HttpResponseBase:
    """The rows that the list shows, all pages, as a download."""
    rows = type(view).filtered(view.actor, view.kwargs, params).order_by(*type(view).sorting(params), "pk")
    file: Any = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 -- the response closes it
    export_rows(rows, type(view).columns, cast(Format, fmt), file)
    file.seek(0)
    name = f"{view.page_title()}_{timezone.localtime(clock.now()):%Y%m%d_%H%M}.{fmt}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA_TYPES[fmt])
