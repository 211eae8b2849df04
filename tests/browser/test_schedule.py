"""A routine draw from the standing schedule: two people, and only what two people must type themselves."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from tests.browser.pictures import shot
from tests.browser.test_draw import confirm

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.inspection import gate, services
from xiezhi.inspection.models import READ, Draw
from xiezhi.inspection.targets import Selection, from_registry
from xiezhi.inspection.tests import cases, staff
from xiezhi.record import sequencer
from xiezhi.registry import services as registry
from xiezhi.registry.synthetic import synthetic_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ITSELF = system("setup")


@pytest.fixture
def february() -> None:
    """Before ``hands`` take the clock: a line for two months; February's draw is prepared, its source named by day."""
    start = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)
    with clock.fixed(start):
        for number in range(40):
            registry.register_entity(
                ITSELF, agency=cases.AGENCY, district=cases.DISTRICT, code=synthetic_code(number),
                name=f"示例建设〇{number}有限公司",
            )  # fmt: skip
        chosen = Selection(cases.AGENCY)
        roster = services.freeze_roster(
            cases.LI, item=cases.item(), title="示例名录", agency=cases.AGENCY, district=cases.DISTRICT,
            targets=list(from_registry(ITSELF, chosen)), selection=chosen.as_shown(),
        )  # fmt: skip
        lines = [{"item": roster.item, "months": [2, 3], "ratio": [1, 9]}]
        line = cases.published_plan(cases.LI, lines=lines, title="2026 年度抽查计划", kind="yearly").lines.get()
    source = cases.source(datetime(2026, 2, 3, 13, 0, tzinfo=UTC), label="示例信标2026-02-03")
    plan = [cases.stratum(n=None, ratio=[1, 9])]
    cases.prepared(start, roster=roster, plan_line=line, plan=plan, sources=[source])


class Hand:
    """Counts what the two people do: clicks, fields typed, pages seen."""

    def __init__(self, page) -> None:
        self.page, self.clicks, self.typed, self.pages = page, 0, 0, 0
        page.on("framenavigated", self._seen)

    def _seen(self, frame) -> None:
        self.pages += frame.parent_frame is None

    def press(self, role: str, name: str, *, exact: bool = True) -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state()

    def agree(self, name: str) -> None:
        """A button that asks back: two clicks."""
        self.clicks += 2
        confirm(self.page, name)

    def type(self, label: str, text: str) -> None:
        self.typed += 1
        self.page.get_by_label(label).fill(text)


def test_two_people_make_a_routine_draw_from_the_schedule_and_type_only_the_source(
    february, page, sign_in, axe, hands
):
    organiser = staff.account("示例组织员", READ, gate.PLAN, gate.DRAW, "registry.read")
    witness = staff.account("示例见证员", READ, gate.WITNESS)
    hand = Hand(page)

    # The evening before: one person, from the schedule to the commitment.
    sign_in(organiser)
    page.goto(reverse("inspection:schedule"))
    shot(page, "schedule")
    assert axe(page) == []
    hand.press("button", "拟定 施工许可情况检查 2026-03")
    shot(page, "schedule-filled")
    assert page.get_by_label("随机源名称").input_value() == "示例信标2026-03-03"
    hand.press("button", "拟定")
    hand.agree("作出承诺")
    draw = Draw.objects.get(window_from="2026-03-04")
    assert draw.state == "committed"
    assert (hand.clicks, hand.typed, hand.pages) == (4, 0, 4)
    sequencer.seal_all()

    # The source is out: one types it, the other types it again, the first draws.
    value, out = "8f3a90c1d2e4", "2026-03-03T21:00"
    hands.turn(days=1, hours=12.5)
    page.goto(reverse("inspection:draw", args=[draw.pk]))
    hand.press("link", "录入随机源")
    hand.type("公布的值", value)
    hand.type("公布时间", out)
    hand.press("button", "录入")
    sign_in(witness)
    page.goto(reverse("inspection:draw", args=[draw.pk]))
    hand.press("link", "复核随机源")
    hand.type("公布的值", value)
    hand.press("button", "复核")
    sign_in(organiser)
    page.goto(reverse("inspection:draw", args=[draw.pk]))
    hand.agree("抽取")
    draw.refresh_from_db()
    assert draw.state == "drawn"
    assert (hand.clicks, hand.typed, hand.pages) == (10, 3, 12)
    page.goto(reverse("inspection:schedule"))
    row = page.get_by_role("row").filter(has_text="2026-03")
    assert row.get_by_text("已抽取").is_visible()
    assert row.get_by_role("link", name=draw.draw_id).is_visible()
