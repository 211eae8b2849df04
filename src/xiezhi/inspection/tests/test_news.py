"""Who is told how the approval of a plan or a triggered inspection goes."""

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.inspection import services
from xiezhi.inspection.tests import cases, planned
from xiezhi.notify.models import Notification
from xiezhi.people import services as people
from xiezhi.people.tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house():
    with clock.fixed(cases.START):
        planned.build()
        yield


def told(username: str) -> list[str]:
    rows = Notification.objects.filter(account=str(house.account(username).pk), kind="inspection.approval")
    return list(rows.order_by("created_at", "pk").values_list("title", flat=True))


def test_each_whose_turn_it_is_and_at_the_end_the_applicant_are_told():
    plan = planned.submitted()
    planned.news()
    assert (told("zhou"), told("zhi"), told(planned.ORGANISER)) == (["待您审批：2026 年度抽查计划"], [], [])
    planned.agree(plan.approval, "zhou")
    assert told("zhi") == ["待您审批：2026 年度抽查计划"]
    planned.agree(plan.approval, "zhi")
    assert told(planned.ORGANISER) == ["审批通过：2026 年度抽查计划"]
    assert told("dai") == []
    links = set(Notification.objects.filter(kind="inspection.approval").values_list("link", flat=True))
    assert links == {reverse("console:approval", args=[plan.approval_id])}


def test_the_applicant_is_told_that_it_came_back():
    plan = planned.submitted()
    people.return_approval(
        house.actor("zhou"), approval=plan.approval_id, text="请补充依据。", rev=plan.approval.rev
    )
    planned.news()
    assert told(planned.ORGANISER) == ["审批退回，请补正：2026 年度抽查计划"]
    assert told("zhou") == [], "news of a step that has passed"


def test_the_message_of_a_triggered_inspection_names_no_target():
    trigger = planned.asked()
    planned.news()
    (title,) = told("zhou")
    assert "12345〔2026〕88号" in title
    assert trigger.name not in title
    assert trigger.code not in title


def test_a_published_plan_is_told_to_its_divisions_and_to_whoever_comes_along():
    plan = planned.published(lines=[planned.line(partners=[house.LEGAL])])
    planned.news()
    rows = Notification.objects.filter(kind="inspection.plan")
    assert set(rows.values_list("title", flat=True)) == {"计划已公布：2026 年度抽查计划"}
    assert set(rows.values_list("body", flat=True)) == {"公布文号：示监〔2026〕2号"}
    links = {house.Account.objects.get(pk=row.account).username: row.link for row in rows}
    page = reverse("inspection:plan", args=[plan.pk])
    assert (links["zhi"], links[planned.ORGANISER]) == (page, page)
    assert links["lin"] == "", "a squad does not see the detachment's pages"
    assert "gui" in links, "works in the division that comes along"
    assert "ju" not in links
    assert "fen" not in links


def test_nobody_is_told_of_a_plan_that_ended_meanwhile():
    plan = planned.published()
    services.end_plan(planned.organiser(), plan.id, rev=plan.rev, reason="示例")
    planned.news()
    assert not Notification.objects.filter(kind="inspection.plan").exists()
