"""The calendar and the numbers in a real browser: reached by keys, read by axe, printed, and pictured for the guide."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.browser.pictures import shot

from xiezhi.core.actor import system
from xiezhi.inspection import gate, services
from xiezhi.inspection.codes import TaskState
from xiezhi.inspection.models import READ, Task
from xiezhi.inspection.tests import cases, sending, staff, visited
from xiezhi.people import services as people
from xiezhi.people.queries import actor_of
from xiezhi.registry import services as registry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ABILITIES = (READ, "people.read", "people.read_private", "registry.read", gate.PLAN, gate.READ_RELEASED)


@pytest.fixture
def task(request):
    """Five tasks: one done, three released, one sealed; one officer on leave; sites with positions."""
    first = visited.released(6)
    with visited.on_the_day(first, -1):
        for row in Task.objects.filter(state=TaskState.SEALED)[:3]:
            services.release_task(sending.SETUP, row.pk)
    visited.filed(first)
    with visited.on_the_day(first, 1):
        first.refresh_from_db()
        services.release_result(visited.REVIEWER, first.pk, rev=first.rev)
        away = first.window_to - timedelta(days=2)
        people.record_leave(
            sending.SETUP, officer=actor_officer(first), kind="annual", valid_from=away, valid_to=away
        )
    for number in range(12):
        project = registry.register_project(
            system("test"), agency=cases.AGENCY, district=cases.DISTRICT, number=f"2026-{number:06d}",
            name=f"示例工程{number:02d}", kind="building",
        )  # fmt: skip
        registry.record_site(
            system("test"), project.pk, name=f"示例工地{number:02d}", datum="WGS-84",
            latitude=Decimal("32.45") + Decimal(number % 5) / 100, longitude=Decimal("119.9") + Decimal(number) / 90,
        )  # fmt: skip
    # The hands take the clock over: what is made above has clocks of its own.
    request.getfixturevalue("hands").turn(days=3)
    return first


def actor_officer(task):
    return visited.others(task)[0].officer_id


def test_the_calendar_opens_who_is_sent_by_a_button_that_keys_reach(page, sign_in, axe, task):
    sign_in(staff.account("示例大队长", *ABILITIES))
    page.goto(reverse("inspection:calendar"))
    assert axe(page) == []
    names = {row.officer.name for row in task.officers.filter(duty__in=("leader", "member"))}
    assert not any(name in page.locator("table").first.inner_text() for name in names)
    page.get_by_role("button", name="显示检查人员").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="按人员").wait_for()
    assert axe(page) == []
    shot(page, "calendar", top=page.locator("h1"), height=900)
    lines = page.get_by_role("region", name="按人员").inner_text()
    assert all(name in lines for name in names)
    page.get_by_role("link", name="按周看").click()
    page.get_by_role("columnheader", name="任务、请假、证件到期").wait_for()
    assert axe(page) == []


def test_the_numbers_lead_to_their_lists_and_every_chart_has_its_table(page, sign_in, axe, task):
    sign_in(staff.account("示例大队长", *ABILITIES))
    page.goto(reverse("inspection:numbers"))
    assert axe(page) == []
    shot(page, "numbers", top=page.locator("h1"), height=1000)
    charts = page.locator("svg.xz-chart")
    assert charts.count() == page.locator(".xz-beside table").count() >= 3
    assert all(chart.locator("title").inner_html() for chart in charts.all())
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="导出 CSV").is_visible()
    page.emulate_media(media="screen")
    figure = page.locator(".xz-numbers__one", has_text="已检查").first
    counted = int(figure.locator("a").inner_text())
    figure.locator("a").click()
    page.get_by_role("heading", name="检查任务").wait_for()
    assert page.locator("#list tbody tr").count() == counted == 1


def test_an_officer_sees_his_own_month(page, sign_in, axe, task):
    sign_in(visited.sent(task))
    page.goto(reverse("inspection:calendar"))
    assert axe(page) == []
    assert str(task) in page.locator("table").first.inner_text()
    assert actor_of(visited.sent(task)).may(READ, cases.AGENCY)
