"""An approval through everyone's hands in a real browser: returned, mended, signed, and its form printed."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.browser.pictures import shot

from xiezhi.people import flow
from xiezhi.people.models import Approval
from xiezhi.people.tests import house

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "未附检查对象名录，请补正后重报。"
MENDED = "已补检查对象名录（示例）。"
# who signs, after whom it is whose turn
SIGNERS = (
    ("zhou", "拟同意，请审核。"),
    ("fa", "程序合法。"),
    ("zhi", "同意。"),
    ("gui", "依据充分。"),
    ("fen", "同意。"),
)


@pytest.fixture
def approval(hands) -> Approval:
    house.build()
    return house.submitted()


@pytest.fixture
def hand_to(page, sign_in):
    """``hand_to("zhou")``: zhou at the desk, with the approval opened from his inbox."""

    def at_the_desk(username: str) -> None:
        sign_in(house.account(username))
        page.goto("/console/")
        page.get_by_role("link", name=re.compile("待办审批")).last.click()
        page.get_by_role("main").get_by_role("link", name=re.compile("2026年度抽查计划")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("年度抽查计划审批表")

    return at_the_desk


def sign(page: Page, decision: str, text: str) -> None:
    page.get_by_role("radio", name=decision, exact=True).check()
    page.get_by_label("意见", exact=True).fill(text)
    page.get_by_role("button", name="签署", exact=True).click()


def sheet(page: Page, width: int, least: int) -> None:
    """On paper ``width`` px wide the content takes at least ``least`` px, and nothing hangs over the edge."""
    page.set_viewport_size({"width": width, "height": 1000})
    assert page.locator("main").bounding_box()["width"] >= least
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def opinions(page: Page) -> list[list[str]]:
    """The form's rows as a reader sees them: round, step, decision, opinion, name, time."""
    rows = page.get_by_role("region", name="审批意见").locator("tbody tr")
    return [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]


def test_returned_with_a_reason_mended_and_approved_by_all_then_printed(
    page, axe, hands, approval, hand_to, sign_in
):
    sign_in(house.account("zhou"))
    page.goto("/console/")
    expect(page.get_by_role("link", name=re.compile("^1 ?待办审批"))).to_be_visible()
    shot(page, "home", height=760)
    hand_to("zhou")
    shot(page, "approval-sign")
    assert axe(page) == []
    page.get_by_role("button", name="签署", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("决定：请填写或选择此项。")
    page.get_by_role("radio", name="退回", exact=True).check()
    page.get_by_role("button", name="签署", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("意见：请填写或选择此项。")
    assert axe(page) == []
    sign(page, "同意", "拟同意，请审核。")
    expect(page.get_by_text("已签署。")).to_be_visible()

    hands.turn(hours=2)
    hand_to("fa")
    page.get_by_label("退回到").select_option("承办人")
    sign(page, "退回", REASON)
    expect(page.get_by_text("已签署。")).to_be_visible()
    expect(page.get_by_text("已退回承办人")).to_be_visible()
    expect(page.get_by_role("button", name="签署", exact=True)).to_have_count(0)

    hands.turn(hours=26)
    hand_to("lin")
    expect(page.get_by_role("region", name="审批意见")).to_contain_text(REASON)
    expect(page.get_by_role("row", name=re.compile("待补正"))).to_contain_text("示例林")
    shot(page, "approval-returned", height=940)
    assert axe(page) == []
    page.get_by_label("补正说明").fill(MENDED)
    page.get_by_role("button", name="重新提交", exact=True).click()
    expect(page.get_by_text("已重新提交。")).to_be_visible()

    for day, (username, text) in enumerate(SIGNERS, start=2):
        hands.turn(days=day)
        hand_to(username)
        sign(page, "同意", text)
        expect(page.get_by_text("已签署。")).to_be_visible()

    hands.turn(days=7)
    hand_to("ju")
    sign(page, "同意", "经局长办公会研究，同意。")
    expect(page.get_by_role("alert")).to_contain_text("会议纪要")
    expect(page.get_by_label("意见", exact=True)).to_have_value("经局长办公会研究，同意。")
    page.get_by_label("会议纪要文号").fill("示例局纪要〔2026〕3号")
    page.get_by_role("button", name="签署", exact=True).click()
    expect(page.get_by_text("已通过", exact=True)).to_be_visible()
    approval.refresh_from_db()
    assert approval.state == flow.APPROVED
    assert axe(page) == []

    page.emulate_media(media="print")
    for part in (".xz-nav", ".xz-top", ".xz-crumbs", ".xz-messages"):
        expect(page.locator(part)).to_be_hidden()
    assert opinions(page) == [
        ["第 1 轮", "承办人", "提交", "拟按年度计划实施抽查，请审批。", "示例林", "2026-03-02 09:00"],
        ["第 1 轮", "大队长意见", "同意", "拟同意，请审核。", "示例周", "2026-03-02 09:00"],
        ["第 1 轮", "支队法制审核", "退回", REASON, "示例法", "2026-03-02 11:00"],
        ["第 2 轮", "承办人", "重新提交", MENDED, "示例林", "2026-03-03 11:00"],
        ["第 2 轮", "大队长意见", "同意", "拟同意，请审核。", "示例周", "2026-03-04 09:00"],
        ["第 2 轮", "支队法制审核", "同意", "程序合法。", "示例法", "2026-03-05 09:00"],
        ["第 2 轮", "支队长意见", "同意", "同意。", "示例支", "2026-03-06 09:00"],
        ["第 2 轮", "局法规处审核", "同意", "依据充分。", "示例规", "2026-03-07 09:00"],
        ["第 2 轮", "分管局长意见", "同意", "同意。", "示例分", "2026-03-08 09:00"],
        [
            "第 2 轮",
            "局长办公会",
            "同意",
            "经局长办公会研究，同意。\n会议纪要：示例局纪要〔2026〕3号",
            "示例局长",
            "2026-03-09 09:00",
        ],
    ]
    # From a page that is laid out wide, as the desk is: the text takes the sheet.
    sheet(page, 1366, 1300)
    sheet(page, 718, 600)
    assert page.pdf(format="A4").startswith(b"%PDF")
    shot(page, "approval-printed", width=900)


def test_who_has_no_turn_reads_the_form_and_cannot_sign(page, approval, sign_in):
    sign_in(house.account("ju"))
    page.goto(reverse("console:approval", args=[approval.pk]))
    expect(page.get_by_text("待签署")).to_be_visible()
    expect(page.get_by_role("button", name="签署", exact=True)).to_have_count(0)
