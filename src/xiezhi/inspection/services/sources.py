"""The source of randomness: typed by one, confirmed by another who types it again."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.inspection import announced as announced_by
from xiezhi.inspection import gate, guards, level_guards, reckoning, rivals, turn_guards
from xiezhi.inspection.codes import AWAITING_SOURCE
from xiezhi.inspection.models import Draw, SourceValue
from xiezhi.record import queries as record
from xiezhi.record.acts import act, at, emit


@act("inspection.source_entered")
def enter_source(
    actor: Actor, draw: uuid.UUID, *, label: str, value: str, published_at: datetime, rev: int
) -> Draw:
    """Type the value of an announced source and when it came out. Typing it anew is a new event beside the old.

    :raises Refused: it came out before the commitment, before it was sealed, or before the announced time;
        another draw of the agency has this source, or one that was due before waits for its value
    """
    row = gate.locked(actor, draw, rev, gate.DRAW)
    guards.demand(guards.in_state(row, AWAITING_SOURCE, _("录入随机源")))
    source, announced = _source(row, label)
    if source.confirmed_by:
        raise Invalid({"label": [_("该随机源已经复核，不能再改。")]})
    if not announced_by.is_public(announced):
        raise Invalid({"label": [_("见证人的揭示和系统随机数不在这里录入。")]})
    moment = reckoning.typed_moment("published_at", published_at)
    typed = _typed(announced["encoding"], value)
    guards.demand(
        guards.published_after(row, announced, moment, at()),
        guards.sealed_before(row, record.sealed_at(row.commitment_event), moment),
        level_guards.reveals_sealed(row, gate.reveals_sealed_at(row)),
    )
    mine, others = rivals.own(row, {label: (typed, moment)}), rivals.in_turn(row)
    this = [one for one in mine if one.label == label]
    guards.demand(
        guards.sources_of_its_own(row, mine, others),
        turn_guards.in_its_turn(this, others, at()),
        guards.values_of_its_own(mine, others),
    )
    emit(
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "source": str(source.id),
            "label": label,
            "value": typed,
            "published_at": rules_of_draw.stamp(moment),
        },
    )
    row.refresh_from_db()
    return row


@act("inspection.source_confirmed")
def confirm_source(actor: Actor, draw: uuid.UUID, *, label: str, value: str, rev: int) -> Draw:
    """A second person types the value again; only if both agree it is confirmed.

    :raises Refused: the same person, or another value
    """
    row = gate.locked(actor, draw, rev, gate.WITNESS, gate.DRAW)
    guards.demand(guards.in_state(row, AWAITING_SOURCE, _("复核随机源")))
    source, announced = _source(row, label)
    if not source.entered_by or source.confirmed_by:
        raise Invalid({"label": [_("该随机源尚未录入，或已经复核。")]})
    typed = _typed(announced["encoding"], value)
    guards.demand(guards.second_person(source, actor.person), guards.typed_alike(source, typed))
    public = [one["label"] for one in announced_by.public(row)]
    waiting = row.values.filter(confirmed_by="", label__in=public).exclude(pk=source.pk).exists()
    emit(
        **gate.scope(row),
        data={"draw": str(row.id), "source": str(source.id), "label": label, "complete": not waiting},
    )
    row.refresh_from_db()
    return row


def _source(draw: Draw, label: str) -> tuple[SourceValue, dict[str, str]]:
    announced = {source["label"]: source for source in draw.sources}
    if label not in announced:
        raise Invalid({"label": [_("未公告过名为“%(label)s”的随机源。") % {"label": label}]})
    return draw.values.get(label=label), announced[label]


def _typed(encoding: str, value: str) -> str:
    """What was typed, without the spaces around it; hexadecimal in lower case."""
    text = value.strip()
    if encoding == "hex":
        text = text.lower()
        try:
            readable = bytes.fromhex(text).hex() == text
        except ValueError:
            readable = False
        if not readable:
            raise Invalid({"value": [_("请键入偶数位的十六进制数，中间没有空格。")]})
    if not rules_of_draw.is_plain(text) or len(text) > 600:
        raise Invalid({"value": [_("请键入公布的值，不超过 600 字，不含换行。")]})
    return text
