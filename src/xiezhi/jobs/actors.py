"""Who a job acts as: the one who ordered it, with the rights he has when it runs.

``people`` knows accounts and stands above this package, so it hands its knowledge down once, when it is ready:
``actors.resolve_with(find)``. Without that, the rights noted at the order are used.
"""

from collections.abc import Callable
from typing import TypeAlias

from xiezhi.core.actor import Ability, Actor, Kind
from xiezhi.core.errors import Denied

from .models import Job

#: answers the actor with today's rights, or None where he may no longer act
Source: TypeAlias = Callable[[str, str], "Actor | None"]
_source: list[Source] = []


def resolve_with(source: Source | None) -> None:
    """Let ``source(actor id, agency path)`` say who acts; None takes it back."""
    _source[:] = [source] if source else []


def of(job: Job) -> Actor:
    """The actor of ``job``. Raises ``Denied`` where his account can no longer act."""
    noted = noted_actor(job)
    if noted.kind == "system" or not _source:
        return noted
    found = _source[0](job.actor, job.agency)
    if found is None:
        raise Denied(f"jobs.{job.name}", job.agency)
    return found


def noted_actor(job: Job) -> Actor:
    """The actor as he was when he ordered the job."""
    kinds: dict[str, Kind] = {"officer": "officer", "party": "party", "system": "system", "public": "public"}
    rights = frozenset(Ability(name, path) for name, path in job.abilities)
    return Actor(job.actor, kinds[job.actor_kind], job.agency, job.district, rights)
