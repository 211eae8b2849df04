"""Levels of a draw in a real browser: planned on the form, a witness's reveal entered, an urgent draw run by two."""

import pytest
from django.urls import reverse
from tests.browser.hands import confirm, local
from tests.browser.pictures import shot

from xiezhi.core.draw import verify
from xiezhi.inspection import gate
from xiezhi.inspection.models import READ, Draw
from xiezhi.inspection.tests import cases, staff
from xiezhi.inspection.tests.leveled import DISCIPLINE
from xiezhi.record import sequencer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def organiser():
    return staff.account("示例组织员", READ, gate.PLAN, gate.DRAW, gate.PUBLISH)


@pytest.fixture
def witness():
    return staff.account("示例见证员", READ, gate.WITNESS)


@pytest.fixture
def form(page, sign_in, organiser):
    """The form of a new draw, its title and share filled in."""
    roster = cases.roster(40)
    cases.plan_line(roster.item)
    sign_in(organiser)
    page.goto(reverse("inspection:new_draw", args=[roster.pk]))
    page.get_by_label("抽查名称").fill("三月联合抽查")
    page.get_by_label("检查结束日期").fill("2026-03-13")
    page.get_by_label("层抽多少").fill("1/9")
    return page


def test_a_witness_is_announced_on_the_form_and_what_he_reveals_is_entered(form, sign_in, axe, hands, witness):
    page, (commitment, value) = form, verify.witnessed(DISCIPLINE)
    page.get_by_label("检查开始日期").fill("2026-03-04")
    page.get_by_label("抽取级别").select_option("joint")
    page.get_by_label("随机源名称").fill(cases.SOURCE)
    page.get_by_label("随机源说明").fill("示例信标第 1 轮")
    page.get_by_label("随机源公布时间").fill(local(hours=12))
    page.get_by_label("随机源形式").select_option("hex")
    page.get_by_label("外部见证人").fill(f"见证 {DISCIPLINE} {commitment}")
    page.get_by_label("见证人揭示时间").fill(local(hours=9))
    assert axe(page) == []
    page.get_by_role("button", name="拟定", exact=True).click()
    page.get_by_role("heading", name="步骤").wait_for()

    hands.turn(hours=1)
    page.reload()
    confirm(page, "作出承诺")
    sequencer.seal_all()

    hands.turn(hours=9.5)
    sign_in(witness)
    page.goto(reverse("inspection:draw", args=[Draw.objects.get().pk]))
    page.get_by_role("link", name="录入见证人揭示").click()
    assert page.get_by_text("录入须有账号").is_visible()
    page.get_by_label("揭示的内容").fill("00:11")
    page.get_by_role("button", name="录入", exact=True).click()
    assert page.get_by_text("与其事先承诺的摘要不符").is_visible()
    shot(page, "draw-reveal", height=860)
    assert axe(page) == []
    page.get_by_label("揭示的内容").fill(value)
    page.get_by_role("button", name="录入", exact=True).click()
    assert page.get_by_text("与事先的承诺相符，已录入。").is_visible()
    assert axe(page) == []
    page.goto(reverse("portal:draw", args=[Draw.objects.get().pk]))
    assert axe(page) == []


def test_an_urgent_draw_says_what_it_proves_and_a_second_person_releases_the_number(
    form, sign_in, axe, hands, witness
):
    page = form
    page.get_by_label("检查开始日期").fill("2026-03-02")
    page.get_by_label("抽取级别").select_option("quick")
    page.get_by_role("button", name="拟定", exact=True).click()
    page.get_by_role("heading", name="步骤").wait_for()
    confirm(page, "作出承诺")
    assert page.get_by_text("封存之后由另一人启用系统随机数").is_visible()
    sequencer.seal_all()
    hands.turn(hours=0.1)
    sign_in(witness)
    page.goto(reverse("inspection:draw", args=[Draw.objects.get().pk]))
    confirm(page, "启用系统随机数")
    assert page.get_by_text("系统随机数已启用，可以抽取。").is_visible()
    assert page.get_by_text("不能证明系统事先不知道该数").first.is_visible()
    assert axe(page) == []
