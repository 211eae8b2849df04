"""The draw in two acts: :func:`commit` before the seed, :func:`draw` after it. Times come in as arguments.

A commitment is public at once: it holds opaque ids only. Keep each object's (code, salt) apart;
:func:`opened` makes them public after the visit.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from xiezhi.core import canonical
from xiezhi.core.errors import Invalid

from .hashing import Coin
from .officers import Edge, Team, assign, check_edges
from .roster import (
    Entry,
    Exclusion,
    entry_leaf,
    fields_leaf,
    is_opaque,
    merkle_root,
    opaque_id,
    seed_of,
)
from .rules import COVERAGE, OPEN, RATIO_LABEL, Rules, coverage_label, covered_count, is_plain, stamp
from .targets import Masses, TooFew, equal_masses, ratio_walk, ticket_order, tickets, walk, weighted_masses


@dataclass(frozen=True, slots=True)
class Group:
    """One stratum's part of the roster: ids by bytes, weights beside, positions of those still to cover."""

    name: str
    method: str
    wanted: Fraction
    reserves: int
    ids: list[str]
    weights: list[int]
    covered: list[int]
    cover: int

    def masses(self) -> Masses:
        """Chances of the open stream; :class:`Invalid` where more is wanted than there is."""
        try:
            if self.method == "equal":
                return equal_masses(len(self.ids), self.wanted)
            return weighted_masses(self.weights, self.wanted)
        except TooFew as error:
            raise Invalid(
                {f"strata.{self.name}": [f"要抽 {error.wanted} 个，可抽的只有 {error.there} 个"]}
            ) from error

    @property
    def own(self) -> bool:
        """Whether the stratum is drawn alone: its number is whole."""
        return self.wanted.denominator == 1


@dataclass(frozen=True, slots=True)
class Commitment:
    """What was fixed before the seed; :func:`commit` makes it, again from the same arguments if need be.

    Lists are sorted by the ids' bytes; ``rules_file`` is rules.json; ``groups`` the roster by stratum, in
    announced order.
    """

    rules: Rules
    roster: tuple[Entry, ...]
    coverage: tuple[str, ...]
    exclusions: tuple[Exclusion, ...]
    officers: tuple[Edge, ...]
    rules_file: bytes
    root: bytes
    rules_hash: bytes
    committed_at: datetime
    groups: tuple[Group, ...] = field(repr=False, compare=False)

    def document(self) -> dict[str, canonical.Json]:
        """commitment.json."""
        return {
            "committed_at": stamp(self.committed_at),
            "draw_id": self.rules.draw_id,
            "objects": len(self.roster),
            "profile": self.rules.profile.name,
            "root": self.root.hex(),
            "rules_hash": self.rules_hash.hex(),
        }

    def file(self) -> bytes:
        """The bytes of commitment.json; an event that seals the commitment carries their SHA-256."""
        return canonical.encode(self.document())


@dataclass(frozen=True, slots=True)
class Source:
    """A source's value as entered. ``entered_by`` and ``confirmed_by`` are two different people (by code)."""

    label: str
    value: str
    published_at: datetime
    entered_by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One stream of one stratum. ``drawn`` and ``reserves`` are (id, ticket) in ticket order.

    expected   the sum of the stream's chances
    threshold  equal chance with a whole number: the last drawn ticket (all up to it are drawn); else None
    """

    stream: str
    label: str
    method: str
    expected: Fraction
    threshold: bytes | None
    drawn: tuple[tuple[str, bytes], ...]
    reserves: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class StratumResult:
    """Streams of one stratum in the order coverage, open; ``drawn`` their union, sorted by the ids' bytes."""

    stratum: str
    objects: int
    streams: tuple[Drawn, ...]

    @property
    def drawn(self) -> list[str]:
        """An object in both streams counts once."""
        return sorted({one for stream in self.streams for one, _ in stream.drawn})


@dataclass(frozen=True, slots=True)
class Result:
    """What the seed decided; ``teams`` maps a drawn id to its officers where the rules have officers."""

    commitment: Commitment
    sources: tuple[Source, ...]
    seed: bytes
    drawn_at: datetime
    strata: tuple[StratumResult, ...]
    teams: tuple[Team, ...] = field(default=())

    @property
    def drawn(self) -> list[str]:
        """All drawn ids, stratum by stratum as announced."""
        return [one for stratum in self.strata for one in stratum.drawn]


def commit(
    roster: Iterable[Entry],
    rules: Rules,
    *,
    committed_at: datetime,
    coverage: Iterable[str] = (),
    exclusions: Iterable[Exclusion] = (),
    officers: Iterable[Edge] = (),
) -> Commitment:
    """Check and fix everything that precedes the seed.

    roster      eligible objects by opaque id (see :func:`roster.opaque_id`); no excluded object
    coverage    ids not yet inspected in this cycle (R_t), all from the roster
    exclusions  objects left out, with reason code and document
    officers    edges of the officers' table (:class:`officers.Edge`), or none
    :raises Invalid: naming the field and the object
    """
    rules.check()
    ordered = tuple(sorted(roster))
    covered, excluded = tuple(sorted(coverage)), tuple(sorted(exclusions))
    edges = tuple(sorted(officers))
    _check_lists(rules, ordered, covered, excluded)
    check_edges(edges, {entry.id for entry in ordered} if edges else ())
    stamp(committed_at)
    late = [source.label for source in rules.sources if source.not_before <= committed_at]
    if late:
        raise Invalid({"sources": [f"随机源「{label}」不晚于承诺时间" for label in late]})
    profile = rules.profile
    roots = {
        "coverage_root": merkle_root(profile, (fields_leaf(one) for one in covered)),
        "exclusions_root": merkle_root(profile, (fields_leaf(*one) for one in excluded)),
        "officers_root": merkle_root(
            profile, (fields_leaf(e.target, e.officer, str(e.millionths)) for e in edges)
        ),
    }
    rules_file = canonical.encode(rules.document(roots))
    root = merkle_root(profile, map(entry_leaf, ordered))
    parts = _groups(rules, ordered, covered)
    for part in parts:
        part.masses()
    rules_hash = profile.digest(rules_file)
    return Commitment(rules, ordered, covered, excluded, edges, rules_file, root, rules_hash, committed_at, parts)


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


def _groups(rules: Rules, roster: Iterable[Entry], coverage: Iterable[str]) -> tuple[Group, ...]:
    ids: dict[str, list[str]] = {rule.stratum: [] for rule in rules.strata}
    weights: dict[str, list[int]] = {rule.stratum: [] for rule in rules.strata}
    for one, stratum, weight in roster:
        ids[stratum].append(one)
        weights[stratum].append(weight)
    todo = set(coverage)
    found = []
    for rule in rules.strata:
        members = ids[rule.stratum]
        covered = [at for at, one in enumerate(members) if one in todo] if rule.coverage else []
        cover = covered_count(len(covered), rules.cycle.left) if rules.cycle else 0
        found.append(
            Group(
                rule.stratum,
                rule.method,
                rule.wanted(len(members)),
                rule.reserves,
                members,
                weights[rule.stratum],
                covered,
                cover,
            )
        )
    return tuple(found)


def chances(commitment: Commitment) -> Iterator[tuple[str, int, bool, int, Fraction]]:
    """(stratum, weight, on the coverage list, objects, exact chance to be drawn), in announced order.

    In both streams: 1 − (1 − c)(1 − b), as their tickets are independent.
    """
    for part in commitment.groups:
        masses = part.masses()
        by_cover = Fraction(part.cover, len(part.covered)) if part.covered else Fraction(0)
        covered = set(part.covered)
        kinds: Counter[tuple[int, bool, int]] = Counter(
            (weight, at in covered, masses.parts[at]) for at, weight in enumerate(part.weights)
        )
        for (weight, is_covered, mass), count in sorted(kinds.items()):
            is_open = Fraction(mass, masses.whole)
            yield (
                part.name,
                weight,
                is_covered,
                count,
                1 - (1 - is_open) * (1 - (by_cover if is_covered else 0)),
            )


def source_values(
    commitment: Commitment, sources: Sequence[Source], drawn_at: datetime
) -> list[tuple[str, bytes]]:
    """(label, value's bytes) as they enter the seed; :class:`Invalid` for what the ceremony forbids."""
    announced = commitment.rules.sources
    if [source.label for source in sources] != [rule.label for rule in announced]:
        raise Invalid({"sources": ["随机源须与公布的一致：" + "、".join(rule.label for rule in announced)]})
    wrong: dict[str, list[str]] = {}
    values = []
    stamp(drawn_at)
    for source, rule in zip(sources, announced, strict=True):
        try:
            value = bytes.fromhex(source.value) if rule.encoding == "hex" else source.value.encode("utf-8")
        except ValueError:
            value = b""
        values.append((source.label, value))
        problems = {
            "随机源的值不得为空，且须合乎公布的编码": not (value and is_plain(source.value)),
            "十六进制须为小写且无空格": rule.encoding == "hex" and source.value != value.hex(),
            "随机源不晚于承诺，作废": stamp(source.published_at) <= stamp(commitment.committed_at),
            "随机源早于公布的时间": stamp(source.published_at) < stamp(rule.not_before),
            "随机源晚于抽取": stamp(source.published_at) > stamp(drawn_at),
            "录入与复核须为两人": source.entered_by == source.confirmed_by,
            "录入人、复核人不得为空": not (is_plain(source.entered_by) and is_plain(source.confirmed_by)),
        }
        found = [text for text, is_wrong in problems.items() if is_wrong]
        if found:
            wrong[f"sources.{source.label}"] = found
    if wrong:
        raise Invalid(wrong)
    return values


def opened(commitment: Commitment, names: Mapping[str, bytes]) -> list[tuple[str, str, bytes]]:
    """(id, code, salt) sorted by id for the objects whose visit is over; ``names`` maps a code to its salt.

    :raises Invalid: a (code, salt) that gives no committed id, of the roster or of the exclusions
    """
    known = {entry.id for entry in commitment.roster} | {entry.id for entry in commitment.exclusions}
    found, wrong = [], []
    for code, salt in names.items():
        one = opaque_id(commitment.rules.profile, code, salt)
        (found.append((one, code, salt)) if one in known and is_plain(code) else wrong.append(code))
    if wrong:
        raise Invalid({"opened": [f"「{code}」与盐值对不上任何已承诺的编号" for code in wrong]})
    return sorted(found)


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


def _check_lists(
    rules: Rules, roster: Sequence[Entry], coverage: Sequence[str], exclusions: Sequence[Exclusion]
) -> None:
    wrong: dict[str, list[str]] = {}
    strata = {rule.stratum for rule in rules.strata}
    ids = {entry.id for entry in roster}
    found = [f"编号重复：{one.id}" for one, after in pairwise(roster) if one.id == after.id]
    found += [f"编号不是 64 位小写十六进制：{entry.id}" for entry in roster if not is_opaque(entry.id)]
    found += [f"层「{entry.stratum}」未公布：{entry.id}" for entry in roster if entry.stratum not in strata]
    found += [f"权重为负：{entry.id}" for entry in roster if entry.weight < 0]
    if found:
        wrong["roster"] = found[:20]
    if len(set(coverage)) != len(coverage) or not ids.issuperset(coverage):
        wrong["coverage"] = ["覆盖名单有重复，或有不在名册中的编号"]
    left_out = [one.id for one in exclusions]
    found = [f"排除编号重复或仍在名册中：{one}" for one, n in Counter(left_out).items() if n > 1 or one in ids]
    found += [f"排除须有编号、事由、文号：{one.id}" for one in exclusions
              if not (is_opaque(one.id) and is_plain(one.reason) and is_plain(one.document))]  # fmt: skip
    if found:
        wrong["exclusions"] = found[:20]
    if wrong:
        raise Invalid(wrong)
