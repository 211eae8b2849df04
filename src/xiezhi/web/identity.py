"""Who sends a request: the account of its session, or the holder of an API key."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from django.http import HttpRequest

from xiezhi.core.actor import PUBLIC, Actor

try:
    from xiezhi.people.queries import actor_of
except ImportError:  # until people is merged: whoever signs in holds no ability

    def actor_of(account: object) -> Actor:
        return Actor(id=str(account.pk), kind="officer")  # type: ignore[attr-defined]


SignedBy: TypeAlias = Literal["", "session", "key"]

# Beginning of a bearer token → who it stands for (None: unknown, revoked or expired). ``exchange`` adds its own.
AUTHORISERS: dict[str, Callable[[str], Actor | None]] = {}


def register_authoriser(prefix: str, authorise: Callable[[str], Actor | None]) -> None:
    """Let bearer tokens that begin with ``prefix`` be read by ``authorise``."""
    AUTHORISERS[prefix] = authorise


def identify(request: HttpRequest) -> tuple[Actor, SignedBy]:
    """The request's actor and how he proved himself; a key counts under ``/api/`` only."""
    token = bearer(request)
    if token is not None and request.path.startswith("/api/"):
        actor = next((a(token) for prefix, a in AUTHORISERS.items() if token.startswith(prefix)), None)
        return (actor, "key") if actor else (PUBLIC, "")
    if request.user.is_authenticated:
        return actor_of(request.user), "session"
    return PUBLIC, ""


def bearer(request: HttpRequest) -> str | None:
    """The bearer token, or ``None`` where the request carries none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
