"""The shell of console and portal in a real browser: accessible, usable by keys alone, large enough, safe."""

import re

import pytest
from playwright.sync_api import Page, expect

from xiezhi.jobs.worker import run_until_idle
from xiezhi.web.tests import signing_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.shell_pages"),
]

PORTAL = ["/", "/about/", "/about/accessibility/", "/about/privacy/", "/no/such/page/", "/fail/refused/"]
CONSOLE = [
    "/console/",
    "/console/components/",
    "/console/jobs/",
    "/console/keys/",
    "/console/keys/issue/",
    "/console/test/agencies/",
    "/console/test/rename/",
    "/console/test/fail/refused/",
]


@pytest.fixture
def officer(sign_in):
    root = signing_in.agency()
    for n in range(5):
        signing_in.agency(f"d{n}", root, f"第{n}大队")
    account = signing_in.account_with("people.read", "people.manage_roles", "api.manage_keys", "registry.read")
    sign_in(account)
    return account


def care_on(page: Page) -> None:
    page.get_by_role("button", name="关怀模式", exact=True).click()
    expect(page.locator("html[data-care]")).to_have_count(1)
    # The mark is there as soon as the new page begins; what it looks like only once its styles are.
    page.wait_for_load_state("load")


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("path", PORTAL)
def test_portal_pages_are_accessible(page, axe, path):
    page.goto(path)
    assert axe(page) == []


def test_console_pages_are_accessible_plain_and_in_care_mode(page, axe, officer):
    for care in (False, True):
        if care:
            care_on(page)
        for path in CONSOLE:
            page.goto(path)
            assert axe(page) == [], path


def test_nothing_overflows_on_a_narrow_screen_in_care_mode_or_at_double_size(page, officer):
    page.goto("/console/")
    care_on(page)
    for width in (320, 640):
        page.set_viewport_size({"width": width, "height": 640})
        for path in [*PORTAL, *CONSOLE]:
            page.goto(path)
            assert overflow(page) <= 0, (path, width)


def test_care_mode_makes_text_and_targets_large(page, officer):
    page.goto("/console/test/rename/")
    care_on(page)
    sizes = page.evaluate(
        "[getComputedStyle(document.querySelector('main p, main label')).fontSize,"
        " getComputedStyle(document.querySelector('main button')).minHeight]"
    )
    assert sizes == ["22px", "60px"]
    assert page.get_by_role("button", name="保存").bounding_box()["height"] >= 60


def test_the_first_tab_leads_past_the_navigation(page, officer):
    page.goto("/console/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_every_control_of_the_page_is_reached_by_tab_and_shows_its_focus(page, officer):
    page.goto("/console/components/")
    page.locator(".xz-skip").focus()
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button:not([disabled]), input:not([type=hidden]), select,"
        " textarea, summary')].filter(e => e.offsetParent && !(e.type === 'radio' && !e.checked &&"
        " e.form.querySelector(`input[name=${e.name}]:checked`))).length"
    )
    seen = {"skip"}
    for _step in range(wanted * 2):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(() => { const e = document.activeElement; if (!e || e === document.body) return null;"
            " const s = getComputedStyle(e); e.dataset.walk ??= String(Math.random());"
            " return [e.dataset.walk, s.outlineStyle !== 'none' || s.boxShadow !== 'none']; })()"
        )
        if found is None:
            break
        assert found[1], page.evaluate("document.activeElement.outerHTML")
        seen.add(found[0])
    # Of a group of radio buttons none of which is chosen, Tab reaches one.
    assert len(seen) >= wanted - 1


def test_an_error_summary_takes_the_focus_and_leads_to_its_field(page, officer):
    page.goto("/console/test/rename/")
    page.get_by_label("名称").fill("拒绝")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("《行政处罚法》第六十二条")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("名称").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("名称：请填写或选择此项。")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("名称")).to_be_focused()


def test_a_confirm_opens_as_a_dialog_by_key_and_gives_the_focus_back(page, officer):
    page.goto("/console/components/")
    trigger = page.locator("summary", has_text="撤销导入")
    trigger.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="撤销这次导入？")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(trigger).to_be_focused()


def test_filtering_changes_the_list_the_address_and_the_way_back(page, officer):
    page.goto("/console/test/agencies/")
    page.evaluate("window.same = true")
    page.get_by_label("关键词").fill("大队")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("共 5 条")).to_be_visible()
    assert page.evaluate("window.same")
    expect(page).to_have_url(re.compile("q="))
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("cell", name="第3大队").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("cell", name="第0大队").first).to_be_visible()
    page.go_back()
    expect(page.get_by_text("共 6 条")).to_be_visible()


def test_a_download_of_a_list(page, officer):
    page.goto("/console/test/agencies/")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 CSV").click()
    assert download.value.suggested_filename.startswith("机构_")
    with page.expect_download():
        page.get_by_role("button", name="导出 XLSX").click()


def test_a_view_is_named_reopened_and_given_up(page, officer):
    page.goto("/console/test/agencies/")
    page.get_by_label("关键词").fill("大队")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("共 5 条")).to_be_visible()
    page.get_by_text("保存当前筛选").first.click()
    page.get_by_label("视图名称").fill("各大队")
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto("/console/test/agencies/")
    expect(page.get_by_text("共 6 条")).to_be_visible()
    page.get_by_role("link", name="各大队").click()
    expect(page.get_by_text("共 5 条")).to_be_visible()
    expect(page.get_by_label("关键词")).to_have_value("大队")
    expect(page.get_by_role("link", name="各大队")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="删除视图“各大队”").click()
    expect(page.get_by_role("link", name="各大队")).to_have_count(0)


def test_a_large_export_is_a_job_whose_page_follows_it_to_the_file(page, officer, monkeypatch):
    monkeypatch.setattr("xiezhi.web.lists.exports.AT_ONCE", 1)
    page.goto("/console/test/agencies/?q=大队")
    page.get_by_role("button", name="导出 CSV").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    assert run_until_idle(loops=False) == 1
    # Nobody reloads the page: it asks again by itself.
    with page.expect_download() as download:
        page.get_by_role("link", name="下载结果").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == 6


def test_without_scripts_lists_confirms_and_care_mode_work(browser, live_server, client, officer):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    client.force_login(officer, backend=signing_in.BACKEND)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto("/console/test/agencies/")
    page.get_by_label("关键词").fill("大队")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("共 5 条")).to_be_visible()
    page.get_by_role("button", name="关怀模式", exact=True).click()
    expect(page.locator("html[data-care]")).to_have_count(1)
    page.goto("/console/components/")
    page.locator("summary", has_text="撤销导入").click()
    expect(page.get_by_role("heading", name="撤销这次导入？")).to_be_visible()
    context.close()


def test_the_menu_opens_on_a_narrow_screen(page, officer):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/console/")
    expect(page.locator("#xz-nav")).to_be_hidden()
    page.get_by_role("link", name="菜单", exact=True).click()
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="界面组件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("界面组件")


def test_a_key_is_issued_shown_once_and_revoked(page, officer):
    page.goto("/console/keys/issue/")
    page.get_by_label("用途").fill("示例对接系统")
    page.get_by_label("查看市场主体、项目与许可").check()
    page.get_by_role("button", name="签发").click()
    assert page.get_by_label("接口密钥").input_value().startswith("xz_")
    page.get_by_role("link", name="我已保存").click()
    page.locator("summary", has_text="吊销").click()
    page.get_by_role("dialog").get_by_role("button", name="吊销").click()
    expect(page.get_by_text("密钥已吊销。")).to_be_visible()
    expect(page.get_by_text("已吊销", exact=True)).to_be_visible()


@pytest.mark.parametrize(("kind", "words"), [("good", "全部步骤通过"), ("bad", "校验未通过")])
def test_a_reader_verifies_a_draw_step_by_step(page, axe, kind, words):
    page.goto(f"/test/verify/{kind}/")
    page.get_by_role("button", name="在浏览器中校验").click()
    expect(page.locator(f"xz-verify[data-outcome={'holds' if kind == 'good' else 'fails'}]")).to_be_visible()
    expect(page.get_by_role("status").last).to_contain_text(words)
    assert page.locator(".xz-step--failed").count() == (0 if kind == "good" else 1)
    assert axe(page) == []


def test_printing_leaves_the_frame_out(page, officer):
    page.goto("/console/test/agencies/")
    page.emulate_media(media="print")
    expect(page.locator(".xz-nav")).to_be_hidden()
    expect(page.locator(".xz-top")).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
