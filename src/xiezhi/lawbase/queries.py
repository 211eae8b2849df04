"""Reading the law. Law is public: what counts and blocks asks without an actor; screens ask with one.

While nothing of a kind is loaded into the tables, the rows that come with the program answer.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import QuerySet

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.calendar import WorkCalendar
from xiezhi.core.errors import NotFound
from xiezhi.core.law import Deadline, Rule, Violation
from xiezhi.core.law import due as count
from xiezhi.core.masking import Treatment

from . import effective, files, kinds
from .effective import Figure
from .models import Confirmation, Kind, LawItem

READ = "lawbase.read"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure is asked for: a division's six digits and an agency's path, either may be empty."""

    district: str = ""
    agency: str = ""

    def holds(self, scope: str) -> bool:
        """Does what is set for ``scope`` hold here?"""
        return (self.agency if scope.startswith("/") else self.district).startswith(scope)


EVERYWHERE = Place()


def narrowness(scope: str) -> tuple[bool, int]:
    """Order of scopes: everywhere, divisions from large to small, agencies from the top down."""
    return scope.startswith("/"), len(scope)


def figure(key: str, on: date, place: Place = EVERYWHERE) -> Figure:
    """The figure in force on a day in a place, the narrowest scope winning.

    Raises ``LookupError`` where no scope that holds there has it: an office outside Jiangsu has no Jiangsu
    threshold until someone enters its own.
    """
    fitting = [item for item in _in_force(Kind.FIGURE, on, code=key) if place.holds(item.scope)]
    if not fitting:
        raise LookupError(f"no figure {key!r} is in force on {on} for {place}")
    return effective.figure(max(fitting, key=lambda item: (narrowness(item.scope), item.version)))


def rule(code: str, on: date) -> Rule:
    """A limit of time as it stands on a day; ``LookupError`` for an unknown id."""
    return effective.rule(_one(Kind.DEADLINE, code, on))


def rules(on: date) -> Mapping[str, Rule]:
    """The whole table of limits by id."""
    return {item.code: effective.rule(item) for item in _in_force(Kind.DEADLINE, on)}


def violation(code: str, on: date) -> Violation:
    """An item of the violation catalogue; ``LookupError`` for an unknown code."""
    return effective.violation(_one(Kind.VIOLATION, code, on))


def violations(on: date) -> Mapping[str, Violation]:
    """The whole catalogue by code."""
    return {item.code: effective.violation(item) for item in _in_force(Kind.VIOLATION, on)}


def treatments(on: date) -> Mapping[str, Treatment]:
    """The masking rules by key."""
    return {item.code: effective.treatment(item) for item in _in_force(Kind.MASKING, on)}


def calendar() -> WorkCalendar:
    """The working days of all notices loaded; other years are 预估. Cached as long as the notices are the same."""
    stored = LawItem.objects.filter(kind=Kind.NOTICE, withdrawn=False, valid_to=None)
    ids = tuple(stored.order_by("id").values_list("id", flat=True))
    return _calendar(ids) if ids else files.calendar()


@lru_cache(maxsize=4)
def _calendar(ids: tuple[uuid.UUID, ...]) -> WorkCalendar:
    items = effective.in_order(LawItem.objects.filter(pk__in=ids))
    return WorkCalendar.of([effective.notice(item) for item in items], files.calendar().statutory)


def due(code: str, start: date | datetime, *, exclusions: tuple = (), extensions: int = 0) -> Deadline:
    """When a limit ends, by the rule in force on the day it starts and the calendar as loaded now.

    ``LookupError`` for an unknown id, ``core.law.Uncountable`` where no date follows.
    """
    if isinstance(start, datetime):
        day = (start if start.tzinfo is None else start.astimezone(clock.SHANGHAI)).date()
    else:
        day = start
    return count(rule(code, day), start, calendar(), exclusions, extensions)


def visible_to(actor: Actor) -> "QuerySet[LawItem]":
    """All rows of law, for those who hold ``lawbase.read`` anywhere: the law is the same for all agencies."""
    return LawItem.objects.all() if actor.paths(READ) else LawItem.objects.none()


def item(actor: Actor, item_id: uuid.UUID) -> LawItem:
    """One version; ``NotFound`` where the actor may not see it."""
    found = visible_to(actor).filter(pk=item_id).first()
    if found is None:
        raise NotFound(f"law item {item_id}")
    return found


def pending_confirmation(actor: Actor) -> "QuerySet[LawItem]":
    """Every current version that is still 待核: the jurist's work list."""
    return visible_to(actor).filter(valid_to=None, withdrawn=False, confirmed=False).exclude(mark="")


def versions(actor: Actor, of: LawItem) -> "QuerySet[LawItem]":
    """All versions of the same row, newest first."""
    return visible_to(actor).filter(kind=of.kind, code=of.code, scope=of.scope).order_by("-version")


def confirmations(actor: Actor, of: LawItem) -> "QuerySet[Confirmation]":
    """Confirmations of all versions of the same row, newest first, withdrawn ones too."""
    return (
        Confirmation.objects.filter(item__in=versions(actor, of))
        .select_related("item")
        .order_by("-confirmed_at", "-id")
    )


def notices(actor: Actor, year: int | None = None) -> list[LawItem]:
    """The notices in force, in the order in which a later one wins."""
    found = visible_to(actor).filter(kind=Kind.NOTICE, withdrawn=False, valid_to=None)
    return [n for n in effective.in_order(found) if year is None or n.payload["year"] == year]


def _in_force(kind: Kind, on: date, **narrowed: str) -> list[LawItem]:
    stored = LawItem.objects.filter(kind=kind)
    found = list(stored.on(on).filter(**narrowed).order_by("code"))
    if found or stored.exists():
        return found
    return [each for each in kinds.shipped(kind) if all(getattr(each, k) == v for k, v in narrowed.items())]


def _one(kind: Kind, code: str, on: date) -> LawItem:
    found = _in_force(kind, on, code=code)
    if not found:
        raise LookupError(f"no {kind} {code!r} is in force on {on}")
    return max(found, key=lambda each: each.version)
