"""What every act of a draw begins with: the row locked, the ability held, the revision current."""

import uuid
from collections.abc import Mapping

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound, Stale
from xiezhi.record import queries as record
from xiezhi.record.models import Event

from .models import Draw

ITEMS = "inspection.items"
PREPARE = "inspection.prepare"
COMMIT = "inspection.commit"
SOURCE = "inspection.source"
RUN = "inspection.draw"
PUBLISH = "inspection.publish"
REPLACE = "inspection.replace"
VOID = "inspection.void"
NAMES = "inspection.names"

ABILITIES: Mapping[str, str] = {
    "inspection.read": "查阅抽取",
    ITEMS: "发布抽查事项",
    PREPARE: "固定名录、拟定抽取、登记排除",
    COMMIT: "作出抽取承诺",
    SOURCE: "录入或复核随机源",
    RUN: "执行抽取",
    PUBLISH: "公布数据包、公开名称",
    REPLACE: "抽中后移出与递补",
    VOID: "作废抽取",
    NAMES: "在公开前查看抽中对象名称",
}


def allowed(actor: Actor, ability: str, agency: str) -> None:
    """:class:`Denied` unless the actor holds ``ability`` there."""
    if not actor.may(ability, agency):
        raise Denied(ability, agency)


def locked(actor: Actor, draw: uuid.UUID, rev: int, ability: str) -> Draw:
    """The draw, locked until the transaction ends, its ``rev`` one higher.

    :raises NotFound: not visible to him
    :raises Denied: visible, but the act is not his
    :raises Stale: someone else acted first
    """
    row = Draw.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=draw).first()
    if row is None:
        raise NotFound(f"draw {draw}")
    allowed(actor, ability, row.agency)
    if row.rev != rev:
        raise Stale(rev, row.rev)
    row.rev += 1
    row.save(update_fields=["rev"])
    return row


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
    found = (draw.commitment_event, draw.result_event, draw.changes_event, draw.opened_event, draw.void_event)
    return [event_id for event_id in found if event_id is not None]


def events_of(draw: Draw, type_: str) -> list[Event]:
    """The draw's events of one type, oldest first."""
    from xiezhi.core.actor import system

    rows = record.visible_to(system("inspection")).filter(stream=draw.stream_name, type=type_)
    return list(rows.order_by("recorded_at", "id"))
