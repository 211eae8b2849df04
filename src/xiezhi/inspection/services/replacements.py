"""A drawn object leaves, with reason and document; the next reserve takes its place.

Where the agency's approval matrix names the act, it is asked for: the reserve moves up once the last one has signed
(``reactions``). Otherwise it is done at once.
"""

import uuid

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.inspection import gate, guards, leaving, replacing
from xiezhi.inspection.codes import WITH_RESULT, Reason
from xiezhi.inspection.models import Draw, DrawnTarget
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import DRAW_CHANGE
from xiezhi.people.models import Approval
from xiezhi.record.acts import act, at, emit, unchanged


@act("inspection.drawn_target_replaced", "inspection.task_cancelled")
def replace_drawn(
    actor: Actor, draw: uuid.UUID, *, opaque: str, reason: str, document: str, rev: int
) -> DrawnTarget | None:
    """Remove a drawn object with reason code and document number; the next reserve takes its place.

    Both stay visible. Answers the reserve called up, None where none is left.
    :raises Refused: the agency's matrix wants an approval, see :func:`ask_replacement`
    """
    row = gate.locked(actor, draw, rev, gate.DRAW)
    guards.demand(
        guards.in_state(row, WITH_RESULT[:-1], _("移出抽中对象")),
        guards.needs_no_approval(row, replacing.route(row, clock.day(at()))),
    )
    return leaving.leave(row, leaving.standing(row, opaque, reason, document), reason, document)


@act("inspection.replacement_asked")
def ask_replacement(
    actor: Actor, draw: uuid.UUID, *, opaque: str, reason: str, document: str, text: str, rev: int
) -> Approval:
    """Ask for the approval of a replacement; nothing moves before the last signature.

    text    the applicant's opinion, first on the approval form
    :raises Refused: the matrix names no route, or an approval of the same object is open
    """
    row = gate.locked(actor, draw, rev, gate.DRAW)
    guards.demand(guards.in_state(row, WITH_RESULT[:-1], _("移出抽中对象")))
    target = leaving.standing(row, opaque, reason, document)
    approval = people.submit(
        actor,
        kind=DRAW_CHANGE,
        subject=replacing.subject(target),
        title=_("%(draw)s 移出抽中对象 %(opaque)s…（%(reason)s，%(document)s）")
        % {"draw": row.draw_id, "opaque": opaque[:12], "reason": Reason(reason).label, "document": document},
        agency=row.agency,
        text=text,
        stream=row.stream_name,
    )
    emit(
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "approval": str(approval.id),
            "target": str(target.id),
            "out": opaque,
            "reason": reason,
            "document": document,
        },
    )
    return approval


@act("inspection.drawn_target_replaced", "inspection.task_cancelled")
def carry_out_replacement(actor: Actor, *, target: uuid.UUID, approval: uuid.UUID) -> DrawnTarget | None:
    """What was asked for has its last signature: do it, once however often the news comes.

    Nothing changes where the object has left already, or the draw was voided or opened meanwhile.
    :raises Denied: anyone but the system itself
    :raises Refused: the approval is not approved, or not of this very replacement
    """
    gate.itself(actor, gate.DRAW, actor.agency)
    row = DrawnTarget.objects.select_related("draw").filter(pk=target).first()
    draw = None if row is None else Draw.objects.select_for_update().get(pk=row.draw_id)
    if row is not None and draw is not None:
        decided = Approval.objects.filter(pk=approval).first()
        guards.demand(guards.approved_for(draw, replacing.subject(row), decided))
    asked = None if draw is None else replacing.asked(draw, approval)
    if row is None or draw is None or asked is None or draw.state not in WITH_RESULT[:-1]:
        unchanged()
        return None
    row.refresh_from_db()
    if row.standing not in leaving.HELD:
        unchanged()
        return None
    draw.rev += 1
    draw.save(update_fields=["rev"])
    return leaving.leave(draw, row, asked["reason"], asked["document"])
