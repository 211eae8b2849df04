"""Whom a draw leaves out by itself, and what is told of it: nothing that would open a sealed name."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.inspection import cycles, gate, plan_ceilings, reckoning, services, visits_known
from xiezhi.inspection.models import READ, Draw, DrawExclusion
from xiezhi.inspection.targets import Target
from xiezhi.inspection.tests import cases, planned, staff, triggered, visited
from xiezhi.inspection.tests.strangers import refused
from xiezhi.lawbase import services as law
from xiezhi.lawbase.tests.acts_scenarios import CITED
from xiezhi.people.tests import house
from xiezhi.record import queries as record
from xiezhi.record.models import Event

pytestmark = pytest.mark.django_db
START = cases.START
LATER = START + timedelta(days=11)  # the window of a draw at START is open, its own does not meet it


def figure(value: int | None, *, confirmed: bool = True) -> None:
    """The ceiling for all inspections that the place has set."""
    with clock.fixed(START - timedelta(days=30)):
        law.load_release(system("law"))
        row = law.set_figure(
            system("law"),
            key=visits_known.FIGURE,
            name="年度行政检查次数上限",
            value=value,
            unit="time",
            article="示例市公告第一条",
            scope=cases.DISTRICT,
            valid_from=date(2026, 1, 1),
            reason="本地公布",
        )
        if confirmed:
            law.confirm_item(system("jurist"), row.pk, **CITED)


def sites(per_year: int | None, code: str = "ZJ-006"):
    """The frozen roster of one contractor's six projects, of an item that may be inspected so often a year."""
    with clock.fixed(START):
        item = services.publish_item(
            cases.LI, code=code, title="施工安全检查", basis="《建筑法》第四十三条", target_kind="project",
            valid_from=date(2026, 1, 1), per_year=per_year, agency=cases.AGENCY, district=cases.DISTRICT,
        )  # fmt: skip
        listed = [Target(f"2026-{n:06d}", f"示例建设〇一有限公司 示例家园{n}期") for n in range(1, 7)]
        return services.freeze_roster(
            cases.LI, item=item, title="示例项目名录", agency=cases.AGENCY, district=cases.DISTRICT,
            targets=listed, selection={},
        )  # fmt: skip


def one(start=START, **given) -> Draw:
    """A draw of one object, with its result."""
    return cases.drawn(start, plan=[cases.stratum(n=1, reserves=0)], **given)


def left_out(draw: Draw) -> dict[str, str]:
    return dict(draw.exclusions.values_list("entry__code", "reason"))


def test_of_a_contractors_six_sites_the_one_at_its_ceiling_alone_is_left_out():
    listed = sites(per_year=1)
    first = one(roster=listed)
    (taken,) = cycles.drawn_names(first).values()
    second = cases.committed(LATER, roster=listed, plan=[cases.stratum(n=5, reserves=0)])
    assert left_out(second) == {taken: "FREQ_CAP"}
    assert second.exclusions.get().document == "示监〔2026〕2号"
    assert second.objects_count == 5
    assert reckoning.rules(second).document({})["caps"] == [
        {"code": "FREQ_CAP", "limit": 1, "per": "检查对象×ZJ-006×年"}
    ]


@pytest.mark.parametrize(
    ("value", "confirmed", "out"),
    [(1, True, True), (2, True, False), (1, False, False), (None, True, False)],
)
def test_the_places_own_figure_binds_once_a_jurist_has_confirmed_it(value, confirmed, out):
    figure(value, confirmed=confirmed)
    listed = sites(per_year=None)
    one(roster=listed)
    second = cases.prepared(LATER, roster=listed, plan=[cases.stratum(n=1)])
    assert len(left_out(second)) == out
    assert second.caps == (
        [{"code": "FREQ_CAP", "limit": value, "per": "检查对象×年"}] if confirmed and value else []
    )


def test_what_is_already_to_be_visited_in_the_window_is_not_drawn_a_second_time():
    first = cases.drawn(plan=[cases.stratum(n=7)])
    second = cases.prepared(START + timedelta(days=1), roster=first.roster)
    kept = first.targets.filter(standing="drawn").values_list("opaque", flat=True)
    names = cycles.drawn_names(first)
    assert left_out(second) == {names[opaque]: "UNDERWAY" for opaque in kept}


def test_a_void_draw_and_a_cancelled_task_leave_nobody_out():
    first = cases.drawn(plan=[cases.stratum(n=7)])
    with clock.fixed(START + timedelta(hours=16)):
        services.void_draw(
            cases.LI, first.id, rev=first.rev, reason="程序有误", explanation="示例", document="示监函〔2026〕3号"
        )
    assert left_out(cases.prepared(START + timedelta(days=1), roster=first.roster)) == {}


def test_a_draw_whose_everyone_is_left_out_is_refused_and_leaves_no_trace():
    listed = sites(per_year=1)
    cases.drawn(roster=listed, plan=[cases.stratum(n=6, reserves=0)])
    before = Draw.objects.count(), DrawExclusion.objects.count()
    with clock.fixed(LATER):
        assert (
            refused(cases.prepared, LATER, roster=listed, plan=[cases.stratum(n=1, reserves=0)]) == "xz-draw-size"
        )
    assert (Draw.objects.count(), DrawExclusion.objects.count()) == before


def test_pages_and_public_events_say_nothing_of_whom_a_sealed_visit_leaves_out():
    listed = sites(per_year=1)
    (taken,) = cycles.drawn_names(one(roster=listed)).values()
    draw = cases.prepared(LATER, roster=listed, plan=[cases.stratum(n=1, reserves=0)])
    row = draw.exclusions.get()
    assert (row.automatic, row.sealed) == (True, True)
    client = staff.client(staff.account("张组织", READ, gate.PLAN, gate.DRAW))
    text = client.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
    assert "由系统自动排除" in text
    assert "频次上限 1 次（检查对象×ZJ-006×年）" in text
    assert taken not in text
    event = Event.objects.filter(type="inspection.draw_prepared").latest("recorded_at")
    assert "excluded" not in record.envelope(event.id)["data"]
    assert record.private_part(event.id)["excluded"] == [[taken, "FREQ_CAP"]]
    with clock.fixed(LATER), pytest.raises(NotFound):
        services.readmit_target(cases.LI, draw.id, exclusion=row.pk, rev=draw.rev)


def test_leaving_out_by_hand_does_not_tell_who_was_left_out_already():
    listed = sites(per_year=1)
    (taken,) = cycles.drawn_names(one(roster=listed)).values()
    draw = cases.prepared(LATER, roster=listed, plan=[cases.stratum(n=1, reserves=0)])
    with clock.fixed(LATER):
        given = {"code": taken, "reason": "CLOSED", "document": "示监函〔2026〕3号"}
        made = services.exclude_target(cases.LI, draw.id, **given, rev=draw.rev)
        assert left_out(draw) == {taken: "CLOSED"}
        with pytest.raises(Invalid, match="已经排除"):
            services.exclude_target(cases.LI, draw.id, **given, rev=draw.rev + 1)
        services.readmit_target(cases.LI, draw.id, exclusion=made.pk, rev=draw.rev + 1)
    assert left_out(draw) == {taken: "FREQ_CAP"}


def test_what_the_draw_left_out_by_a_visit_with_an_open_name_is_shown_and_stays_out():
    task = visited.released()
    visited.filed(task)
    figure(1)
    draw = cases.prepared(LATER, roster=task.draw.roster)
    row = draw.exclusions.get(entry__code=task.target.code)
    assert (row.reason, row.automatic, row.sealed) == ("FREQ_CAP", True, False)
    client = staff.client(staff.account("张组织", READ, gate.PLAN, gate.DRAW))
    text = client.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
    assert task.target.code in text
    assert "系统自动排除" in text
    with clock.fixed(LATER):
        kept = {"exclusion": row.pk, "rev": draw.rev}
        assert refused(services.readmit_target, cases.LI, draw.id, **kept) == "xz-draw-left-out"


def test_a_visit_ahead_stays_sealed_though_its_officers_know_whose_it_is():
    """The day before the window opens a name to leader and pair; a later draw must not tell it to every reader."""
    task = visited.released()
    draw = cases.prepared(START + timedelta(days=1), roster=task.draw.roster)
    row = draw.exclusions.get(entry__code=task.target.code)
    assert (row.reason, row.automatic, row.sealed) == ("UNDERWAY", True, True)
    client = staff.client(staff.account("张组织", READ, gate.PLAN, gate.DRAW))
    text = client.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
    assert task.target.code not in text
    assert task.target.name not in text


def test_a_triggered_visit_ahead_is_sealed_in_a_later_draw():
    with clock.fixed(START):
        planned.build()
        triggered.sent(triggered.approved(), triggered.officers(2))
    assert [(one.ahead, one.sealed) for one in visits_known.of_year(2026, START.date())] == [(True, True)]


def test_the_day_of_the_visit_decides_in_which_year_it_counts():
    task = visited.released()
    visited.filed(task)
    assert [one.day for one in visits_known.of_year(2026, START.date()) if not one.ahead] == [task.window_from]
    assert visits_known.of_year(2027, START.date()) == []


def test_a_plan_says_before_its_approval_how_many_one_more_visit_would_take_too_far():
    listed = sites(per_year=1)
    one(roster=listed)
    plan = cases.plan_line(listed.item).plan
    (reach,) = plan_ceilings.of(plan, LATER.date())
    assert (reach.size, reach.beyond) == (6, 1)
    client = staff.client(staff.account("赵查阅", READ))
    with clock.fixed(LATER):
        text = client.get(reverse("inspection:plan", args=[plan.pk])).content.decode()
    assert "名录 6 个对象，其中 1 个按本行检查将超过上限" in text
    assert "年度行政检查次数上限 数值未定（待核，不据以排除）" in text
    assert "截至 2026-03-13 本系统已知；其他部门的检查尚无交换数据" in text


@pytest.mark.parametrize(
    ("given", "beyond"),
    [({"draws": 1}, 1), ({"draws": 2}, 6), ({"stratum": "别的层"}, 0)],
)
def test_a_line_that_is_not_drawn_visits_everybody_at_each_time(given, beyond):
    listed = sites(per_year=1)
    one(roster=listed)
    line = {"item": listed.item, "measure": "all", "ratio": None} | given
    plan = cases.published_plan(cases.LI, lines=[line])
    assert [one.beyond for one in plan_ceilings.of(plan, LATER.date())] == [beyond]


def test_a_joint_visit_is_counted_as_the_one_visit_it_is_before_its_approval():
    listed = sites(per_year=2)
    other = sites(per_year=1, code="ZJ-007")
    taken = set(cycles.drawn_names(one(roster=other)).values())
    marked = {"together": "春季联查", "measure": "all", "ratio": None}
    plan = cases.published_plan(
        cases.LI, lines=[{"item": listed.item} | marked, {"item": other.item} | marked, {"item": cases.item()}]
    )
    joint, alone = plan_ceilings.of(plan, LATER.date())
    # The ceiling of either item holds for the visit; its carriers are on both rosters and are counted once.
    assert ([line.number for line in joint.lines], joint.size, joint.beyond) == ([1, 2], 6, len(taken))
    assert {ceiling.item for ceiling in joint.ceilings} == {"", listed.item.code, "ZJ-007"}
    assert ([line.number for line in alone.lines], alone.size) == ([3], None)
    client = staff.client(staff.account("赵查阅", READ))
    with clock.fixed(LATER):
        text = client.get(reverse("inspection:plan", args=[plan.pk])).content.decode()
    assert "第 1、2 行（综合查一次“春季联查”，按一次计）" in text
    assert "名录 6 个对象，其中 1 个按本行检查将超过上限" in text


def test_the_page_of_the_approval_shows_the_ceilings_to_whoever_signs():
    with clock.fixed(START):
        planned.build()
        plan = planned.submitted()
        page = staff.client(house.account("zhou")).get(reverse("console:approval", args=[plan.approval_id]))
    text = page.content.decode()
    assert "年度检查频次上限" in text
    assert "尚无该事项的名录，无法核算" in text
    assert reverse("inspection:plan", args=[plan.pk]) in text


def test_a_triggered_inspection_shows_its_targets_visits_and_counts_for_no_ceiling():
    with clock.fixed(START):
        planned.build()
        head = staff.client(house.account("zhi"))
        trigger = triggered.approved()
        triggered.sent(trigger, triggered.officers(2))
        page = head.get(reverse("inspection:trigger", args=[trigger.pk])).content.decode()
        hidden = staff.client(house.account("dai")).get(reverse("inspection:trigger", args=[trigger.pk]))
    assert "按计划 0 次，触发式 1 次（截至 2026-03-02 本系统已知" in page
    assert "触发式 1 次" not in hidden.content.decode()
    assert [one.triggered for one in visits_known.of_year(2026, START.date())] == [True]
