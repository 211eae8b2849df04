"""The draw itself."""

import uuid

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.core.draw import ceremony
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.inspection import (
    announced,
    bundles,
    drawn_rows,
    fairness,
    gate,
    guards,
    level_guards,
    reckoning,
    rivals,
    turn_guards,
)
from xiezhi.inspection.codes import Standing, State
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
    there = row.values.exclude(value="")
    guards.demand(*(guards.sealed_before(row, sealed_at, one.published_at) for one in there))
    if announced.outside(row):
        guards.demand(level_guards.reveals_sealed(row, gate.reveals_sealed_at(row)))
    mine, others = rivals.own(row), rivals.in_turn(row)
    guards.demand(
        guards.sources_of_its_own(row, mine, others),
        turn_guards.in_its_turn(mine, others, at()),
        guards.values_of_its_own(mine, others),
    )
    secret = reckoning.secret_of(row)
    committed = reckoning.commitment(row, secret, row.committed_at)
    guards.demand(guards.same_roster(row, committed.root, committed.rules_hash))
    moment = reckoning.whole_second(at())
    drawn = reckoning.result(row, committed, moment)
    rows = _rows(row, drawn)
    DrawnTarget.objects.bulk_create(rows, batch_size=1000)
    emit(
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "draw_id": row.draw_id,
            "seed": drawn.seed.hex(),
            "drawn_at": rules_of_draw.stamp(moment),
            "drawn": len(drawn.drawn),
            "strata": [(stratum.stratum, len(stratum.drawn)) for stratum in drawn.strata],
            "files": bundles.digests(files_of_draw.drawn_files(drawn)),
            "loads": fairness.of_teams(committed.officers, drawn.teams),
            "targets": drawn_rows.digest(rows),
        },
        private={
            "names": reckoning.names(row, secret, {one.opaque for one in rows}),
            "officers": reckoning.officer_codes(row, secret),
            "teams": [(team.target, list(team.officers), list(team.reserves)) for team in drawn.teams],
        },
    )
    row.refresh_from_db()
    return row


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
