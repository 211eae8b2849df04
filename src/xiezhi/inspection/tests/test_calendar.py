"""The calendar: windows, leave, ends of certificates; nothing of who is sent before the release, and noted after it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi.inspection import gate
from xiezhi.inspection.codes import TaskState
from xiezhi.inspection.models import READ, Task, TaskOfficer
from xiezhi.inspection.tests import cases, sending, staff, visited
from xiezhi.people import services as people
from xiezhi.people.models import Officer, RoleAssignment
from xiezhi.record.models import Event

pytestmark = pytest.mark.django_db
PAGE = reverse("inspection:calendar")
NAMED = "people.read"


def page(client, **params) -> str:
    return client.get(PAGE, params).content.decode()


def looked() -> int:
    return Event.objects.filter(type="record.sensitive_read").count()


@pytest.fixture
def task():
    return visited.released()


@pytest.fixture
def planner(task):
    return staff.client(staff.account("计划", READ, NAMED, gate.PLAN, gate.READ_RELEASED, "people.read_private"))


def test_the_agency_sees_windows_with_how_many_tasks_and_no_officer(task, planner):
    names = [row.officer.name for row in task.officers.all()]
    with visited.on_the_day(task):
        sheet = table(page(planner, whose="agency"))
    assert f"{task.draw.draw_id}：5 项" in sheet
    assert "名称密封 4" in sheet
    assert "待检查 1" in sheet
    assert not any(name in sheet for name in names)


def table(text: str) -> str:
    """What the page's tables say; the choice of officers above them names all."""
    return text[text.index("<table") :]


def test_who_is_sent_where_is_opened_by_a_button_and_noted(task, planner):
    with visited.on_the_day(task):
        before = looked()
        assert "显示检查人员" in page(planner)
        assert looked() == before
        opened = table(planner.post(f"{PAGE}?whose=agency").content.decode())
    assert looked() == before + 1
    lines = opened[opened.index("按人员") :] if "按人员" in opened else opened
    for row in task.officers.filter(duty__in=("leader", "member")):
        assert row.officer.name in lines
    assert str(task) in lines
    sealed = Task.objects.filter(state=TaskState.SEALED)
    assert sealed.count() == 4
    assert not any(f">{row}</a>" in lines for row in sealed)


def test_nobody_is_there_to_open_while_all_is_sealed():
    sending.officers(4)
    parent = cases.published()
    sending.dispatched(parent)
    chief = staff.client(
        staff.account("支队长", READ, NAMED, gate.PLAN, gate.DRAW, gate.READ_RELEASED, gate.READ_NAMES)
    )
    with sending.day(parent.window_from - timedelta(days=2)):
        assert "显示检查人员" not in page(chief)
        assert chief.post(f"{PAGE}?whose=agency").status_code == 403
        for officer in people_of(cases.AGENCY):
            text = table(page(chief, whose=str(officer.pk)))
            assert f"{parent.draw_id}：5 项" in text
            assert f">{parent.draw_id}-1（" not in text
    assert not TaskOfficer.objects.exists()


def people_of(agency):
    return Officer.objects.filter(agency=agency)


def test_whoever_plans_without_seeing_released_names_sees_windows_alone(task):
    organiser = staff.client(staff.account("组织", READ, NAMED, gate.PLAN))
    with visited.on_the_day(task):
        assert "显示检查人员" not in page(organiser)
        assert organiser.post(f"{PAGE}?whose=agency").status_code == 403
        assert f"{task.draw.draw_id}：5 项" in page(organiser)


def test_an_officer_sees_his_own_and_nobody_elses(task):
    mine = visited.sent(task)
    other = visited.others(task)[0]
    with visited.on_the_day(task):
        own = page(staff.client(mine))
        assert f"{task}（组长，待检查）" in own
        assert f"{task.draw.draw_id}：4 项" in own  # the sealed ones: they say nothing of him
        assert f"{task}（组长，待检查）" in page(staff.client(mine), whose=str(mine.officer_id))
        assert f"{task}（" not in page(staff.client(other))
        assert staff.client(other).get(PAGE, {"whose": "agency"}).status_code == 403
        assert staff.client(other).get(PAGE, {"whose": str(mine.officer_id)}).status_code == 404
        assert staff.client(other).get(PAGE, {"whose": "nonsense"}).status_code == 404
    assert looked() == 0


def test_one_officers_tasks_are_opened_to_his_leader_by_the_button(task, planner):
    leader = visited.sent(task)
    whose = str(leader.officer_id)
    with visited.on_the_day(task):
        assert f"{task}（" not in page(planner, whose=whose)
        assert f"{task}（组长" in planner.post(f"{PAGE}?whose={whose}").content.decode()
    assert Event.objects.get(type="record.sensitive_read").subject == f"officer:{whose}"


def test_leave_shows_to_himself_and_to_those_who_may_read_it_and_certificates_to_all_who_plan(task, planner):
    row = visited.others(task)[0].officer
    first = task.window_from + timedelta(days=1)
    people.record_leave(sending.SETUP, officer=row.pk, kind="annual", valid_from=first, valid_to=first)
    last_day = date(2026, 3, 20)
    people.record_certificate(
        sending.SETUP, officer=row.pk, number="示例9", scope="示例", authority="示例省司法厅",
        valid_from=date(2025, 1, 1), valid_to=last_day,
    )  # fmt: skip
    organiser = staff.client(staff.account("组织", READ, NAMED, gate.PLAN))
    with visited.on_the_day(task):
        assert f"{row.name} 请假" in page(planner)
        assert f"{row.name} 执法证件到期" in page(planner)
        assert f"{row.name} 请假" not in page(organiser)
        assert f"{row.name} 执法证件到期" in page(organiser)
        own = staff.client(visited.others(task)[0])
        assert f"{row.name} 请假" in page(own)
        other = staff.client(visited.sent(task))
        assert f"{row.name} 请假" not in page(other)
        lines = planner.post(f"{PAGE}?whose=agency&view=week").content.decode()
        assert f"请假 {first} 至 {first}" in lines


def test_weeks_and_months_lead_to_each_other_and_to_their_neighbours(task, planner):
    with visited.on_the_day(task):
        week = page(planner, view="week", day="2026-03-04")
        assert "2026-03-02 — 2026-03-08" in week
        assert "星期一" in week
        assert "day=2026-03-01" in week
        assert "day=2026-03-09" in week
        assert "view=month" in week
        assert "2026 年 3 月" in page(planner, day="0001-01-01")


def test_a_cancelled_task_is_on_no_calendar(task, planner):
    Task.objects.exclude(pk=task.pk).update(state=TaskState.CANCELLED)
    with visited.on_the_day(task):
        assert f"{task.draw.draw_id}：1 项" in page(planner)


def test_an_account_without_an_officer_that_plans_nothing_is_told_so(task):
    jurist = staff.client(staff.account("法制", READ))
    assert "没有关联执法人员" in page(jurist)
    assert jurist.post(PAGE).status_code == 403


def test_a_neighbour_sees_nothing_of_it(task):
    stranger = staff.client(
        staff.account("邻县", READ, NAMED, gate.PLAN, gate.READ_RELEASED, "people.read_private")
    )
    RoleAssignment.objects.filter(account__username="邻县").update(agency="/b2/")
    with visited.on_the_day(task):
        text = page(stranger)
    assert task.draw.draw_id not in text
    assert not any(row.name in text for row in people_of(cases.AGENCY))
