"""Plans and triggered inspections: drafted, approved by those whom the matrix names, published; nothing else."""

import uuid
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from xiezhi import clock
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.inspection import services
from xiezhi.inspection.codes import PlanState
from xiezhi.inspection.models import Plan
from xiezhi.inspection.tests import planned
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import INSPECTION, PLAN, TASK_CHANGE
from xiezhi.people.tests import house
from xiezhi.record.models import Event


@pytest.fixture(autouse=True)
def bureau(db):
    with clock.fixed(house.NOW):
        planned.build()
        yield


def rule(refused):
    return refused.value.refusal.rule_id


def publish(plan, **given):
    given = {"rev": plan.rev, "document": "示监〔2026〕2号"} | given
    return services.publish_plan(house.actor("zhi"), plan.id, **given)


def change(plan, *lines, **given):
    return services.change_plan(
        planned.organiser(), plan.id, rev=plan.rev, title=plan.title, lines=lines or [planned.line()], **given
    )


def test_a_plan_is_drafted_approved_by_three_accounts_and_published():
    plan = planned.published()
    assert (plan.state, plan.document, plan.published_at) == (PlanState.PUBLISHED, "示监〔2026〕2号", house.NOW)
    types = list(Event.objects.filter(stream=plan.stream).order_by("id").values_list("type", flat=True))
    assert types == [
        "inspection.plan_drafted",
        "people.approval_submitted",
        "inspection.plan_submitted",
        "people.step_agreed",
        "people.step_agreed",
        "people.approved",
        "inspection.plan_approved",
        "inspection.plan_published",
    ]


def test_nothing_is_published_before_the_last_signature():
    plan = planned.submitted()
    planned.agree(plan.approval, "zhou")
    plan.refresh_from_db()
    with pytest.raises(Refused) as refused:
        publish(plan)
    assert rule(refused) == "xz-plan-approved"


def test_it_may_be_published_as_soon_as_it_is_approved_even_before_the_relay_has_told():
    plan = planned.submitted()
    for username in ("zhou", "zhi"):
        plan.approval.refresh_from_db()
        people.agree(house.actor(username), approval=plan.approval_id, text="同意。", rev=plan.approval.rev)
    plan = publish(Plan.objects.get(pk=plan.pk))
    planned.news()
    plan.refresh_from_db()
    assert plan.state == PlanState.PUBLISHED


def test_a_returned_plan_is_changed_and_submitted_again_in_its_approval():
    plan = planned.submitted()
    people.return_approval(
        house.actor("zhou"), approval=plan.approval_id, text="比例过低。", rev=plan.approval.rev
    )
    plan = change(Plan.objects.get(pk=plan.pk), planned.line(ratio=[1, 10]))
    approval = plan.approval
    people.resubmit(planned.organiser(), approval=approval.id, text="已提高。", rev=approval.rev)
    planned.agree(approval)
    plan.refresh_from_db()
    assert (plan.state, plan.lines.get().ratio) == (PlanState.APPROVED, [1, 10])


def test_what_is_being_approved_does_not_change_under_the_signature():
    plan = planned.submitted()
    with pytest.raises(Refused) as refused:
        change(plan)
    assert rule(refused) == "xz-plan-order"


def test_a_withdrawn_approval_may_be_asked_for_anew():
    plan = planned.submitted()
    people.withdraw(planned.organiser(), approval=plan.approval_id, text="有误。", rev=plan.approval.rev)
    plan = Plan.objects.get(pk=plan.pk)
    plan = services.submit_plan(planned.organiser(), plan.id, rev=plan.rev, text="再次报批。")
    planned.agree(plan.approval)
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED


def test_an_agency_has_one_published_yearly_plan_a_year():
    planned.published()
    second = planned.approved(title="又一份年度计划")
    with pytest.raises(Refused) as refused:
        publish(second)
    assert rule(refused) == "xz-plan-one-a-year"
    assert "第五十四条" in refused.value.refusal.article


def test_two_yearly_plans_published_at_once_are_one_by_the_database_itself():
    planned.published()
    second = planned.approved(title="又一份年度计划")
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=second.pk).update(state=PlanState.PUBLISHED)


def test_after_the_first_is_ended_another_may_be_published():
    first = planned.published()
    services.end_plan(planned.organiser(), first.id, rev=first.rev, reason="上级清单调整。")
    assert (
        publish(planned.approved(title="调整后的年度计划"), document="示监〔2026〕3号").state
        == PlanState.PUBLISHED
    )


def test_a_special_plan_stands_beside_the_yearly_one_and_says_why():
    planned.published()
    special = planned.approved(
        kind="special",
        title="节后复工专项检查",
        ground="春节后复工复产安全。",
        begins=date(2026, 2, 24),
        ends=date(2026, 4, 30),
        lines=[planned.line("GJ-12", measure="all", quota=80)],
    )
    assert publish(special, document="示监〔2026〕3号").state == PlanState.PUBLISHED


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"kind": "special"}, "ground", "须写明事由"),
        ({"kind": "monthly"}, "kind", "种类"),
        ({"begins": date(2026, 5, 1), "ends": date(2026, 4, 1)}, "ends", "先后有序"),
        ({"ends": date(2027, 1, 31)}, "ends", "计划年度之内"),
        ({"title": " \x07"}, "title", "控制字符"),
    ],
)
def test_a_plan_that_makes_no_sense_is_not_drafted(given, field, text):
    with pytest.raises(Invalid) as raised:
        planned.drafted(**given)
    assert text in str(raised.value.fields[field])
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"item": "00000000-0000-0000-0000-000000000000"}, "清单之外无检查"),
        ({"item": "x"}, "清单之外无检查"),
        ({"measure": "dice"}, "抽取方式"),
        ({"ratio": [0, 1]}, "大于 0"),
        ({"ratio": [3, 2]}, "不超过 1"),
        ({"ratio": [1, 0]}, "大于 0"),
        ({"measure": "cycle"}, "1 至 10 年"),
        ({"measure": "all"}, "第五十四条"),
        ({"quota": 0}, "1 至 1000000"),
        ({"months": [13]}, "1 至 12"),
        ({"draws": 400}, "1 至 366"),
    ],
)
def test_a_line_that_makes_no_sense_is_named_by_number(given, text):
    with pytest.raises(Invalid) as raised:
        planned.drafted(lines=[planned.line("GJ-12"), planned.line(**given)])
    assert str(raised.value.fields["lines"][0]).startswith("第 2 行：")
    assert text in str(raised.value.fields["lines"])


def test_an_item_has_one_line_for_a_class():
    with pytest.raises(Invalid) as raised:
        planned.drafted(lines=[planned.line(), planned.line()])
    assert "只能有一行" in str(raised.value.fields["lines"])
    assert planned.drafted(lines=[planned.line(stratum="A"), planned.line(stratum="B")]).lines.count() == 2


def test_a_plan_keeps_the_version_of_the_item_it_began_with():
    plan = planned.drafted()
    services.load_items(
        planned.organiser(),
        rows=[
            {
                "code": "GJ-01",
                "title": "新版",
                "basis": "《建筑法》第七条",
                "target_kind": "project",
                "valid_from": date(2026, 6, 1),
            }
        ],
        agency=planned.AGENCY,
        district=planned.DISTRICT,
    )
    assert plan.lines.get().item.version == 1


def test_a_stale_edit_is_refused():
    plan = planned.drafted()
    change(plan, planned.line(quota=30))
    with pytest.raises(Stale):
        change(plan, planned.line(quota=40))


def test_only_those_with_the_ability_plan_and_publish():
    plan = planned.approved()
    with pytest.raises(Denied):
        services.publish_plan(house.actor("fa"), plan.id, rev=plan.rev, document="示监〔2026〕2号")
    with pytest.raises(NotFound):
        services.end_plan(house.actor("mei"), plan.id, rev=plan.rev, reason="不做了")


def test_a_complaint_opens_an_inspection_outside_the_draw_once_it_is_approved():
    trigger = planned.asked()
    assert trigger.state == PlanState.SUBMITTED
    planned.agree(trigger.approval)
    trigger.refresh_from_db()
    assert trigger.state == PlanState.APPROVED


def test_what_the_complaint_is_about_stands_in_the_private_part_of_the_record():
    trigger = planned.asked()
    event = Event.objects.get(type="inspection.trigger_asked")
    assert trigger.code not in event.body.data
    assert trigger.name not in event.body.data


def test_the_last_signature_is_answered_once():
    trigger = planned.asked()
    planned.agree(trigger.approval)
    services.trigger_approved(house.SETUP, trigger=trigger.id, approval=trigger.approval_id)
    assert Event.objects.filter(type="inspection.trigger_approved").count() == 1


def test_the_title_of_its_approval_names_ground_and_reference_and_no_target():
    trigger = planned.asked()
    assert trigger.name not in trigger.approval.title
    assert trigger.approval.title.endswith("：12345〔2026〕88号")


STRANGE = (
    "plan:2026",
    f"plan:{uuid.UUID(int=7)}",
    f"trigger:{uuid.UUID(int=7)}",
    "task:x",
    f"task:{uuid.UUID(int=7)}",
)


@pytest.mark.parametrize("subject", [*STRANGE, "another plan's"])
def test_news_of_an_approval_that_leads_nowhere_stops_nobody(subject):
    plan, other = planned.submitted(), planned.drafted(title="另一计划")
    if subject == "another plan's":
        subject = f"plan:{other.id}"
    kind = {"trigger": INSPECTION, "task": TASK_CHANGE}.get(subject.partition(":")[0], PLAN)
    people.adopt_route(
        house.SETUP,
        kind=TASK_CHANGE,
        agency=planned.AGENCY,
        steps=planned.SHORT_ROUTE,
        source="示例支队〔2026〕1号",
        valid_from=date(2026, 1, 1),
    )
    given = {"kind": kind, "subject": subject, "title": "示例", "agency": planned.AGENCY, "text": "请审批。"}
    planned.agree(people.submit(planned.organiser(), **given))
    planned.agree(plan.approval)
    plan.refresh_from_db()
    other.refresh_from_db()
    assert (plan.state, other.state) == (PlanState.APPROVED, PlanState.DRAFT)


def test_only_the_system_approves_and_only_by_the_approval_that_was_asked_for_and_given():
    plan, trigger = planned.submitted(), planned.asked()
    for approve, row in (
        (partial(services.plan_approved, plan=plan.id), plan),
        (partial(services.trigger_approved, trigger=trigger.id), trigger),
    ):
        with pytest.raises(Denied):
            approve(planned.organiser(), approval=row.approval_id)
        for approval in (row.approval_id, uuid.UUID(int=7)):
            with pytest.raises(Refused) as refused:
                approve(house.SETUP, approval=approval)
            assert rule(refused) == "xz-plan-approved"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ground": "mood"}, "ground"),
        ({"items": []}, "items"),
        ({"code": "91999900MA00000000"}, "code"),
        ({"reference": ""}, "reference"),
        ({"window_to": date(2026, 3, 1)}, "window_to"),
        ({"window_from": date(2026, 3, 1)}, "window_from"),
    ],
)
def test_a_trigger_without_ground_item_target_or_reference_is_not_asked_for(given, field):
    with pytest.raises(Invalid) as raised:
        planned.asked(**given)
    assert field in raised.value.fields


def test_an_item_that_ends_inside_the_window_is_no_ground_for_a_visit():
    services.load_items(
        planned.organiser(),
        rows=[
            {
                "code": "BD-01",
                "title": "临时事项",
                "basis": "《示例条例》第一条",
                "target_kind": "entity",
                "valid_from": date(2026, 1, 1),
                "valid_to": date(2026, 3, 15),
            }
        ],
        agency=planned.AGENCY,
        district=planned.DISTRICT,
    )
    with pytest.raises(Refused) as refused:
        planned.asked(items=[planned.item("BD-01").id])
    assert rule(refused) == "xz-item-in-force"


def test_an_approved_trigger_may_be_dropped_with_a_reason():
    trigger = planned.asked()
    trigger = services.end_trigger(planned.organiser(), trigger.id, rev=trigger.rev, reason="投诉人撤诉。")
    assert (trigger.state, trigger.end_reason) == (PlanState.ENDED, "投诉人撤诉。")


@pytest.mark.parametrize(("begins", "said"), [(date(2026, 4, 1), None), (date(2026, 3, 1), "xz-item-in-force")])
def test_a_plan_with_an_item_that_is_not_in_force_is_not_put_before_anyone(begins, said):
    """It has to be in force when the plan begins, or today where the plan has begun (2026-03-10)."""
    services.load_items(
        planned.organiser(),
        rows=[
            {
                "code": "BD-02",
                "title": "四月起的事项",
                "basis": "《示例条例》第一条",
                "target_kind": "entity",
                "valid_from": date(2026, 3, 20),
            }
        ],
        agency=planned.AGENCY,
        district=planned.DISTRICT,
    )
    plan = planned.drafted(lines=[planned.line("BD-02")], begins=begins)
    if said is None:
        services.submit_plan(planned.organiser(), plan.id, rev=plan.rev, text="请审批。")
        return
    with pytest.raises(Refused) as refused:
        services.submit_plan(planned.organiser(), plan.id, rev=plan.rev, text="请审批。")
    assert rule(refused) == said
