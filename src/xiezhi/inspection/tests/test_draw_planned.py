"""计划之外无抽查: what a draw may rest on, and where it departs from its plan, as a jurist reads it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Refused
from xiezhi.inspection import basis, gate, plan_progress, services
from xiezhi.inspection.models import READ, Draw, DrawnTarget, PlanLine
from xiezhi.inspection.tests import cases, sending, staff
from xiezhi.inspection.tests.strangers import refused
from xiezhi.record import queries as record
from xiezhi.record.models import Event

pytestmark = pytest.mark.django_db
START = cases.START
WINDOW = {"window_from": date(2026, 3, 4), "window_to": date(2026, 3, 14)}


@pytest.fixture
def roster():
    with clock.fixed(START):
        return cases.roster(40)


def line(roster, **given) -> PlanLine:
    """The first line of a published plan with the roster's item; ``given``: columns of the line and of the plan."""
    columns = ("stratum", "measure", "ratio", "cycle_years", "draws", "months")
    own = {name: given.pop(name) for name in columns if name in given}
    lines = given.pop("lines", [{"item": given.pop("item", roster.item)} | own])
    with clock.fixed(START):
        return cases.published_plan(given.pop("actor", cases.LI), lines=lines, **given).lines.first()


def prepare(roster, plan_line, **given) -> Draw:
    told = {"title": "三月示例抽查", "plan": [cases.stratum()]} | WINDOW | given
    with clock.fixed(START):
        return services.prepare_draw(
            cases.LI,
            roster=roster,
            plan_line=plan_line,
            sources=[cases.source(START + timedelta(hours=12))],
            **told,
        )


def test_a_draw_that_rests_on_no_plan_is_refused_and_says_what_to_do(roster):
    with pytest.raises(Refused) as caught:
        prepare(roster, None)
    refusal = caught.value.refusal
    assert refusal.rule_id == "xz-draw-planned"
    assert "54号" in refusal.article
    assert "另立专项检查" in refusal.remedy
    assert not Draw.objects.exists()


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        # the plan that it would rest on, what the refusal says
        ({"agency": "/a2/"}, "不是本机构或上级机构"),
        ({"agency": f"{cases.AGENCY}b/"}, "不是本机构或上级机构"),
        ({"district": "329999"}, "不是本机构或上级机构"),
        ({"begins": date(2026, 3, 5)}, "2026-03-05"),
        ({"ends": date(2026, 3, 13)}, "2026-03-13"),
        ({"stratum": "A"}, "没有就“全部”层安排"),
    ],
)
def test_a_plan_that_does_not_carry_the_draw_is_refused(roster, plan, says):
    with pytest.raises(Refused) as caught:
        prepare(roster, line(roster, **plan))
    assert caught.value.refusal.rule_id == "xz-draw-planned"
    assert says in caught.value.refusal.message % caught.value.refusal.params


@pytest.mark.parametrize("agency", [cases.AGENCY, "/"])
def test_a_plan_of_the_agency_or_of_one_above_carries_it(roster, agency):
    found = line(roster, agency=agency)
    draw = prepare(roster, found)
    assert draw.line == found
    data = record.envelope(Event.objects.get(type="inspection.draw_prepared").id)["data"]
    assert (data["plan"], data["line"], data["deviations"]) == (str(found.plan_id), str(found.pk), [
        "“全部”层计划为按比例抽取 1/10，方案为 5 个。"
    ])  # fmt: skip
    assert "plan" not in data["rules"]


def test_a_line_of_another_item_does_not_carry_it(roster):
    with clock.fixed(START):
        other = services.publish_item(
            cases.LI, code="ZJ-002", title="质量检查", basis="《建筑法》第五十八条", target_kind="entity",
            valid_from=date(2026, 1, 1), agency=cases.AGENCY, district=cases.DISTRICT,
        )  # fmt: skip
    with pytest.raises(Refused, match="ZJ-002 质量检查"):
        prepare(roster, line(roster, item=other))


def test_an_older_version_of_the_item_in_the_plan_carries_its_successor():
    with clock.fixed(START):
        first, second = cases.item(), cases.item(valid_from=date(2026, 2, 1))
        listed = cases.roster(40, item=second)
    assert (first.version, second.version) == (1, 2)
    assert prepare(listed, line(listed, item=first)).line.item == first


def test_a_draft_carries_nothing_and_a_plan_that_was_ended_nothing_more(roster):
    with clock.fixed(START):
        given = {"measure": "ratio", "ratio": [1, 10], "quota": 4, "item": str(roster.item_id)}
        draft = services.draft_plan(
            cases.LI, kind="special", year=2026, title="节后复工专项检查", ground="节后复工",
            agency=cases.AGENCY, district=cases.DISTRICT, lines=[given],
        )  # fmt: skip
    with pytest.raises(Refused, match="起草中"):
        prepare(roster, draft.lines.get())
    found = line(roster)
    draw = prepare(roster, found)
    with clock.fixed(START + timedelta(hours=1)):
        services.end_plan(cases.LI, found.plan_id, rev=found.plan.rev, reason="重复立项")
        assert refused(services.commit_draw, cases.LI, draw.id, rev=draw.rev) == "xz-draw-planned"


def test_what_was_committed_stands_though_the_plan_ends():
    draw = cases.drawn()
    with clock.fixed(START + timedelta(hours=15)):
        services.end_plan(cases.LI, draw.line.plan_id, rev=draw.line.plan.rev, reason="另立新计划")
    with clock.fixed(START + timedelta(hours=16)):
        assert cases.publish(draw).state == "published"


def test_an_officers_draw_takes_the_line_of_its_parent():
    sending.officers(4)
    parent = cases.published()
    assert sending.dispatched(parent).line == parent.line


@pytest.mark.parametrize(
    ("planned", "stratum", "shown"),
    [
        # the line, the draw's stratum, what the pages say
        ({"ratio": [1, 10]}, {"n": None, "ratio": [1, 10]}, []),
        ({"ratio": [1, 10]}, {"n": None, "ratio": [2, 20]}, []),
        ({"ratio": [1, 10]}, {"n": None, "ratio": [1, 4]}, ["计划为按比例抽取 1/10，方案为 1/4"]),
        ({"ratio": [1, 10]}, {"n": 5}, ["计划为按比例抽取 1/10，方案为 5 个"]),
        ({"measure": "all", "ratio": None}, {"n": None, "ratio": [1, 1]}, []),
        ({"measure": "all", "ratio": None}, {"n": 5}, ["逐个检查"]),
        (
            {"measure": "cycle", "ratio": None, "cycle_years": 2},
            {"n": 5},
            ["2 年内全覆盖（分 1 次），方案为 5 个"],
        ),
        ({"ratio": [1, 10], "months": [3, 9]}, {"n": None, "ratio": [1, 10]}, []),
        ({"ratio": [1, 10], "months": [4, 9]}, {"n": None, "ratio": [1, 10]}, ["不在计划安排的 4、9 月之内"]),
    ],
)
def test_a_departure_from_the_line_is_shown_and_refuses_nothing(roster, planned, stratum, shown):
    draw = prepare(roster, line(roster, **planned), plan=[cases.stratum() | stratum])
    found = basis.deviations(draw)
    assert len(found) == len(shown)
    assert all(text in one for text, one in zip(shown, found, strict=True))


def test_each_stratum_needs_a_line_of_its_own_or_one_for_all():
    with clock.fixed(START):
        listed = cases.roster(40, strata="grade")
    plan = [cases.stratum("A"), cases.stratum("C")]
    only_a = line(listed, stratum="A")
    with pytest.raises(Refused, match="没有就“C”层安排"):
        prepare(listed, only_a, plan=plan)
    nobody = [cases.stratum("A"), cases.stratum("C", n=0, reserves=0)]
    assert prepare(listed, only_a, plan=nobody).line == only_a


def test_the_plans_page_counts_what_was_drawn_on_each_line():
    with clock.fixed(START):
        listed = cases.roster(40, strata="grade")
    lines = [{"item": listed.item, "stratum": "A"}, {"item": listed.item, "ratio": [1, 5], "stratum": ""}]
    first = line(listed, lines=lines)
    plan = [cases.stratum("A", n=3), cases.stratum("C", n=4)]
    draw = cases.drawn(roster=listed, plan_line=first, plan=plan)
    void = cases.drawn(START + timedelta(days=3), roster=listed, plan_line=first, plan=plan)
    with clock.fixed(START + timedelta(days=4)):
        void.refresh_from_db()
        given = {"reason": "程序有误", "explanation": "示例", "document": "示监函〔2026〕3号"}
        services.void_draw(cases.LI, void.id, rev=void.rev, **given)
    assert DrawnTarget.objects.filter(draw=void).exists()
    found = plan_progress.of(first.plan)
    assert [(one.drawn, one.draws) for one in found.values()] == [(3, [draw]), (4, [draw])]
    shown = staff.client(staff.account("赵查阅", READ)).get(reverse("inspection:plan", args=[first.plan_id]))
    assert draw.draw_id in shown.content.decode()
    assert reverse("inspection:draw", args=[draw.pk]) in shown.content.decode()


PLANNER = (READ, gate.PLAN)


def fields(page) -> dict[str, object]:
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_form_offers_the_lines_that_fit_and_is_filled_in_from_one(roster):
    client = staff.client(staff.account("张组织", *PLANNER))
    here = reverse("inspection:new_draw", args=[roster.pk])
    with clock.fixed(START):
        assert "请先公布年度计划" in client.get(here).content.decode()
        yearly = line(roster, ratio=[1, 20], months=[3], title="年度计划")
        line(roster, agency="/a2/", title="别处的计划")
        line(roster, ends=date(2026, 2, 28), title="已到期的计划")
        only = fields(client.get(here))
        special = line(roster, measure="all", ratio=None, title="台风专项检查")
        both = client.get(here)
        chosen = fields(client.get(f"{here}?line={special.pk}"))
    assert (only["line"], only["share_0"]) == (str(yearly.pk), "1/20")
    assert fields(both)["line"] is None
    text = both.content.decode()
    assert "年度计划 第 1 行：按比例抽取 1/20，3 月" in text
    assert "台风专项检查 第 1 行：逐个检查（不抽取）" in text
    assert "别处的计划" not in text
    assert "已到期的计划" not in text
    assert (chosen["line"], chosen["share_0"]) == (str(special.pk), "1/1")


def test_the_form_goes_on_with_the_cycle_that_is_under_way(roster):
    client = staff.client(staff.account("张组织", *PLANNER))
    here = reverse("inspection:new_draw", args=[roster.pk])
    cycle = line(roster, measure="cycle", ratio=None, cycle_years=2, draws=2)
    with clock.fixed(START):
        first = fields(client.get(here))
    named = {name: first[f"cycle_{name}"] for name in ("name", "draws", "number")}
    assert named == {"name": "ZJ-001 2026—2027 年度全覆盖", "draws": 4, "number": 1}
    assert (first["coverage_0"], first["share_0"]) == (True, "0")
    draw = prepare(roster, cycle, plan=[cases.stratum(n=0, coverage=True)], cycle=named)
    assert basis.deviations(draw) == []
    with clock.fixed(START):
        second = fields(client.get(here))
    assert (second["cycle_name"], second["cycle_number"]) == (named["name"], 2)


def test_a_stratum_without_a_line_begins_with_nobody(roster):
    with clock.fixed(START):
        listed = cases.roster(40, strata="grade")
    typed = basis.as_typed(line(listed, stratum="A"), listed, ["A", "C"])
    assert (typed["share_0"], typed["share_1"], typed["reserves_1"]) == ("1/10", "0", 0)


def test_a_form_without_a_plan_is_refused_with_all_that_was_typed(roster):
    from xiezhi.inspection.tests.test_draw_pages import PLAN

    client = staff.client(staff.account("张组织", *PLANNER))
    line(roster)
    with clock.fixed(START):
        answer = client.post(reverse("inspection:new_draw", args=[roster.pk]), PLAN | {"title": "保留我"})
    assert answer.status_code == 409
    assert "计划之外不得抽查" in answer.content.decode()
    assert "保留我" in answer.content.decode()


def test_console_and_portal_name_the_plan_and_the_console_leads_there():
    draw = cases.published()
    client = staff.client(staff.account("赵查阅", READ))
    console = client.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
    portal = Client().get(reverse("portal:draw", args=[draw.pk])).content.decode()
    for text in (console, portal):
        assert "示例专项检查（示监〔2026〕2号）第 1 行" in text
        assert "计划为按比例抽取 1/10，方案为 5 个" in text
    assert reverse("inspection:plan", args=[draw.line.plan_id]) in console


def test_the_plan_of_a_body_above_is_named_without_a_link_that_leads_nowhere(roster):
    draw = prepare(roster, line(roster, agency="/"))
    client = staff.client(staff.account("赵查阅", READ))
    text = client.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
    assert "示例专项检查（示监〔2026〕2号）" in text
    assert reverse("inspection:plan", args=[draw.line.plan_id]) not in text
