"""Django's own error pages, through the same rendering as the domain's errors."""

from django.http import HttpRequest, HttpResponse

from . import problems


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that can't be read (a host that is not ours, too many fields)."""
    return problems.respond(request, problems.of_kind("bad-request"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by a library."""
    return problems.respond(request, problems.of_kind("denied"))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return problems.respond(request, problems.of_kind("not-found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: touches no database, since that may be what failed."""
    return problems.respond(request, problems.of_kind("internal"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is missing or old."""
    return problems.respond(request, problems.csrf(request))
