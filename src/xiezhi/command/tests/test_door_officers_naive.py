"""``xiezhi draw officers`` against §6 of docs/dr-1.md written down a second time, from the text alone.

Nothing of ``core.draw`` is used: nodes are pairs, a walk is two lists, whether an edge is fractional is asked anew.
"""

import json
import random
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xiezhi.command.tests.inprocess import run
from xiezhi.command.tests.test_door_draw_naive import PLAIN, Naive

ONE = 10**6
Pair = tuple[str, str]


class Walked:
    """One table, rounded by the walks of §6."""

    def __init__(self, rows: list[list], seed: bytes, hash_name: str):
        self.x: dict[Pair, int] = {(target, officer): share for target, officer, share in rows}
        self.edges = sorted(self.x, key=lambda edge: (edge[0].encode(), edge[1].encode()))
        self.coin = Naive(seed, "\x1fofficers", hash_name)

    def chosen(self) -> set[Pair]:
        for edge in self.edges:
            while self.fractional(edge):
                self.walk(("target", edge[0]))
        return {edge for edge, share in self.x.items() if share == ONE}

    def fractional(self, edge: Pair) -> bool:
        return 0 < self.x[edge] < ONE

    def ways(self, node: Pair, entered: Pair | None) -> list[Pair]:
        end = 0 if node[0] == "target" else 1
        return [e for e in self.edges if e[end] == node[1] and e != entered and self.fractional(e)]

    def way(self, ways: list[Pair], nodes: list[Pair]) -> Pair:
        """How a target is left: by the first edge to an officer on the walk, else by the first."""
        return next((one for one in ways if ("officer", one[1]) in nodes), ways[0])

    def walk(self, start: Pair) -> None:
        nodes: list[Pair] = [start]
        edges: list[Pair] = []
        anew = False
        while True:
            node = nodes[-1]
            ways = self.ways(node, edges[-1] if edges else None)
            if not ways:
                assert node[0] == "officer"
                if anew:
                    return self.shift(edges)
                nodes, edges, anew = [node], [], True
                continue
            way = ways[0]
            if node[0] == "target":
                way = self.way(ways, nodes)
                ahead = ("officer", way[1])
            else:
                ahead = ("target", way[0])
            edges.append(way)
            if ahead not in nodes:
                nodes.append(ahead)
                continue
            again = nodes.index(ahead)
            self.shift(edges[again:])
            if again == 0:
                return None
            nodes, edges = nodes[: again + 1], edges[:again]

    def shift(self, edges: list[Pair]) -> None:
        even, odd = edges[0::2], edges[1::2]
        up = min([ONE - self.x[one] for one in even] + [self.x[one] for one in odd])
        down = min([self.x[one] for one in even] + [ONE - self.x[one] for one in odd])
        by = up if self.coin.below(up + down) < down else -down
        for one in even:
            self.x[one] += by
        for one in odd:
            self.x[one] -= by


def table(dice: random.Random, targets: list[str], officers: list[str]) -> list[list]:
    """Rows of whole teams: a team of certain officers, of whose chances parts were handed on at random."""
    rows = []
    for target in targets:
        able = dice.sample(officers, dice.randint(2, len(officers)))
        team = dice.randint(2, len(able))
        shares = [ONE] * team + [0] * (len(able) - team)
        for _ in range(dice.randint(0, 3 * len(able))):
            giver, taker = dice.sample(range(len(able)), 2)
            most = min(shares[giver], ONE - shares[taker])
            part = dice.choice([1, most, dice.randint(0, most)]) if most else 0
            shares[giver] -= part
            shares[taker] += part
        rows += [[target, one, share] for one, share in zip(able, shares, strict=True) if share]
    dice.shuffle(rows)
    return rows


def door(rows: object, seed: bytes, hash_name: str) -> tuple[int, bytes, str]:
    return run("draw", "officers", "--seed", seed.hex(), "--hash", hash_name, data=json.dumps(rows).encode())


def printed(pairs: set[Pair]) -> bytes:
    return b"".join(b"%b\t%b\n" % pair for pair in sorted((t.encode(), o.encode()) for t, o in pairs))


NAMES = st.lists(st.text(PLAIN, min_size=1, max_size=5), min_size=2, max_size=9, unique=True)


@given(st.randoms(use_true_random=False), NAMES, NAMES, st.binary(min_size=1, max_size=40),
       st.sampled_from(["sha256", "sm3"]), st.booleans())  # fmt: skip
# An id may name a target and an officer at once; beyond U+FFFF the order of bytes is not that of UTF-16.
@example(
    random.Random(1), ["a", "b", "\ue000", "\U0001f600"], ["a", "b", "\ue000", "\U0001f600"], b"\0", "sm3", True
)
def test_the_door_sends_whom_the_text_says(dice, targets, officers, seed, hash_name, wrapped):
    rows = table(dice, targets, officers)
    told = Walked(rows, seed, hash_name).chosen()
    assert door({"table": rows} if wrapped else rows, seed, hash_name) == (0, printed(told), "")
    expected, teams = Counter(), Counter()
    for target, officer, share in rows:
        expected[officer] += share
        teams[target] += share
    assert Counter(target for target, _ in told) == {target: share // ONE for target, share in teams.items()}
    loads = Counter(officer for _, officer in told)
    assert all(share // ONE <= loads[one] <= -(-share // ONE) for one, share in expected.items())


class FirstEdge(Walked):
    """Who forgot that a target is left by the edge to an officer already on the walk, if there is one."""

    def way(self, ways: list[Pair], nodes: list[Pair]) -> Pair:
        return ways[0]


@pytest.mark.parametrize("seed", [bytes([number]) for number in range(4)])
@pytest.mark.parametrize("hash_name", ["sha256", "sm3"])
def test_a_walk_leaves_a_target_for_an_officer_it_knows(hash_name, seed):
    """From a over 1, b and 2 the walk comes to c, whose first edge leads to 0 and whose second back to 1."""
    able = {"a": "1345", "b": "1236", "c": "0127"}
    rows = [[target, officer, ONE // 2] for target, officers in able.items() for officer in officers]
    told = Walked(rows, seed, hash_name).chosen()
    assert told != FirstEdge(rows, seed, hash_name).chosen()
    assert door(rows, seed, hash_name) == (0, printed(told), "")


@pytest.mark.parametrize("hash_name", ["sha256", "sm3"])
def test_every_edge_keeps_its_chance(hash_name):
    """Over 500 seeds each pair is sent as often as the table says, within five standard deviations."""
    rows = table(random.Random(7), ["甲", "乙", "丙"], ["一", "二", "三", "四"])
    times, seen = 500, Counter()
    for number in range(times):
        _code, out, _err = door(rows, number.to_bytes(4, "big"), hash_name)
        seen.update(tuple(line.split("\t")) for line in out.decode().splitlines())
    for target, officer, share in rows:
        chance = share / ONE
        assert abs(seen[target, officer] - times * chance) <= 5 * (times * chance * (1 - chance)) ** 0.5
