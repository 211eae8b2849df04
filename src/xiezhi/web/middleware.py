"""What every request passes through; the order is in ``settings.base.MIDDLEWARE``."""

import os
import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

from xiezhi import clock
from xiezhi.core.errors import XiezhiError

from . import identity, metrics, problems

GetResponse = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("xiezhi.request")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


class RequestLog:
    """Gives each request an id (a proxy's is kept), echoes it, logs one line and counts.

    The line names the route, not the address: a path may hold a name, a query string surely does.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if REQUEST_ID.match(given) else clock.new_id().hex  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            self._tell(request, response, time.perf_counter() - started)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    @staticmethod
    def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = request.resolver_match.route if request.resolver_match else "(none)"
        metrics.count(request.method or "", route, response.status_code, seconds)
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            signed_by=getattr(request, "signed_by", ""),
        )


class SecurityHeaders:
    """Headers that neither Django nor django-csp sends."""

    HEADERS = {
        "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response.setdefault(name, value)
        if getattr(request, "signed_by", ""):
            # What a signed-in person reads stays out of shared caches and of the disk.
            response.setdefault("Cache-Control", "private, no-store")
        return response


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, silent about a STATIC_ROOT that is not there: files are served from where the apps keep them."""

    def add_files(self, root: str, prefix: str | None = None) -> None:
        if os.path.isdir(root):
            super().add_files(root, prefix)


class CurrentActor:
    """Sets ``request.actor`` (``core.actor.Actor``) and ``request.signed_by`` (session, key or nothing)."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor, request.signed_by = identity.identify(request)  # type: ignore[attr-defined]
        return self.get_response(request)


class DomainErrors:
    """Turns a domain error that a view lets through into its page or problem+json."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, XiezhiError):
            return problems.respond(request, problems.of(exception))
        return None
