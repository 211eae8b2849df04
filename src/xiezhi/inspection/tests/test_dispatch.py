"""Officers for the drawn objects: who may go, a draw of their own, sealed names, the release the day before."""

import io
import zipfile
from collections import Counter
from datetime import date, timedelta

import pytest

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.actor import system
from xiezhi.core.draw import verify
from xiezhi.core.errors import Refused
from xiezhi.inspection import services
from xiezhi.inspection.codes import Duty, TaskState
from xiezhi.inspection.models import Draw, Task, TaskOfficer, TaskTarget
from xiezhi.inspection.tests import cases
from xiezhi.people import services as people
from xiezhi.people.models import Officer
from xiezhi.people.queries import actor_of
from xiezhi.record import relay, sequencer
from xiezhi.record.models import EventBody

pytestmark = pytest.mark.django_db
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


def dispatched(parent: Draw, *, run: bool = True) -> Draw:
    """The officers' draw of ``parent``, committed an hour after its publication, drawn a day later."""
    with clock.fixed(LATER):
        row = services.prepare_dispatch(cases.LI, draw=parent.id, sources=[source()])
        row = services.commit_draw(cases.LI, row.id, rev=row.rev)
        sequencer.seal_all()
    if not run:
        return row
    moment = LATER + HOURS + timedelta(minutes=5)
    with clock.fixed(moment):
        given = {"label": "示例信标二", "value": "c0ffee"}
        row = services.enter_source(cases.LI, row.id, published_at=LATER + HOURS, rev=row.rev, **given)
        row = services.confirm_source(cases.WITNESS, row.id, rev=row.rev, **given)
        row = services.run_draw(cases.WANG, row.id, rev=row.rev)
        sequencer.seal_all()
        while relay.relay():
            pass
    return row


def day(of: date):
    return clock.fixed(START.replace(year=of.year, month=of.month, day=of.day))


def test_every_object_gets_two_officers_and_loads_differ_by_at_most_one():
    officers(5)
    parent = cases.published(plan=[cases.stratum(n=10)])
    row = dispatched(parent)
    with day(parent.window_from - timedelta(days=1)):
        for task in row.dispatched_tasks.all():
            services.release_task(SETUP, task.id)
    sent = TaskOfficer.objects.exclude(duty=Duty.RESERVE)
    assert set(Counter(sent.values_list("task", flat=True)).values()) == {2}
    loads = Counter(sent.values_list("officer", flat=True))
    assert sum(loads.values()) == 20
    assert max(loads.values()) - min(loads.values()) <= 1
    assert TaskOfficer.objects.filter(duty=Duty.LEADER).count() == 10


def test_a_stranger_recomputes_the_officers_draw_from_its_bundle():
    officers(4)
    row = dispatched(cases.published())
    with clock.fixed(LATER + HOURS + timedelta(hours=1)):
        services.publish_bundle(cases.LI, row.id, rev=Draw.objects.get(pk=row.id).rev)
    with store.open(row.bundles.get().sha256) as file:
        with zipfile.ZipFile(io.BytesIO(file.read())) as zipped:
            files = {name: zipped.read(name) for name in zipped.namelist()}
    steps = list(verify.run(files))
    assert all(holds for holds, _name, _text in steps), steps
    assert files["assignment.json"] != b"null"


def test_tasks_are_made_once_and_name_nobody():
    officers(4)
    row = dispatched(cases.published())
    assert Task.objects.count() == 5
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.SEALED}
    assert services.make_tasks(SETUP, dispatch=row.id) == []
    assert not TaskTarget.objects.exists()
    assert not TaskOfficer.objects.exists()


def test_neither_rows_nor_public_events_hold_a_name_before_the_release():
    people_ids = {str(row.id) for row in officers(4)}
    row = dispatched(cases.published())
    codes = {target.code for target in cases.targets(40)}
    assert not codes & set(row.roster.entries.values_list("code", flat=True))
    stream = {f"draw:{row.id}", f"roster:{row.roster_id}"}
    for text in EventBody.objects.filter(event__stream__in=stream).values_list("data", flat=True):
        assert not any(code in text for code in codes)
        assert not any(key in text for key in people_ids)


def test_names_are_open_from_the_day_before_the_window_and_not_earlier():
    officers(4)
    parent = cases.published()
    task = dispatched(parent).dispatched_tasks.first()
    with day(parent.window_from - timedelta(days=2)), pytest.raises(Refused) as refused:
        services.release_task(SETUP, task.id)
    assert refused.value.refusal.rule_id == "xz-task-day-before"
    with day(parent.window_from - timedelta(days=1)):
        task = services.release_task(SETUP, task.id)
    assert task.state == TaskState.RELEASED
    assert task.target.code in {target.code for target in cases.targets(40)}
    assert not TaskTarget.objects.visible_to(cases.WITNESS).exists()
    assert TaskTarget.objects.visible_to(cases.LI).exists()  # holds read_names


def test_the_pair_sees_its_own_task_and_no_other():
    rows = officers(6)
    with clock.fixed(START - timedelta(days=20)):
        accounts = [
            people.create_account(
                SETUP, username=f"o{n}", name="示例", unit=cases.AGENCY, password="Xiezhi-2026-demo", officer=row.id
            )
            for n, row in enumerate(rows)
        ]
    parent = cases.published()
    row = dispatched(parent)
    with day(parent.window_from - timedelta(days=1)):
        for task in row.dispatched_tasks.all():
            services.release_task(SETUP, task.id)
        for account in accounts:
            mine = set(
                TaskOfficer.objects.filter(officer=account.officer)
                .exclude(duty=Duty.RESERVE)
                .values_list("task", flat=True)
            )
            seen = set(TaskTarget.objects.visible_to(actor_of(account)).values_list("task", flat=True))
            assert seen == mine


def test_one_on_leave_without_a_certificate_throughout_or_related_to_all_is_not_sent():
    rows = officers(6)
    parent = cases.published()
    with clock.fixed(START):
        people.record_leave(
            SETUP, officer=rows[0].id, kind="annual", valid_from=parent.window_from, valid_to=parent.window_from
        )
        for row in rows[1:2]:
            for certificate in row.certificates.all():
                people.revoke_certificate(SETUP, certificate=certificate.id, on=parent.window_to, reason="示例")
        for target in cases.targets(40):
            people.declare_relation(
                SETUP, officer=rows[2].id, kind="relative", entity=target.code, valid_from=date(2025, 1, 1)
            )
    row = dispatched(parent)
    with day(parent.window_from - timedelta(days=1)):
        for task in row.dispatched_tasks.all():
            services.release_task(SETUP, task.id)
    assert set(TaskOfficer.objects.values_list("officer", flat=True)) == {one.id for one in rows[3:]}


def test_with_too_few_officers_the_bundle_says_so_instead_of_pretending():
    officers(1)
    row = dispatched(cases.published())
    with day(row.window_from - timedelta(days=1)):
        task = services.release_task(SETUP, row.dispatched_tasks.first().id)
    assert not task.officers.exists()


def test_officers_are_drawn_once_for_a_draw_unless_that_draw_was_void():
    officers(4)
    parent = cases.published()
    row = dispatched(parent)
    with clock.fixed(LATER), pytest.raises(Refused) as refused:
        services.prepare_dispatch(cases.LI, draw=parent.id, sources=[source()])
    assert refused.value.refusal.rule_id == "xz-dispatch-once"
    assert row.draw_id in refused.value.refusal.params.values()


def test_before_the_result_is_published_no_officers_are_drawn():
    officers(4)
    parent = cases.drawn()
    with clock.fixed(LATER), pytest.raises(Refused):
        services.prepare_dispatch(cases.LI, draw=parent.id, sources=[source()])
