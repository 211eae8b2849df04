"""What a target may ask for after the window: its own entry."""

import uuid

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.inspection import gate, guards, task_guards
from xiezhi.inspection.codes import State
from xiezhi.inspection.own_entry import OwnEntry, own_entry
from xiezhi.record.acts import act, at, emit


@act("inspection.entry_handed_out")
def hand_out_entry(actor: Actor, draw: uuid.UUID, *, code: str, document: str, rev: int) -> OwnEntry:
    """Give a target its own entry with the proof that it was in the committed roster.

    document   number or date of its request. :class:`Refused` while visits may come.
    """
    row = gate.locked(actor, draw, rev, gate.OPEN_NAMES)
    today = clock.day(at())
    guards.demand(
        guards.in_state(row, (State.PUBLISHED, State.OPENED), _("提供名录条目")),
        guards.window_closed(row, today),
        task_guards.no_visit_ahead(row),
    )
    if not rules_of_draw.is_plain(document):
        raise Invalid({"document": [_("请填写申请的文号或日期。")]})
    entry = own_entry(row, code)
    if entry is None:
        raise Invalid({"code": [_("承诺的名录中没有该代码；可能从未列入，或已在抽取前排除。")]})
    emit(
        **gate.scope(row),
        data={"draw": str(row.id), "document": document},
        private={"code": code},
    )
    return entry
