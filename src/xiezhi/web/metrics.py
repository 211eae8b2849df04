"""Prometheus metrics: requests of this process and the state of the house, for allowed networks or the token only."""

import hmac
import ipaddress
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from xiezhi import clock
from xiezhi.jobs import queries as jobs
from xiezhi.record import queries as record
from xiezhi.record import relay

REGISTRY = CollectorRegistry()
REQUESTS = Counter("xiezhi_requests_total", "Requests by route.", ["method", "route", "status"], registry=REGISTRY)
REFUSED = Counter(
    "xiezhi_rate_limited_total", "Requests refused with 429, by limit.", ["limit"], registry=REGISTRY
)
SECONDS = Histogram("xiezhi_request_seconds", "Time to the response.", ["method", "route"], registry=REGISTRY)


class House(Collector):
    """What the tables say, asked when a scraper comes: the same from whichever web process answers."""

    def collect(self) -> Iterator[Metric]:
        try:
            yield from _house()
        except DatabaseError:
            return  # /readyz tells of that; counts of requests are still given


def _house() -> Iterator[Metric]:
    yield _gauge("xiezhi_jobs", "Background jobs by state.", jobs.counts(), "state")
    count, since = record.waiting()
    waited = (clock.now() - since).total_seconds() if since else 0.0
    yield _gauge("xiezhi_events_pending", "Events that wait to be sealed.", count)
    yield _gauge("xiezhi_events_pending_seconds", "How long the oldest of them has waited.", max(0.0, waited))
    yield _gauge(
        "xiezhi_relay_lag_events", "Sealed events not yet handed to a follower.", relay.lags(), "follower"
    )
    last = record.last_check()
    if last is not None:
        yield _gauge("xiezhi_record_check_faults", "Faults that the last check of the record found.", last.faults)
        yield _gauge("xiezhi_record_check_timestamp_seconds", "When it was checked.", last.at.timestamp())


def _gauge(name: str, text: str, value: float | Mapping[str, float], label: str = "") -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label] if label else [])
    for key, number in (value if isinstance(value, Mapping) else {"": value}).items():
        family.add_metric([key] if label else [], number)
    return family


REGISTRY.register(House())

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; a made-up method must not make a new series."""
    method = method if method in METHODS else "OTHER"
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """``/metrics``: 404 for whoever may not read it."""
    if not _allowed(request):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _allowed(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    # As bytes: of text it compares nothing but ASCII.
    given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
    if token and hmac.compare_digest(given, f"Bearer {token}".encode()):
        return True
    # A proxy on this machine would make every visitor look local.
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(net, strict=False) for net in settings.METRICS_NETWORKS)
