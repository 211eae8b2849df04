"""Who is sent: dependent rounding of a committed table of chances (docs/dr-1.md §6, mode 1).

Before the seed a table gives each (target, officer) edge a chance in millionths; the chances of a target sum
to the size of its team. After the seed :func:`round_edges` makes every edge 0 or 1: each keeps its chance,
each target gets exactly its team, each officer's load is the floor or the ceiling of its expectation.
"""

from collections.abc import Collection, Iterable, Sequence
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
    """The (target, officer) pairs that become 1.

    While a fractional edge is left: walk from the target of the first one, leaving each node by its first
    fractional edge other than the one arrived by, until a node repeats (a cycle) or there is no way on. In
    the latter case walk anew from that dead end. The edges found, counted from 0, alternate: the even ones
    rise by ``up`` and the odd ones fall, with chance down / (up + down), or else fall by ``down`` and rise.
    """
    return _Rounding(edges).run(hits)


class _Rounding:
    """The state of one rounding: masses by edge, fractional edges by node (targets first, then officers)."""

    def __init__(self, edges: Sequence[Edge]):
        self.edges = edges
        self.mass = [edge.millionths for edge in edges]
        names: dict[tuple[bool, str], int] = {}
        self.ends: list[tuple[int, int]] = []
        self.at: list[list[int]] = []
        for number, edge in enumerate(edges):
            pair = tuple(names.setdefault(key, len(names)) for key in ((True, edge.target), (False, edge.officer)))
            self.ends.append((pair[0], pair[1]))
            self.at.extend([] for _ in range(len(names) - len(self.at)))
            if edge.millionths < MILLION:
                self.at[pair[0]].append(number)
                self.at[pair[1]].append(number)

    def run(self, hits: Hits) -> set[tuple[str, str]]:
        for number, (target, _) in enumerate(self.ends):
            while 0 < self.mass[number] < MILLION:
                self._shift(self._find(target), hits)
        return {(e.target, e.officer) for e, mass in zip(self.edges, self.mass, strict=True) if mass}

    def _find(self, start: int) -> list[int]:
        path, dead_end = self._walk(start)
        return path if dead_end is None else self._walk(dead_end)[0]

    def _walk(self, start: int) -> tuple[list[int], int | None]:
        """(edges of a cycle, None) or (edges of the walk, the node where it ended)."""
        path: list[int] = []
        node, arrived = start, -1
        seen = {start: 0}
        while True:
            out = next((number for number in self.at[node] if number != arrived), -1)
            if out < 0:
                return path, node
            path.append(out)
            target, officer = self.ends[out]
            node, arrived = (officer if node == target else target), out
            if node in seen:
                return path[seen[node] :], None
            seen[node] = len(path)

    def _shift(self, path: list[int], hits: Hits) -> None:
        mass = self.mass
        even, odd = [mass[number] for number in path[::2]], [mass[number] for number in path[1::2]]
        up = min(MILLION - max(even), min(odd, default=MILLION))
        down = min(min(even), MILLION - max(odd, default=0))
        change = up if hits(down, up + down) else -down
        for number in path:
            mass[number] += change
            change = -change
            if not 0 < mass[number] < MILLION:
                for node in self.ends[number]:
                    self.at[node].remove(number)
