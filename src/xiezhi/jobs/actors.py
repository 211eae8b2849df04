"""Who a job acts as: the one who ordered it, with those of his rights at the order that he still has when it runs.

``people`` knows accounts and stands above this package, so it hands its knowledge down once, when it is ready:
``actors.resolve_with(find)``. The rights at the order may be narrower than his account's (a key with scopes), and
those of the account may have shrunk since: what a job may do is what both allow.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from xiezhi.core.actor import Ability, Actor, Kind
from xiezhi.core.errors import Denied

from .models import Job

#: (actor id, agency path) -> the actor with today's rights, or None where he may no longer act;
#: ``LookupError`` for an id that is no account (a component, an actor of a test): his noted rights hold
Source: TypeAlias = Callable[[str, str], "Actor | None"]
_source: list[Source] = []


def resolve_with(source: Source | None) -> None:
    """Let ``source`` say who may still act; None takes it back."""
    _source[:] = [source] if source else []


def of(job: Job) -> Actor:
    """The actor of ``job``. Raises ``Denied`` where his account can no longer act."""
    noted = noted_actor(job)
    if noted.kind == "system" or not _source:
        return noted
    try:
        current = _source[0](job.actor, job.agency)
    except LookupError:
        return noted
    if current is None:
        raise Denied(f"jobs.{job.name}", job.agency)
    return replace(noted, abilities=frozenset(a for a in noted.abilities if current.may(a.name, a.path)))


def noted_actor(job: Job) -> Actor:
    """The actor as he was when he ordered the job."""
    kinds: dict[str, Kind] = {"officer": "officer", "party": "party", "system": "system", "public": "public"}
    rights = frozenset(Ability(name, path) for name, path in job.abilities)
    return Actor(job.actor, kinds[job.actor_kind], job.agency, job.district, rights)
