"""The draw itself, and what leaves it afterwards."""

import uuid

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.core.draw import ceremony
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.inspection import bundles, gate, guards, reckoning
from xiezhi.inspection.codes import WITH_RESULT, Reason, Standing, State
from xiezhi.inspection.models import Draw, DrawnTarget
from xiezhi.record import queries as record
from xiezhi.record.acts import act, at, emit


@act("inspection.targets_drawn")
def run_draw(actor: Actor, draw: uuid.UUID, *, rev: int) -> Draw:
    """Draw: only hashes and whole numbers, on what was committed and the confirmed sources. Once a draw.

    :raises Refused: the order of steps, the seal, or stored rows that no longer give the committed root
    """
    row = gate.locked(actor, draw, rev, gate.DRAW)
    guards.demand(guards.in_state(row, (State.CONFIRMED,), _("执行抽取")))
    sealed_at = record.sealed_at(row.commitment_event)
    guards.demand(*(guards.sealed_before(row, sealed_at, one.published_at) for one in row.values.all()))
    secret = reckoning.secret_of(row)
    committed = reckoning.commitment(row, secret, row.committed_at)
    guards.demand(guards.same_roster(row, committed.root, committed.rules_hash))
    moment = reckoning.whole_second(at())
    drawn = reckoning.result(row, committed, moment)
    rows = _rows(row, drawn)
    DrawnTarget.objects.bulk_create(rows, batch_size=1000)
    files = files_of_draw.bundle(committed, drawn)
    emit(
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "draw_id": row.draw_id,
            "seed": drawn.seed.hex(),
            "drawn_at": rules_of_draw.stamp(moment),
            "drawn": len(drawn.drawn),
            "strata": [(stratum.stratum, len(stratum.drawn)) for stratum in drawn.strata],
            "files": bundles.digests(files, bundles.DRAWN_FILES),
        },
        private={"names": reckoning.names(row, secret, {one.opaque for one in rows})},
    )
    row.refresh_from_db()
    return row


@act("inspection.drawn_target_replaced")
def replace_drawn(
    actor: Actor, draw: uuid.UUID, *, opaque: str, reason: str, document: str, rev: int
) -> DrawnTarget | None:
    """Remove a drawn object with reason code and document number; the next reserve takes its place.

    Both stay visible. Answers the reserve called up, None where none is left.
    """
    row = gate.locked(actor, draw, rev, gate.DRAW)
    guards.demand(guards.in_state(row, WITH_RESULT[:-1], _("移出抽中对象")))
    wrong: dict[str, list[str]] = {}
    if reason not in Reason.values:
        wrong["reason"] = [_("请选择事由。")]
    if not rules_of_draw.is_plain(document):
        wrong["document"] = [_("请填写依据的文号。")]
    if wrong:
        raise Invalid(wrong)
    held = DrawnTarget.objects.filter(
        draw=row, opaque=opaque, standing__in=(Standing.DRAWN, Standing.CALLED)
    ).order_by("stream_label")
    removed = held.first()
    if removed is None:
        raise NotFound(f"drawn object {opaque}")
    called = _next_reserve(row, removed)
    moment = reckoning.whole_second(at())
    data = {
        "draw": str(row.id),
        "at": rules_of_draw.stamp(moment),
        "stratum": removed.stratum,
        "stream": removed.stream_label,
        "out": opaque,
        "into": called.opaque if called else None,
        "reason": reason,
        "document": document,
        "removed": str(removed.id),
        "called": str(called.id) if called else None,
    }
    changes = files_of_draw.changes_file([*bundles.changes(row), bundles.change(data)])
    emit(**gate.scope(row), data={**data, "files": bundles.digests({"changes.json": changes})})
    if called:
        called.refresh_from_db()
    return called


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


def _rows(draw: Draw, drawn: ceremony.Result) -> list[DrawnTarget]:
    rows = []
    for stratum in drawn.strata:
        for stream in stratum.streams:
            lists = ((Standing.DRAWN, stream.drawn), (Standing.RESERVE, stream.reserves))
            for standing, objects in lists:
                rows += [
                    DrawnTarget(
                        draw=draw,
                        opaque=opaque,
                        stratum=stratum.stratum,
                        stream_label=stream.stream,
                        place=place,
                        first_standing=standing,
                        standing=standing,
                    )
                    for place, (opaque, _ticket) in enumerate(objects, 1)
                ]
    return rows
