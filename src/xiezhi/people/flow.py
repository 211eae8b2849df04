"""The approval machine, pure: steps and places in, the next place out. No database, no clock.

A route is an ordered list of steps after the applicant (承办人), who is step 0. A step names one role, or several
that countersign (会签) at once; a meeting step (局长办公会) needs the number of its minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

APPLICANT = 0
PENDING, RETURNED, APPROVED, WITHDRAWN = "pending", "returned", "approved", "withdrawn"
OPEN = (PENDING, RETURNED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``roles`` are role codes, each of which must agree; ``meeting`` steps record their minutes."""

    title: str
    roles: tuple[str, ...]
    meeting: bool = False

    @property
    def countersigned(self) -> bool:
        """会签: several roles at once."""
        return len(self.roles) > 1

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"title": self.title, "roles": list(self.roles), "meeting": self.meeting}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an approval stands.

    state     pending, returned (the applicant's turn), approved or withdrawn
    step      0 the applicant, 1…n the route's steps; stays at n once approved
    round     counts passes: every return begins a new one
    waiting   role codes that still owe their opinion at this step
    """

    state: str
    step: int
    round: int
    waiting: tuple[str, ...]


def steps_from(stored: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps from their stored form; ``ValueError`` where one has no title, no role, or a role twice."""
    steps = tuple(
        Step(str(raw["title"]), tuple(str(role) for role in raw["roles"]), bool(raw.get("meeting", False)))
        for raw in stored
    )
    for step in steps:
        if not step.title or not step.roles or len(set(step.roles)) != len(step.roles):
            raise ValueError(step.title or "?")
    if not steps:
        raise ValueError("no steps")
    return steps


def begin(steps: Sequence[Step], round_: int = 1) -> Place:
    """Submitted, or submitted again: the first step waits."""
    return Place(PENDING, 1, round_, steps[0].roles)


def agree(steps: Sequence[Step], place: Place, role: str) -> Place:
    """``role`` agrees at the present step; the last one moves the approval on, or ends it."""
    _must_wait_for(place, role)
    rest = tuple(waiting for waiting in place.waiting if waiting != role)
    if rest:
        return Place(PENDING, place.step, place.round, rest)
    if place.step == len(steps):
        return Place(APPROVED, place.step, place.round, ())
    return Place(PENDING, place.step + 1, place.round, steps[place.step].roles)


def send_back(steps: Sequence[Step], place: Place, role: str, to: int) -> Place:
    """``role`` returns the approval to step ``to`` (0 = the applicant); what lies after it is owed anew."""
    _must_wait_for(place, role)
    if not APPLICANT <= to < place.step:
        raise ValueError(f"step {to} does not come before step {place.step}")
    if to == APPLICANT:
        return Place(RETURNED, APPLICANT, place.round + 1, ())
    return Place(PENDING, to, place.round + 1, steps[to - 1].roles)


def withdraw(place: Place) -> Place:
    """The applicant takes it back."""
    if place.state not in OPEN:
        raise ValueError(place.state)
    return Place(WITHDRAWN, place.step, place.round, ())


def _must_wait_for(place: Place, role: str) -> None:
    if place.state != PENDING or role not in place.waiting:
        raise ValueError(f"{role} is not awaited")
