"""What is kept of failed sign-ins: counts under keyed hashes of name and address; no browser, nothing in clear."""

import ipaddress
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from xiezhi.web.client_address import client_address
from xiezhi.web.rates import hashed_address


def hashed_name(username: str) -> str:
    """Keyed hash of a user name, the same in upper and lower case, as names are."""
    return salted_hmac("xiezhi.sign-in", username.lower(), algorithm="sha256").hexdigest()[:32]


def forget(username: str) -> None:
    """Let the name sign in again from wherever it was locked out: its password is another now."""
    AccessAttempt.objects.filter(username=hashed_name(username)).delete()


def name_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """``AXES_USERNAME_CALLABLE``; what was typed stays with the request, for the lock-out's event."""
    typed = (credentials or request.POST).get("username")
    if typed is None:
        return None
    request.tried_name = str(typed)  # type: ignore[attr-defined]
    return hashed_name(str(typed))


def address_of(request: HttpRequest) -> str:
    """``AXES_CLIENT_IP_CALLABLE``: the keyed hash, written as an IPv6 address (fd00::/8), for the column holds such."""
    return str(ipaddress.IPv6Address(int("fd" + hashed_address(client_address(request))[2:], 16)))


class Handler(AxesDatabaseHandler):
    """Counts as the library does, without the browser's marks."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any
    ) -> None:
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""  # type: ignore[attr-defined]
        super().user_login_failed(sender, credentials, request, **more)
