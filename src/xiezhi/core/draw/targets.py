"""Who is drawn: tickets, equal chance, the exact weighted walk, ratios over strata (docs/dr-1.md §3).

Every function takes distinct ids; the caller (door, ceremony) refuses repeated ones with their place.
"""

import itertools
import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeVar

from .hashing import Coin, Profile, framed_text

T = TypeVar("T", bound=Hashable)
DIGEST_BYTES = 32
Hits: TypeAlias = Callable[[int, int], bool]


class TooFew(ValueError):
    """More objects are wanted than can be drawn: ``wanted`` of ``there``."""

    def __init__(self, wanted: int | Fraction, there: int):
        super().__init__(f"{wanted} objects are to be drawn, only {there} can be")
        self.wanted = wanted
        self.there = there


def tickets(profile: Profile, seed: bytes, label: str, ids: Iterable[str]) -> Iterator[bytes]:
    """For each id its ticket's 32 bytes, ``H("dr/1/ticket" seed L(label) L(id))``; compare them as bytes."""
    base = profile.start(b"dr/1/ticket" + seed + framed_text(label))
    for one in ids:
        data = one.encode("utf-8")
        running = base.copy()
        running.update(len(data).to_bytes(4, "big") + data)
        yield running.digest()


def ticket(profile: Profile, seed: bytes, label: str, one: str) -> bytes:
    """The ticket of a single id."""
    return next(tickets(profile, seed, label, (one,)))


def ticket_order(profile: Profile, seed: bytes, label: str, ids: Sequence[str]) -> list[int]:
    """The positions of ``ids`` by (ticket, id's bytes)."""
    keys = [t + i.encode("utf-8") for t, i in zip(tickets(profile, seed, label, ids), ids, strict=True)]
    return sorted(range(len(keys)), key=keys.__getitem__)


def equal(profile: Profile, seed: bytes, label: str, ids: Iterable[str], n: int) -> list[str]:
    """The ids of the n smallest tickets, in ticket order; reads ``ids`` once and keeps O(n) of them."""
    seen = 0

    def counted() -> Iterator[str]:
        nonlocal seen
        for one in ids:
            seen += 1
            yield one

    ahead, beside = itertools.tee(counted())
    smallest = _smallest(zip(tickets(profile, seed, label, ahead), beside, strict=True), n)
    if seen < n:
        raise TooFew(n, seen)
    return [key[DIGEST_BYTES:].decode("utf-8") for key in smallest]


def _smallest(drawn: Iterator[tuple[bytes, str]], n: int) -> list[bytes]:
    """The n smallest ``ticket || id``, in order: a buffer of at most 2n + 65,536, cut back when full."""
    room = 2 * n + 65_536
    kept: list[bytes] = []
    worst = b"\xff" * (DIGEST_BYTES + 1)
    for ticket_bytes, one in drawn:
        if ticket_bytes <= worst:
            kept.append(ticket_bytes + one.encode("utf-8"))
            if len(kept) >= room:
                kept.sort()
                del kept[n:]
                worst = kept[-1][:DIGEST_BYTES] if kept else b""
    kept.sort()
    return kept[:n]


@dataclass(frozen=True, slots=True)
class Masses:
    """Chances as whole numbers: object i is drawn with chance ``parts[i] / whole`` (0 ≤ part ≤ whole)."""

    parts: list[int]
    whole: int

    def chance(self, position: int) -> Fraction:
        """The exact chance of the object at ``position``."""
        return Fraction(self.parts[position], self.whole)


def weighted_masses(weights: Sequence[int], wanted: int | Fraction) -> Masses:
    """Chances in proportion to ``weights`` that sum to ``wanted``, none above 1.

    k_i = n·w_i over M = Σw. Objects with n·w_i ≥ M are certain: they leave with their place, and the rest is
    computed anew until none is. ``wanted`` may be a fraction (ratios). :class:`TooFew` when more is wanted
    than objects of positive weight.
    """
    left, total = Fraction(wanted), sum(weights)
    positive = len(weights) - weights.count(0)
    if left > positive:
        raise TooFew(wanted, positive)
    certain, last = _certain(weights, left, total)
    taken = sum(1 for weight in weights if weight >= certain) if certain is not None else 0
    left -= taken
    total = last
    if left == 0 or total == 0:
        return Masses([int(certain is not None and weight >= certain) for weight in weights], 1)
    up, whole = left.numerator, total * left.denominator
    return Masses(
        [whole if certain is not None and weight >= certain else up * weight for weight in weights], whole
    )


def _certain(weights: Sequence[int], left: Fraction, total: int) -> tuple[int | None, int]:
    """The smallest weight that is certain (None: none is), and the sum of the weights below it.

    Taking the certain ones out lowers the bar for the rest, never lifts it, so going down from the heaviest
    reaches the same set as the rounds of the text.
    """
    if left == 0:
        return None, total
    least: int | None = None
    counts: dict[int, int] = {}
    for weight in weights:
        counts[weight] = counts.get(weight, 0) + 1
    for weight in sorted(counts, reverse=True):
        if weight == 0 or left <= 0 or left * weight < total:
            break
        least = weight
        left -= counts[weight]
        total -= weight * counts[weight]
    return least, total


def equal_masses(count: int, wanted: int | Fraction) -> Masses:
    """The same chance for ``count`` objects, summing to ``wanted``."""
    exact = Fraction(wanted)
    if exact > count:
        raise TooFew(wanted, count)
    if count == 0:
        return Masses([], 1)
    return Masses([exact.numerator] * count, exact.denominator * count)


def walk(order: Iterable[tuple[T, int]], whole: int, hits: Hits) -> list[T]:
    """The exact pivotal walk over (object, mass) in ticket order; the selected, in order of selection.

    One leader carries a mass; ``hits(cut, bound)`` answers with chance cut / bound. The masses must sum to a
    multiple of ``whole``, each between 0 and ``whole``: each object is selected with chance
    mass / whole, and every prefix holds the floor or the ceiling of its expectation.
    """
    selected: list[T] = []
    leader: T | None = None
    held = 0
    for one, mass in order:
        if mass == 0:
            continue
        if mass == whole:
            selected.append(one)
            continue
        if held == 0:
            leader, held = one, mass
            continue
        both = held + mass
        if both < whole:
            if not hits(held, both):
                leader = one
            held = both
        elif both == whole:
            selected.append(leader if hits(held, whole) else one)  # type: ignore[arg-type]
            held = 0
        else:
            if hits(whole - mass, 2 * whole - both):
                selected.append(leader)  # type: ignore[arg-type]
                leader = one
            else:
                selected.append(one)
            held = both - whole
    if held:
        raise ValueError("the masses do not sum to a whole number of places")
    return selected


def weighted(
    profile: Profile, seed: bytes, label: str, ids: Sequence[str], weights: Sequence[int], n: int
) -> list[str]:
    """n ids, each with chance min(1, c·weight) exactly; in order of selection."""
    masses = weighted_masses(weights, n)
    order = ticket_order(profile, seed, label, ids)
    coin = Coin(profile, seed, label)
    picked = walk(((at, masses.parts[at]) for at in order), masses.whole, coin.hits)
    return [ids[at] for at in picked]


PHANTOM = -1


def ratio_walk(groups: Sequence[tuple[Sequence[int], Masses]], hits: Hits) -> list[list[int]]:
    """One walk over several strata whose shares are no whole numbers.

    groups   per stratum, in announced order: (positions in ticket order, masses by position)
    returns  per stratum the selected positions, in order of selection

    All masses are brought to the least common whole; a phantom at the end takes what is missing to a whole
    total, and whoever selects the phantom selects nobody.
    """
    whole = math.lcm(*(masses.whole for _, masses in groups)) if groups else 1
    total = sum(sum(masses.parts) * (whole // masses.whole) for _, masses in groups)

    def order() -> Iterator[tuple[tuple[int, int], int]]:
        for number, (positions, masses) in enumerate(groups):
            scale = whole // masses.whole
            for at in positions:
                yield (number, at), masses.parts[at] * scale
        yield (PHANTOM, PHANTOM), -total % whole

    chosen: list[list[int]] = [[] for _ in groups]
    for number, at in walk(order(), whole, hits):
        if number != PHANTOM:
            chosen[number].append(at)
    return chosen
