"""Sign-in of the API: a session (CSRF-checked) or a key (``Authorization: Bearer xz_…``).

``CurrentActor`` has already found out who asks; these classes say which proof counts and tell the schema.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from xiezhi.core.actor import Actor


class Key(HttpBearer):
    """An API key."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The key's actor."""
        return request.actor if request.signed_by == "key" else None  # type: ignore[attr-defined,no-any-return]


class Session(APIKeyCookie):
    """A signed-in browser; a write must carry the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        # Who asks is settled before his token is looked at: a bad key or none at all is 401, not a CSRF failure.
        return super()._get_key(request) if request.signed_by == "session" else None  # type: ignore[attr-defined]

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The account's actor."""
        return request.actor if request.signed_by == "session" else None  # type: ignore[attr-defined,no-any-return]


SIGNED_IN: list[Any] = [Key(), Session()]
