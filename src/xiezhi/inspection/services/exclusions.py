"""Targets that are left out of a draw by hand, before its commitment; what it leaves out by itself is in ``left_out``."""

import uuid

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.inspection import gate, guards, left_out
from xiezhi.inspection.codes import BEFORE_COMMITMENT, Reason
from xiezhi.inspection.models import DrawExclusion, RosterEntry
from xiezhi.record.acts import act, at, emit


@act("inspection.target_excluded")
def exclude_target(
    actor: Actor, draw: uuid.UUID, *, code: str, reason: str, document: str, rev: int
) -> DrawExclusion:
    """Leave a target out before the commitment, with reason code and document number."""
    row = gate.locked(actor, draw, rev, gate.PLAN)
    guards.demand(guards.in_state(row, BEFORE_COMMITMENT, _("登记排除")))
    wrong = _wrong_ground(reason, document)
    entry = RosterEntry.objects.filter(roster_id=row.roster_id, code=code).first()
    if entry is None:
        wrong["code"] = [_("名录中没有代码为 %(code)s 的对象。") % {"code": code}]
    elif row.exclusions.filter(entry=entry, sealed=False).exists():
        wrong["code"] = [_("该对象已经排除。")]
    if wrong or entry is None:
        raise Invalid(wrong)
    # One that is sealed gives way without a word: "it is there already" would tell whose visit is ahead.
    row.exclusions.filter(entry=entry).delete()
    exclusion = DrawExclusion.objects.create(draw=row, entry=entry, reason=reason, document=document)
    emit(
        **gate.scope(row),
        data={"draw": str(row.id), "reason": reason, "document": document},
        private={"code": code},
    )
    return exclusion


@act("inspection.target_readmitted")
def readmit_target(actor: Actor, draw: uuid.UUID, *, exclusion: uuid.UUID, rev: int) -> None:
    """Take back an exclusion that was entered by mistake; only before the commitment.

    :raises Refused: the draw left it out by itself (``left_out``); that stays reckoned where one by hand is taken back
    """
    row = gate.locked(actor, draw, rev, gate.PLAN)
    guards.demand(guards.in_state(row, BEFORE_COMMITMENT, _("撤回排除")))
    found = row.exclusions.select_related("entry").filter(pk=exclusion, sealed=False).first()
    if found is None:
        raise NotFound(f"exclusion {exclusion}")
    guards.demand(left_out.may_readmit(found))
    emit(**gate.scope(row), data={"draw": str(row.id)}, private={"code": found.entry.code})
    found.delete()
    left_out.fill_in(row, clock.day(at()))


def _wrong_ground(reason: str, document: str) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if reason not in Reason.values:
        wrong["reason"] = [_("请选择事由。")]
    if not rules_of_draw.is_plain(document):
        wrong["document"] = [_("请填写依据的文号。")]
    return wrong
