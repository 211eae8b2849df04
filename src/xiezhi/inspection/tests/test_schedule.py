"""抽取日程: what published plans ask for by month, how draws answer it, and who is told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.inspection import due, gate, queries, reminders, schedule, services
from xiezhi.inspection.due import Month, Stands
from xiezhi.inspection.models import READ
from xiezhi.inspection.tests import cases, staff
from xiezhi.notify.models import Notification

PAGE = reverse("inspection:schedule")
YEAR = due.between(date(2026, 1, 1), date(2026, 12, 31))


def months(*numbers: int) -> list[Month]:
    return [Month(2026, number) for number in numbers]


@pytest.mark.parametrize(
    ("inside", "chosen", "draws", "found"),
    [
        # the plan's months, the line's months, how often; the month of each draw
        (YEAR, [3, 9], 1, months(3, 9)),
        (YEAR, [9, 3], 3, months(3, 3, 9)),
        (YEAR, [], 1, months(12)),
        (YEAR, [], 4, months(3, 6, 9, 12)),
        (YEAR, [], 24, months(*(n for n in range(1, 13) for _twice in range(2)))),
        (months(6, 7, 8), [3], 1, []),
        (months(6, 7, 8), [8, 9], 1, months(8)),
        (months(6, 7, 8), [], 2, months(7, 8)),
        (due.between(date(2026, 11, 30), date(2027, 1, 1)), [1], 1, [Month(2027, 1)]),
    ],
)
def test_a_line_says_in_which_months_it_is_drawn(inside, chosen, draws, found):
    assert due.spread(inside, chosen, draws) == found


@pytest.mark.parametrize(
    ("today", "begun", "done", "found"),
    [
        (date(2026, 2, 21), False, False, Stands.AHEAD),
        (date(2026, 2, 22), False, False, Stands.DUE),
        (date(2026, 3, 20), False, False, Stands.DUE),
        (date(2026, 3, 20), True, False, Stands.UNDERWAY),
        (date(2026, 3, 21), False, False, Stands.OVERDUE),  # the plan ends on the 20th
        (date(2026, 3, 21), True, False, Stands.OVERDUE),
        (date(2026, 3, 21), True, True, Stands.DONE),
    ],
)
def test_a_draw_is_due_from_a_week_before_its_month_until_the_month_or_the_plan_ends(today, begun, done, found):
    assert due.stands(Month(2026, 3), date(2026, 3, 20), today, begun=begun, done=done) == found


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-3", "2026-13", "0000-01", "20260-1", "2026-03-01", "二〇二六-〇三"]
)
def test_what_is_no_month_is_read_as_none(text):
    assert Month.read(text) is None


def stood(today: date) -> list[tuple[str, Stands, str]]:
    """(month, how it stands, number of its draw) of the schedule as the system sees it."""
    itself = system("inspection")
    found = schedule.slots(queries.plans_to_draw(itself, today.year), queries.visible_to(itself), today)
    return [(str(slot.month), slot.stands, slot.draw.draw_id if slot.draw else "") for slot in found]


@pytest.mark.django_db
def test_draws_answer_their_own_month_and_late_ones_the_earliest_that_is_left():
    with clock.fixed(cases.START):
        roster = cases.roster(40)
        line = cases.published_plan(
            cases.LI, lines=[{"item": roster.item, "months": [1, 3, 6], "ratio": [1, 8]}]
        ).lines.get()
    march = cases.drawn(roster=roster, plan_line=line)
    assert stood(date(2026, 3, 20)) == [
        ("2026-01", Stands.OVERDUE, ""),
        ("2026-03", Stands.DONE, march.draw_id),
        ("2026-06", Stands.AHEAD, ""),
    ]
    late = cases.prepared(cases.START + timedelta(days=2), roster=roster, plan_line=line)
    assert stood(date(2026, 3, 20))[0] == ("2026-01", Stands.OVERDUE, late.draw_id)
    with clock.fixed(cases.START + timedelta(days=2)):
        services.discard_draw(cases.LI, late.id, explanation="有误", rev=late.rev)
    assert stood(date(2026, 3, 20))[0] == ("2026-01", Stands.OVERDUE, "")


@pytest.mark.django_db
def test_one_visit_for_two_lines_answers_both():
    with clock.fixed(cases.START):
        roster = cases.roster(40)
        other = services.publish_item(
            cases.LI, code="ZJ-002", title="质量检查", basis="《建筑法》第五十八条", target_kind="entity",
            valid_from=date(2026, 1, 1), agency=cases.AGENCY, district=cases.DISTRICT,
        )  # fmt: skip
        lines = [{"item": one, "months": [3], "together": "甲"} for one in (roster.item, other)]
        plan = cases.published_plan(cases.LI, lines=[*lines, {"item": other, "months": [3], "stratum": "A"}])
    draw = cases.prepared(roster=roster, plan_line=plan.lines.first())
    assert [number for _month, _stands, number in stood(date(2026, 3, 3))] == [draw.draw_id, draw.draw_id, ""]


@pytest.mark.django_db
def test_who_may_plan_there_is_told_once_when_it_is_due_and_once_when_it_is_overdue():
    planner = staff.account("计划", READ, gate.PLAN)
    staff.account("只读", READ)
    with clock.fixed(cases.START):
        item = cases.item()
        cases.published_plan(cases.LI, lines=[{"item": item, "months": [4]}])
    told = {day: reminders.tell(day) for day in (date(2026, 3, 24), date(2026, 3, 25), date(2026, 4, 30))}
    assert list(told.values()) == [0, 1, 0]
    assert reminders.tell(date(2026, 5, 1)) == 1
    found = Notification.objects.order_by("created_at")
    assert {row.account for row in found} == {str(planner.pk)}
    assert sorted(row.title for row in found) == [
        "抽取到期：2026-04 应抽 1 次",
        "抽取逾期：2026-04 有 1 次没有完成",
    ]


@pytest.mark.django_db
def test_a_draw_of_the_last_month_is_told_as_overdue_when_the_year_of_its_plan_is_over():
    staff.account("计划", READ, gate.PLAN)
    with clock.fixed(cases.START):
        cases.published_plan(cases.LI, lines=[{"item": cases.item(), "months": [12]}])
    assert [reminders.tell(date(2026, 12, 1)), reminders.tell(date(2027, 1, 1))] == [1, 1]
    told = Notification.objects.get(title__contains="逾期")
    assert told.title == "抽取逾期：2026-12 有 1 次没有完成"
    assert "拟定" not in told.body


@pytest.mark.django_db
def test_what_the_body_above_has_drawn_is_done_for_a_division_that_may_not_read_the_draw():
    account = staff.account("科室", READ, gate.PLAN)
    account.assignments.update(agency=f"{cases.AGENCY}d1/")
    with clock.fixed(cases.START):
        roster = cases.roster(40)
        line = cases.published_plan(cases.LI, lines=[{"item": roster.item, "months": [3]}]).lines.get()
        begin = reverse("inspection:begin_draw", args=[line.pk])
        assert begin in staff.client(account).get(PAGE).content.decode()
    draw = cases.drawn(roster=roster, plan_line=line)
    with clock.fixed(cases.START):
        page = staff.client(account).get(PAGE).content.decode()
    assert begin not in page
    assert "已抽取 1" in page
    assert draw.draw_id not in page
