"""Officers of the draw's agency, and an officers' draw brought to its tasks."""

from datetime import date, timedelta

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.inspection import services
from xiezhi.inspection.models import Draw
from xiezhi.inspection.tests import cases
from xiezhi.people import services as people
from xiezhi.people.models import Officer
from xiezhi.record import relay, sequencer

START, SETUP = cases.START, system("setup")
LATER = START + timedelta(hours=17)
HOURS = timedelta(hours=12)


def officers(count: int) -> list[Officer]:
    """Certified officers of the draw's agency."""
    with clock.fixed(START - timedelta(days=30)):
        people.register_district(SETUP, code=cases.DISTRICT, name="示例市")
        people.create_agency(
            SETUP, parent="/", code="a1", name="示例支队", short="示例监", kind="agency", district=cases.DISTRICT
        )
        rows = [people.register_officer(SETUP, unit=cases.AGENCY, name=f"示例{n:02d}") for n in range(count)]
        for number, row in enumerate(rows):
            certify(row, number)
    return rows


def certify(row: Officer, number: int, valid_to: date = date(2028, 12, 31)) -> None:
    people.record_certificate(
        SETUP,
        officer=row.id,
        number=f"示例{number:04d}",
        scope="示例",
        authority="示例省司法厅",
        valid_from=date(2025, 1, 1),
        valid_to=valid_to,
    )


def source():
    return cases.source(LATER + HOURS, label="示例信标二")


def dispatched(
    parent: Draw, *, relayed: bool = True, start=LATER, label: str = "示例信标二", value: str = "c0ffee"
) -> Draw:
    """The officers' draw of ``parent``, committed at ``start``, drawn twelve hours later; its source serves it alone."""
    out = start + HOURS
    with clock.fixed(start):
        row = services.prepare_dispatch(cases.LI, draw=parent.id, sources=[cases.source(out, label=label)])
        row = services.commit_draw(cases.LI, row.id, rev=row.rev)
        sequencer.seal_all()
    with clock.fixed(out + timedelta(minutes=5)):
        given = {"label": label, "value": value}
        row = services.enter_source(cases.LI, row.id, published_at=out, rev=row.rev, **given)
        row = services.confirm_source(cases.WITNESS, row.id, rev=row.rev, **given)
        row = services.run_draw(cases.WANG, row.id, rev=row.rev)
        sequencer.seal_all()
        while relayed and relay.relay():
            pass
    return row


def day(of: date):
    return clock.fixed(START.replace(year=of.year, month=of.month, day=of.day))
