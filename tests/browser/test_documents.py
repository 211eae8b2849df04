"""Documents in a real browser: an officer drafts and signs, the keeper seals, a citizen checks the file by its code."""

import pytest
from django.urls import reverse
from tests.browser.pictures import shot

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.documents.models import Document
from xiezhi.documents.tests import desk
from xiezhi.people.tests import house
from xiezhi.record import sequencer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_notice_from_its_draft_to_a_citizen_who_checks_it(page, sign_in, axe, tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: house.NOW)
    desk.build()
    sign_in(house.account("lin"))

    page.goto(reverse("documents:new"))
    assert axe(page) == []
    page.get_by_role("link", name="行政检查通知书").click()
    page.get_by_label("事由").fill("示例家园一期检查")
    page.get_by_label("被检查单位").fill("示例建设〇一有限公司")
    page.get_by_label("第 1 行 事项名称").fill("施工许可情况检查")
    page.get_by_label("第 1 行 检查依据").fill("《建筑法》第七条")
    assert axe(page) == []
    page.get_by_role("button", name="保存草稿").click()
    assert page.get_by_text("签发前还缺").is_visible()
    shot(page, "document-draft", height=900)
    assert axe(page) == []

    page.get_by_role("link", name="修改草稿").click()
    assert page.get_by_label("第 1 行 事项名称").input_value() == "施工许可情况检查"
    for label, text in (
        ("检查地点", "示例区示例路1号"),
        ("检查时间", "2026年3月12日9时"),
        ("第 1 行 姓名", "示例执法甲"),
        ("第 1 行 执法证号", "示例000001"),
        ("第 2 行 姓名", "示例执法乙"),
        ("第 2 行 执法证号", "示例000002"),
        ("本年度已检查次数与上限", "已检查0次，上限2次"),
        ("联系人与监督电话", "示例执法甲，000-00000000"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_label("任务来源").select_option("年度计划（双随机）")
    page.get_by_label("检查方式").select_option("现场检查")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("link", name="签发", exact=True).click()
    assert axe(page) == []
    page.get_by_role("button", name="签发", exact=True).click()
    page.get_by_text("示例支队检通〔2026〕1号").first.wait_for()
    picture = page.locator(".xz-pages img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    shot(page, "document-signed", height=900)
    assert axe(page) == []
    page.get_by_role("link", name="申请用印").click()
    page.get_by_label("用途").fill("送达")
    page.get_by_role("button", name="申请", exact=True).click()
    page.get_by_text("已申请用印").first.wait_for()

    row = Document.objects.get()
    sequencer.seal_all()
    with store.open(str(row.pdf_id)) as file:
        content = file.read()
    (tmp_path / "原件.pdf").write_bytes(content)
    (tmp_path / "改动.pdf").write_bytes(content + b" ")
    page.context.clear_cookies()
    page.goto(reverse("document-authenticity", args=[row.code]))
    shot(page, "document-checked", height=900)
    assert axe(page) == []
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    for name, said in (("原件.pdf", "一致：所选文件"), ("改动.pdf", "不一致：所选文件")):
        page.get_by_label("选择要核对的文件").set_input_files(tmp_path / name)
        page.get_by_role("button", name="核对", exact=True).click()
        page.get_by_text(said).first.wait_for()
    assert sent == []
    with page.expect_download() as download:
        page.get_by_role("link", name="下载证明").click()
    assert download.value.suggested_filename == f"{row.code}.proof.json"


def test_a_template_is_edited_previewed_and_published(page, sign_in, axe, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: house.NOW)
    desk.build()
    sign_in(house.account("fa"))
    page.goto(reverse("documents:template", args=[desk.template().pk]))
    assert axe(page) == []
    page.get_by_role("link", name="另存为本机构新版本").click()
    assert axe(page) == []
    body = page.get_by_label("正文", exact=True)
    body.fill(body.input_value() + "\n{{没有的字段}}\n")
    page.get_by_label("本次修改说明").fill("增加提示")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("不是占位符").first.wait_for()
    body.fill(body.input_value().replace("{{没有的字段}}", "请**配合**检查。"))
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("请**配合**检查。").first.wait_for()
    shot(page, "document-template", height=900)
    assert axe(page) == []
    page.context.clear_cookies()
    sign_in(house.account("zhi"))
    page.reload()
    page.get_by_role("link", name="发布", exact=True).click()
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_text("已发布。").first.wait_for()
