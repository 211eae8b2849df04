"""An administrator in a real browser: an account is opened, gets its role, is told to use an authenticator."""

import pytest
from playwright.sync_api import expect
from tests.browser.pictures import shot

from xiezhi.people.models import Account
from xiezhi.people.tests import house

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def bureau(hands):
    house.build()


def test_an_account_is_opened_and_has_no_rights_until_it_gets_a_role(page, sign_in, axe):
    sign_in(house.account("admin"))
    page.goto("/console/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="账号", exact=True).click()
    page.get_by_role("link", name="开立账号").click()
    page.get_by_label("用户名").fill("xin")
    page.get_by_label("姓名").fill("示例新")
    page.get_by_label("所在机构").select_option("一大队")
    page.get_by_label("初始密码").fill("123")
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_contain_text("初始密码")
    expect(page.get_by_label("用户名")).to_have_value("xin")
    assert axe(page) == []
    page.get_by_label("初始密码").fill("Shili-2026-mima")
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_text("没有角色，因此没有任何权限")).to_be_visible()
    assert axe(page) == []

    page.get_by_role("link", name="授予角色").click()
    page.get_by_label("角色", exact=True).select_option("执法人员")
    page.get_by_label("适用机构（含下级）").select_option("一大队")
    page.get_by_label("依据文号").fill("示监〔2026〕1号")
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("cell", name="示监〔2026〕1号")).to_be_visible()
    page.get_by_role("button", name="要求使用动态口令", exact=True).click()
    expect(page.get_by_role("button", name="不再单独要求动态口令")).to_be_visible()
    shot(page, "account")
    assert Account.objects.get(username="xin").must_use_totp


def test_what_one_may_not_open_says_which_right_is_missing_and_whom_to_ask(page, sign_in, axe):
    sign_in(house.account("lin"))
    answer = page.goto("/console/keys/issue/")
    assert answer.status == 403
    expect(page.get_by_role("main")).to_contain_text("这项操作需要“签发、吊销接口密钥”的权限。")
    expect(page.get_by_role("main")).to_contain_text("请联系本机构管理员授予相应权限")
    shot(page, "refused", height=520)
    assert axe(page) == []
