"""A cancelled task: its object leaves the draw in public, the next reserve comes, and who was to go is shut out."""

import json
from datetime import timedelta

import pytest

from xiezhi.core.errors import Refused
from xiezhi.inspection import dispatch, queries, reactions, services, task_guards
from xiezhi.inspection.codes import Duty, Standing, State, TaskState
from xiezhi.inspection.models import Draw, DrawnTarget, Task, TaskTarget
from xiezhi.inspection.tests import cases, planned, sending, visited
from xiezhi.inspection.tests.changing import CANCEL, GROUND, asked, desk, signed
from xiezhi.inspection.tests.strangers import bundle_of, checked, member
from xiezhi.notify.models import Notification
from xiezhi.people.models import Grant
from xiezhi.people.queries import actor_of

pytestmark = pytest.mark.django_db


def cancelled() -> Task:
    """A released task that was cancelled by approval on the eve of its window."""
    task = visited.released()
    accounts = desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        signed(asked(task, accounts, **CANCEL), accounts)
        planned.news()  # what followed from the approval is sealed in its turn, and the bundle published anew
    task.refresh_from_db()
    return task


def test_its_object_leaves_and_the_next_reserve_takes_its_place_in_the_published_bundle(tmp_path):
    task = cancelled()
    draw = Draw.objects.get(pk=task.draw_id)
    gone = DrawnTarget.objects.get(draw=draw, opaque=task.opaque)
    assert (gone.standing, gone.reason, gone.document) == (Standing.REMOVED, *GROUND.values())
    called = DrawnTarget.objects.get(pk=gone.successor)
    assert (called.standing, called.first_standing, called.place) == (Standing.CALLED, Standing.RESERVE, 1)
    bundle = bundle_of(draw)
    answer = checked(bundle, tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    changes = json.loads(member(bundle, "changes.json"))
    assert [(one["out"], one["in"], one["reason"], one["document"]) for one in changes] == [
        (task.opaque, called.opaque, *GROUND.values())
    ]


def test_the_called_reserve_lacks_officers_until_they_are_drawn_and_then_has_a_task():
    task = cancelled()
    draw = Draw.objects.get(pk=task.draw_id)
    assert dispatch.lacking_officers(Draw.objects.all(), task.window_from).get() == draw
    second = sending.dispatched(
        draw, start=sending.LATER + timedelta(days=2), label="示例信标三", value="c0ffee11"
    )
    called = DrawnTarget.objects.get(draw=draw, standing=Standing.CALLED)
    made = second.dispatched_tasks.get()
    assert (made.opaque, made.state) == (called.opaque, TaskState.SEALED)


def test_who_was_to_go_sees_its_names_no_more():
    task = cancelled()
    pair = [actor_of(row.officer.account) for row in task.officers.filter(duty__in=dispatch.SENT)]
    assert len(pair) == 2
    with sending.day(task.window_from):
        for actor in pair:
            assert not TaskTarget.objects.visible_to(actor).filter(task=task).exists()
            assert not queries.tasks_of(actor).filter(pk=task.pk).exists()


@pytest.mark.parametrize("how", ["void", "replaced"])
def test_the_grants_end_as_well_where_the_draw_is_voided_or_the_object_leaves(how):
    task = visited.released()
    draw = Draw.objects.get(pk=task.draw_id)
    open_ = Grant.objects.filter(stream=task.stream, ends=None)
    assert open_.count() == 2
    with sending.day(task.window_from - timedelta(days=1)):
        if how == "void":
            told = {"reason": "程序有误", "explanation": "示例", "document": "示监函〔2026〕3号"}
            services.void_draw(cases.LI, draw.pk, rev=draw.rev, **told)
        else:
            told = {"reason": "CLOSED", "document": "示监函〔2026〕3号"}
            services.replace_drawn(cases.LI, draw.pk, opaque=task.opaque, rev=draw.rev, **told)
    assert not open_.exists()


def test_nothing_is_cancelled_once_the_names_are_open_and_the_applicant_is_told():
    task = visited.released()
    accounts = desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        approval = asked(task, accounts, **CANCEL)
    with sending.day(task.draw.window_to + timedelta(days=1)):
        services.open_names(cases.LI, task.draw_id, rev=task.draw.rev)
        signed(approval, accounts)
        task.refresh_from_db()
        assert task.state == TaskState.RELEASED
        assert not DrawnTarget.objects.filter(draw=task.draw, standing=Standing.REMOVED).exists()
        assert "取消已获批" in Notification.objects.get(account=str(accounts["asks"].pk)).title
        with pytest.raises(Refused) as refused:
            asked(task, accounts, **CANCEL)
    assert refused.value.refusal.rule_id == "xz-task-object-leaves"


def test_whom_the_reserve_replaced_already_is_not_replaced_again_and_the_applicant_is_told():
    task = visited.released()
    accounts = desk(task)
    leader = task.officers.get(duty=Duty.LEADER)
    with sending.day(task.window_from - timedelta(days=1)):
        first = asked(task, accounts, change="reassign", officer=leader.officer_id)
        task.officers.filter(pk=leader.pk).update(duty=Duty.REPLACED)
        signed(first, accounts)
    assert task.officers.filter(duty=Duty.RESERVE).count() == 2
    assert Notification.objects.get(account=str(accounts["asks"].pk)).body == "该检查人员已由候补接替。"


def test_the_news_of_a_cancellation_is_answered_once():
    task = visited.released()
    accounts = desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        approval = asked(task, accounts, **CANCEL)
        signed(approval, accounts)
        services.carry_out_task_change(reactions.ACTOR, task=task.pk, approval=approval.pk)
    assert DrawnTarget.objects.filter(draw=task.draw, standing=Standing.CALLED).count() == 1
    assert not Notification.objects.filter(account=str(accounts["asks"].pk)).exists()


def test_names_stay_sealed_while_a_returned_result_waits_in_a_window_that_was_moved():
    task = visited.released()
    accounts = desk(task)
    later = task.window_to + timedelta(days=5)
    with sending.day(task.window_from - timedelta(days=1)):
        signed(asked(task, accounts, change="postpone", window_from=later, window_to=later), accounts)
    Task.objects.filter(pk=task.pk).update(state=TaskState.RETURNED)
    assert task_guards.no_visit_ahead(task.draw).rule_id == "xz-task-ahead"
    assert task.draw.state == State.PUBLISHED
