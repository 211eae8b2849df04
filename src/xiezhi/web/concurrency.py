"""``rev`` of an aggregate over HTTP: ETag out, If-Match in; a form carries it in a hidden field."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from xiezhi.core.errors import Invalid, XiezhiError

ETAG = re.compile(r'(?:W/)?"(\d{1,18})"\Z')


class RevRequired(XiezhiError):
    """A write without ``If-Match``: 428."""

    status = 428


def set_etag(response: HttpResponse, rev: int) -> None:
    """Send the version along."""
    response["ETag"] = f'"{rev}"'


def rev_of(request: HttpRequest) -> int:
    """The version named by ``If-Match``. Raises :class:`RevRequired` without it, ``Invalid`` for other text."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise RevRequired
    found = ETAG.match(given)
    if found is None:
        raise Invalid({"If-Match": [gettext('If-Match 须为读取时得到的 ETag，例如 "3"。')]})
    return int(found[1])
