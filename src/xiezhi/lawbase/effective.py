"""A row of law with the jurist's confirmation taken in: plain values for ``core``."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xiezhi.core.calendar import Notice
from xiezhi.core.law import Rule, Violation
from xiezhi.core.masking import Treatment

from .kinds import KINDS
from .models import UNVERIFIED, Kind, LawItem, Origin

#: source of what a jurist of the office has confirmed
CONFIRMED = "OFFICE"


@dataclass(frozen=True, slots=True)
class Figure:
    """A dated figure as it holds on a day in a place.

    value     whole number, text, or None where it is not established here
    unit      key of ``kinds.UNITS``
    verified  compared with a text, by the release or by a jurist of the office
    mark      待核 or empty
    item      id of the version, for what keeps what it began with; None where nothing is loaded
    """

    key: str
    value: int | str | None
    unit: str
    name: str
    article: str
    verified: bool
    mark: str
    scope: str
    valid_from: date | None
    valid_to: date | None
    item: Any = None


def rule(item: LawItem) -> Rule:
    """The limit of time; confirmed, its count, extensions and suspensions are as good as verified."""
    read: Rule = KINDS[Kind.DEADLINE].read(item.payload)
    if not item.confirmed:
        return replace(read, verified=_stands(item, read.verified))
    return replace(
        read,
        verified=True,
        source=CONFIRMED,
        legal_basis=_settled(item, read.legal_basis),
        note="" if UNVERIFIED in read.note else read.note,
        extends=tuple(replace(extension, verified=True) for extension in read.extends),
        suspended_by=tuple(replace(cause, verified=True) for cause in read.suspended_by),
    )


def violation(item: LawItem) -> Violation:
    """The item of the catalogue."""
    read: Violation = KINDS[Kind.VIOLATION].read(item.payload)
    if item.confirmed:
        return replace(read, verified=True, source=CONFIRMED)
    return replace(read, verified=_stands(item, read.verified))


def treatment(item: LawItem) -> Treatment:
    """The masking rule."""
    read: Treatment = KINDS[Kind.MASKING].read(item.payload)
    return replace(read, verified=_stands(item, read.verified))


def notice(item: LawItem) -> Notice:
    """The holiday notice."""
    read: Notice = KINDS[Kind.NOTICE].read(item.payload)
    return replace(read, verified=_stands(item, read.verified))


def figure(item: LawItem) -> Figure:
    """The figure."""
    read = KINDS[Kind.FIGURE].read(item.payload)
    return Figure(
        key=read.key,
        value=read.value,
        unit=read.unit,
        name=read.name,
        article=_settled(item, read.article) if item.confirmed else read.article,
        verified=not item.doubtful,
        mark=item.mark if item.doubtful else "",
        scope=item.scope,
        valid_from=item.valid_from,
        valid_to=item.valid_to,
        item=None if item.loaded_at is None else item.pk,
    )


def _stands(item: LawItem, verified: bool) -> bool:
    """What the office entered stands as verified by a jurist's word alone."""
    return item.confirmed or (verified and item.origin == Origin.RELEASE)


def in_order(notices: Iterable[LawItem]) -> list[LawItem]:
    """Notices in the order in which a later one wins: by year, then by place."""
    return sorted(notices, key=lambda item: (item.payload["year"], item.payload["place"]))


def _settled(item: LawItem, basis: str) -> str:
    """A basis that was itself 待核 is replaced by what the jurist cited."""
    if UNVERIFIED not in basis:
        return basis
    standing = item.confirmations.filter(withdrawn_at=None).first()
    return standing.citation if standing else basis
