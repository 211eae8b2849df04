"""Officers for the drawn objects: who may go, a draw of their own, sealed names, the release the day before."""

import io
import zipfile
from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.draw import verify
from xiezhi.core.errors import Denied, Refused
from xiezhi.inspection import gate, services
from xiezhi.inspection.codes import Duty, TaskState
from xiezhi.inspection.models import READ, Draw, Task, TaskOfficer, TaskTarget
from xiezhi.inspection.tests import cases, sending, staff
from xiezhi.people import services as people
from xiezhi.people.queries import actor_of
from xiezhi.record.models import Event, EventBody

pytestmark = pytest.mark.django_db


def test_every_object_gets_two_officers_and_loads_differ_by_at_most_one():
    sending.officers(5)
    parent = cases.published(plan=[cases.stratum(n=10)])
    row = sending.dispatched(parent)
    with sending.day(parent.window_from - timedelta(days=1)):
        for task in row.dispatched_tasks.all():
            services.release_task(sending.SETUP, task.id)
    sent = TaskOfficer.objects.exclude(duty=Duty.RESERVE)
    assert set(Counter(sent.values_list("task", flat=True)).values()) == {2}
    loads = Counter(sent.values_list("officer", flat=True))
    assert sum(loads.values()) == 20
    assert max(loads.values()) - min(loads.values()) <= 1
    assert TaskOfficer.objects.filter(duty=Duty.LEADER).count() == 10


def test_a_stranger_recomputes_the_officers_draw_from_its_bundle():
    sending.officers(4)
    row = sending.dispatched(cases.published())
    with clock.fixed(sending.LATER + sending.HOURS + timedelta(hours=1)):
        services.publish_bundle(cases.LI, row.id, rev=Draw.objects.get(pk=row.id).rev)
    with store.open(row.bundles.get().sha256) as file, zipfile.ZipFile(io.BytesIO(file.read())) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    steps = list(verify.run(files))
    assert all(holds for holds, _name, _text in steps), steps
    assert files["assignment.json"] != b"null"


def test_no_person_makes_tasks_or_releases_them():
    sending.officers(4)
    row = sending.dispatched(cases.published())
    for act, given in (
        (services.make_tasks, {"dispatch": row.id}),
        (services.release_task, {"task": row.dispatched_tasks.first().id}),
    ):
        with pytest.raises(Denied):
            act(cases.LI, **given)


def test_tasks_are_made_once_and_name_nobody():
    sending.officers(4)
    row = sending.dispatched(cases.published())
    assert Task.objects.count() == 5
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.SEALED}
    assert services.make_tasks(sending.SETUP, dispatch=row.id) == []
    assert not TaskTarget.objects.exists()
    assert not TaskOfficer.objects.exists()


def test_neither_rows_nor_public_events_hold_a_name_before_the_release():
    people_ids = {str(row.id) for row in sending.officers(4)}
    row = sending.dispatched(cases.published())
    codes = {target.code for target in cases.targets(40)}
    assert not codes & set(row.roster.entries.values_list("code", flat=True))
    stream = {f"draw:{row.id}", f"roster:{row.roster_id}"}
    for text in EventBody.objects.filter(event__stream__in=stream).values_list("data", flat=True):
        assert not any(code in text for code in codes)
        assert not any(key in text for key in people_ids)


def test_names_are_open_from_the_day_before_the_window_and_not_earlier():
    sending.officers(4)
    parent = cases.published()
    task = sending.dispatched(parent).dispatched_tasks.first()
    with sending.day(parent.window_from - timedelta(days=2)), pytest.raises(Refused) as refused:
        services.release_task(sending.SETUP, task.id)
    assert refused.value.refusal.rule_id == "xz-task-day-before"
    with sending.day(parent.window_from - timedelta(days=1)):
        task = services.release_task(sending.SETUP, task.id)
    assert task.state == TaskState.RELEASED
    assert task.target.code in {target.code for target in cases.targets(40)}
    assert not TaskTarget.objects.visible_to(cases.WITNESS).exists()
    assert TaskTarget.objects.visible_to(cases.LI).exists()  # holds read_names


def test_the_pair_sees_its_own_task_and_no_other():
    rows = sending.officers(6)
    with clock.fixed(sending.START - timedelta(days=20)):
        accounts = [
            people.create_account(
                sending.SETUP,
                username=f"o{n}",
                name="示例",
                unit=cases.AGENCY,
                password="Xiezhi-2026-demo",
                officer=row.id,
            )
            for n, row in enumerate(rows)
        ]
    parent = cases.published()
    row = sending.dispatched(parent)
    with sending.day(parent.window_from - timedelta(days=1)):
        for task in row.dispatched_tasks.all():
            services.release_task(sending.SETUP, task.id)
        for account in accounts:
            mine = set(
                TaskOfficer.objects.filter(officer=account.officer)
                .exclude(duty=Duty.RESERVE)
                .values_list("task", flat=True)
            )
            seen = set(TaskTarget.objects.visible_to(actor_of(account)).values_list("task", flat=True))
            assert seen == mine


def test_one_on_leave_without_a_certificate_throughout_or_related_to_all_is_not_sent():
    rows = sending.officers(6)
    parent = cases.published()
    with clock.fixed(sending.START):
        people.record_leave(
            sending.SETUP,
            officer=rows[0].id,
            kind="annual",
            valid_from=parent.window_from,
            valid_to=parent.window_from,
        )
        for row in rows[1:2]:
            for certificate in row.certificates.all():
                people.revoke_certificate(
                    sending.SETUP, certificate=certificate.id, on=parent.window_to, reason="示例"
                )
        for target in cases.targets(40):
            people.declare_relation(
                sending.SETUP, officer=rows[2].id, kind="relative", entity=target.code, valid_from=date(2025, 1, 1)
            )
    row = sending.dispatched(parent)
    with sending.day(parent.window_from - timedelta(days=1)):
        for task in row.dispatched_tasks.all():
            services.release_task(sending.SETUP, task.id)
    assert set(TaskOfficer.objects.values_list("officer", flat=True)) == {one.id for one in rows[3:]}


def test_with_too_few_officers_the_bundle_says_so_instead_of_pretending():
    sending.officers(1)
    row = sending.dispatched(cases.published())
    with sending.day(row.window_from - timedelta(days=1)):
        task = services.release_task(sending.SETUP, row.dispatched_tasks.first().id)
    assert not task.officers.exists()


def test_officers_are_drawn_once_for_a_draw_unless_that_draw_was_void():
    sending.officers(4)
    parent = cases.published()
    row = sending.dispatched(parent)
    with clock.fixed(sending.LATER), pytest.raises(Refused) as refused:
        services.prepare_dispatch(cases.LI, draw=parent.id, sources=[sending.source()])
    assert refused.value.refusal.rule_id == "xz-dispatch-once"
    assert row.draw_id in refused.value.refusal.params.values()


def test_before_the_result_is_published_no_officers_are_drawn():
    sending.officers(4)
    parent = cases.drawn()
    with clock.fixed(sending.LATER), pytest.raises(Refused):
        services.prepare_dispatch(cases.LI, draw=parent.id, sources=[sending.source()])


def test_an_organiser_plans_the_officers_draw_from_the_page_of_the_result():
    sending.officers(4)
    parent = cases.published()
    organiser = staff.client(staff.account("张组织", READ, gate.PLAN, gate.DRAW))
    with clock.fixed(sending.LATER):
        assert "抽取检查人员" in organiser.get(reverse("inspection:draw", args=[parent.pk])).content.decode()
        given = {
            "label": "示例信标二",
            "describes": "示例信标第 2 轮",
            "not_before": "2026-03-03T12:00",
            "encoding": "hex",
            "profile": "dr/1",
        }
        answer = organiser.post(reverse("inspection:officers", args=[parent.pk]), given)
    assert answer.url == reverse("inspection:draw", args=[parent.dispatches.get().pk])


def test_the_page_of_a_task_names_its_object_to_the_pair_and_every_reading_is_noted():
    rows = sending.officers(4)
    with clock.fixed(sending.START - timedelta(days=20)):
        people.install_default_roles(sending.SETUP)
        for number, row in enumerate(rows):
            account = people.create_account(
                sending.SETUP, username=f"o{number}", name="示例", unit=cases.AGENCY, password="Xiezhi-2026-demo",
                officer=row.id,
            )  # fmt: skip
            people.assign_role(sending.SETUP, account=account.id, role="officer", agency=cases.AGENCY)
    parent = cases.published()
    task = sending.dispatched(parent).dispatched_tasks.first()
    reader = staff.client(staff.account("赵查阅", READ))
    page = reverse("inspection:task", args=[task.pk])
    with sending.day(parent.window_from - timedelta(days=1)):
        assert "名称密封" in reader.get(page).content.decode()
        services.release_task(sending.SETUP, task.pk)
        target = TaskTarget.objects.get(task=task)
        assert target.name not in reader.get(page).content.decode()
        first = TaskOfficer.objects.get(task=task, duty=Duty.LEADER)
        mine = staff.client(first.officer.account)
        assert target.name not in mine.get(page).content.decode()
        assert target.name in mine.post(page).content.decode()
        assert reader.post(page).status_code == 403
        assert str(task) in mine.get(reverse("inspection:my_tasks")).content.decode()
        assert str(task) not in reader.get(reverse("inspection:my_tasks")).content.decode()
    readings = Event.objects.filter(stream=f"access:task:{task.pk}", type="record.sensitive_read")
    assert [one.actor for one in readings] == [str(first.officer.account.pk)]


def test_visits_begin_on_the_day_after_the_source_of_the_officers_at_the_earliest():
    sending.officers(4)
    parent = cases.published()
    late = cases.source(sending.LATER + timedelta(days=1), label="示例信标二")
    with clock.fixed(sending.LATER), pytest.raises(Refused) as refused:
        services.prepare_dispatch(cases.LI, draw=parent.id, sources=[late])
    assert refused.value.refusal.rule_id == "xz-draw-window"
