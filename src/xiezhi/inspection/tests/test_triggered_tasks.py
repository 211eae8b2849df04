"""An approved triggered inspection becomes a task: a leader names who goes, and the visit runs like any other."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Denied, Refused
from xiezhi.inspection import jobs, services
from xiezhi.inspection.codes import Duty, PlanState, TaskState
from xiezhi.inspection.models import Task, TaskTarget, Trigger
from xiezhi.inspection.tests import planned, staff, triggered
from xiezhi.inspection.tests.test_task_changes import context
from xiezhi.notify.models import Notification
from xiezhi.people import flow
from xiezhi.people import queries as people_queries
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import INSPECTION, TASK_CHANGE
from xiezhi.people.models import Account, Grant
from xiezhi.people.tests import house
from xiezhi.record.models import EventBody

FIRST, LAST = date(2026, 3, 11), date(2026, 3, 20)


@pytest.fixture(autouse=True)
def bureau(db):
    with clock.fixed(house.NOW):
        planned.build()
        yield


@pytest.fixture
def team() -> list[Account]:
    return triggered.officers()


def url(name, *args):
    return reverse(f"inspection:{name}", args=args)


def page(account, name, *args) -> str:
    return staff.client(account).get(url(name, *args)).content.decode()


def test_the_head_sends_two_on_the_eve_they_visit_file_and_a_leader_releases_the_result(team):
    trigger = triggered.approved()
    head = staff.client(house.account("zhi"))
    form = head.get(url("send_for_trigger", trigger.pk)).content.decode()
    assert all(one.officer.name in form for one in team)
    told = {"rev": trigger.rev, "leader": str(team[0].officer_id), "members": [str(team[1].officer_id)]}
    answer = head.post(url("send_for_trigger", trigger.pk), told)
    task = Task.objects.get()
    assert answer.url == url("task", task.pk)
    assert (task.state, task.draw, task.trigger) == (TaskState.RELEASED, None, trigger)
    duties = list(task.officers.order_by("place").values_list("officer", "duty"))
    assert duties == [(team[0].officer_id, Duty.LEADER), (team[1].officer_id, Duty.MEMBER)]
    with house.at(FIRST):
        leader = staff.client(team[0])
        opened = leader.post(url("task", task.pk)).content.decode()
        assert trigger.name in opened
        filed = leader.post(
            url("file_result", task.pk), {"rev": task.rev, "visited_on": FIRST.isoformat(), "outcome": "clean"}
        )
        assert filed.status_code == 302
        task.refresh_from_db()
        head.post(url("release_result", task.pk), {"rev": task.rev})
    task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_before_the_eve_its_names_are_sealed_and_the_nightly_job_opens_them(team):
    trigger = triggered.approved(window_from=date(2026, 3, 14), window_to=LAST)
    task = triggered.sent(trigger, team[:2])
    assert task.state == TaskState.SEALED
    assert not TaskTarget.objects.exists()
    with house.at(date(2026, 3, 13)):
        assert jobs.release_tasks(context()) == {"released": 1}
    task.refresh_from_db()
    assert task.state == TaskState.RELEASED
    assert task.officers.get(duty=Duty.LEADER).officer_id == team[0].officer_id


def test_nobody_who_is_sent_or_inspected_is_named_in_the_public_part_of_the_record(team):
    trigger = triggered.approved()
    task = triggered.sent(trigger, team[:2])
    bodies = EventBody.objects.filter(event__stream=task.stream, event__type__startswith="inspection.")
    assert bodies.count() == 2
    for body in bodies.values_list("data", flat=True):
        assert trigger.code not in body
        assert str(team[0].officer_id) not in body


def test_it_is_marked_in_the_list_found_by_its_kind_and_on_its_page(team):
    task = triggered.sent(triggered.approved(), team[:2])
    head = staff.client(house.account("zhi"))
    for kind, there in (("trigger", True), ("draw", False)):
        listed = head.get(url("tasks"), {"rests": kind}).content.decode()
        assert (str(task) in listed) is there
    shown = head.get(url("task", task.pk)).content.decode()
    assert "触发式" in shown
    assert url("trigger", task.trigger_id) in shown
    assert "密封编号" not in shown


# --- who may not be sent, and when nobody is -----------------------------------------------------


def refused(trigger, team) -> str:
    with pytest.raises(Refused) as caught:
        triggered.sent(trigger, team)
    return caught.value.refusal.rule_id


def test_one_alone_is_not_sent_nor_the_same_person_twice(team):
    trigger = triggered.approved()
    assert refused(trigger, team[:1]) == "xz-trigger-two"
    assert refused(trigger, [team[0], team[0]]) == "xz-trigger-two"


@pytest.mark.parametrize("lacking", ["certificate", "leave", "scope", "skill"])
def test_who_is_not_there_throughout_or_not_certified_for_the_items_is_not_sent(team, lacking):
    trigger = triggered.approved()
    one = team[1].officer
    if lacking == "certificate":
        people.revoke_certificate(house.SETUP, certificate=one.certificates.get().id, on=LAST, reason="示例")
    elif lacking == "leave":
        people.record_leave(house.SETUP, officer=one.id, kind="sick", valid_from=LAST, valid_to=LAST)
    else:
        given = {"scope": "gas"} if lacking == "scope" else {"skills": ["crane"]}
        type(planned.item()).objects.filter(triggers=trigger).update(**given)
    assert refused(trigger, team[:2]) == "xz-trigger-able"


def test_who_declared_a_relation_with_the_firm_is_not_sent_and_not_offered(team):
    trigger = triggered.approved()
    people.declare_relation(
        house.SETUP, officer=team[1].officer_id, kind="relative", entity=trigger.code, valid_from=FIRST
    )
    assert refused(trigger, team[:2]) == "xz-trigger-recusal"
    offered = page(house.account("zhi"), "send_for_trigger", trigger.pk)
    assert team[0].officer.name in offered
    assert team[1].officer.name not in offered


def test_nobody_is_sent_before_the_approval_after_the_window_or_by_who_does_not_answer_for_results(team):
    trigger = planned.asked()
    assert refused(trigger, team[:2]) == "xz-trigger-approved"
    planned.agree(trigger.approval)
    with house.at(LAST + timedelta(days=1)):
        assert refused(trigger, team[:2]) == "xz-trigger-window"
    trigger.refresh_from_db()
    with pytest.raises(Denied):
        services.send_for_trigger(
            planned.organiser(),
            trigger.pk,
            rev=trigger.rev,
            leader=team[0].officer_id,
            members=[team[1].officer_id],
        )


def test_sending_anew_exchanges_people_and_shuts_out_the_former_ones(team):
    trigger = triggered.approved()
    first = triggered.sent(trigger, team[:2])
    second = triggered.sent(trigger, [team[2], team[0]])
    first.refresh_from_db()
    assert (first.state, second.state) == (TaskState.CANCELLED, TaskState.RELEASED)
    assert (first.number, second.number) == (1, 2)
    left = Grant.objects.filter(stream=first.stream, ends=None)
    assert not left.exists()


def test_sent_late_its_window_is_what_is_left(team):
    trigger = triggered.approved()
    with house.at(date(2026, 3, 15)):
        task = triggered.sent(trigger, team[:2])
    assert (task.window_from, task.window_to) == (date(2026, 3, 15), LAST)


# --- how it ends ---------------------------------------------------------------------------------


def ended(trigger):
    trigger.refresh_from_db()
    return services.end_trigger(planned.organiser(), trigger.pk, rev=trigger.rev, reason="撤诉。")


def test_ending_it_before_the_visit_ends_the_task(team):
    trigger = triggered.approved()
    task = triggered.sent(trigger, team[:2])
    assert ended(trigger).state == PlanState.ENDED
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert not TaskTarget.objects.visible_to(people_queries.actor_of(team[0])).exists()


def test_after_the_visit_it_neither_ends_nor_is_sent_anew(team):
    trigger = triggered.approved()
    task = triggered.sent(trigger, team[:2])
    with house.at(FIRST):
        services.file_result(
            people_queries.actor_of(team[0]),
            task.pk,
            rev=task.rev,
            visited_on=FIRST,
            outcome="clean",
            answers={},
        )
        with pytest.raises(Refused) as caught:
            ended(trigger)
        assert caught.value.refusal.rule_id == "xz-trigger-visited"
        assert refused(trigger, team[:2]) == "xz-trigger-visited"
        assert "终止</a>" not in page(house.account("zhi"), "trigger", trigger.pk)


@pytest.mark.parametrize("who", [planned.ORGANISER, "zhi"])
def test_ended_while_it_waits_its_approval_leaves_the_inboxes_whoever_ends_it(who):
    trigger = planned.asked()
    assert people_queries.inbox(house.actor("zhou")) == [trigger.approval]
    services.end_trigger(house.actor(who), trigger.pk, rev=trigger.rev, reason="撤诉。")
    assert people_queries.inbox(house.actor("zhou")) == []
    trigger.approval.refresh_from_db()
    assert trigger.approval.state == flow.WITHDRAWN
    assert trigger.approval.opinions.last().account == house.account(who)


def test_it_may_be_postponed_by_approval_but_neither_reassigned_by_reserve_nor_cancelled_apart(team):
    trigger = triggered.approved()
    task = triggered.sent(trigger, team[:2])
    people.adopt_route(
        house.SETUP,
        kind=TASK_CHANGE,
        agency=planned.AGENCY,
        steps=(flow.Step("支队长意见", ("detachment_head",)),),
        source="示例支队〔2026〕2号",
        valid_from=house.TODAY,
    )
    asks = {"rev": task.rev, "reason": "工地停工。"}
    for change in (
        {"change": "reassign", "officer": team[0].officer_id},
        {"change": "cancel", "ground": "CLOSED", "document": "示监函〔2026〕9号"},
    ):
        with pytest.raises(Refused) as caught:
            services.ask_task_change(planned.organiser(), task.pk, **asks, **change)
        assert caught.value.refusal.rule_id == "xz-task-triggered"
    later = date(2026, 4, 1)
    approval = services.ask_task_change(
        planned.organiser(), task.pk, **asks, change="postpone", window_from=later, window_to=later
    )
    planned.agree(approval, "zhi")
    task.refresh_from_db()
    assert (task.window_from, task.window_to) == (later, later)


def test_a_certificate_that_lapses_calls_nobody_and_its_visit_is_not_filed(team):
    task = triggered.sent(triggered.approved(), team[:2])
    people.revoke_certificate(
        house.SETUP, certificate=team[0].officer.certificates.get().id, on=FIRST, reason="示例"
    )
    with house.at(FIRST):
        assert jobs.call_reserves(context()) == {"lapsed": 1, "called": 0}
        with pytest.raises(Refused) as caught:
            services.file_result(
                people_queries.actor_of(team[1]),
                task.pk,
                rev=task.rev,
                visited_on=FIRST,
                outcome="clean",
                answers={},
            )
        assert jobs.call_reserves(context()) == {"lapsed": 1, "called": 0}
        told = Notification.objects.filter(kind="inspection.certificate_lapsed")
        assert sorted(told.values_list("account", flat=True)) == sorted(
            [str(team[0].pk), str(house.account("zhi").pk)]  # the task's leader and who named him, once each
        )
        assert {row.link for row in told} == {url("trigger", task.trigger_id)}
        assert not any(one.officer.name in row.title + row.body for one in team for row in told)
        anew = triggered.sent(Trigger.objects.get(pk=task.trigger_id), team[1:3])
    assert caught.value.refusal.rule_id == "xz-task-two-certified"
    assert anew.state == TaskState.RELEASED


# --- whom it is about ----------------------------------------------------------------------------


def test_its_target_is_shown_to_who_plans_asked_signs_or_goes_and_to_no_other_reader(team):
    trigger = triggered.approved()
    reader = house.account("dai")
    for account, told in ((house.account("zhi"), True), (house.account(planned.ORGANISER), True), (reader, False)):
        for shown in (page(account, "trigger", trigger.pk), page(account, "triggers")):
            assert (trigger.name in shown) is told
            assert ("对象不公开" in shown) is not told
        shown = page(account, "trigger", trigger.pk)
        assert (trigger.reason in shown, trigger.code in shown) == (told, told)
    found = staff.client(reader).get(url("triggers"), {"q": trigger.name[:4]}).content.decode()
    assert trigger.reference not in found
    assert (
        trigger.reference in staff.client(reader).get(url("triggers"), {"q": trigger.reference}).content.decode()
    )
    goes = team[0]
    assert trigger.name not in page(goes, "trigger", trigger.pk)
    triggered.sent(trigger, team[:2])
    assert trigger.name in page(goes, "trigger", trigger.pk)


def test_who_is_asked_to_sign_sees_whom_it_is_about():
    people.adopt_route(
        house.SETUP,
        kind=INSPECTION,
        agency=planned.AGENCY,
        steps=(flow.Step("监督意见", ("overseer",)),),
        source="示例支队〔2026〕3号",
        valid_from=house.TODAY,
    )
    trigger = planned.asked()
    shown = page(house.account("dai"), "trigger", trigger.pk)
    assert trigger.name in shown
