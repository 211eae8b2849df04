"""What every act begins with: the row locked, the ability held, the revision current."""

import uuid
from collections.abc import Sequence
from typing import Any

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound, Stale
from xiezhi.people.scope import Scoped

from .models import OBJECTIONS, READ, Publication

PREPARE = "disclosure.prepare"
SIGN = "disclosure.sign"
# Whoever signs may prepare a correction as well: that another signs it is asked of the two people, not of their roles.
CORRECT = (PREPARE, SIGN)
__all__ = [
    "CORRECT",
    "OBJECTIONS",
    "PREPARE",
    "READ",
    "SIGN",
    "itself",
    "locked",
    "locked_row",
    "scope",
    "sees_content",
]


def itself(actor: Actor) -> None:
    """:class:`Denied` unless the system itself acts, answering an event or the clock."""
    if actor.kind != "system":
        raise Denied(SIGN, actor.agency)


def locked(actor: Actor, publication: uuid.UUID, rev: int, *abilities: str) -> Publication:
    """The publication, locked until the transaction ends, its ``rev`` one higher; any one of ``abilities`` is enough.

    :raises NotFound: not visible to him
    :raises Denied: visible, but the act is not his
    :raises Stale: someone else acted first
    """
    found: Publication = locked_row(actor, Publication, publication, rev, *abilities)
    return found


def locked_row(actor: Actor, model: type[Scoped], key: uuid.UUID, rev: int, *abilities: str) -> Any:
    """A scoped row with a ``rev``, likewise."""
    row = model.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise NotFound(f"{model.__name__} {key}")
    demand_any(actor, row.agency, abilities)
    if row.rev != rev:
        raise Stale(rev, row.rev)
    row.rev += 1
    row.save(update_fields=["rev"])
    return row


def demand_any(actor: Actor, agency: str, abilities: Sequence[str]) -> None:
    """:class:`Denied` unless he holds one of ``abilities`` there."""
    if not any(actor.may(ability, agency) for ability in abilities):
        raise Denied(abilities[0], agency)


def sees_content(actor: Actor, row: Publication) -> bool:
    """May he read what is not public yet? Before the signature it names a target to no one else."""
    return any(actor.may(ability, row.agency) for ability in CORRECT)


def scope(row: Publication) -> dict[str, str]:
    """Arguments of ``emit`` that say whose event it is."""
    return {
        "stream": row.stream,
        "subject": f"publication:{row.id}",
        "agency": row.agency,
        "district": row.district,
    }
