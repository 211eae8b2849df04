"""What may be drawn on: an item that stands in the list on the day (Asia/Shanghai), of one's own body or above."""

from datetime import UTC, date, datetime, timedelta

import pytest

from xiezhi import clock
from xiezhi.core.errors import Allowed, Invalid, Refused
from xiezhi.inspection import services
from xiezhi.inspection.item_guards import item_in_force
from xiezhi.inspection.models import InspectionItem
from xiezhi.inspection.tests import cases
from xiezhi.inspection.tests.strangers import refused

pytestmark = pytest.mark.django_db
START = cases.START
FIRST, LAST = date(2026, 3, 1), date(2026, 6, 1)
OTHER = "/a2/"


def published(valid_from: date = FIRST, valid_to: date | None = LAST, agency: str = cases.AGENCY):
    return services.publish_item(
        cases.officer("officer:list", agency=agency),
        code="ZJ-009",
        title="示例事项",
        basis="《建筑法》第七条",
        target_kind="entity",
        valid_from=valid_from,
        valid_to=valid_to,
        agency=agency,
        district=cases.DISTRICT,
    )


@pytest.mark.parametrize(
    ("day", "newer_from", "owner", "rule", "says"),
    [
        # day, a second version's first day, whose list, refused by, what the refusal names
        (date(2026, 2, 28), None, cases.AGENCY, "xz-item-in-force", "2026-03-01"),
        (date(2026, 3, 1), None, cases.AGENCY, None, ""),
        (date(2026, 5, 31), None, cases.AGENCY, None, ""),
        (date(2026, 6, 1), None, cases.AGENCY, "xz-item-in-force", "自 2026-06-01 起失效"),
        (date(2026, 4, 30), date(2026, 5, 1), cases.AGENCY, None, ""),
        (date(2026, 5, 1), date(2026, 5, 1), cases.AGENCY, "xz-item-in-force", "第 2 版"),
        (date(2026, 4, 1), None, "/", None, ""),
        (date(2026, 4, 1), None, OTHER, "xz-item-agency", "上级"),
        (date(2026, 4, 1), None, f"{cases.AGENCY}b1/", "xz-item-agency", "上级"),
    ],
)
def test_an_item_may_be_drawn_on_from_its_first_day_to_the_day_before_it_ends(day, newer_from, owner, rule, says):
    item = published(agency=owner)
    if newer_from:
        published(newer_from, None, agency=owner)
    verdict = item_in_force(item, cases.AGENCY, day)
    offered = item in InspectionItem.objects.in_force(day)
    if rule is None:
        assert isinstance(verdict, Allowed)
        assert offered
        return
    shown = verdict.message % verdict.params
    assert (verdict.rule_id, says in shown, "ZJ-009 示例事项" in shown) == (rule, True, True)
    assert verdict.remedy
    assert offered is (rule == "xz-item-agency")


def test_a_version_that_ended_does_not_bring_its_predecessor_back():
    first = published(valid_to=None)
    published(date(2026, 4, 1), date(2026, 5, 1))
    assert item_in_force(first, cases.AGENCY, date(2026, 7, 1)).rule_id == "xz-item-in-force"
    assert not InspectionItem.objects.in_force(date(2026, 7, 1)).exists()


@pytest.mark.parametrize("step", ["freeze", "prepare", "commit"])
def test_every_step_up_to_the_commitment_asks_in_shanghai(step):
    # 16:30 UTC on 31 May is 1 June in Shanghai: the item has ended; half an hour earlier it had not.
    before, after = datetime(2026, 5, 31, 15, 59, tzinfo=UTC), datetime(2026, 5, 31, 16, 0, tzinfo=UTC)
    with clock.fixed(before):
        item = published()
        listed = cases.roster(item=item)
        draw = cases.prepared(before, roster=listed)
    acts = {
        "freeze": lambda: cases.roster(item=item),
        "prepare": lambda: cases.prepared(after, roster=listed),
        "commit": lambda: services.commit_draw(cases.LI, draw.id, rev=draw.rev),
    }
    with clock.fixed(after):
        assert refused(acts[step]) == "xz-item-in-force"
    with clock.fixed(before):
        services.commit_draw(cases.LI, draw.id, rev=draw.rev)


def test_a_new_version_stops_what_is_not_committed_and_nothing_that_is():
    with clock.fixed(START):
        item = published()
        listed = cases.roster(item=item)
    waiting = cases.prepared(roster=listed)
    running = cases.committed(roster=listed, sources=[cases.source(START + timedelta(hours=11), label="另一源")])
    with clock.fixed(START + timedelta(hours=2)):
        published(START.date(), None)
        with pytest.raises(Refused, match="第 2 版取代"):
            services.commit_draw(cases.LI, waiting.id, rev=waiting.rev)
    with clock.fixed(START + timedelta(hours=13)):
        services.enter_source(
            cases.LI,
            running.id,
            label="另一源",
            value=cases.VALUE,
            published_at=START + timedelta(hours=11),
            rev=running.rev,
        )


def test_an_item_that_would_hold_on_no_day_is_not_published():
    with pytest.raises(Invalid) as caught:
        published(FIRST, FIRST)
    assert "valid_to" in caught.value.fields


def test_one_cannot_freeze_a_roster_on_the_list_of_another_body():
    with clock.fixed(START):
        theirs = published(agency=OTHER)
        assert refused(cases.roster, item=theirs) == "xz-item-agency"


def test_two_versions_of_one_code_do_not_begin_on_one_day():
    published()
    with pytest.raises(Invalid) as caught:
        published(FIRST, None)
    assert "已有 2026-03-01 起生效的版本" in str(caught.value.fields["valid_from"])
    assert InspectionItem.objects.get().version == 1


@pytest.mark.parametrize(
    ("committed", "begins", "may"),
    [
        # A version entered late is a fact of life, until a draw was committed with the item.
        (False, date(2026, 3, 2), True),
        (True, date(2026, 3, 2), False),
        (True, date(2026, 3, 3), True),
        (True, date(2026, 4, 1), True),
    ],
)
def test_once_a_draw_was_committed_with_it_no_version_begins_in_the_past(committed, begins, may):
    with clock.fixed(START):
        listed = cases.roster(item=published(valid_to=None))
    if committed:
        cases.committed(roster=listed)
    with clock.fixed(START + timedelta(days=1)):
        if may:
            assert published(begins, None).version == 2
            return
        with pytest.raises(Invalid) as caught:
            published(begins, None)
    assert "请从今日或以后起生效" in str(caught.value.fields["valid_from"])
