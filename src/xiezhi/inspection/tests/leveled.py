"""Draws of the other levels, brought to a given step."""

from datetime import datetime, timedelta

from xiezhi import clock
from xiezhi.core.draw import verify
from xiezhi.inspection import services
from xiezhi.inspection.models import Draw
from xiezhi.record import sequencer

from . import cases

DISCIPLINE, NOTARY = "派驻纪检监察组", "示例公证处"
KINDS = {DISCIPLINE: "witness", NOTARY: "notary"}
AT_NINE = timedelta(hours=9)


def witness(label: str, start: datetime = cases.START) -> tuple[dict, str]:
    """(the source as it is announced, what he reveals): from nine hours after the start on."""
    commitment, value = verify.witnessed(label)
    source = {"label": label, "describes": f"{label}指定人员", "encoding": KINDS[label]}
    return source | {"not_before": start + AT_NINE, "commitment": commitment}, value


def witnessed(
    start: datetime = cases.START, level: str = "joint", labels=(DISCIPLINE,)
) -> tuple[Draw, dict[str, str]]:
    """A committed and sealed draw, and what its witnesses will reveal."""
    made = {label: witness(label, start) for label in labels}
    sources = [*(source for source, _value in made.values()), cases.source(start + timedelta(hours=12))]
    draw = cases.committed(start, level=level, sources=sources)
    return draw, {label: value for label, (_source, value) in made.items()}


def reveal(draw: Draw, label: str, value: str, start: datetime = cases.START, *, after=AT_NINE, seal=True) -> Draw:
    with clock.fixed(start + after):
        draw.refresh_from_db()
        draw = services.reveal_witness(cases.WITNESS, draw.id, label=label, value=value, rev=draw.rev)
        if seal:
            sequencer.seal_all()
    return draw


def drawn(draw: Draw, start: datetime = cases.START) -> Draw:
    """The public source entered, confirmed, and the draw run."""
    out = start + timedelta(hours=12)
    given = {"label": cases.label(out), "value": cases.value(out)}
    with clock.fixed(start + timedelta(hours=13)):
        draw.refresh_from_db()
        draw = services.enter_source(cases.LI, draw.id, published_at=out, rev=draw.rev, **given)
        draw = services.confirm_source(cases.WITNESS, draw.id, rev=draw.rev, **given)
        return services.run_draw(cases.WANG, draw.id, rev=draw.rev)


def quick(start: datetime = cases.START, **given) -> Draw:
    """A quick draw, committed by 李, its commitment sealed; visits may begin on the day itself."""
    draw = cases.prepared(start, level="quick", sources=[], **given)
    with clock.fixed(start + timedelta(minutes=5)):
        draw = services.commit_draw(cases.LI, draw.id, rev=draw.rev)
        sequencer.seal_all()
    return draw


def run_quick(draw: Draw, start: datetime = cases.START, after=timedelta(minutes=6)) -> Draw:
    """The number of a quick draw released by another than who committed it, the draw run and published."""
    with clock.fixed(start + after):
        draw = services.release_number(cases.WANG, draw.id, rev=draw.rev)
        draw = services.run_draw(cases.LI, draw.id, rev=draw.rev)
        sequencer.seal_all()
        return cases.publish(draw)
