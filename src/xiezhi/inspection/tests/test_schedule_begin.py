"""拟定: the button of the schedule freezes the roster anew and fills the form of the next draw."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.inspection import gate, routine, services
from xiezhi.inspection.models import READ, Draw, TargetRoster
from xiezhi.inspection.targets import Selection
from xiezhi.inspection.tests import cases, staff
from xiezhi.registry import services as registry
from xiezhi.registry.synthetic import synthetic_code

PAGE = reverse("inspection:schedule")


def at(day: date):
    return clock.fixed(datetime(day.year, day.month, day.day, 1, tzinfo=UTC))


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
