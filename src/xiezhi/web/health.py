"""``/healthz``: the process answers. ``/readyz``: it can do its work; each check says what is wrong."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from xiezhi.record import triggers

# Name → a check that returns what is wrong, empty when all is well.
CHECKS: dict[str, Callable[[], str]] = {}


def check(name: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Register a readiness check; apps above add theirs in ``AppConfig.ready()``."""

    def mark(function: Callable[[], str]) -> Callable[[], str]:
        CHECKS[name] = function
        return function

    return mark


@check("database")
def database() -> str:
    """One round trip."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


@check("migrations")
def migrations() -> str:
    """Every migration of the code is applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} migrations not applied; run `xiezhi migrate`" if plan else ""


@check("triggers")
def append_only() -> str:
    """The triggers that keep the record append-only are in place."""
    absent = triggers.missing()
    return f"{len(absent)} triggers missing; run `xiezhi migrate`" if absent else ""


@check("storage")
def storage() -> str:
    """The folder of files can be written to (an S3 store answers when it is used)."""
    parts = urlsplit(settings.BLOBS)
    if parts.scheme != "file":
        return ""
    folder = Path(parts.path)
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    return "" if os.access(nearest, os.W_OK) else "the folder of XIEZHI_BLOBS can't be written to"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every check passes, else 503; the answer names the failed ones."""
    found = {name: _run(function) for name, function in CHECKS.items()}
    failed = any(found.values())
    body = {"ready": not failed, "checks": {name: text or "ok" for name, text in found.items()}}
    return JsonResponse(body, status=503 if failed else 200)


def _run(function: Callable[[], str]) -> str:
    try:
        return function()
    except (DatabaseError, OSError) as error:
        # The class alone: a message may hold the address of a server.
        return type(error).__name__
