"""What cannot be announced or committed: each fault is named by its field before anything is fixed."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from xiezhi.core.draw import bundle, ceremony, hashing, roster
from xiezhi.core.draw.rules import Cap, Cycle, SourceRule, StratumRule, stamp
from xiezhi.core.draw.targets import TooFew, equal_masses, walk, weighted_masses
from xiezhi.core.errors import Invalid

from . import draw_cases

STRATUM = StratumRule("甲", n=1)
LOTTERY = draw_cases.SOURCES[0]


def fields(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(error.value.fields)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"draw_id": "a\tb"}, "draw_id"),
        ({"level": "secret"}, "level"),
        ({"strata": ()}, "strata"),
        ({"strata": (STRATUM, STRATUM)}, "strata"),
        ({"sources": ()}, "sources"),
        ({"sources": (LOTTERY, LOTTERY)}, "sources"),
        ({"sources": (replace(LOTTERY, encoding="base64"),)}, "sources.彩票"),
        ({"sources": (replace(LOTTERY, describes=""),)}, "sources.彩票"),
        ({"sources": (replace(LOTTERY, label="\n"),)}, "sources"),
        ({"window": ("2026-12-10", "2026-11-26")}, "window"),
        ({"window": ("2026-11-26", "26-12-10")}, "window"),
        ({"window": ("2026-11-26", "soon")}, "window"),
        ({"window": ("2026-11-26",)}, "window"),
        ({"cycle": Cycle("2026 年", 4, 5)}, "cycle"),
        ({"cycle": Cycle("", 4, 1)}, "cycle"),
        ({"caps": (Cap("", 2, "年"),)}, "caps"),
        ({"caps": (Cap("FREQ_CAP", -1, "年"),)}, "caps.FREQ_CAP"),
        ({"strata": (replace(STRATUM, stratum="a\x1fb"),)}, "strata.a\x1fb"),
        ({"strata": (replace(STRATUM, method="systematic"),)}, "strata.甲"),
        ({"strata": (replace(STRATUM, n=None),)}, "strata.甲"),
        ({"strata": (replace(STRATUM, ratio=Fraction(1, 2)),)}, "strata.甲"),
        ({"strata": (replace(STRATUM, n=-1),)}, "strata.甲"),
        ({"strata": (StratumRule("甲", ratio=Fraction(3, 2)),)}, "strata.甲"),
        ({"strata": (replace(STRATUM, reserves=-1),)}, "strata.甲"),
        ({"strata": (replace(STRATUM, coverage=True),), "cycle": None}, "strata.甲"),
    ],
)
def test_rules_that_cannot_be_announced_name_their_field(changed, field):
    with pytest.raises(Invalid) as caught:
        draw_cases.rules(**changed).check()
    assert fields(caught) == {field}


def committed(**given):
    entries = given.pop("entries", draw_cases.objects(40))
    return ceremony.commit(entries, draw_cases.rules(), committed_at=draw_cases.COMMITTED, **given)


SOMEONE = draw_cases.objects(40)[0]
STRANGER = "0" * 64


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"entries": [*draw_cases.objects(40), SOMEONE]}, "roster"),
        ({"entries": [*draw_cases.objects(40), roster.Entry("示例公司", "甲")]}, "roster"),
        ({"entries": [*draw_cases.objects(40), roster.Entry(STRANGER, "戊")]}, "roster"),
        ({"entries": [*draw_cases.objects(40), roster.Entry(STRANGER, "甲", -1)]}, "roster"),
        ({"coverage": [STRANGER]}, "coverage"),
        ({"coverage": [SOMEONE.id, SOMEONE.id]}, "coverage"),
        ({"exclusions": [roster.Exclusion(SOMEONE.id, "CLOSED", "示〔2026〕1号")]}, "exclusions"),
        ({"exclusions": [roster.Exclusion(STRANGER, "CLOSED", "")]}, "exclusions"),
        ({"exclusions": [roster.Exclusion(STRANGER, "CLOSED", "示〔2026〕1号")] * 2}, "exclusions"),
        ({"entries": draw_cases.objects(8)}, "strata.甲"),
    ],
)
def test_lists_that_cannot_be_committed_name_their_list(given, field):
    with pytest.raises(Invalid) as caught:
        committed(**given)
    assert fields(caught) == {field}


def test_a_source_that_is_not_later_than_the_commitment_is_refused():
    early = SourceRule("彩票", "昨日开奖", draw_cases.COMMITTED)
    with pytest.raises(Invalid) as caught:
        ceremony.commit(
            draw_cases.objects(40), draw_cases.rules(sources=(early,)), committed_at=draw_cases.COMMITTED
        )
    assert fields(caught) == {"sources"}


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("moment", [NOON.replace(tzinfo=None), NOON.replace(microsecond=4)])
def test_a_time_has_a_zone_and_whole_seconds(moment):
    with pytest.raises(Invalid):
        stamp(moment)


def test_a_salt_that_could_be_guessed_makes_no_id():
    with pytest.raises(ValueError, match="at least 16 bytes"):
        roster.opaque_id(hashing.SHA256, "code", bytes(15))


def test_a_profile_whose_hash_this_platform_lacks_says_so():
    with pytest.raises(hashing.HashMissing, match="no-such-hash"):
        hashing.Profile("dr/9", "no-such-hash").digest(b"")


def test_nobody_is_drawn_from_nobody_and_no_more_than_there_are():
    assert equal_masses(0, 0).parts == weighted_masses([], 0).parts == []
    for count, wanted in ((0, 1), (3, Fraction(7, 2))):
        with pytest.raises(TooFew):
            equal_masses(count, wanted)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"out": STRANGER}, "out"),
        ({"reason": ""}, "reason"),
        ({"document": "a\tb"}, "reason"),
        ({"at": draw_cases.DRAWN}, "at"),
    ],
)
def test_a_replacement_names_who_leaves_why_and_comes_after_the_last(changed, field):
    result = draw_cases.result()
    first, second = result.drawn[:2]
    ground = {"reason": "CLOSED", "document": "示〔2026〕1号"}
    later = draw_cases.DRAWN.replace(hour=draw_cases.DRAWN.hour + 1)
    earlier = [bundle.replacement(result, [], out=first, at=later, **ground)]
    with pytest.raises(Invalid) as caught:
        bundle.replacement(result, earlier, **{"out": second, "at": later, **ground, **changed})
    assert fields(caught) == {field}


def test_a_walk_over_masses_that_sum_to_no_whole_place_selects_nobody():
    with pytest.raises(ValueError, match="whole number of places"):
        walk([("a", 1), ("b", 1)], 3, lambda cut, bound: True)
