"""The law on screen in a real browser: a figure confirmed, a limit computed, next year's calendar loaded."""

import json

import pytest
from playwright.sync_api import expect
from tests.browser.pictures import shot

from xiezhi.core.actor import system
from xiezhi.lawbase import services
from xiezhi.lawbase.tests.acts_scenarios import CITED, NOTICE
from xiezhi.people.models import Account
from xiezhi.web.tests import signing_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULE = "违法行为线索核查、决定是否立案"


def person(name: str, *abilities: str) -> Account:
    """An account with just these abilities."""
    account = signing_in.account_with("lawbase.read", *abilities, path="/")
    account.name = name
    account.save(update_fields=["name"])
    return account


@pytest.fixture(autouse=True)
def loaded(hands):
    services.load_release(system("test"))


def test_a_jurist_confirms_a_figure_with_its_source_and_the_mark_is_gone(page, sign_in):
    sign_in(person("示例法制员", "lawbase.confirm"))
    page.goto("/console/")
    page.get_by_role("main").get_by_role("link", name="待核内容").last.click()
    page.get_by_label("类别").select_option("期限")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name=RULE).wait_for()
    shot(page, "law-pending", height=700)
    page.get_by_role("link", name=RULE).click()
    expect(page.get_by_role("heading", name="待核之处")).to_be_visible()
    page.get_by_role("link", name="与原文一致，核定").click()
    page.get_by_label("所核对的文本").fill("http://www.example.cn/55")
    page.get_by_label("核对日期").fill("2026-01-05")
    page.get_by_role("button", name="核定：与原文一致").click()
    expect(page.get_by_role("alert")).to_contain_text("原文摘录：请填写或选择此项。")
    page.get_by_label("原文摘录").fill(CITED["source_text"])
    page.get_by_role("button", name="核定：与原文一致").click()
    expect(page.get_by_role("alert")).to_contain_text("不写网址")
    expect(page.get_by_label("原文摘录")).to_have_value(CITED["source_text"])
    page.get_by_label("所核对的文本").fill(CITED["citation"])
    page.get_by_role("button", name="核定：与原文一致").click()
    expect(page.get_by_role("main")).to_contain_text(CITED["citation"])
    page.goto("/console/law/pending/?kind=deadline")
    expect(page.get_by_role("link", name=RULE)).to_have_count(0)


def test_a_limit_is_computed_with_each_step_and_its_reservation(page, sign_in, axe):
    sign_in(person("示例执法甲"))
    page.goto("/console/law/deadlines/calculator/")
    page.get_by_label("期限", exact=True).select_option(RULE)
    page.get_by_label("起算日").fill("2026-09-24")
    page.get_by_label("不计入的期间").fill("2026-09-28..2026-09-29")
    page.get_by_role("button", name="计算").click()
    result = page.locator("#result")
    expect(result).to_contain_text(RULE)
    expect(result).to_contain_text("待核")
    expect(page.get_by_role("heading", name="计算过程")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("扣除2026-09-28至2026-09-29")
    shot(page, "law-due-date", height=700)
    assert axe(page) == []
    page.get_by_label("不计入的期间").fill("下周")
    page.get_by_role("button", name="计算").click()
    expect(page.get_by_role("alert")).to_contain_text("第 1 行应为")
    expect(page.get_by_label("不计入的期间")).to_have_value("下周")
    assert axe(page) == []


def test_next_years_notice_is_tried_first_and_then_loaded(page, sign_in, axe, tmp_path):
    sign_in(person("示例管理员", "lawbase.manage"))
    page.goto("/console/law/calendar/?year=2027")
    expect(page.get_by_text("该年的放假通知尚未载入")).to_be_visible()
    page.get_by_role("link", name="载入放假通知").click()
    file = tmp_path / "放假安排.json"
    file.write_text(json.dumps(NOTICE))
    page.get_by_label("通知文件").set_input_files(file)
    page.get_by_label("安排的年份").fill("2027")
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("heading", name="将要变化的日期")).to_be_visible()
    shot(page, "law-calendar-preview")
    assert axe(page) == []
    page.get_by_role("button", name="确认载入").click()
    expect(page.get_by_text("2027 年共")).to_be_visible()
    expect(page.get_by_text("该年的放假通知尚未载入")).to_have_count(0)
