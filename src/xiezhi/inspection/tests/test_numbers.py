"""Numbers on inspections: each is explained, leads to the list that it counts, and counts what its reader may see."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core.actor import system
from xiezhi.inspection import charts, numbers
from xiezhi.inspection.codes import TaskState
from xiezhi.inspection.models import READ, Plan, Task
from xiezhi.inspection.numbers import Scope, Section
from xiezhi.inspection.tests import cases, staff, visited
from xiezhi.people.models import RoleAssignment
from xiezhi.registry import services as registry

PAGE = "/console/draws/numbers/"
ACTOR = system("test")


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(0, 0, "—"), (0, 4, "0.0%"), (1, 3, "33.3%"), (3, 3, "100.0%")]
)
def test_a_share_of_nothing_is_no_share(part, whole, said):
    assert numbers.share(part, whole) == said


@given(st.lists(st.integers(0, 30), max_size=40))
def test_a_distribution_counts_everybody_once(loads):
    counted, gap = numbers.spread(loads)
    assert sum(counted.values()) == len(loads)
    assert sum(load * many for load, many in counted.items()) == sum(loads)
    assert gap == (max(loads) - min(loads) if loads else 0)


def test_a_chart_has_a_title_a_description_and_no_style():
    svg = charts.bars("x", "逐月<b>", "说明", ["1月", "2月"], {"任务": [3, 0], "已检查": [1, 0]})
    assert '<title id="x-title">逐月&lt;b&gt;</title>' in svg
    assert '<desc id="x-desc">说明</desc>' in svg
    assert "style=" not in svg
    assert svg.count("<rect") == 2 * 2 + 2
    tall = [float(one) for one in re.findall(r'height="([0-9.]+)" fill="#244370"/>', svg)]
    assert tall[0] > tall[1] == 0


def test_north_is_above_and_east_is_right():
    svg = charts.points("m", "示意图", "x", [(32.0, 119.0), (33.0, 120.0)], [])
    (x1, y1), (x2, y2) = [
        (float(x), float(y)) for x, y in re.findall(r'<circle cx="([0-9.]+)" cy="([0-9.]+)"', svg)
    ]
    assert x2 > x1
    assert y2 < y1


@pytest.fixture
def task(db):
    return visited.released()


@pytest.fixture
def reader(task):
    return staff.client(staff.account("读者", READ))


def scope(task, year: int = 2026, agency: str = cases.AGENCY) -> Scope:
    return Scope(agency, year, task.window_to + timedelta(days=1))


def figures(found: list[Section]) -> dict[str, str]:
    return {str(one.title): one.value for section in found for one in section.figures}


def test_what_is_visited_is_parted_by_what_it_rests_on(task):
    visited.filed(task)
    plans = Plan.objects.filter(pk=task.draw.line.plan_id)
    for kind, title in (("special", "专项检查"), ("key", "重点监管"), ("yearly", "年度计划抽取")):
        plans.update(kind=kind)
        found = figures(numbers.sections(ACTOR, scope(task)))
        assert found["已检查"] == "1"
        said = {name: found[name] for name in ("年度计划抽取", "专项检查", "重点监管", "触发式检查")}
        assert said == dict.fromkeys(said, "0（0.0%）") | {title: "1（100.0%）"}


def test_late_is_what_has_no_result_and_what_nobody_reviewed(task):
    visited.filed(task)
    found = figures(numbers.sections(ACTOR, scope(task)))
    assert found["逾期未检查"] == "4"
    assert found["待复核"] == "1"
    assert found["待复核超过 7 日"] == "1"
    soon = Scope(cases.AGENCY, 2026, task.window_from + timedelta(days=7))
    assert figures(numbers.sections(ACTOR, soon))["待复核超过 7 日"] == "0"


def test_coverage_and_loads_count_officers_and_objects_without_a_name(task):
    with visited.on_the_day(task):
        found = numbers.sections(ACTOR, scope(task))
    said = figures(found)
    assert said["对象覆盖率"] == "12.5%（5/40）"
    assert said["人员覆盖率"] == "50.0%（2/4）"
    assert said["负荷差"] == "1"
    loads = next(one for one in found if one.key == "officers")
    assert dict(zip(loads.labels, *loads.series.values(), strict=True)) == {"0": 2, "1": 2}
    text = str(found)
    assert not any(row.officer.name in text for row in task.officers.all())


def test_targets_at_a_ceiling_and_one_short_of_it_are_counted(task):
    item = task.items.get()
    found = {}
    for limit in (None, 1, 2, 3):
        type(item).objects.filter(pk=item.pk).update(per_year=limit)
        section = next(one for one in numbers.sections(ACTOR, scope(task)) if one.key == "ceilings")
        rows = zip(section.labels, *section.series.values(), strict=True)
        found[limit] = [(at, near) for name, at, near in rows if name.startswith(item.code)]
    assert found == {None: [], 1: [(1, 0)], 2: [(0, 1)], 3: [(0, 0)]}


def test_the_year_is_that_in_which_the_window_begins(task):
    months = next(one for one in numbers.sections(ACTOR, scope(task)) if one.key == "months")
    assert months.series["任务"] == [0, 0, 5] + [0] * 9
    months = next(one for one in numbers.sections(ACTOR, scope(task, 2025)) if one.key == "months")
    assert sum(months.series["任务"]) == 0


@pytest.mark.django_db
def test_every_figure_says_what_it_means_and_its_list_counts_the_same(task, reader):
    visited.filed(task)
    with visited.on_the_day(task, 11):
        page = reader.get(PAGE).content.decode()
        assert page.count("xz-numbers__one") == page.count("xz-numbers__means")
        links = re.findall(r'<dt>([^<]+)</dt><dd class="xz-numbers__value"><a href="([^"]+)">(\d+)', page)
        assert len(links) >= 7
        for title, address, value in links:
            address = address.replace("&amp;", "&")
            if "/tasks/?" not in address or title == "待复核超过 7 日":
                continue
            listed = reader.get(address).content.decode()
            rows = {str(row) for row in Task.objects.all() if f">{row}</a>" in listed}
            assert len(rows) == int(value), title


def test_a_neighbour_counts_nothing_and_may_not_ask_for_ours(task):
    stranger = staff.client(staff.account("邻县", READ))
    RoleAssignment.objects.filter(account__username="邻县").update(agency="/b2/")
    with visited.on_the_day(task):
        assert stranger.get(PAGE, {"agency": cases.AGENCY}).status_code == 403
        assert task.draw.draw_id not in stranger.get(PAGE).content.decode()


def test_cancelled_tasks_are_in_no_month(task):
    Task.objects.exclude(pk=task.pk).update(state=TaskState.CANCELLED)
    months = next(one for one in numbers.sections(ACTOR, scope(task)) if one.key == "months")
    assert sum(months.series["任务"]) == 1


def test_the_export_has_every_figure_with_its_definition(task, reader):
    with visited.on_the_day(task):
        answer = reader.post(PAGE)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert "attachment" in answer["Content-Disposition"]
    by_name = {row["指标"]: row for row in rows}
    assert by_name["已检查"]["数值"] == "0"
    assert by_name["3月：任务"]["数值"] == "5"
    assert all(row["说明"] for row in rows if row["部分"] not in ("检查从何而来", "对象覆盖"))


def test_sites_stand_on_a_sketch_that_says_it_is_no_map(task):
    project = registry.register_project(
        ACTOR, agency=cases.AGENCY, district=cases.DISTRICT, number="2026-000001", name="示例家园", kind="building"
    )
    client = staff.client(staff.account("登记", READ, "registry.read"))
    with visited.on_the_day(task):
        assert "没有登记位置的工地" in client.get(PAGE).content.decode()
        registry.record_site(
            ACTOR,
            project.pk,
            name="示例工地",
            latitude=Decimal("32.5"),
            longitude=Decimal("119.9"),
            datum="WGS-84",
        )
        page = client.get(PAGE).content.decode()
        assert page.count("<circle") == 1
        assert "示意图" in page
        assert "不是行政区划界线" in page
        without = staff.client(staff.account("不看登记", READ)).get(PAGE).content.decode()
        assert "<circle" not in without


def test_an_unknown_year_is_this_year(task, reader):
    with visited.on_the_day(task):
        assert '<option value="2026" selected>' in reader.get(PAGE, {"year": "99999"}).content.decode()
