"""Who is sent: dependent rounding of a committed table of chances (docs/dr-1.md §6, mode 1).

Before the seed a table gives each (target, officer) edge a chance in millionths; the chances of a target sum
to the size of its team. After the seed :func:`round_edges` makes every edge 0 or 1: each keeps its chance,
each target gets exactly its team, each officer's load is the floor or the ceiling of its expectation.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xiezhi.core.errors import Invalid

from .hashing import Coin, Profile
from .roster import is_opaque
from .targets import Hits, ticket_order

MILLION = 1_000_000
LEAST_TEAM = 2
LABEL = "\x1fofficers"


class Edge(NamedTuple):
    """One cell of the officers' table: opaque ids of target and officer, chance in millionths (1 … 10^6)."""

    target: str
    officer: str
    millionths: int


@dataclass(frozen=True, slots=True)
class Team:
    """A target's officers and its drawn order of reserves, by opaque id; no officers = 无可随机."""

    target: str
    officers: tuple[str, ...]
    reserves: tuple[str, ...]


def check_edges(edges: Sequence[Edge], targets: Collection[str]) -> None:
    """:class:`Invalid` unless ``edges`` are a table: known targets, no pair twice, teams of two or more."""
    sums: dict[str, int] = {}
    wrong = []
    for edge in edges:
        sums[edge.target] = sums.get(edge.target, 0) + edge.millionths
        if not is_opaque(edge.officer):
            wrong.append(f"执法人员编号不是 64 位小写十六进制：{edge.officer}")
        if not 1 <= edge.millionths <= MILLION:
            wrong.append(f"概率须在 1 与 1000000 之间：{edge.target} {edge.officer}")
    if len({(edge.target, edge.officer) for edge in edges}) != len(edges):
        wrong.append("同一对象与执法人员重复")
    for target, total in sums.items():
        if target not in targets:
            wrong.append(f"对象不在名册中：{target}")
        elif total % MILLION or total < LEAST_TEAM * MILLION:
            wrong.append(f"概率之和须为不少于 {LEAST_TEAM} 的整数：{target}")
    if wrong:
        raise Invalid({"officers": wrong[:20]})


def assign(profile: Profile, seed: bytes, table: Iterable[Edge], targets: Sequence[str]) -> tuple[Team, ...]:
    """Teams of the drawn ``targets``, sorted by id: rounding over their rows, then reserves by ticket."""
    rows: dict[str, list[str]] = {target: [] for target in sorted(targets)}
    edges = sorted(edge for edge in table if edge.target in rows)
    for edge in edges:
        rows[edge.target].append(edge.officer)
    chosen = round_edges(edges, Coin(profile, seed, LABEL).hits)
    teams = []
    for target, candidates in rows.items():
        sent = tuple(one for one in candidates if (target, one) in chosen)
        rest = [one for one in candidates if (target, one) not in chosen]
        order = ticket_order(profile, seed, f"{LABEL}\x1f{target}", rest)
        teams.append(Team(target, sent, tuple(rest[at] for at in order)))
    return tuple(teams)


def round_edges(edges: Sequence[Edge], hits: Hits) -> set[tuple[str, str]]:
    """The (target, officer) pairs that become 1; ``edges`` sorted by (target, officer).

    A walk begins at the target of the first fractional edge. It leaves a node by a fractional edge other than
    the one arrived by: from a target by the first that leads to an officer already on the walk, else by the
    first. Where a node comes up again, the cycle is shifted, cut off, and the walk goes on from that node.
    Where there is no way on, it begins anew at this dead end; a walk from a dead end to another is shifted as
    a whole. Of the edges shifted, counted from 0, the even ones rise by ``up`` and the odd ones fall, with
    chance down / (up + down); else the even ones fall by ``down`` and the odd ones rise.
    """
    state = _Rounding(edges)
    for number, (target, _) in enumerate(state.ends):
        while state.is_fractional(number):
            state.walk(target, hits)
    return {(edge.target, edge.officer) for edge, mass in zip(edges, state.mass, strict=True) if mass}


class _Rounding:
    """The state of one rounding: masses by edge, fractional edges by node in list order, nodes numbered."""

    def __init__(self, edges: Sequence[Edge]):
        self.mass = [edge.millionths for edge in edges]
        self.ends: list[tuple[int, int]] = []
        self.at: list[list[int]] = []
        names: dict[tuple[bool, str], int] = {}
        for number, edge in enumerate(edges):
            target = names.setdefault((True, edge.target), len(names))
            officer = names.setdefault((False, edge.officer), len(names))
            self.at.extend([] for _ in range(len(names) - len(self.at)))
            self.ends.append((target, officer))
            if self.is_fractional(number):
                self.at[target].append(number)
                self.at[officer].append(number)

    def is_fractional(self, number: int) -> bool:
        return 0 < self.mass[number] < MILLION

    def walk(self, start: int, hits: Hits) -> None:
        """Walk and shift until nothing of the walk is left: at least one edge is then 0 or 1."""
        path: list[int] = []
        nodes, place = [start], {start: 0}
        node, from_dead_end = start, False
        while True:
            out = self._way_out(node, path[-1] if path else -1, place)
            if out < 0 and from_dead_end:
                return self._shift(path, hits)
            if out < 0:
                path, nodes, place, from_dead_end = [], [node], {node: 0}, True
                continue
            target, officer = self.ends[out]
            node = officer if node == target else target
            path.append(out)
            first = place.get(node)
            if first is None:
                place[node] = len(path)
                nodes.append(node)
                continue
            self._shift(path[first:], hits)
            if not first:
                return None
            for gone in nodes[first + 1 :]:
                del place[gone]
            del path[first:], nodes[first + 1 :]

    def _way_out(self, node: int, arrived: int, walked: Container[int]) -> int:
        """The edge by which the walk leaves ``node``; -1 at a dead end."""
        first = -1
        for number in self.at[node]:
            if number == arrived:
                continue
            target, officer = self.ends[number]
            if node != target or officer in walked:
                return number
            if first < 0:
                first = number
        return first

    def _shift(self, path: list[int], hits: Hits) -> None:
        mass = self.mass
        even, odd = [mass[number] for number in path[::2]], [mass[number] for number in path[1::2]]
        up, down = min(MILLION - max(even), min(odd)), min(min(even), MILLION - max(odd))
        change = up if hits(down, up + down) else -down
        for number in path:
            mass[number] = value = mass[number] + change
            change = -change
            if not 0 < value < MILLION:
                for node in self.ends[number]:
                    self.at[node].remove(number)
