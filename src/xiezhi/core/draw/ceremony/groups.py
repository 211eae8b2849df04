"""A stratum's part of a committed roster: who can be drawn in it, how many are wanted, at which chance."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from xiezhi.core.draw.roster import Entry
from xiezhi.core.draw.rules import Rules, covered_count
from xiezhi.core.draw.targets import Masses, TooFew, equal_masses, weighted_masses
from xiezhi.core.errors import Invalid


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


def groups_of(rules: Rules, roster: Iterable[Entry], coverage: Iterable[str]) -> tuple[Group, ...]:
    """The roster by stratum, in announced order."""
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
