"""The sealed record for monitors and witnesses: C2SP tlog-tiles under ``/log/``; hashes and signatures only.

Bundles of entries are not served: entries hold what may not leave the house. Who was given an event with its salt
can tie it to these tiles.
"""

from importlib.resources import files

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from xiezhi.core.tlog import tiles
from xiezhi.core.tlog.faults import Malformed
from xiezhi.record import queries
from xiezhi.record.sequencer import tile_reader

YEAR = 365 * 24 * 3600


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The latest signed checkpoint; 404 while nothing is sealed."""
    found = queries.latest_checkpoint()
    if found is None:
        raise Http404
    response = HttpResponse(found.note, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=1"
    return response


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile, full or partial."""
    try:
        wanted, entries = tiles.parse_path(f"tile/{path}")
    except Malformed:
        raise Http404 from None
    if entries:
        raise Http404
    data = tile_reader(str(settings.LOG_ORIGIN))(wanted)
    if len(data) < wanted.width * 32:
        raise Http404
    response = HttpResponse(data, content_type="application/octet-stream")
    # A tile of a given width never changes.
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The verifier keys of this house, one a line, oldest first."""
    text = "".join(f"{key}\n" for key in queries.public_keys())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def checker(request: HttpRequest) -> HttpResponse:
    """The script with which anyone checks the proof of an event, offline."""
    text = files("xiezhi.core.tlog").joinpath("check_event.py").read_bytes()
    response = HttpResponse(text, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="check_event.py"'
    return response
