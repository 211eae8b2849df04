"""``/healthz``: the process answers. ``/readyz``: it can do its work; each check says what is wrong."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from xiezhi.blobs import store
from xiezhi.record import queries, triggers

#: seconds that the answer of something outside is remembered: probes come often and from several sides
REMEMBERED = 5.0

# Name → a check that returns what is wrong, empty when all is well.
CHECKS: dict[str, Callable[[], str]] = {}
#: checks that are told, but keep nobody from working
TOLD_ONLY: set[str] = set()
_answers: dict[str, tuple[float, str]] = {}


def check(name: str, *, blocks: bool = True) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Register a readiness check; apps above add theirs in ``AppConfig.ready()``.

    ``blocks=False``: what it finds is told and the site stays ready. A fault in the record is for people to look
    into; to take every web process out of service for it would end the office's work for weeks.
    """

    def mark(function: Callable[[], str]) -> Callable[[], str]:
        CHECKS[name] = function
        if not blocks:
            TOLD_ONLY.add(name)
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
    return _remembered("migrations", _unapplied)


def _unapplied() -> str:
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
    """The place of files answers: a folder can be written to, a bucket is asked."""
    return _remembered(str(settings.BLOBS), store.trouble)


@check("shared cache")
def shared_cache() -> str:
    """What web processes count together can be read."""
    return _remembered("shared cache", lambda: cache.get("readyz", ""))


@check("record", blocks=False)
def record() -> str:
    """The last nightly check of the record found it whole."""
    last = queries.last_check()
    if last is None or not last.faults:
        return ""
    return f"{last.faults} faults found on {last.at:%Y-%m-%d}, first in {last.tile}; run `xiezhi record verify`"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every check that blocks passes, else 503; the answer names each that did not."""
    found = {name: _run(function) for name, function in CHECKS.items()}
    failed = any(text for name, text in found.items() if name not in TOLD_ONLY)
    body = {"ready": not failed, "checks": {name: text or "ok" for name, text in found.items()}}
    return JsonResponse(body, status=503 if failed else 200)


def _remembered(key: str, ask: Callable[[], str]) -> str:
    now = time.monotonic()
    until, text = _answers.get(key, (0.0, ""))
    if now >= until:
        text = ask()
        _answers[key] = (time.monotonic() + REMEMBERED, text)
    return text


def _run(function: Callable[[], str]) -> str:
    try:
        return function()
    except Exception as error:  # noqa: BLE001 - whatever keeps a check from its answer is the answer
        # The class alone: a message may hold the address of a server.
        return type(error).__name__
