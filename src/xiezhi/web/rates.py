"""How much one client may ask in a minute: a key or account of the API, an address of the public.

Counted together by all web processes (the shared cache), in minutes of the clock. A count there is a write, so each
process gathers a twentieth of the limit before it reports: small limits are exact, large ones are passed by a
twentieth for each further process at most, and who asks little costs nothing. Addresses are kept as keyed hashes,
and nowhere else.
"""

import hashlib
import ipaddress
import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from xiezhi import clock

from . import metrics, problems
from .client_address import client_address

log = structlog.get_logger("xiezhi.rates")

WINDOW = 60
SHARE = 20
#: clients remembered in a minute; beyond, the process begins to count anew
REMEMBERED = 100_000
#: probes, scrapers (they have their own gate), and what never changes and caches keep
EXEMPT = ("/healthz", "/readyz", "/metrics", "/log/")


@dataclass(frozen=True)
class Bucket:
    """One limit. ``setting`` names it (requests a minute; 0: none), ``who`` names the client, None: not meant."""

    name: str
    setting: str
    who: Callable[[HttpRequest], str | None]


def _api_client(request: HttpRequest) -> str | None:
    if request.signed_by == "" or not request.path.startswith("/api/"):  # type: ignore[attr-defined]
        return None
    return str(request.actor.id)  # type: ignore[attr-defined]


def _stranger(request: HttpRequest) -> str | None:
    if request.signed_by != "" or request.path.startswith(EXEMPT):  # type: ignore[attr-defined]
        return None
    return hashed_address(client_address(request))


def _searching_stranger(request: HttpRequest) -> str | None:
    return _stranger(request) if request.GET.get("q") else None


BUCKETS = (
    Bucket("api", "API_RATE", _api_client),
    Bucket("search", "SEARCH_RATE", _searching_stranger),
    Bucket("anonymous", "ANONYMOUS_RATE", _stranger),
)


def hashed_address(address: str) -> str:
    """A keyed hash of the address; of IPv6 the network, since a household has 2^64 of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        found = None
    if found is not None and found.version == 6:
        address = str(ipaddress.ip_network((found, 64), strict=False))
    return salted_hmac("xiezhi.rates", address, algorithm="sha256").hexdigest()[:32]


@dataclass
class _Count:
    unreported: int = 0
    known: int = 0  # of all processes, when this one reported last
    full: bool = False


class Counter:
    """The counts of one process, and through the shared cache those of all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[str, _Count] = {}

    def wait(self, name: str, limit: int) -> int:
        """Count one request; 0 where it may pass, else the seconds until it may."""
        now = int(clock.now().timestamp())
        minute, rest = now // WINDOW, WINDOW - now % WINDOW
        with self._lock:
            if minute != self._minute or len(self._counts) > REMEMBERED:
                self._minute, self._counts = minute, {}
            count = self._counts.setdefault(name, _Count())
            if count.full:
                return rest
            count.unreported += 1
            if count.unreported < max(1, limit // SHARE) and count.known + count.unreported <= limit:
                return 0
            told, count.unreported = count.unreported, 0
        count.known = _reported(f"rate:{name}:{minute}", told)
        if count.known <= limit:
            return 0
        count.full = True
        return rest


def _reported(key: str, more: int) -> int:
    """The count of all processes with ``more`` added; 0 where the cache fails: a limit is no reason to close."""
    try:
        try:
            return int(cache.incr(key, more))
        except ValueError:
            cache.add(key, 0, 2 * WINDOW)
            return int(cache.incr(key, more))
    except Exception as error:  # noqa: BLE001 - see above; /readyz tells of the cache
        log.error("rates_not_counted", error=type(error).__name__)
        return 0


COUNTER = Counter()


class RateLimit:
    """Stands below ``CurrentActor``. Refuses with 429 and ``Retry-After``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for bucket in BUCKETS:
            limit = int(getattr(settings, bucket.setting))
            who = bucket.who(request) if limit else None
            if who is not None and (seconds := COUNTER.wait(f"{bucket.name}:{_short(who)}", limit)):
                metrics.REFUSED.labels(bucket.name).inc()
                return _refused(request, limit, seconds)
        return self.get_response(request)


def _short(who: str) -> str:
    return who if len(who) <= 80 else hashlib.sha256(who.encode()).hexdigest()


def _refused(request: HttpRequest, limit: int, seconds: int) -> HttpResponse:
    text = _("每分钟最多 %(limit)d 次请求，已达上限。") % {"limit": limit}
    remedy = _("请在 %(seconds)d 秒后再试。") % {"seconds": seconds}
    response = problems.respond(request, problems.of_kind("too-many", text, remedy=remedy))
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
