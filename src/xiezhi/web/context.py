"""What every template may use: ``platform``, ``menu``, ``care``."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import PUBLIC
from xiezhi.notify import queries as notify

from . import care, frontend, navigation

PLATFORM = {
    "name": _("獬豸"),
    "title": _("建设工程行政执法监督平台"),
    "full": _("獬豸 · 建设工程行政执法监督平台"),
}


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor; nothing here is computed unless the template shows it."""
    return {
        "platform": PLATFORM,
        "demo": settings.DEMO,
        "actor": getattr(request, "actor", PUBLIC),
        "menu": SimpleLazyObject(lambda: navigation.menu(request)),
        "unread": SimpleLazyObject(lambda: notify.unread(getattr(request, "actor", PUBLIC))),
        "care": care.wanted(request),
        "front_end_built": frontend.built(),
        "request_id": getattr(request, "request_id", ""),
    }
