"""Signing in through the real form with an authenticator, being sent to set one up, ending one's other sessions."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from playwright.sync_api import Page, expect
from tests.browser.pictures import shot

from xiezhi.people import services
from xiezhi.people.tests import house

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OTHER = "Example-Browser 1.0"


@pytest.fixture(autouse=True)
def bureau(hands):
    """The synthetic bureau; codes already used are forgotten."""
    cache.clear()
    house.build()


def code_of(secret: str, late: int = 0) -> str:
    """The authenticator's code, ``late`` steps of 30 seconds after now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + late))


def enter_password(page: Page, username: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(house.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()


def test_with_an_authenticator_a_wrong_code_is_refused_and_the_right_one_enters(page, axe):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(house.account("lin"), secret)

    page.goto("/console/people/approvals/inbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    expect(page.get_by_role("banner")).to_contain_text("獬豸 · 建设工程行政执法监督平台")
    assert axe(page) == []
    page.get_by_label("用户名").fill("lin")
    page.get_by_label("密码").fill("bu-dui-de-mima")
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确。")
    expect(page.get_by_label("用户名")).to_have_value("lin")

    enter_password(page, "lin")
    expect(page.get_by_role("heading", level=1)).to_have_text("动态口令")
    assert axe(page) == []
    page.get_by_label("动态口令或恢复码").fill("000000" if code_of(secret) != "000000" else "000001")
    page.get_by_role("button", name="登录", exact=True).click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("动态口令不正确")
    expect(refusal).to_contain_text("请核对手机时间")
    shot(page, "sign-in-code-refused", height=560)
    assert axe(page) == []
    page.goto("/console/")
    expect(page.get_by_role("heading", level=1)).to_have_text("动态口令")

    page.get_by_label("动态口令或恢复码").fill(code_of(secret))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("待办审批")
    expect(page.get_by_role("banner")).to_contain_text("示例林")


def test_a_body_that_demands_it_sends_a_new_account_to_set_it_up_first(page, axe):
    services.demand_agency_totp(house.SETUP, agency=house.BUREAU, demanded=True)
    services.create_account(
        house.SETUP, username="xin", name="示例新", unit=house.SQUAD_1, password=house.PASSWORD
    )
    page.goto("/accounts/login/")
    enter_password(page, "xin")
    expect(page.get_by_role("heading", level=1)).to_have_text("启用动态口令")
    page.goto("/console/people/approvals/inbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text("启用动态口令")
    expect(page.get_by_role("main")).to_contain_text("本单位要求使用动态口令")
    assert page.get_by_alt_text("身份验证器二维码").evaluate("image => image.naturalWidth") > 0
    assert axe(page) == []

    secret = page.locator("main .xz-mono").first.inner_text().strip()
    page.get_by_label("动态口令").fill("12345")
    page.get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("动态口令不正确")
    assert page.locator("main .xz-mono").first.inner_text().strip() == secret
    page.get_by_label("动态口令").fill(code_of(secret))
    page.get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    expect(page.get_by_text("请保存好恢复码")).to_be_visible()
    assert axe(page) == []
    page.goto("/console/")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
    assert Authenticator.objects.filter(user=house.account("xin"), type=Authenticator.Type.TOTP).exists()


def test_the_list_of_sessions_shows_the_other_browser_and_ends_it(page, axe, browser, live_server):
    elsewhere = browser.new_context(base_url=live_server.url, locale="zh-CN", user_agent=OTHER)
    other = elsewhere.new_page()
    for each in (page, other):
        each.goto("/accounts/login/")
        enter_password(each, "lin")
        expect(each.get_by_role("heading", level=1)).to_have_text("工作台")

    page.get_by_role("link", name="账号安全").click()
    expect(page.get_by_text("当前共有 2 个登录会话。")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="查看并注销").click()
    row = page.get_by_role("row", name=re.compile(OTHER))
    expect(row).to_contain_text("127.0.0.1")
    expect(page.get_by_role("row", name=re.compile("本次会话"))).to_have_count(1)
    assert axe(page) == []
    row.get_by_role("button", name="注销").click()
    expect(page.get_by_text("已注销 1 个会话。")).to_be_visible()
    expect(page.get_by_text(OTHER)).to_have_count(0)

    other.goto("/console/")
    expect(other.get_by_role("heading", level=1)).to_have_text("登录")
    page.goto("/console/")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
    elsewhere.close()
