"""综合查一次: lines of one mark are one visit, and whoever goes may go for all of it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi import clock
from xiezhi.inspection import dispatch, plan_ceilings, services, together
from xiezhi.inspection.models import READ
from xiezhi.inspection.tests import cases, planned, sending, staff
from xiezhi.people import services as people
from xiezhi.people.models import Officer
from xiezhi.people.tests import house

pytestmark = pytest.mark.django_db
START = cases.START


def item(code: str, **given):
    told = {"target_kind": "entity", "valid_from": date(2026, 1, 1)} | given
    return services.publish_item(
        cases.LI, code=code, title=f"{code} 检查", basis="《建筑法》第七条",
        agency=cases.AGENCY, district=cases.DISTRICT, **told,
    )  # fmt: skip


@pytest.fixture
def visit():
    """An officers' draw in a plan that looks at two items in one visit; a third is for sites, a fourth alone."""
    sending.officers(4)
    with clock.fixed(START):
        listed = cases.roster(40)
        marked = {"together": "春季联查", "partners": [cases.AGENCY, "/gone/"]}
        lines = [
            {"item": listed.item} | marked,
            {"item": item("ZJ-002", per_year=3)} | marked,
            {"item": item("ZJ-003", target_kind="site")} | marked,
            {"item": item("ZJ-004")},
        ]
        line = cases.published_plan(cases.LI, lines=lines).lines.first()
    parent = cases.published(roster=listed, plan_line=line)
    return sending.dispatched(parent)


def test_the_tasks_of_the_visit_carry_every_item_that_fits_its_target(visit):
    tasks = list(visit.dispatched_tasks.all())
    assert len(tasks) == 5
    assert [[one.code for one in task.items.order_by("code")] for task in tasks] == [["ZJ-001", "ZJ-002"]] * 5


def test_items_of_a_project_and_of_its_site_are_one_visit_and_those_of_a_firm_another():
    """A site is visited under its project's number."""
    kinds = {"ZJ-011": "project", "ZJ-012": "site", "ZJ-013": "entity"}
    with clock.fixed(START):
        lines = [{"item": item(code, target_kind=kind), "together": "春季联查"} for code, kind in kinds.items()]
        plan = cases.published_plan(cases.LI, lines=lines)
        beside = [
            [one.code for one in together.items(row, row.item, START.date())]
            for row in plan.lines.order_by("number")
        ]
        visits = [[line.number for line in visit.lines] for visit in plan_ceilings.of(plan, START.date())]
    assert beside == [["ZJ-012"], ["ZJ-011"], []]
    assert visits == [[1, 2], [3]]


def test_the_ceiling_of_each_item_of_the_visit_is_announced(visit):
    assert visit.parent.caps == [{"code": "FREQ_CAP", "limit": 3, "per": "检查对象×ZJ-002×年"}]


def test_console_and_portal_name_what_is_looked_at_and_who_comes_along(visit):
    client = staff.client(staff.account("赵查阅", READ))
    pages = [
        client.get(reverse("inspection:draw", args=[visit.parent_id])),
        Client().get(reverse("portal:draw", args=[visit.parent_id])),
    ]
    for page in pages:
        assert "ZJ-002 ZJ-002 检查" in page.content.decode()
        assert "ZJ-004" not in page.content.decode()
    pages += [
        client.get(reverse("inspection:plan", args=[visit.line.plan_id])),
        client.get(reverse("inspection:task", args=[visit.dispatched_tasks.first().pk])),
    ]
    assert all("示例支队、/gone/" in page.content.decode() for page in pages)


def test_an_officer_goes_only_where_he_may_go_for_every_item():
    officers = sending.officers(4)
    with clock.fixed(START):
        skilled = item("ZJ-005")
        type(skilled).objects.filter(pk=skilled.pk).update(skills=["quality"])
        skilled.refresh_from_db()
        plain = item("ZJ-006")
        Officer.objects.filter(pk__in=[one.pk for one in officers[:2]]).update(skills=["quality", "safety"])
        days = (date(2026, 3, 4), date(2026, 3, 14))
        both = dispatch.able([plain, skilled], cases.AGENCY, *days)
        one = dispatch.able([plain], cases.AGENCY, *days)
    assert (len(one), {row.pk for row in both}) == (4, {row.pk for row in officers[:2]})


def test_a_line_without_a_mark_is_a_visit_of_its_own():
    line = cases.prepared().line
    assert together.items(line, line.item, START.date()) == []
    assert together.partners(line) == ""


def test_a_plan_that_came_back_from_its_approval_says_so():
    with clock.fixed(START):
        planned.build()
        plan = planned.submitted()
        client = staff.client(house.account("zhi"))
        address = reverse("inspection:plan", args=[plan.pk])
        assert "审批中" in client.get(address).content.decode()
    with clock.fixed(START + timedelta(hours=1)):
        people.return_approval(
            house.actor("zhou"), approval=plan.approval_id, text="请补充依据。", rev=plan.approval.rev
        )
        text = client.get(address).content.decode()
    assert "审批退回" in text
    assert "审批中" not in text


def test_the_partners_of_all_lines_are_asked_once_and_are_those_of_each(django_assert_num_queries):
    with clock.fixed(cases.START):
        staff.account("示例", "inspection.read")
        marks = [("春", [cases.AGENCY]), ("春", ["/gone/"]), ("", [cases.AGENCY]), ("", [])]
        item = cases.item()
        lines = [{"item": item, "stratum": f"{n}", "together": m, "partners": p} for n, (m, p) in enumerate(marks)]
        plan = cases.published_plan(cases.LI, lines=lines)
    found = list(plan.lines.order_by("number"))
    with django_assert_num_queries(1):
        names = together.partners_of(found)
    assert names == {line.number: together.partners(line) for line in found}
    assert list(names.values()) == ["示例支队、/gone/", "示例支队、/gone/", "示例支队", ""]
