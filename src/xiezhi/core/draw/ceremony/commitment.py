"""Before the seed: lists and rules checked and fixed by hash (docs/dr-1.md §2), the chances they give (§3.1)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from xiezhi.core import canonical
from xiezhi.core.draw.officers import Edge, check_edges
from xiezhi.core.draw.roster import Entry, Exclusion, entry_leaf, fields_leaf, is_opaque, merkle_root, opaque_id
from xiezhi.core.draw.rules import Rules, is_plain, stamp
from xiezhi.core.errors import Invalid

from .groups import Group, groups_of


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
    parts = groups_of(rules, ordered, covered)
    for part in parts:
        part.masses()
    rules_hash = profile.digest(rules_file)
    return Commitment(rules, ordered, covered, excluded, edges, rules_file, root, rules_hash, committed_at, parts)


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
