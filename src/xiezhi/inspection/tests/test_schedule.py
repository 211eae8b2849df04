"""抽取日程: what published plans ask for by month, how draws answer it, and who is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.inspection import due, gate, queries, reminders, routine, schedule, services
from xiezhi.inspection.due import Month, Stands
from xiezhi.inspection.models import READ, Draw, TargetRoster
from xiezhi.inspection.targets import Selection
from xiezhi.inspection.tests import cases, staff
from xiezhi.notify.models import Notification
from xiezhi.registry import services as registry
from xiezhi.registry.synthetic import synthetic_code

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


def at(day: date):
    return clock.fixed(datetime(day.year, day.month, day.day, 1, tzinfo=UTC))


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


@pytest.mark.django_db
def test_no_draw_is_made_ready_for_a_plan_that_is_over():
    planner = staff.client(staff.account("计划", READ, gate.PLAN, "registry.read"))
    with clock.fixed(cases.START):
        roster, days = cases.roster(40), {"ends": date(2026, 3, 20)}
        line = cases.published_plan(cases.LI, lines=[{"item": roster.item, "months": [3]}], **days).lines.get()
    begin = reverse("inspection:begin_draw", args=[line.pk])
    with at(date(2026, 3, 20)):
        assert begin in planner.get(PAGE).content.decode()
    with at(date(2026, 3, 21)):
        assert begin not in planner.get(PAGE).content.decode()
        answer = planner.post(begin, {"month": "2026-03"})
    assert answer.status_code == 422
    assert "已于 2026-03-20 结束" in answer.content.decode()
    assert TargetRoster.objects.get() == roster


def firms(count: int) -> None:
    for number in range(count):
        registry.register_entity(
            system("setup"), agency=cases.AGENCY, district=cases.DISTRICT, code=synthetic_code(number),
            name=f"示例建设〇{number}有限公司",
        )  # fmt: skip


@pytest.fixture
def standing():
    """A line for February and March, and February's draw on firms of the registry chosen by name."""
    with at(date(2026, 2, 2)):
        firms(12)
        chosen = Selection(cases.AGENCY, words=("示例",))
        entities = registry_targets(chosen)
        roster = services.freeze_roster(
            cases.LI, item=cases.item(), title="示例名录", agency=cases.AGENCY, district=cases.DISTRICT,
            targets=entities, selection=chosen.as_shown(),
        )  # fmt: skip
        line = cases.published_plan(
            cases.LI, lines=[{"item": roster.item, "months": [2, 3], "ratio": [1, 4]}]
        ).lines.get()
    out = datetime(2026, 2, 3, 13, 0, tzinfo=UTC)
    cases.prepared(
        datetime(2026, 2, 2, 1, tzinfo=UTC), roster=roster, plan_line=line,
        plan=[cases.stratum(n=None, ratio=[1, 4], reserves=2)],
        sources=[cases.source(out, label="示例信标2026-02-03")],
    )  # fmt: skip
    return line


def registry_targets(chosen):
    from xiezhi.inspection.targets import from_registry

    return list(from_registry(system("inspection"), chosen))


@pytest.mark.django_db
def test_one_button_freezes_the_roster_anew_and_fills_the_form_from_line_and_last_draw(standing):
    planner = staff.client(staff.account("计划", READ, gate.PLAN, "registry.read"))
    with at(date(2026, 3, 2)):
        firm = synthetic_code(20)
        registry.register_entity(
            system("setup"), agency=cases.AGENCY, district=cases.DISTRICT, code=firm, name="示例建设新有限公司"
        )
        page = planner.get(PAGE).content.decode()
        assert page.count(reverse("inspection:begin_draw", args=[standing.pk])) == 1
        answer = planner.post(reverse("inspection:begin_draw", args=[standing.pk]), {"month": "2026-03"})
        newest = TargetRoster.objects.order_by("-frozen_at").first()
        assert newest.entries.filter(code=firm).exists()
        assert answer.url.startswith(reverse("inspection:new_draw", args=[newest.pk]))
        form = planner.get(answer.url).context["form"]
        told = {name: form[name].value() for name in form.fields}
        assert told == told | {
            "line": str(standing.pk),
            "title": "施工许可情况检查 2026年3月抽查",
            "window_from": date(2026, 3, 4),
            "window_to": date(2026, 3, 31),
            "label": "示例信标2026-03-03",
            "describes": "示例信标第 1 轮",
            "share_0": "1/4",
            "reserves_0": 2,
        }
        # Sent as it stands: nothing is left to be typed.
        sent = planner.post(answer.url, {name: form[name].field.widget.format_value(value) if name in
            ("window_from", "window_to", "not_before") else value for name, value in told.items() if value})  # fmt: skip
        assert sent.status_code == 302, sent.context["form"].errors
        draw = Draw.objects.get(line=standing, window_from=date(2026, 3, 4))
        assert draw.sources[0]["not_before"] == "2026-03-03T13:00:00Z"
        page = planner.get(PAGE).content.decode()
    assert draw.draw_id in page
    assert reverse("inspection:begin_draw", args=[standing.pk]) not in page


@pytest.mark.django_db
@pytest.mark.parametrize("month", ["2026-02", "2026-04"])
def test_a_draw_that_another_has_prepared_or_that_is_not_due_is_not_made_ready(standing, month):
    planner = staff.client(staff.account("计划", READ, gate.PLAN, "registry.read"))
    with at(date(2026, 3, 2)):
        answer = planner.post(reverse("inspection:begin_draw", args=[standing.pk]), {"month": month})
    assert answer.status_code == 422
    assert "已由他人拟定或者未到期" in answer.content.decode()
    assert TargetRoster.objects.count() == 1


@pytest.mark.django_db
def test_a_second_draw_of_the_day_announces_the_source_of_another(standing):
    with at(date(2026, 2, 2)):
        assert routine.next_source(cases.AGENCY)["day"] == date(2026, 2, 4)


@pytest.mark.django_db
def test_a_source_without_its_day_in_the_name_is_left_to_be_typed(standing):
    Draw.objects.update(sources=[{**Draw.objects.get().sources[0], "label": "福彩双色球第2026032期"}])
    with at(date(2026, 3, 2)):
        fields = routine.next_source(cases.AGENCY)["fields"]
    assert (fields["label"], fields["encoding"]) == ("", "hex")


@pytest.mark.parametrize(
    "chosen",
    [
        Selection(cases.AGENCY, county="示例县", words=("示例", "建设"), import_batch=clock.new_id()),
        Selection(cases.AGENCY, kind="project", states=("running",), kinds=("house",), district="329901"),
        Selection(cases.AGENCY, kind="site", states=("running", "suspended")),
    ],
)
def test_a_roster_is_chosen_again_as_it_was(chosen):
    assert routine.selection_of(TargetRoster(selection=chosen.as_shown())) == chosen


def test_who_was_left_out_by_hand_is_not_left_out_again_and_a_foreign_list_not_chosen_again():
    by_hand = Selection(cases.AGENCY, without=("9132990000000000X1",), why="示例")
    assert routine.selection_of(TargetRoster(selection=by_hand.as_shown())) == Selection(cases.AGENCY)
    for foreign in ({"说明": "示例"}, {"draw": "抽〔2026〕1号"}, {**by_hand.as_shown(), "targets": "别的"}):
        assert routine.selection_of(TargetRoster(selection=foreign)) is None


@pytest.mark.django_db
def test_who_was_left_out_by_hand_is_told_of_and_stands_in_the_new_roster(standing):
    planner = staff.client(staff.account("计划", READ, gate.PLAN, "registry.read"))
    last = TargetRoster.objects.get()
    TargetRoster.objects.update(selection=last.selection | {"left_out": [synthetic_code(1)], "why": "示例"})
    with at(date(2026, 3, 2)):
        answer = planner.post(
            reverse("inspection:begin_draw", args=[standing.pk]), {"month": "2026-03"}, follow=True
        )
    assert "手工排除的 1 个没有沿用" in answer.content.decode()
    newest = TargetRoster.objects.order_by("-frozen_at").first()
    assert newest.entries.filter(code=synthetic_code(1)).exists()


@pytest.mark.django_db
def test_without_a_roster_the_button_leads_to_the_form_of_rosters():
    planner = staff.client(staff.account("计划", READ, gate.PLAN))
    with clock.fixed(cases.START):
        line = cases.published_plan(cases.LI, lines=[{"item": cases.item(), "months": [3]}]).lines.get()
        answer = planner.post(reverse("inspection:begin_draw", args=[line.pk]), {"month": "2026-03"})
    assert answer.url == reverse("inspection:new_roster")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("abilities", "agency", "month", "status"),
    [
        ((READ,), cases.AGENCY, "2026-03", 403),
        ((READ, gate.PLAN), "/a2/", "2026-03", 404),
        ((READ, gate.PLAN), cases.AGENCY, "三月", 422),
    ],
)
def test_a_draw_is_not_made_ready_by_a_stranger_or_for_no_month(abilities, agency, month, status):
    visitor = staff.client(staff.account("来人", *abilities))
    with clock.fixed(cases.START):
        line = cases.published_plan(
            cases.LI, lines=[{"item": cases.item(), "months": [3]}], agency=agency
        ).lines.get()
        answer = visitor.post(reverse("inspection:begin_draw", args=[line.pk]), {"month": month})
    assert answer.status_code == status
    assert not TargetRoster.objects.exists()
