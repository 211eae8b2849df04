"""The officers' table before the seed: who may be sent where, with chances that make the loads equal.

Floating point is used on the way; what is committed are whole millionths, so nobody has to repeat the way.
"""

from collections import deque
from collections.abc import Mapping, Sequence

from .hashing import Coin, Profile
from .officers import LABEL, LEAST_TEAM, MILLION, Edge

CANDIDATES = 16
SWEEPS = 40


def even_table(
    profile: Profile,
    draw_id: str,
    able: Mapping[str, Sequence[str]],
    *,
    team: int = LEAST_TEAM,
    candidates: int = CANDIDATES,
) -> list[Edge]:
    """Edges for :func:`ceremony.commit`, sorted; a target with fewer able officers than ``team`` has none.

    able        per target (opaque id) the officers who may go: certificate valid on every day of the window,
                scope and skill, no recusal, not the pair of last time, not on leave
    candidates  so many of them, chosen by hash of the draw_id, share the chances

    Where the edges allow, all expected loads are equal to a millionth, so that after the rounding no two
    officers' loads differ by more than 1. Officers who may go nowhere else keep what they must.
    """
    rows = [_picked(profile, draw_id, target, sorted(able[target]), candidates)
            for target in sorted(able) if len(able[target]) >= team]  # fmt: skip
    targets = [target for target in sorted(able) if len(able[target]) >= team]
    names = sorted({officer for row in rows for officer in row})
    place = {officer: at for at, officer in enumerate(names)}
    columns = [[place[officer] for officer in row] for row in rows]
    shares = [_whole(row, team) for row in _swept(columns, len(names), team)]
    _level(columns, shares, len(names))
    return [
        Edge(target, names[at], share)
        for target, row, parts in zip(targets, columns, shares, strict=True)
        for at, share in sorted(zip(row, parts, strict=True))
        if share
    ]


def _picked(profile: Profile, draw_id: str, target: str, able: list[str], count: int) -> list[str]:
    """``count`` of ``able`` by hash of draw_id and target: the head of a Fisher–Yates shuffle."""
    if len(able) > count:
        coin = Coin(profile, profile.digest(draw_id.encode("utf-8")), f"{LABEL}\x1fcandidates\x1f{target}")
        for at in range(count):
            other = at + coin.below(len(able) - at)
            able[at], able[other] = able[other], able[at]
    return sorted(able[:count])


def _swept(columns: Sequence[Sequence[int]], officers: int, team: int) -> list[list[float]]:
    """Chances by row, scaled in turn to equal loads and to rows of ``team``, none above 1."""
    shares = [[team / len(row)] * len(row) for row in columns]
    level = team * len(columns) / max(1, officers)
    for _ in range(SWEEPS):
        loads = [0.0] * officers
        for row, parts in zip(columns, shares, strict=True):
            for at, part in zip(row, parts, strict=True):
                loads[at] += part
        factors = [level / load for load in loads]
        if max(factors, default=1) - min(factors, default=1) < 1e-7:
            break
        shares = [
            _capped([part * factors[at] for at, part in zip(row, parts, strict=True)], team)
            for row, parts in zip(columns, shares, strict=True)
        ]
    return shares


def _capped(parts: list[float], team: int) -> list[float]:
    """``parts`` scaled to sum to ``team``; what would pass 1 is 1, and the others are scaled to the rest."""
    total = sum(parts)
    parts = [part * team / total for part in parts]
    while max(parts) > 1 + 1e-12:
        full = sum(1 for part in parts if part >= 1)
        rest = sum(part for part in parts if part < 1)
        scale = (team - full) / rest if rest else 0
        parts = [1.0 if part >= 1 else part * scale for part in parts]
    return parts


def _whole(parts: Sequence[float], team: int) -> list[int]:
    """The same in millionths, each from 1 to 10^6 (so that none loses its chance), summing to team · 10^6."""
    rounded = [min(MILLION, max(1, round(part * MILLION))) for part in parts]
    missing = team * MILLION - sum(rounded)
    for at in sorted(range(len(rounded)), key=rounded.__getitem__, reverse=missing < 0):
        step = max(1 - rounded[at], min(MILLION - rounded[at], missing))
        rounded[at] += step
        missing -= step
    return rounded


def _level(columns: Sequence[Sequence[int]], shares: list[list[int]], officers: int) -> None:
    """Move millionths along rows from officers above the level to officers below it, until none can move."""
    loads = [0] * officers
    rows_of: list[list[tuple[int, int]]] = [[] for _ in range(officers)]
    for number, row in enumerate(columns):
        for place, at in enumerate(row):
            loads[at] += shares[number][place]
            rows_of[at].append((number, place))
    level, extra = divmod(sum(loads), max(1, officers))
    over = [load - level - (at < extra) for at, load in enumerate(loads)]
    for source in range(officers):
        while over[source] > 0:
            path = _way(columns, shares, rows_of, over, source)
            if not path:
                break
            room = [
                min(shares[number][giving], MILLION - shares[number][taking]) for number, giving, taking in path
            ]
            last_row, _, last_place = path[-1]
            sink = columns[last_row][last_place]
            amount = min(over[source], -over[sink], *room)
            for number, giving, taking in path:
                shares[number][giving] -= amount
                shares[number][taking] += amount
            over[source] -= amount
            over[sink] += amount


def _way(
    columns: Sequence[Sequence[int]],
    shares: Sequence[Sequence[int]],
    rows_of: Sequence[Sequence[tuple[int, int]]],
    over: Sequence[int],
    source: int,
) -> list[tuple[int, int, int]]:
    """The shortest chain of (row, giving, taking place) from ``source`` to an officer below the level."""
    came: dict[int, tuple[int, int, int]] = {source: (-1, -1, -1)}
    waiting = deque([source])
    while waiting:
        at = waiting.popleft()
        for row, giving in rows_of[at]:
            if not shares[row][giving]:
                continue
            for taking, other in enumerate(columns[row]):
                if other in came or shares[row][taking] >= MILLION:
                    continue
                came[other] = (row, giving, taking)
                if over[other] < 0:
                    return _traced(columns, came, other)
                waiting.append(other)
    return []


def _traced(
    columns: Sequence[Sequence[int]], came: Mapping[int, tuple[int, int, int]], end: int
) -> list[tuple[int, int, int]]:
    path = []
    step = came[end]
    while step[0] >= 0:
        path.append(step)
        step = came[columns[step[0]][step[1]]]
    return path[::-1]
