"""Publication in a real browser: one prepares, another compares and signs, a citizen finds it and objects."""

import pytest
from django.urls import reverse
from tests.browser.pictures import shot

from xiezhi import clock
from xiezhi.disclosure import gate, jobs
from xiezhi.disclosure.models import READ, Publication
from xiezhi.disclosure.tests import showing
from xiezhi.inspection.models import Task
from xiezhi.inspection.tests import staff
from xiezhi.people.models import Agency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_result_from_the_work_list_to_a_citizen_who_objects(page, context, sign_in, axe, monkeypatch):
    row = showing.due(outcome="rectify")
    Agency.objects.filter(path="/a1/").update(name="示例市城建监察支队")
    with showing.on_day(row):
        now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    task = Task.objects.select_related("target").get(pk=row.subject)
    inspection = ("inspection.read", "inspection.read_released")
    maker = staff.account("示例拟", READ, gate.PREPARE, *inspection)
    signer = staff.account("示例签", READ, gate.SIGN, gate.OBJECTIONS, *inspection)

    sign_in(maker)
    page.goto(reverse("disclosure:publications"))
    assert page.get_by_text("待核", exact=True).is_visible()
    shot(page, "disclosure-work", height=800)
    assert axe(page) == []
    page.get_by_role("link", name=row.working_title).click()
    page.get_by_role("link", name="拟定", exact=True).click()
    page.get_by_role("button", name="按来源拟定").click()
    page.get_by_text("待签发的内容").wait_for()
    assert axe(page) == []

    sign_in(signer)
    page.goto(reverse("disclosure:publications"))
    page.get_by_role("link", name="批量签发").click()
    page.get_by_text("公示的内容：").click()
    assert page.get_by_text(task.target.name).first.is_visible()
    shot(page, "disclosure-together", height=900)
    assert axe(page) == []
    page.goto(reverse("disclosure:publication", args=[row.pk]))
    page.get_by_role("link", name="核对并签发").click()
    assert page.get_by_text(task.target.name).is_visible()
    page.get_by_label("我已逐项核对来源和脱敏").check()
    shot(page, "disclosure-sign", height=900)
    assert axe(page) == []
    page.get_by_role("button", name="签发公示").click()
    page.get_by_role("heading", name="渠道").wait_for()
    assert jobs.deliver(jobs.Budget.of(10)) == 2
    page.reload()
    shot(page, "disclosure-channels", top=page.get_by_role("heading", name="渠道"), height=620)
    assert axe(page) == []
    showing.news()

    context.clear_cookies()
    page.goto(reverse("published-list"))
    # The search does not touch the filters, at a desk and on a phone.
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        search, filters = page.locator(".xz-search").bounding_box(), page.locator(".xz-filters").bounding_box()
        assert filters["y"] - search["y"] - search["height"] >= 12
        shot(page, f"published-list-{width}", width=width)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("单位名称、代码、事项或计划").fill(task.target.name[:6])
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=task.target.name).click()
    assert page.get_by_text("不是通报批评").is_visible()
    shot(page, "portal-published", height=900)
    assert axe(page) == []
    page.get_by_role("link", name="对此提出异议").click()
    for label, text in (
        ("提出人", "示例单位"),
        ("联系方式", "示例联系方式"),
        ("异议的内容和理由", "检查日期有误。"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    assert axe(page) == []
    page.get_by_role("button", name="提交异议").click()
    page.get_by_text("编号只显示这一次").wait_for()
    assert axe(page) == []
    assert Publication.objects.get(pk=row.pk).objections.count() == 1

    page.goto(reverse("published-firm-search"))
    page.get_by_label("统一社会信用代码或项目编号").fill(task.target.code)
    page.get_by_role("button", name="查询", exact=True).click()
    page.get_by_role("heading", name=task.target.name).wait_for()
    assert task.target.code not in page.url
    assert axe(page) == []
