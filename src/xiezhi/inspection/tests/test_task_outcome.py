"""A task's own outcome: it follows the filings, who may read the result finds it, and the record tells a forged one."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from xiezhi.inspection import services
from xiezhi.inspection.models import READ, Task, TaskResult
from xiezhi.inspection.tests import cases, staff, visited
from xiezhi.inspection.tests.test_replayed import FINDING, replayed
from xiezhi.people.models import Role, RoleAssignment
from xiezhi.people.queries import actor_of

pytestmark = pytest.mark.django_db
LIST = reverse("inspection:tasks")
READ_RESULTS = TaskResult.read_ability


@pytest.fixture
def task():
    return visited.released()


def found(client, outcome: str) -> set[str]:
    """Tasks on the page of the list for one outcome."""
    page = client.get(LIST, {"outcome": outcome}).content.decode()
    return {str(row) for row in Task.objects.all() if f">{row}</a>" in page}


def refiled(task: Task, outcome: str, **given) -> None:
    """The returned result filed anew, a day later."""
    task.refresh_from_db()
    with visited.on_the_day(task, 1):
        told = {"visited_on": task.window_from, "outcome": outcome, "answers": {}} | given
        services.file_result(actor_of(visited.sent(task)), task.pk, rev=task.rev, **told)


def returned(task: Task) -> None:
    task.refresh_from_db()
    with visited.on_the_day(task, 1):
        services.return_result(visited.REVIEWER, task.pk, rev=task.rev, reason="请补充。")


def test_it_follows_filing_return_filing_anew_and_release(task):
    leader = staff.client(staff.account("队长", READ, READ_RESULTS))

    def holds(state: str, outcome: str) -> bool:
        task.refresh_from_db()
        others = {"clean", "rectify"} - {outcome}
        assert not any(found(leader, other) for other in others)
        listed = found(leader, outcome) == {str(task)} if outcome else True
        return (task.state, task.outcome) == (state, outcome) and listed

    assert holds("released", "")
    visited.filed(task)
    assert holds("filed", "clean")
    returned(task)
    assert holds("returned", "clean")
    refiled(task, "rectify", findings=[FINDING])
    assert holds("filed", "rectify")
    task.refresh_from_db()
    with visited.on_the_day(task, 2):
        services.release_result(visited.REVIEWER, task.pk, rev=task.rev)
    assert holds("done", "rectify")
    assert set(Task.objects.exclude(pk=task.pk).values_list("outcome", flat=True)) == {""}


def test_who_was_sent_finds_his_own_by_its_grant_and_nobody_elses(task):
    visited.filed(task)
    role = Role.objects.create(code="reads", name="只读", abilities=[READ])
    sent, other = visited.sent(task), visited.others(task)[0]
    RoleAssignment.objects.filter(account__in=[sent, other]).update(role=role)
    assert found(staff.client(sent), "clean") == {str(task)}
    assert found(staff.client(other), "clean") == set()


def test_who_reads_results_elsewhere_finds_none_here(task):
    visited.filed(task)
    reader = staff.account("读者", READ)
    role = Role.objects.create(code="results", name="查看结果", abilities=[READ_RESULTS])
    elsewhere = RoleAssignment.objects.create(
        account=reader, role=role, agency="/b2/", valid_from=RoleAssignment.objects.first().valid_from
    )
    assert found(staff.client(reader), "clean") == set()
    RoleAssignment.objects.filter(pk=elsewhere.pk).update(agency=cases.AGENCY)
    assert found(staff.client(reader), "clean") == {str(task)}


def test_a_result_has_the_scope_of_its_task_by_which_it_is_found(task):
    result = visited.filed(task)
    assert (result.agency, result.district, result.stream) == (task.agency, task.district, task.stream)


@pytest.mark.parametrize("forged", ["", "stop"])
def test_a_forged_outcome_shows_and_is_mended(task, capsys, forged):
    visited.filed(task)
    assert replayed(capsys).startswith("ok")
    Task.objects.filter(pk=task.pk).update(outcome=forged)
    assert f"inspection.Task\t{task.pk}\toutcome" in replayed(capsys)
    assert "repaired outcome" in replayed(capsys, "--repair")
    task.refresh_from_db()
    assert task.outcome == "clean"


def test_an_outcome_that_nobody_filed_shows_and_is_mended(task, capsys):
    Task.objects.filter(pk=task.pk).update(outcome="clean")
    assert f"inspection.Task\t{task.pk}\toutcome" in replayed(capsys)
    replayed(capsys, "--repair")
    task.refresh_from_db()
    assert task.outcome == ""


def test_results_from_before_the_column_are_taken_over(task, capsys):
    visited.filed(task, outcome="rectify", findings=[FINDING])
    Task.objects.update(outcome="")
    import_module("xiezhi.inspection.migrations.0014_task_outcome").fill(apps, connection.schema_editor())
    task.refresh_from_db()
    assert task.outcome == "rectify"
    assert replayed(capsys).startswith("ok")
