"""After the seed: hashes and whole numbers alone (docs/dr-1.md §3.2–3.5)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction

from xiezhi.core.draw.hashing import Coin
from xiezhi.core.draw.officers import assign
from xiezhi.core.draw.roster import seed_of
from xiezhi.core.draw.rules import COVERAGE, OPEN, RATIO_LABEL, coverage_label
from xiezhi.core.draw.targets import ratio_walk, ticket_order, tickets, walk

from .commitment import Commitment
from .groups import Group
from .result import Drawn, Result, StratumResult
from .sources import Source, source_values


def draw(commitment: Commitment, sources: Sequence[Source], *, drawn_at: datetime) -> Result:
    """Run the draw on the sources' values, given in the announced order.

    :raises Invalid: a source is missing, not announced, not later than the commitment, or entered by one
    """
    rules, profile = commitment.rules, commitment.rules.profile
    values = source_values(commitment, sources, drawn_at)
    seed = seed_of(profile, rules.draw_id, commitment.root, commitment.rules_hash, values)
    parts = commitment.groups
    chosen = _open_stream(commitment, seed, parts)
    strata = tuple(
        StratumResult(
            part.name,
            len(part.ids),
            tuple(_streams(commitment, seed, part, picked)),
        )
        for part, picked in zip(parts, chosen, strict=True)
    )
    targets = [one for stratum in strata for one in stratum.drawn]
    teams = assign(profile, seed, commitment.officers, targets) if commitment.officers else ()
    return Result(commitment, tuple(sources), seed, drawn_at, strata, teams)


def _open_stream(commitment: Commitment, seed: bytes, parts: Sequence[Group]) -> list[tuple[list[int], set[int]]]:
    """Per stratum (positions in ticket order, selected positions) of the open stream."""
    profile = commitment.rules.profile
    orders = [ticket_order(profile, seed, part.name, part.ids) for part in parts]
    chosen: list[set[int]] = [set() for _ in parts]
    shared = []
    for number, (part, order) in enumerate(zip(parts, orders, strict=True)):
        if not part.own:
            shared.append(number)
        elif part.method == "equal":
            chosen[number] = set(order[: int(part.wanted)])
        else:
            masses = part.masses()
            coin = Coin(profile, seed, part.name)
            chosen[number] = set(walk(((at, masses.parts[at]) for at in order), masses.whole, coin.hits))
    if shared:
        coin = Coin(profile, seed, RATIO_LABEL)
        picked = ratio_walk([(orders[number], parts[number].masses()) for number in shared], coin.hits)
        for number, positions in zip(shared, picked, strict=True):
            chosen[number] = set(positions)
    return list(zip(orders, chosen, strict=True))


def _streams(
    commitment: Commitment, seed: bytes, part: Group, picked: tuple[list[int], set[int]]
) -> Iterator[Drawn]:
    profile = commitment.rules.profile
    if part.covered:
        label = coverage_label(part.name)
        order = [
            part.covered[at] for at in ticket_order(profile, seed, label, [part.ids[at] for at in part.covered])
        ]
        drawn = set(order[: part.cover])
        yield _stream(commitment, seed, part, COVERAGE, label, order, drawn, Fraction(part.cover))
    order, chosen = picked
    if part.method == "weighted":
        order = [at for at in order if part.weights[at]]
    yield _stream(commitment, seed, part, OPEN, part.name, order, chosen, part.wanted)


def _stream(
    commitment: Commitment, seed: bytes, part: Group, stream: str, label: str,
    order: Sequence[int], chosen: set[int], expected: Fraction,
) -> Drawn:  # fmt: skip
    """``order``: who can be drawn or stand in reserve, by ticket."""
    drawn = [part.ids[at] for at in order if at in chosen]
    reserves: list[str] = []
    for at in order:
        if len(reserves) == part.reserves:
            break
        if at not in chosen:
            reserves.append(part.ids[at])
    method = "equal" if stream == COVERAGE else part.method
    profile = commitment.rules.profile
    keyed = tuple(zip(drawn, tickets(profile, seed, label, drawn), strict=True))
    by_threshold = method == "equal" and expected.denominator == 1 and keyed
    return Drawn(
        stream, label, method, expected, keyed[-1][1] if by_threshold else None, keyed,
        tuple(zip(reserves, tickets(profile, seed, label, reserves), strict=True)),
    )  # fmt: skip
