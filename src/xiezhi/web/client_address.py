"""The client's address behind a known number of proxies (setting ``XIEZHI_TRUSTED_PROXIES``)."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw; without proxies the peer's own.

    What a client writes into ``X-Forwarded-For`` by itself stands left of what our proxies append, so it is never
    taken: only the trusted number of entries is counted from the right.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    proxies = int(settings.TRUSTED_PROXIES)
    if proxies == 0:
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return hops[-proxies] if len(hops) >= proxies else peer
