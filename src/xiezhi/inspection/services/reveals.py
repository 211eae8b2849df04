"""What was committed to before the draw and is opened after it: outside witnesses, and the system's own number."""

import uuid

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.inspection import announced, fixed_words, gate, guards, level_guards, reckoning
from xiezhi.inspection.codes import Level, State
from xiezhi.inspection.models import Draw
from xiezhi.record import queries as record
from xiezhi.record.acts import act, at, emit


@act("inspection.witness_revealed")
def reveal_witness(actor: Actor, draw: uuid.UUID, *, label: str, value: str, rev: int) -> Draw:
    """Enter what a witness hands over, ``secret:nonce`` in hex; his hash confirms it.

    :raises Refused: too early or too late, or it does not give the commitment that was announced
    """
    row = gate.locked(actor, draw, rev, gate.WITNESS)
    guards.demand(guards.in_state(row, (State.COMMITTED,), _("录入见证人揭示")))
    source = next((one for one in announced.outside(row) if one["label"] == label), None)
    if source is None or label not in announced.unrevealed(row):
        raise Invalid({"label": [_("没有公告过该见证人，或其揭示已经录入。")]})
    typed = "".join(value.lower().replace("：", ":").split())
    moment = reckoning.whole_second(at())
    guards.demand(
        guards.sealed_before(row, record.sealed_at(row.commitment_event), moment),
        level_guards.in_time(row, source, moment),
        level_guards.opens(row, source, typed),
    )
    _emit("inspection.witness_revealed", row, label, typed, by=actor.person)
    row.refresh_from_db()
    return row


@act("inspection.own_number_released")
def release_number(actor: Actor, draw: uuid.UUID, *, rev: int) -> Draw:
    """Use the system's own number of a quick draw: a second person, once the commitment is sealed.

    :raises Refused: he committed the draw himself, or the commitment is not sealed yet
    """
    row = gate.locked(actor, draw, rev, gate.WITNESS, gate.DRAW)
    states = (State.COMMITTED,) if row.level == Level.QUICK else ()
    guards.demand(guards.in_state(row, states, _("启用系统随机数")))
    moment = reckoning.whole_second(at())
    committed = record.envelope(row.commitment_event)
    by = str(committed["actor"]) if committed else ""
    guards.demand(
        level_guards.another_person(by, actor.person),
        guards.sealed_before(row, record.sealed_at(row.commitment_event), moment),
        level_guards.in_time(row, row.sources[0], moment),
    )
    (made,) = gate.events_of(row, "inspection.own_number_made")
    part = record.private_part(made.id)
    if part is None:
        raise LookupError(f"the number of {row.draw_id} was erased")
    _emit("inspection.own_number_released", row, fixed_words.OWN_LABEL, part["value"], by=by)
    row.refresh_from_db()
    return row


def _emit(type_: str, row: Draw, label: str, value: str, *, by: str) -> None:
    emit(
        type_,
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "source": str(row.values.get(label=label).id),
            "label": label,
            "value": value,
            "published_at": rules_of_draw.stamp(reckoning.whole_second(at())),
            "by": by,
        },
    )
