"""Officers: teams by the table, loads that differ by at most one, and honest gaps."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezhi.core.draw.hashing import SHA256, Coin
from xiezhi.core.draw.officer_table import even_table
from xiezhi.core.draw.officers import LABEL, MILLION, Edge, assign, check_edges, round_edges
from xiezhi.core.errors import Invalid

Hits = Callable[[int, int], bool]
AT_MOST = 22.0  # chi-square of one degree: p = 2.7e-6, for some thirty edges together 1e-4


def name(number: int) -> str:
    return f"{number:064x}"


def loads(pairs: set[tuple[str, str]]) -> Counter[str]:
    return Counter(officer for _, officer in pairs)


def test_loads_differ_by_at_most_one_where_everybody_may_go_everywhere() -> None:
    able = {name(target): [name(at) for at in range(37)] for target in range(300)}
    table = even_table(SHA256, "2026-11", able)
    check_edges(table, able)
    assert max(Counter(edge.target for edge in table).values()) == 16
    for number in range(5):
        chosen = round_edges(table, Coin(SHA256, bytes([number]), LABEL).hits)
        spread = loads(chosen)
        assert len(chosen) == 600
        assert max(spread.values()) - min(spread.values()) <= 1
        assert len(spread) == 37


def test_expected_loads_are_equal_to_a_millionth_in_five_districts_that_share_officers() -> None:
    able = {name(target): [name(at) for at in range(40) if (at + target) % 5 < 2] for target in range(200)}
    table = even_table(SHA256, "2026-11", able, team=3, candidates=8)
    expected: Counter[str] = Counter()
    for edge in table:
        expected[edge.officer] += edge.millionths
    assert sum(expected.values()) == 600 * MILLION
    assert max(expected.values()) - min(expected.values()) <= 1


@given(st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=12), st.integers(2, 3), st.integers(3, 6))
@settings(max_examples=80, deadline=None)
def test_any_table_is_a_valid_one_and_short_targets_have_none(rows: list[set[int]], team: int, most: int) -> None:
    able = {name(100 + at): [name(one) for one in row] for at, row in enumerate(rows)}
    table = even_table(SHA256, "x", able, team=team, candidates=most)
    check_edges(table, able)
    assert all(a < b for a, b in pairwise(table))
    assert {edge.target for edge in table} == {target for target, some in able.items() if len(some) >= team}
    assert all(edge.officer in able[edge.target] for edge in table)


def test_a_team_of_exactly_the_able_is_forced() -> None:
    table = even_table(SHA256, "x", {name(1): [name(2), name(3)]})
    assert table == [Edge(name(1), name(2), MILLION), Edge(name(1), name(3), MILLION)]


def test_teams_carry_their_reserves_and_a_target_without_edges_stands_empty() -> None:
    table = even_table(SHA256, "x", {name(1): [name(at) for at in range(10, 15)]})
    first, second = assign(SHA256, bytes(32), table, [name(2), name(1)])
    assert (first.target, len(first.officers), len(first.reserves)) == (name(1), 2, 3)
    assert {*first.officers, *first.reserves} == {name(at) for at in range(10, 15)}
    assert (second.target, second.officers, second.reserves) == (name(2), (), ())


def one_edge_chi_square(hits_of: Callable[[Coin], Hits], rounds: int = 20_000) -> float:
    """The largest of the edges' own chi-squares (one degree each) of how often it was chosen, against its chance."""
    able = {name(target): [name(10 + at) for at in range(7) if (at + target) % 3] for target in range(5)}
    table = even_table(SHA256, "2026-11", able)
    seen: Counter[tuple[str, str]] = Counter()
    for number in range(rounds):
        seed = SHA256.digest(b"marginals %d" % number)
        seen.update(round_edges(table, hits_of(Coin(SHA256, seed, LABEL))))
    found = []
    for edge in table:
        p = edge.millionths / MILLION
        if p < 1:
            found.append((seen[edge.target, edge.officer] - rounds * p) ** 2 / (rounds * p * (1 - p)))
        else:
            assert seen[edge.target, edge.officer] == rounds
    return max(found)


@pytest.mark.no_cover
@pytest.mark.slow
def test_marginals_of_the_rounding_are_within_chi_square_over_20000_runs() -> None:
    assert one_edge_chi_square(lambda coin: coin.hits) < AT_MOST


def test_an_unfair_coin_fails_the_same_test() -> None:
    """Were each shift tossed as an even one, edges of unequal chance would be chosen too often or too seldom."""
    assert one_edge_chi_square(lambda coin: lambda cut, bound: coin.below(2) == 0, 2_000) > AT_MOST


@pytest.mark.parametrize(
    "edges",
    [
        [Edge(name(1), name(2), MILLION)],
        [Edge(name(1), name(2), MILLION), Edge(name(1), name(3), 999_999)],
        [Edge(name(1), name(2), MILLION), Edge(name(1), name(2), MILLION)],
        [Edge(name(1), name(2), 2 * MILLION)],
        [Edge(name(9), name(2), MILLION), Edge(name(9), name(3), MILLION)],
        [Edge(name(1), "王", MILLION), Edge(name(1), name(3), MILLION)],
    ],
)
def test_what_is_no_table_is_refused(edges: list[Edge]) -> None:
    with pytest.raises(Invalid):
        check_edges(edges, {name(1)})
