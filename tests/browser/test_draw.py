"""A draw in a real browser: from its plan to its bundle by two people, and verified by a citizen on the portal."""

import re
import zipfile
from pathlib import Path

import pytest
from django.urls import reverse
from tests.browser.hands import confirm, local
from tests.browser.pictures import shot

from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.inspection import gate
from xiezhi.inspection.models import READ, Draw
from xiezhi.inspection.tests import cases, staff
from xiezhi.record import sequencer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_people_take_a_draw_from_its_plan_to_its_bundle(page, sign_in, axe, hands, tmp_path):
    organiser = staff.account("示例组织员", READ, gate.PLAN, gate.DRAW, gate.PUBLISH)
    witness = staff.account("示例见证员", READ, gate.WITNESS)
    roster = cases.roster(40)
    cases.plan_line(roster.item)
    sign_in(organiser)

    page.goto(reverse("inspection:roster", args=[roster.pk]))
    page.get_by_role("link", name="以此名录发起抽取").click()
    page.get_by_label("抽查名称").fill("三月抽查")
    page.get_by_label("检查开始日期").fill("2026-03-04")
    page.get_by_label("检查结束日期").fill("2026-03-13")
    page.get_by_label("随机源名称").fill(cases.SOURCE)
    page.get_by_label("随机源说明").fill("示例信标第 1 轮")
    page.get_by_label("随机源公布时间").fill(local(hours=12))
    page.get_by_label("随机源形式").select_option("hex")
    page.get_by_label("层抽多少").fill("1/9")
    shot(page, "draw-plan")
    assert axe(page) == []
    page.get_by_role("button", name="拟定", exact=True).click()
    page.get_by_role("heading", name="步骤").wait_for()

    hands.turn(hours=1)
    page.reload()
    confirm(page, "作出承诺")
    sequencer.seal_all()
    page.reload()
    assert page.get_by_text("封存入全过程记录").is_visible()

    hands.turn(hours=12.5)
    page.get_by_role("link", name="录入随机源").click()
    page.get_by_label("公布的值").fill(cases.VALUE)
    page.get_by_label("公布时间").fill(local(hours=12))
    page.get_by_role("button", name="录入", exact=True).click()

    page.get_by_role("link", name="复核随机源").click()
    page.get_by_label("公布的值").fill(cases.VALUE)
    page.get_by_role("button", name="复核", exact=True).click()
    assert page.get_by_text("录入与复核须为两人").is_visible()
    shot(page, "draw-refused", height=760)
    assert axe(page) == []

    draw = Draw.objects.get()
    sign_in(witness)
    page.goto(reverse("inspection:confirm", args=[draw.pk]))
    page.get_by_label("公布的值").fill(cases.VALUE)
    page.get_by_role("button", name="复核", exact=True).click()
    page.get_by_role("heading", name="步骤").wait_for()

    hands.turn(hours=13)
    sign_in(organiser)
    page.goto(reverse("inspection:draw", args=[draw.pk]))
    confirm(page, "抽取")
    sequencer.seal_all()
    confirm(page, "公布数据包")
    shot(page, "draw-published", height=920)
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="bundle.zip").click()
    target = tmp_path / "bundle.zip"
    download.value.save_as(target)
    with zipfile.ZipFile(target) as archive:
        assert b"selection" in archive.read("manifest.json")
    draw.refresh_from_db()
    assert draw.state == "published"


def test_a_citizen_verifies_a_published_draw_and_a_tampered_bundle_fails_at_its_step(page, axe, tmp_path):
    draw = cases.opened()
    page.goto(reverse("portal:draws"))
    shot(page, "portal-draws", height=560)
    assert axe(page) == []
    page.get_by_role("button", name="关怀模式", exact=True).click()
    page.locator("html[data-care]").wait_for()
    shot(page, "portal-care", width=390, height=900)
    page.get_by_role("button", name=re.compile("关怀模式")).click()
    page.get_by_role("link", name=draw.draw_id).click()
    page.get_by_role("button", name="在浏览器中校验").click()
    page.locator("xz-verify[data-outcome=holds]").wait_for(timeout=30_000)
    assert page.locator("xz-verify li.xz-step--done").count() == 12
    assert page.locator("xz-verify li.xz-step--failed").count() == 0
    shot(page, "portal-verified", top=page.get_by_role("heading", name="数据包与校验"), height=900)
    assert axe(page) == []

    page.goto(reverse("portal:verify_bundle"))
    page.get_by_label("已下载的抽取包").set_input_files(str(tampered(draw, tmp_path)))
    page.locator("xz-verify[data-outcome=fails]").wait_for(timeout=30_000)
    failed = page.locator("xz-verify li.xz-step--failed")
    assert failed.count() == 1
    assert "抽取" in failed.inner_text()
    shot(page, "portal-tampered", height=960)
    assert axe(page) == []


def tampered(draw: Draw, folder: Path) -> Path:
    """A bundle with one drawn object swapped for a reserve, by someone who knows how to mend the manifest."""
    from xiezhi.blobs import store
    from xiezhi.core import canonical

    with store.open(draw.bundles.first().sha256) as file, zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    selection = canonical.decode(files["selection.json"])
    stratum = selection["strata"][0]
    stream = stratum["streams"][0]
    stream["drawn"][0], stream["reserves"][0] = stream["reserves"][0], stream["drawn"][0]
    stratum["drawn"] = sorted(one for one, _ticket in stream["drawn"])
    files["selection.json"] = canonical.encode(selection)
    files["checkpoint.txt"], files["proofs.json"] = b"", b"null"
    files["manifest.json"] = files_of_draw.manifest(files)
    path = folder / "tampered.zip"
    path.write_bytes(files_of_draw.pack(files))
    return path
