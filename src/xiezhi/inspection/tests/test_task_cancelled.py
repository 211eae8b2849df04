"""A cancelled task: its object leaves the draw in public, the next reserve comes, and who was to go is shut out."""

import json
from datetime import timedelta

import pytest

from xiezhi.core.errors import Refused
from xiezhi.inspection import cancelling, dispatch, queries, reactions, services, task_guards
from xiezhi.inspection.codes import Duty, Standing, State, TaskState
from xiezhi.inspection.models import Draw, DrawnTarget, Task, TaskTarget
from xiezhi.inspection.tests import cases, planned, sending, visited
from xiezhi.inspection.tests.changing import CANCEL, GROUND, asked, desk, signed
from xiezhi.inspection.tests.strangers import bundle_of, checked, member
from xiezhi.notify.models import Notification
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import DRAW_CHANGE, TASK_CHANGE
from xiezhi.people.models import Grant
from xiezhi.people.queries import actor_of
from xiezhi.record import queries as record

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


def test_what_was_asked_for_while_names_were_sealed_is_not_done_once_they_are_open_and_the_applicant_is_told():
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


def after_opening() -> Task:
    """A released task that nobody visited, and the names of its draw opened."""
    task = visited.released()
    with sending.day(task.draw.window_to + timedelta(days=1)):
        services.open_names(cases.LI, task.draw_id, rev=task.draw.rev)
        planned.news()
    return Task.objects.select_related("draw").get(pk=task.pk)


def test_a_task_that_nobody_visited_is_cancelled_after_the_opening_and_the_published_draw_stands(tmp_path):
    task = after_opening()
    accounts = desk(task)
    before = bundle_of(Draw.objects.get(pk=task.draw_id))
    with sending.day(task.draw.window_to + timedelta(days=2)):
        approval = asked(task, accounts, **CANCEL)
        assert "取消，不再检查" in approval.title
        signed(approval, accounts)
        planned.news()
    task.refresh_from_db()
    draw = Draw.objects.get(pk=task.draw_id)
    assert (task.state, draw.state) == (TaskState.CANCELLED, State.OPENED)
    assert not DrawnTarget.objects.filter(draw=draw, standing__in=(Standing.REMOVED, Standing.CALLED)).exists()
    assert not Grant.objects.filter(stream=task.stream, ends=None).exists()
    told = record.envelope(record.last_of(task.stream, "inspection.task_cancelled"))["data"]
    assert told["approval"] == str(approval.pk)
    assert told["ground"] == "没有检查（已注销、完工或停工，示监函〔2026〕9号）"
    assert member(bundle_of(draw), "changes.json") == member(before, "changes.json")
    answer = checked(bundle_of(draw), tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_returned_result_is_no_missing_visit_and_its_task_not_cancelled_after_the_opening():
    task = after_opening()
    accounts = desk(task)
    Task.objects.filter(pk=task.pk).update(state=TaskState.RETURNED)
    with sending.day(task.draw.window_to + timedelta(days=2)), pytest.raises(Refused) as refused:
        asked(task, accounts, **CANCEL)
    assert refused.value.refusal.rule_id == "xz-task-object-leaves"


def test_a_result_that_was_filed_and_returned_before_the_last_signature_is_not_thrown_away():
    task = after_opening()
    accounts = desk(task)
    with sending.day(task.draw.window_to + timedelta(days=2)):
        approval = asked(task, accounts, **CANCEL)
        Task.objects.filter(pk=task.pk).update(state=TaskState.RETURNED)
        signed(approval, accounts)
    task.refresh_from_db()
    assert task.state == TaskState.RETURNED
    told = Notification.objects.get(account=str(accounts["asks"].pk), title__contains="取消已获批")
    assert "任务已登记过结果" in told.body


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        # roles of the route for changes of draws, one a step; the route for changes of tasks has one
        (None, TASK_CHANGE),
        ((("detachment_head",),), TASK_CHANGE),
        ((("detachment_head", "squad_leader"),), DRAW_CHANGE),
        ((("squad_leader",), ("detachment_head",)), DRAW_CHANGE),
    ],
)
def test_a_cancellation_takes_the_stricter_of_the_two_routes_and_nothing_else_does(steps, kind):
    task = visited.released()
    accounts = desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        if steps is not None:
            people.adopt_route(
                sending.SETUP, kind=DRAW_CHANGE, agency=cases.AGENCY, source="示例〔2026〕2号",
                steps=[flow.Step("意见", roles) for roles in steps], valid_from=task.window_from - timedelta(days=2),
            )  # fmt: skip
        assert cancelling.approval_kind(task, "reassign", task.window_from) == TASK_CHANGE
        assert asked(task, accounts, **CANCEL).kind == kind


def test_the_last_signature_of_the_stricter_route_cancels():
    task = visited.released()
    accounts = desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        people.adopt_route(
            sending.SETUP, kind=DRAW_CHANGE, agency=cases.AGENCY, source="示例〔2026〕2号",
            steps=[flow.Step("意见", ("detachment_head",)), flow.Step("再阅", ("squad_leader",))],
            valid_from=task.window_from - timedelta(days=2),
        )  # fmt: skip
        second = people.create_account(
            sending.SETUP, username="second", name="示例", unit=cases.AGENCY, password="Xiezhi-2026-demo"
        )
        people.assign_role(sending.SETUP, account=second.id, role="squad_leader", agency=cases.AGENCY)
        approval = asked(task, accounts, **CANCEL)
        assert approval.kind == DRAW_CHANGE
        signed(approval, accounts)
        task.refresh_from_db()
        assert task.state == TaskState.RELEASED
        approval.refresh_from_db()
        signed(approval, {"signs": second})
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert DrawnTarget.objects.get(draw=task.draw_id, opaque=task.opaque).standing == Standing.REMOVED


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
