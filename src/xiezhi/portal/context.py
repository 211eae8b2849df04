"""What the portal's base template shows beside ``web.context.site``."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``portal_menu``."""
    return {"portal_menu": SimpleLazyObject(lambda: navigation.menu(request))}
