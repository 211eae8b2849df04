"""The chains of a visit and what its clocks tell."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core.evidence import chain, fields, moments
from xiezhi.core.evidence.chain import Finding

from . import evidence_cases as cases

FIRST, SECOND = cases.FIRST, cases.SECOND
WHOLE = cases.visit()
ENDS = cases.closings(WHOLE)


def found(manifests, ends=ENDS, visit=cases.VISIT):
    return [(one.code, one.device, one.seq) for one in chain.faults(visit, manifests, ends)]


@given(st.permutations(WHOLE))
def test_a_whole_visit_holds_in_whatever_order_it_arrives(manifests):
    assert found(manifests) == []


def test_two_devices_and_open_chains_are_told():
    assert chain.told(WHOLE, ENDS) == [Finding(one, 0, "several-devices") for one in (FIRST, SECOND)]
    assert [one.code for one in chain.told(cases.chain([1]))] == ["chain-open"]
    assert chain.told(cases.chain([1]), cases.closings(cases.chain([1]))) == []


@given(st.sampled_from(WHOLE))
def test_a_missing_item_is_a_gap(one):
    assert ("gap", one.device, one.seq) in found([other for other in WHOLE if other is not one])


def test_an_item_of_the_middle_missing_needs_no_closing_to_be_seen():
    one, _, three = cases.chain([1, 2, 3])
    assert found([one, three], []) == [("gap", FIRST, 2)]


def test_two_items_of_one_number_are_a_fork_and_the_doubled_id_is_named():
    one, two = cases.chain([1, 2])
    other = cases.manifest(3, FIRST, 2, one.digest)
    assert found([one, two, other], []) == [("fork", FIRST, 2)] * 2
    assert {code for code, _, _ in found([one, two, two], [])} == {"fork", "item-doubled"}


def test_swapped_order_and_a_foreign_link_differ():
    one, two, three = cases.chain([1, 2, 3])
    assert found([one, two, replace(three, prev=one.digest)], []) == [("reordered", FIRST, 3)]
    assert found([one, two, replace(three, prev="0" * 64)], []) == [("prev-differs", FIRST, 3)]


def test_what_comes_after_the_closing_and_a_closing_of_another_chain_are_named():
    one, two = cases.chain([1, 2])
    early = replace(cases.closing([one]))
    assert found([one, two], [early]) == [("after-closing", FIRST, 2)]
    assert found([one, two], [replace(cases.closing([one, two]), head=one.digest)]) == [("head-differs", FIRST, 2)]
    assert found([one], [cases.closing([one])] * 2) == [("closing-doubled", FIRST, 0)]
    assert found([], [cases.closing([one, two])]) == [("gap", FIRST, 1), ("gap", FIRST, 2)]


def test_another_visit_another_key_and_a_missing_parent_are_named():
    one, two = cases.chain([1, 2])
    assert found([one], [], visit=cases.item_id(9)) == [("wrong-visit", FIRST, 1)]
    assert ("key-changed", FIRST, 2) in found([one, replace(two, key="0" * 64)], [])
    assert ("key-changed", FIRST, 0) in found([one], [replace(cases.closing([one]), key="0" * 64)])
    assert found([WHOLE[0], replace(WHOLE[2], seq=2, prev=WHOLE[0].digest)], []) == [("parent-missing", FIRST, 2)]


HOUR = 3_600_000


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, {}),
        ({"clock": None}, {"clock-unknown": 0}),
        ({"clock": replace(cases.SYNCED, offset_ms=3 * HOUR)}, {"clock-off": 3 * HOUR}),
        ({"clock": replace(cases.SYNCED, offset_ms=-3 * HOUR)}, {"clock-off": -3 * HOUR}),
        ({"clock": replace(cases.SYNCED, offset_ms=120_000)}, {}),
        ({"clock": replace(cases.SYNCED, known_at="2026-11-22T02:00:01.000Z")}, {"clock-stale": 48 * HOUR}),
        ({"clock": replace(cases.SYNCED, known_at="2026-11-24T03:00:01.000Z")}, {"clock-set": HOUR}),
        ({"position": replace(cases.HERE, fixed_at="2026-11-24T01:00:01.000Z")}, {"fix-old": HOUR}),
        ({"position": replace(cases.HERE, fixed_at="2026-11-24T03:00:01.000Z")}, {"fix-old": -HOUR}),
    ],
)
def test_clocks_are_told_with_how_much(changes, told):
    assert moments.told(cases.manifest(**changes)) == told


def test_a_clock_that_went_back_and_a_capture_after_its_receipt_are_told():
    one, two = cases.chain([1, 2])
    assert moments.told(replace(two, taken_at="2026-11-24T01:59:31.000Z"), one) == {"clock-back": 30_000}
    early = fields.instant("2026-11-24T01:00:00.000Z")
    assert moments.told(one, None, early) == {"taken-after-receipt": HOUR + 1000 - 1200}
    assert moments.told(one, None, fields.instant("2026-11-24T02:00:00.000Z")) == {}


def test_the_corrected_time_is_that_of_the_server_as_far_as_it_is_known():
    assert fields.stamp(moments.corrected(cases.manifest())) == "2026-11-24T01:59:59.800Z"
    assert moments.corrected(cases.manifest(clock=None)) is None
