"""API keys ``xz_<prefix>_<secret>``: issued and revoked as acts in ``services``, read here on every request."""

import hashlib
import hmac
import secrets
import uuid
from datetime import timedelta

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor
from xiezhi.jobs import actors
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
    """The actor that a key stands for: its scopes inside its agency; ``None`` when unknown, revoked or expired."""
    found = ApiKey.objects.filter(prefix="_".join(token.split("_", 2)[:2])).first()
    now = clock.now()
    if found is None or not hmac.compare_digest(found.digest, digest(token)) or not _holds(found):
        return None
    if found.last_used_at is None or now - found.last_used_at > USED_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=now)
    return _actor(found)


def standing_of(actor_id: str, agency: str) -> Actor | None:
    """The actor of a key that ordered a job earlier, as the key is today; None once it is revoked or expired."""
    try:
        found = ApiKey.objects.filter(pk=uuid.UUID(actor_id.removeprefix(ACTOR))).first()
    except ValueError:
        return None
    return _actor(found) if found is not None and found.agency == agency and _holds(found) else None


def _holds(key: ApiKey) -> bool:
    return key.revoked_at is None and key.expires_at > clock.now()


def _actor(found: ApiKey) -> Actor:
    return Actor(
        id=f"{ACTOR}{found.id}",
        kind="officer",
        agency=found.agency,
        district=found.district,
        # Keys of before may hold more than may be granted today.
        abilities=frozenset(Ability(scope, found.agency) for scope in found.scopes if scope in GRANTABLE),
        person=found.issued_by,
    )


register_authoriser(SCHEME, authorise)
actors.resolve_with(standing_of, ACTOR)
