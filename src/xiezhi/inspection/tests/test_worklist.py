"""The lists of tasks: what each filter finds, and that none finds what its reader may not see."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from xiezhi.inspection import services
from xiezhi.inspection.models import READ, Task
from xiezhi.inspection.tests import staff, visited
from xiezhi.people.models import RoleAssignment

pytestmark = pytest.mark.django_db
LIST = reverse("inspection:tasks")


def shown(client, **params) -> set[str]:
    """Numbers of the tasks on the page."""
    page = client.get(LIST, params).content.decode()
    return {str(row) for row in Task.objects.all() if f">{row}</a>" in page}


@pytest.fixture
def task():
    return visited.released()


@pytest.fixture
def all_of_them(task):
    return {str(row) for row in Task.objects.all()}


@pytest.fixture
def reader(task):
    return staff.client(staff.account("读者", READ))


def test_a_task_is_found_by_its_number_and_by_that_of_its_draw(task, reader, all_of_them):
    draw = task.draw.draw_id
    assert shown(reader, q=f"{draw}-{task.number}") == {str(task)}
    assert shown(reader, q=f"{draw} － {task.number}") == {str(task)}
    assert shown(reader, q=draw) == all_of_them
    assert shown(reader, q=task.draw.title) == all_of_them
    assert shown(reader, q=f"{draw}-999") == set()


def test_by_state(task, reader, all_of_them):
    assert shown(reader, state="released") == {str(task)}
    assert shown(reader, state="sealed") == all_of_them - {str(task)}


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [(-1, -1, False), (-1, 0, True), (0, 0, True), (3, 4, True), (10, 12, True), (11, 12, False)],
)
def test_by_days_that_the_window_has_in_common(task, reader, all_of_them, first, last, found):
    days = [(task.window_from + timedelta(days=n)).isoformat() for n in (first, last)]
    assert shown(reader, window_from=days[0], window_to=days[1]) == (all_of_them if found else set())


def test_by_item_in_any_version(task, reader, all_of_them):
    assert shown(reader, item="ZJ-001") == all_of_them
    assert shown(reader, item="ZJ-999") == set()


def test_overdue_is_what_has_no_result_when_its_window_is_over(task, reader, all_of_them):
    with visited.on_the_day(task, 10):
        assert shown(reader, overdue="1") == set()
    visited.filed(task)
    with visited.on_the_day(task, 11):
        assert shown(reader, overdue="1") == all_of_them - {str(task)}
        task.refresh_from_db()
        services.return_result(visited.REVIEWER, task.pk, rev=task.rev, reason="请补充。")
        assert shown(reader, overdue="1") == all_of_them


def test_outcomes_are_found_and_shown_to_those_who_may_see_results_alone(task, reader):
    visited.filed(task)
    leader = staff.client(staff.account("队长", READ, "inspection.read_released"))
    assert shown(leader, outcome="clean") == {str(task)}
    assert shown(leader, outcome="stop") == set()
    assert ">未发现问题</td>" in leader.get(LIST).content.decode()
    assert shown(reader, outcome="clean") == set()
    assert ">未发现问题</td>" not in reader.get(LIST).content.decode()


def test_mine_are_those_that_i_am_sent_to_and_that_are_open(task):
    mine, other = staff.client(visited.sent(task)), staff.client(visited.others(task)[0])
    assert shown(mine, mine="1") == {str(task)}
    assert shown(other, mine="1") == set()
    page = mine.get(reverse("inspection:my_tasks"), {"state": "released"}).content.decode()
    assert f">{task}</a>" in page


def test_the_export_holds_what_the_filters_left_and_no_name(task, reader):
    answer = reader.post(f"{LIST}?state=released", {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["任务"] for row in rows] == [str(task)]
    text = str(rows)
    assert task.target.name not in text
    assert not any(row.officer.name in text for row in task.officers.all())


def test_a_neighbour_finds_nothing(task):
    stranger = staff.client(staff.account("邻县", READ))
    RoleAssignment.objects.filter(account__username="邻县").update(agency="/b2/")
    assert shown(stranger) == set()
    assert shown(stranger, q=task.draw.draw_id) == set()
