"""The site's icon where browsers look for it unasked; pages link to the drawn one, ``static/web/favicon.svg``."""

from functools import cache

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@cache
def _icon() -> bytes:
    with open(finders.find("web/favicon.ico"), "rb") as file:
        return file.read()


@require_safe
@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    """``/favicon.ico``: 32 × 32 pixels, for a day."""
    return HttpResponse(_icon(), content_type="image/x-icon")
