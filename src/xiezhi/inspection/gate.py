"""What every act of a draw begins with: the row locked, the ability held, the revision current.

Abilities are lines of ``people.abilities``: plan (items, rosters, plans, exclusions), draw (commitment, source,
draw, replacement, void), witness (confirming a source), publish, open_names, and read_names before the opening.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from xiezhi.core.actor import Actor, system
from xiezhi.core.errors import Denied, NotFound, Stale
from xiezhi.people.scope import Scoped
from xiezhi.record import queries as record
from xiezhi.record.models import Event

from .models import Draw

PLAN = "inspection.plan"
DRAW = "inspection.draw"
WITNESS = "inspection.witness"
PUBLISH = "inspection.publish"
OPEN_NAMES = "inspection.open_names"
READ_NAMES = "inspection.read_names"
READ_RELEASED = "inspection.read_released"
REVIEW = "inspection.review"
VISIT = "inspection.visit"


def allowed(actor: Actor, agency: str, *abilities: str) -> None:
    """:class:`Denied` unless the actor holds one of ``abilities`` there."""
    if not any(actor.may(ability, agency) for ability in abilities):
        raise Denied(abilities[0], agency)


def itself(actor: Actor, ability: str, agency: str) -> None:
    """:class:`Denied` unless the system itself acts, answering an event: no person's ability stands for that."""
    if actor.kind != "system":
        raise Denied(ability, agency)


def locked(actor: Actor, draw: uuid.UUID, rev: int, *abilities: str) -> Draw:
    """The draw, locked until the transaction ends, its ``rev`` one higher.

    :raises NotFound: not visible to him
    :raises Denied: visible, but the act is not his
    :raises Stale: someone else acted first
    """
    found: Draw = locked_row(actor, Draw, draw, rev, *abilities)
    return found


def locked_row(
    actor: Actor,
    model: type[Scoped],
    key: uuid.UUID,
    rev: int,
    *abilities: str,
    his: Callable[[Any], bool] | None = None,
) -> Any:
    """A scoped row with a ``rev``, as :func:`locked` takes a draw.

    his   whether the row is the actor's own task: then the abilities are not asked for at its agency
    """
    row = model.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise NotFound(f"{model.__name__} {key}")
    if his is None or not his(row):
        allowed(actor, row.agency, *abilities)
    if row.rev != rev:
        raise Stale(rev, row.rev)
    row.rev += 1
    row.save(update_fields=["rev"])
    return row


def scope_of(row: Scoped, kind: str) -> dict[str, str]:
    """Arguments of ``emit`` for a row with a stream of its own."""
    return {"stream": row.stream, "subject": f"{kind}:{row.pk}", "agency": row.agency, "district": row.district}


def scope(draw: Draw) -> dict[str, str]:
    """Arguments of ``emit`` that say whose event it is."""
    return {
        "stream": draw.stream_name,
        "subject": f"draw:{draw.id}",
        "agency": draw.agency,
        "district": draw.district,
    }


def unsealed(draw: Draw) -> list[uuid.UUID]:
    """Events that a bundle proves and that are not in the sealed record yet."""
    return [event_id for event_id in proved(draw) if record.sealed(event_id) is None]


def proved(draw: Draw) -> list[uuid.UUID]:
    """The events whose proofs a bundle carries, in the order of a draw's life."""
    reveals = draw.values.exclude(reveal_event=None).values_list("reveal_event", flat=True)
    found = (
        draw.commitment_event,
        *sorted(reveals),
        draw.result_event,
        draw.changes_event,
        draw.opened_event,
        draw.void_event,
    )
    return [event_id for event_id in found if event_id is not None]


def reveals_sealed_at(draw: Draw) -> dict[str, datetime | None]:
    """Label of each reveal → when its event was sealed; None while it waits."""
    rows = draw.values.exclude(reveal_event=None)
    return {one.label: record.sealed_at(one.reveal_event) for one in rows if one.reveal_event}


def events_of(draw: Draw, type_: str) -> list[Event]:
    """The draw's events of one type, oldest first."""
    rows = record.visible_to(system("inspection")).filter(stream=draw.stream_name, type=type_)
    return list(rows.order_by("recorded_at", "id"))
