"""A drawn object leaves, with reason and document; the next reserve takes its place.

Where the agency's approval matrix names the act, it is asked for: the reserve moves up once the last one has signed
(``reactions``). Otherwise it is done at once.
"""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.inspection import bundles, gate, guards, reckoning, replacing
from xiezhi.inspection.codes import WITH_RESULT, Reason, Standing
from xiezhi.inspection.models import Draw, DrawnTarget, Task
from xiezhi.inspection.task_ends import cancel_tasks
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import DRAW_CHANGE
from xiezhi.people.models import Approval
from xiezhi.record.acts import act, at, emit, unchanged

HELD = (Standing.DRAWN, Standing.CALLED)


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
    return _replace(row, _standing(row, opaque, reason, document), reason, document)


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
    target = _standing(row, opaque, reason, document)
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
    if row.standing not in HELD:
        unchanged()
        return None
    draw.rev += 1
    draw.save(update_fields=["rev"])
    return _replace(draw, row, asked["reason"], asked["document"])


def _standing(draw: Draw, opaque: str, reason: str, document: str) -> DrawnTarget:
    """The row of the object that is to leave; :class:`Invalid` where the ground is not named."""
    wrong: dict[str, list[str]] = {}
    if reason not in Reason.values:
        wrong["reason"] = [_("请选择事由。")]
    if not rules_of_draw.is_plain(document):
        wrong["document"] = [_("请填写依据的文号。")]
    if wrong:
        raise Invalid(wrong)
    held = DrawnTarget.objects.filter(draw=draw, opaque=opaque, standing__in=HELD)
    found = held.order_by("stream_label").first()
    if found is None:
        raise NotFound(f"drawn object {opaque}")
    return found


def _replace(draw: Draw, removed: DrawnTarget, reason: str, document: str) -> DrawnTarget | None:
    called, twin = _next_reserve(draw, removed), _in_other_stream(draw, removed)
    data: dict[str, Any] = {
        "draw": str(draw.id),
        "at": rules_of_draw.stamp(reckoning.whole_second(at())),
        "stratum": removed.stratum,
        "stream": removed.stream_label,
        "out": removed.opaque,
        "into": called.opaque if called else None,
        "reason": reason,
        "document": document,
        "removed": str(removed.id),
        "called": str(called.id) if called else None,
        "also": str(twin.id) if twin else None,
    }
    changes = files_of_draw.changes_file([*bundles.changes(draw), bundles.change(data)])
    emit(
        "inspection.drawn_target_replaced",
        **gate.scope(draw),
        data={**data, "files": bundles.digests({"changes.json": changes})},
    )
    left = Task.objects.filter(draw=draw, opaque=removed.opaque)
    cancel_tasks(
        left, _("对象移出（%(reason)s，%(document)s）") % {"reason": Reason(reason).label, "document": document}
    )
    if called:
        called.refresh_from_db()
    return called


def _in_other_stream(draw: Draw, removed: DrawnTarget) -> DrawnTarget | None:
    """The object's row in the other stream: drawn in both, it leaves both (docs/dr-1.md §3.5)."""
    rows = DrawnTarget.objects.filter(draw=draw, opaque=removed.opaque, standing__in=HELD)
    return rows.exclude(pk=removed.pk).first()


def _next_reserve(draw: Draw, removed: DrawnTarget) -> DrawnTarget | None:
    """The first reserve of the same stratum and stream that is neither drawn elsewhere nor called before."""
    used = set(
        DrawnTarget.objects.filter(draw=draw)
        .exclude(first_standing=Standing.RESERVE, standing=Standing.RESERVE)
        .values_list("opaque", flat=True)
    )
    reserves = DrawnTarget.objects.filter(
        draw=draw,
        stratum=removed.stratum,
        stream_label=removed.stream_label,
        first_standing=Standing.RESERVE,
        standing=Standing.RESERVE,
    ).order_by("place")
    return next((one for one in reserves if one.opaque not in used), None)
