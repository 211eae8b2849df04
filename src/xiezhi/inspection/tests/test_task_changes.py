"""A task changes with reason and approval; the reserve of a lapsed certificate is called by itself."""

import threading
from datetime import timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Denied, Invalid, Refused
from xiezhi.inspection import dispatch, gate, jobs, reactions, reserves, services
from xiezhi.inspection.codes import Duty, Reason, TaskState
from xiezhi.inspection.models import READ, InspectionItem, Task, TaskOfficer, TaskTarget
from xiezhi.inspection.tests import cases, sending, staff, visited
from xiezhi.inspection.tests.changing import CANCEL, asked, desk, signed
from xiezhi.jobs.context import JobContext, JobFailed
from xiezhi.jobs.models import Job
from xiezhi.notify.models import Notification
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import TASK_CHANGE
from xiezhi.people.models import Approval
from xiezhi.people.queries import actor_of
from xiezhi.record.models import EventBody

pytestmark = pytest.mark.django_db


def test_a_reserve_takes_over_once_approved_and_the_one_replaced_sees_nothing_more():
    task = visited.released()
    accounts = desk(task)
    leader = task.officers.get(duty=Duty.LEADER)
    first = task.officers.get(duty=Duty.RESERVE, place=1)
    with sending.day(task.window_from - timedelta(days=1)):
        approval = asked(task, accounts, change="reassign", officer=leader.officer_id)
        assert task.officers.get(pk=leader.pk).duty == Duty.LEADER
        signed(approval, accounts)
        assert task.officers.get(pk=leader.pk).duty == Duty.REPLACED
        assert task.officers.get(pk=first.pk).duty == Duty.LEADER
        gone, come = (actor_of(row.officer.account) for row in (leader, first))
        seen = TaskTarget.objects.filter(task=task)
        assert not (seen & TaskTarget.objects.visible_to(gone)).exists()
        assert (seen & TaskTarget.objects.visible_to(come)).exists()


def test_nobody_is_named_in_what_the_public_part_of_the_record_says():
    task = visited.released()
    accounts = desk(task)
    leader = task.officers.get(duty=Duty.LEADER)
    with sending.day(task.window_from - timedelta(days=1)):
        signed(asked(task, accounts, change="reassign", officer=leader.officer_id), accounts)
    bodies = EventBody.objects.filter(event__stream=task.stream, event__type__startswith="inspection.task")
    assert bodies.count() == 4
    for body in bodies.values_list("data", flat=True):
        assert str(leader.officer_id) not in body
        assert "家中有事" not in body


def test_the_news_of_an_approval_is_answered_once():
    task = visited.released()
    accounts = desk(task)
    leader = task.officers.get(duty=Duty.LEADER)
    with sending.day(task.window_from - timedelta(days=1)):
        approval = asked(task, accounts, change="reassign", officer=leader.officer_id)
        signed(approval, accounts)
        services.carry_out_task_change(reactions.ACTOR, task=task.pk, approval=approval.pk)
    assert task.officers.filter(duty=Duty.REPLACED).count() == 1


def test_a_task_is_postponed_and_cancelled_by_approval():
    task = visited.released()
    accounts = desk(task)
    later = task.window_to + timedelta(days=5)
    with sending.day(task.window_from - timedelta(days=1)):
        signed(asked(task, accounts, change="postpone", window_from=later, window_to=later), accounts)
        task.refresh_from_db()
        assert (task.window_from, task.window_to) == (later, later)
        signed(asked(task, accounts, **CANCEL), accounts)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    with sending.day(later), pytest.raises(Refused):
        services.file_result(
            actor_of(visited.sent(task)), task.pk, rev=task.rev, visited_on=later, outcome="clean", answers={}
        )


def test_names_stay_sealed_until_a_postponed_visit_is_over():
    task = visited.released()
    accounts = desk(task)
    later = task.window_to + timedelta(days=5)
    with sending.day(task.window_from - timedelta(days=1)):
        signed(asked(task, accounts, change="postpone", window_from=later, window_to=later), accounts)
    draw = task.draw
    with sending.day(draw.window_to + timedelta(days=2)), pytest.raises(Refused) as refused:
        services.open_names(cases.LI, draw.pk, rev=draw.rev)
    assert refused.value.refusal.rule_id == "xz-task-ahead"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"change": "other"}, "change"),
        ({"change": "reassign", "officer": None}, "officer"),
        ({"change": "postpone"}, "window_from"),
        (CANCEL | {"reason": ""}, "reason"),
        (CANCEL | {"ground": "因故"}, "ground"),
        (CANCEL | {"document": ""}, "document"),
    ],
)
def test_what_is_not_said_is_asked_for(given, field):
    task = visited.released()
    with sending.day(task.window_from - timedelta(days=1)), pytest.raises(Invalid) as invalid:
        services.ask_task_change(cases.LI, task.pk, rev=task.rev, **({"reason": "家中有事。"} | given))
    assert set(invalid.value.fields) == {field}


def test_with_nobody_in_reserve_nothing_is_asked_for():
    task = visited.released(2)
    leader = task.officers.get(duty=Duty.LEADER)
    with sending.day(task.window_from - timedelta(days=1)), pytest.raises(Refused) as refused:
        services.ask_task_change(
            cases.LI, task.pk, rev=task.rev, change="reassign", reason="家中有事。", officer=leader.officer_id
        )
    assert refused.value.refusal.rule_id == "xz-task-reserve"


def unanswered(task: Task) -> TaskOfficer:
    """The leader is to stand back; asked on the eve with nobody in reserve, who asks is told how it goes on."""
    leader = task.officers.get(duty=Duty.LEADER)
    with pytest.raises(Refused) as refused:
        services.ask_task_change(
            cases.LI, task.pk, rev=task.rev, change="reassign", reason="须回避。", officer=leader.officer_id,
            why="recusal", relation="shareholding", entity=task.target.code,
        )  # fmt: skip
    refusal = refused.value.refusal
    assert refusal.rule_id == "xz-task-reserve"
    remedy = refusal.remedy % refusal.params
    assert all(told in remedy for told in ("申请改期", str(Reason.RECUSED.label), f"作废 {task.dispatch.draw_id}"))
    return leader


def test_with_nobody_in_reserve_the_object_may_leave_and_the_next_gets_officers_by_a_further_draw():
    task = visited.released(2)
    accounts = desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        unanswered(task)
        signed(asked(task, accounts, change="cancel", ground="RECUSED", document="示监函〔2026〕9号"), accounts)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert len(dispatch.without_officers(task.draw)) == 1
    assert task.opaque not in dispatch.objects(task.draw)


def test_with_nobody_in_reserve_officers_may_be_drawn_anew_without_who_stands_back():
    task = visited.released(2)
    eve = sending.START.replace(day=(task.window_from - timedelta(days=1)).day)
    with clock.fixed(eve):
        leader = unanswered(task)
        able = people.register_officer(sending.SETUP, unit=cases.AGENCY, name="示例丙")
        sending.certify(able, 99)
        people.declare_relation(
            sending.SETUP, officer=leader.officer_id, kind="shareholding", entity=task.target.code
        )
        services.void_draw(
            cases.LI, task.dispatch_id, reason="回避后无人可派", explanation="示例说明",
            document="示监函〔2026〕9号", rev=task.dispatch.rev,
        )  # fmt: skip
    further = sending.dispatched(task.draw, start=eve + timedelta(hours=1), label="示例信标三", value="c0ffef")
    again = further.dispatched_tasks.get(opaque=task.opaque)
    with sending.day(further.window_from - timedelta(days=1)):
        again = services.release_task(sending.SETUP, again.pk)
    sent = again.officers.filter(duty__in=reserves.SENT).values_list("officer", flat=True)
    assert len(sent) == 2
    assert able.pk in sent
    assert leader.officer_id not in sent


def test_nobody_but_the_system_carries_a_change_out():
    task = visited.released()
    accounts = desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        approval = asked(task, accounts, **CANCEL)
        with pytest.raises(Denied):
            services.carry_out_task_change(cases.LI, task=task.pk, approval=approval.pk)
        with pytest.raises(Refused) as refused:
            services.carry_out_task_change(reactions.ACTOR, task=task.pk, approval=approval.pk)
    assert refused.value.refusal.rule_id == "xz-task-change-approved"


def test_a_certificate_that_ends_inside_the_window_leaves_earlier_visits_and_calls_the_reserve_for_later_ones():
    task = visited.released()
    leader = task.officers.get(duty=Duty.LEADER)
    ends = task.window_from + timedelta(days=3)
    with sending.day(task.window_from - timedelta(days=1)):
        people.revoke_certificate(
            sending.SETUP, certificate=leader.officer.certificates.get().id, on=ends, reason="示例"
        )
        assert jobs.call_reserves(context()) == {"lapsed": 0, "called": 0}
    with sending.day(ends):
        assert jobs.call_reserves(context()) == {"lapsed": 1, "called": 1}
        assert jobs.call_reserves(context()) == {"lapsed": 0, "called": 0}
    assert task.officers.get(duty=Duty.LEADER).officer_id != leader.officer_id


def context() -> JobContext:
    return JobContext(Job(), reactions.ACTOR, threading.Event(), may_repeat=True)


def test_an_organiser_asks_on_the_page():
    task = visited.released()
    accounts = desk(task)
    asks = staff.client(accounts["asks"])
    page = reverse("inspection:change_task", args=[task.pk])
    with sending.day(task.window_from - timedelta(days=1)):
        shown = asks.get(page).content.decode()
        assert "示例00" not in shown  # he may not see who goes
        assert "申请变更任务" in asks.get(reverse("inspection:task", args=[task.pk])).content.decode()
        answer = asks.post(page, {"rev": task.rev, "reason": "工程已竣工。"} | CANCEL)
        assert answer.url == reverse("console:approval", args=[Approval.objects.get(kind=TASK_CHANGE).pk])
        other = staff.client(staff.account("钱查阅", READ))
        assert other.get(page).status_code == 403


def test_a_reassignment_is_asked_for_by_duty_and_opening_the_form_names_nobody():
    task = visited.released()
    leader = task.officers.get(duty=Duty.LEADER)
    asks = staff.client(staff.account("张组织", READ, gate.PLAN, gate.READ_RELEASED))
    with sending.day(task.window_from - timedelta(days=1)):
        shown = asks.get(reverse("inspection:change_task", args=[task.pk])).content.decode()
    assert str(leader.officer_id) in shown
    assert leader.officer.name not in shown


def test_a_visit_is_not_postponed_into_a_window_that_is_past_nor_after_names_were_opened():
    task = visited.released()
    accounts = desk(task)
    later = task.window_from + timedelta(days=5)
    with sending.day(task.window_from - timedelta(days=1)):
        approval = asked(task, accounts, change="postpone", window_from=later, window_to=later)
    first = task.window_from
    with sending.day(later + timedelta(days=1)):
        signed(approval, accounts)
    task.refresh_from_db()
    assert task.window_from == first
    told = Notification.objects.get(account=str(accounts["asks"].pk))
    assert "改期已获批，但未能办理" in told.title
    assert task.target.name not in told.title + told.body
    after = task.draw.window_to + timedelta(days=1)
    with sending.day(after):
        services.open_names(cases.LI, task.draw_id, rev=task.draw.rev)
        later = after + timedelta(days=3)
        with pytest.raises(Refused) as refused:
            asked(task, accounts, change="postpone", window_from=later, window_to=later)
    assert refused.value.refusal.rule_id == "xz-draw-order"


def test_no_entry_is_handed_out_while_a_postponed_visit_is_ahead():
    task = visited.released()
    accounts = desk(task)
    later = task.window_to + timedelta(days=5)
    with sending.day(task.window_from - timedelta(days=1)):
        signed(asked(task, accounts, change="postpone", window_from=later, window_to=later), accounts)
    draw = task.draw
    with sending.day(draw.window_to + timedelta(days=2)), pytest.raises(Refused) as refused:
        services.hand_out_entry(cases.LI, draw.pk, code=task.target.code, document="示例申请", rev=draw.rev)
    assert refused.value.refusal.rule_id == "xz-task-ahead"


def test_a_certificate_of_another_scope_neither_counts_nor_calls_its_holder():
    task = visited.released()
    InspectionItem.objects.filter(rosters__draws=task.draw).update(scope="别的")
    with sending.day(task.window_from):
        assert jobs.call_reserves(context()) == {"lapsed": 2, "called": 0}
        assert reserves.next_of(task, task.window_from) is None
        told = Notification.objects.filter(kind="inspection.certificate_lapsed", account=visited.sent(task).pk)
        assert {row.title for row in told} == {
            f"任务 {task} 的{duty}证件失效，没有人接替" for duty in ("组长", "组员")
        }
    with pytest.raises(Refused) as refused:
        visited.filed(task)
    assert refused.value.refusal.rule_id == "xz-task-two-certified"


def test_one_task_that_cannot_be_released_does_not_hold_up_the_others():
    task = visited.released()
    waiting = task.draw.tasks.exclude(pk=task.pk).order_by("number")
    broken = waiting.first()
    Task.objects.filter(pk=broken.pk).update(opaque="0" * 64)
    with sending.day(task.window_from - timedelta(days=1)), pytest.raises(JobFailed, match="1 个任务"):
        jobs.release_tasks(context())
    assert [row.pk for row in waiting.filter(state=TaskState.SEALED)] == [broken.pk]
