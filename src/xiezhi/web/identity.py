"""Who sends a request: the account of its session, or the holder of an API key."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from django.http import HttpRequest

from xiezhi.core.actor import PUBLIC, Actor
from xiezhi.core.errors import Denied
from xiezhi.people.models import Account
from xiezhi.people.queries import actor_of

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
        return _of_account(request.user), "session"
    return PUBLIC, ""


def _of_account(account: Account) -> Actor:
    """The account's actor; one that belongs to no unit may sign in and out, and nothing else."""
    try:
        return actor_of(account)
    except Denied:
        return Actor(id=str(account.pk), kind="officer")


def bearer(request: HttpRequest) -> str | None:
    """The bearer token, or ``None`` where the request carries none; ``""`` for a scheme that nobody reads.

    ``Basic`` is what a proxy before us asks for: none of our business.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("", "basic"):
        return None
    return token.strip() if scheme.lower() == "bearer" else ""
