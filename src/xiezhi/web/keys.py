"""API keys ``xz_<prefix>_<secret>``: issued and revoked as acts in ``services``, read here on every request."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor, system
from xiezhi.jobs import actors
from xiezhi.people import standing
from xiezhi.people.abilities import ABILITIES, PERSONAL

from .identity import register_authoriser
from .models import ApiKey

SCHEME = "xz_"
#: how the ids of keys' actors begin
ACTOR = "key:"
USED_EVERY = timedelta(minutes=1)
# A key does nothing that the law or the house asks of a person.
GRANTABLE = frozenset(ABILITIES) - PERSONAL


def new_secret() -> tuple[str, str, str]:
    """(the whole key, shown once; its prefix; the digest to keep)."""
    prefix = f"{SCHEME}{secrets.token_hex(4)}"
    token = f"{prefix}_{secrets.token_urlsafe(32)}"
    return token, prefix, digest(token)


def digest(token: str) -> str:
    """SHA-256, hex; the secret has 256 random bits, so a slow hash would only cost time."""
    return hashlib.sha256(token.encode()).hexdigest()


def authorise(token: str) -> Actor | None:
    """The actor that a key stands for: what its scopes and its issuer's rights of today share, inside its agency.

    ``None`` when the key is unknown, revoked or expired, or its issuer's account may no longer act.
    """
    found = ApiKey.objects.filter(prefix="_".join(token.split("_", 2)[:2])).first()
    now = clock.now()
    if found is None or not hmac.compare_digest(found.digest, digest(token)):
        return None
    actor = _actor(found)
    if actor is None:
        return None
    if found.last_used_at is None or now - found.last_used_at > USED_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=now)
    return actor


def standing_of(actor_id: str, agency: str) -> Actor | None:
    """The actor of a key that ordered a job earlier, as the key is today; None once it opens nothing."""
    try:
        found = ApiKey.objects.filter(pk=uuid.UUID(actor_id.removeprefix(ACTOR))).first()
    except ValueError:
        return None
    return _actor(found) if found is not None and found.agency == agency else None


def _actor(found: ApiKey) -> Actor | None:
    issuer = _issuer(found.issued_by)
    if found.revoked_at is not None or found.expires_at <= clock.now() or issuer is None:
        return None
    return Actor(
        id=f"{ACTOR}{found.id}",
        kind="officer",
        agency=found.agency,
        district=found.district,
        # Keys of before may hold more than may be granted today, or than their issuers still hold.
        abilities=frozenset(
            Ability(scope, path)
            for scope in found.scopes
            if scope in GRANTABLE
            for path in _shared(found.agency, issuer.paths(scope))
        ),
        person=found.issued_by,
    )


def _issuer(person: str) -> Actor | None:
    """Who issued a key, as he is today; None where he may no longer act."""
    if person.startswith("system:"):
        return system(person.removeprefix("system:"))
    try:
        return standing.standing_of(person, "")
    except LookupError:
        return None


def _shared(agency: str, paths: Iterable[str]) -> set[str]:
    """Where both reach: ``agency``, or the parts of it that the ``paths`` are."""
    return {max(agency, path, key=len) for path in paths if agency.startswith(path) or path.startswith(agency)}


register_authoriser(SCHEME, authorise)
actors.resolve_with(standing_of, ACTOR)
