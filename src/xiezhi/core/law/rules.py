"""One limit of the deadline table: who must do what, from when, within how long, and how the end moves."""

from dataclasses import dataclass
from enum import StrEnum

from xiezhi.core.law.rows import BadRow, Reader

__all__ = ["BadRow", "Direction", "Extension", "Kind", "Roll", "Rule", "Suspension", "Unit", "read_rule"]


class Kind(StrEnum):
    """What the time is for."""

    LIMIT = "limit"  # must be done within
    MINIMUM = "minimum"  # may not be done earlier
    KEEP = "keep"  # must be kept at least
    MAXIMUM = "maximum"  # may not last longer
    ACCRUAL = "accrual"  # something grows with each unit


class Unit(StrEnum):
    """What is counted. ``promptly``, ``clock`` and ``within_decision_limit`` have no number to count."""

    WORKING_DAY = "working_day"
    NATURAL_DAY = "natural_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    PROMPTLY = "promptly"
    CLOCK = "clock"
    WITHIN_DECISION_LIMIT = "within_decision_limit"


class Direction(StrEnum):
    """Counted forward from the event, or back from it."""

    AFTER = "after"
    BEFORE = "before"


class Roll(StrEnum):
    """What becomes of an end that is no working day: the next one, or it stays."""

    NEXT = "next"
    NEVER = "never"


NUMBERLESS = frozenset({Unit.PROMPTLY, Unit.CLOCK, Unit.WITHIN_DECISION_LIMIT})


@dataclass(frozen=True, slots=True)
class Extension:
    """A lengthening that may be granted. ``length`` is ``None`` where the law leaves it to the approval."""

    length: int | None
    unit: Unit | None
    times: int | None
    condition: str
    approval: str
    at_most: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class Suspension:
    """A cause whose days are not counted; ``verified`` false: recalled, not compared with a text (待核)."""

    cause: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the deadline table. ``source`` is the key of the text compared; ``MEM`` means from memory."""

    id: str
    name: str
    actor: str
    kind: Kind
    starts_at: str
    direction: Direction
    length: int | None
    unit: Unit
    roll: Roll
    extends: tuple[Extension, ...]
    suspended_by: tuple[Suspension, ...]
    consequence: str
    legal_basis: str
    verified: bool
    source: str
    note: str

    @property
    def is_countable(self) -> bool:
        """Does the law give a number?"""
        return self.unit not in NUMBERLESS

    @property
    def suspensions_verified(self) -> bool:
        """Is it established that days may be left out: is there a cause, and is each compared with a text?"""
        return bool(self.suspended_by) and all(cause.verified for cause in self.suspended_by)

    def grants(self) -> tuple[Extension, ...]:
        """The extensions one after another, each as often as it may be granted, if it has a length."""
        return tuple(e for e in self.extends if e.length is not None for _ in range(e.times or 1))


def read_rule(row: object) -> Rule:
    """A rule from its row; :class:`BadRow` names what is wrong."""
    name = row.get("id") if isinstance(row, dict) else None
    reader = Reader(f"deadline {name}", row)
    rule = Rule(
        id=reader.text("id"),
        name=reader.text("name"),
        actor=reader.text("actor"),
        kind=reader.one_of("kind", Kind),
        starts_at=reader.text("starts_at"),
        direction=reader.one_of("direction", Direction),
        length=reader.maybe("length", int),
        unit=reader.one_of("unit", Unit),
        roll=reader.one_of("roll", Roll),
        extends=tuple(_extension(item) for item in reader.readers("extends")),
        suspended_by=tuple(_suspension(item) for item in reader.readers("suspended_by")),
        consequence=reader.optional_text("consequence"),
        legal_basis=reader.text("legal_basis"),
        verified=reader.take("verified", bool),
        source=reader.text("source"),
        note=reader.optional_text("note"),
    )
    reader.done()
    _hold(reader, rule)
    return rule


def _hold(reader: Reader, rule: Rule) -> None:
    if rule.is_countable != (rule.length is not None):
        raise reader.fail("length", "a number and only a number goes with a unit that is counted")
    if rule.length is not None and rule.length < 1:
        raise reader.fail("length", "is not positive")
    may_roll = rule.kind is Kind.LIMIT and rule.direction is Direction.AFTER and rule.unit is not Unit.HOUR
    if rule.roll is Roll.NEXT and not may_roll:
        raise reader.fail("roll", "only a limit in days, months or years that runs forward moves on")
    if any(e.unit is not rule.unit for e in rule.grants()):
        raise reader.fail("extends", "an extension is counted in the rule's own unit")
    if rule.verified and rule.source == "MEM":
        raise reader.fail("verified", "what was recalled (MEM) is not verified")


def _extension(reader: Reader) -> Extension:
    extension = Extension(
        length=reader.maybe("length", int),
        unit=None if reader.maybe("unit", str) is None else reader.one_of("unit", Unit),
        times=reader.maybe("times", int),
        condition=reader.text("condition"),
        approval=reader.text("approval"),
        at_most=reader.take("at_most", bool),
        verified=reader.take("verified", bool),
    )
    reader.done()
    return extension


def _suspension(reader: Reader) -> Suspension:
    suspension = Suspension(reader.text("cause"), reader.take("verified", bool))
    reader.done()
    return suspension
