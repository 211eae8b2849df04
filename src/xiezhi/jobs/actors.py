"""Who a job acts as: the one who ordered it, with those of his rights at the order that he still has when it runs.

``people`` knows accounts, ``web`` keys, and both stand above this package, so they hand their knowledge down once,
when they are ready: ``actors.resolve_with(find)``. The rights at the order may be narrower than his account's, and
those of the account may have shrunk since: what a job may do is what both allow, in the subtrees that both share.
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
_sources: dict[str, Source] = {}


def resolve_with(source: Source | None, prefix: str = "") -> None:
    """Let ``source`` say who may still act, of the ids that begin with ``prefix``; None takes it back."""
    _sources.pop(prefix, None)
    if source:
        _sources[prefix] = source


def standing(actor_id: str, agency: str = "") -> Actor | None:
    """Who that is today, acting for ``agency`` (by default his own); None where he may no longer act.

    ``LookupError`` for an id that is no account.
    """
    prefix = max((p for p in _sources if actor_id.startswith(p)), key=len, default=None)
    if prefix is None:
        raise LookupError(actor_id)
    return _sources[prefix](actor_id, agency)


def of(job: Job) -> Actor:
    """The actor of ``job``. Raises ``Denied`` where his account can no longer act."""
    noted = noted_actor(job)
    if noted.kind == "system":
        return noted
    try:
        current = standing(job.actor, job.agency)
    except LookupError:
        return noted
    if current is None:
        raise Denied(f"jobs.{job.name}", job.agency)
    return replace(noted, person=current.person, abilities=_shared(noted, current) | _shared(current, noted))


def _shared(one: Actor, other: Actor) -> frozenset[Ability]:
    """What ``one`` holds and ``other`` may do, too."""
    return frozenset(a for a in one.abilities if other.may(a.name, a.path))


def noted_actor(job: Job) -> Actor:
    """The actor as he was when he ordered the job."""
    kinds: dict[str, Kind] = {"officer": "officer", "party": "party", "system": "system", "public": "public"}
    rights = frozenset(Ability(name, path) for name, path in job.abilities)
    return Actor(job.actor, kinds[job.actor_kind], job.agency, job.district, rights)
