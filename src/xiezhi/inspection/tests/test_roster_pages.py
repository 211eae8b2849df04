"""A roster is made from entities or projects, as its item says; looked at first, and some left out with a reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor
from xiezhi.inspection import gate, services
from xiezhi.inspection.models import READ, TargetRoster
from xiezhi.inspection.targets import Selection
from xiezhi.inspection.tests import cases, staff
from xiezhi.record import queries as record
from xiezhi.record.models import Event
from xiezhi.registry import services as registry

REGISTRAR = Actor(
    "t", "officer", cases.AGENCY, cases.DISTRICT, frozenset({Ability("registry.edit", cases.AGENCY)})
)
NEW = "inspection:new_roster"


@pytest.fixture(autouse=True)
def _noon(db):
    with clock.fixed(cases.START):
        yield


@pytest.fixture
def organiser():
    return staff.client(staff.account("张组织", READ, gate.PLAN, "registry.read"))


def project(number: int, state: str = "running", **facts):
    district = facts.pop("district", cases.DISTRICT)
    row = registry.register_project(
        REGISTRAR,
        agency=cases.AGENCY,
        district=district,
        number=f"SL-{number:03d}",
        name=f"示例{number:03d}号楼",
        **facts,
    )
    steps = {"planned": (), "running": ("running",), "finished": ("running", "finished")}[state]
    for step in steps:
        row = registry.move_project(REGISTRAR, row.pk, rev=row.rev, state=step, reason="示例")
    return row


def item(kind: str = "project"):
    return services.publish_item(
        cases.LI, code=f"ZJ-{kind}", title="示例检查", basis="《建筑法》第七条", target_kind=kind,
        valid_from=date(2026, 1, 1), agency=cases.AGENCY, district=cases.DISTRICT,
    )  # fmt: skip


def typed(row, **given):
    return {"agency": cases.AGENCY, "item": row.pk, "title": "示例项目名录", "strata": "all"} | given


@pytest.fixture
def projects():
    """Seven that are built, one of them a bridge and one in another district; one planned, one finished."""
    made = [project(number) for number in range(1, 6)]
    made += [project(6, kind="municipal"), project(7, district="329901")]
    return [*made, project(8, "planned"), project(9, "finished")]


def codes() -> list[str]:
    return list(TargetRoster.objects.get().entries.order_by("code").values_list("code", flat=True))


def body(answer) -> str:
    return answer.content.decode()


def test_the_roster_of_an_item_for_projects_is_made_of_projects(organiser, projects):
    assert organiser.post(reverse(NEW), typed(item())).status_code == 302
    assert codes() == [f"SL-{number:03d}" for number in range(1, 8)]
    assert set(TargetRoster.objects.get().entries.values_list("target", flat=True)) == {
        one.pk for one in projects[:7]
    }


@pytest.mark.parametrize(
    ("chosen", "size"),
    [
        ({}, 7),
        ({"kinds": ["building"]}, 6),
        ({"district": "329900"}, 6),
        ({"states": ["planned", "finished"]}, 2),
        ({"states": ["running", "finished"]}, 8),
        ({"words": "示例 003"}, 1),
    ],
)
def test_the_preview_counts_what_the_filters_leave_and_freezes_nothing(organiser, projects, chosen, size):
    answer = organiser.post(reverse(NEW), typed(item(), look="1", **chosen))
    assert f"符合条件的检查对象 {size} 个，尚未固定" in body(answer)
    assert ("不足 5 个，不能固定" in body(answer)) == (size < 5)
    assert not TargetRoster.objects.exists()


def test_an_item_for_sites_takes_the_projects_that_have_one_by_their_own_number(organiser, projects):
    for one in projects[1:6]:
        registry.record_site(
            REGISTRAR, one.pk, name="东侧", latitude=Decimal("32.4"), longitude=Decimal("119.9"), datum="WGS-84"
        )
    organiser.post(reverse(NEW), typed(item("site")))
    assert codes() == [f"SL-{number:03d}" for number in range(2, 7)]


def test_some_are_left_out_with_a_reason_that_the_record_keeps_and_taken_back_before_it_is_frozen(
    organiser, projects
):
    row = item()
    answer = organiser.post(reverse(NEW), typed(row, look="1", leave=["SL-001", "SL-002"], why="已移交省厅检查"))
    assert "符合条件的检查对象 5 个" in body(answer)
    assert "SL-001\nSL-002</textarea>" in body(answer)
    back = organiser.post(reverse(NEW), typed(row, look="1", without="SL-002", why="已移交省厅检查"))
    assert "符合条件的检查对象 6 个" in body(back)
    assert organiser.post(reverse(NEW), typed(row, without="SL-002")).status_code == 422
    organiser.post(reverse(NEW), typed(row, without="SL-002", why="已移交省厅检查"))
    assert "SL-002" not in codes()
    event = Event.objects.get(type="inspection.roster_frozen")
    private = record.private_part(event.id)
    assert (private["left_out"], private["why"]) == (["SL-002"], "已移交省厅检查")
    page = organiser.get(reverse("inspection:roster", args=[TargetRoster.objects.get().pk]))
    assert "不列入 1 个：SL-002。理由：已移交省厅检查" in body(page)


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("entity", {"states": ["running"]}, "检查对象是“市场主体”，不能按此项筛选"),
        ("project", {"county": "海陵"}, "检查对象是“工程项目”，不能按此项筛选"),
        ("project", {"without": "SL-404", "why": "示例"}, "不在符合条件的对象中：SL-404"),
    ],
)
def test_what_does_not_fit_is_not_passed_over_in_silence(organiser, projects, kind, given, message):
    row = item(kind)
    for button in ({}, {"look": "1"}):
        answer = organiser.post(reverse(NEW), typed(row, **given, **button))
        assert answer.status_code == 422
        assert message in body(answer)


def test_what_a_roster_keeps_chooses_the_same_again_but_leaves_nobody_out():
    for kind in ("entity", "project", "site"):
        narrowed = (
            {} if kind == "entity" else {"states": ("running",), "kinds": ("building",), "district": "329900"}
        )
        chosen = Selection("/a1/", words=("示例",), kind=kind, **narrowed)
        assert Selection.read(chosen.as_shown()) == chosen
        assert Selection.read(replace(chosen, without=("SL-002",), why="示例").as_shown()) == chosen
    assert Selection.read({"draw": "示监抽〔2026〕3号"}) is None
