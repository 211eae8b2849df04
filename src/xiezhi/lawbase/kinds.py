"""How each kind of law is read, where its shipped rows come from, and what in a row is 待核.

A table: a new kind of configuration is a new line in :data:`KINDS`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_noop as _

from xiezhi.core.law.rows import BadRow, Reader
from xiezhi.core.law.rules import read_rule
from xiezhi.core.law.violations import read_violation
from xiezhi.core.masking import read_treatment

from . import files
from .models import UNVERIFIED, Kind, LawItem, Origin

Payload = Mapping[str, Any]

UNITS = {
    "yuan": _("元"),
    "percent": "%",
    "person": _("人"),
    "time": _("次"),
    "year": _("年"),
    "month": _("个月"),
    "natural_day": _("日"),
    "working_day": _("个工作日"),
    "hour": _("小时"),
    "month_day": _("（月-日）"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure as it stands in a row; ``value`` None: not established here."""

    key: str
    name: str
    value: int | str | None
    unit: str
    article: str
    verified: bool
    source: str
    note: str


def read_figure(row: object) -> FigureRow:
    """A figure from its row; ``BadRow`` names what is wrong."""
    key = row.get("key") if isinstance(row, dict) else None
    reader = Reader(f"figure {key}", row)
    value = reader.maybe("value", object)
    if isinstance(value, bool) or not (value is None or isinstance(value, int | str)):
        raise reader.fail("value", "is neither a whole number nor a text")
    unit = reader.text("unit")
    if unit not in UNITS:
        raise reader.fail("unit", f"{unit!r} is none of {', '.join(UNITS)}")
    figure = FigureRow(
        key=reader.text("key"),
        name=reader.text("name"),
        value=value,
        unit=unit,
        article=reader.text("article"),
        verified=reader.take("verified", bool),
        source=reader.text("source"),
        note=reader.optional_text("note"),
    )
    reader.done()
    return figure


def read_notice(row: object) -> files.Notice:
    """A holiday notice from its row, which here also names its ``year`` and its ``place`` among the year's."""
    reader = Reader("notice", row)
    year, place = reader.take("year", int), reader.take("place", int)
    if place < 1:
        raise reader.fail("place", "is not positive")
    rest = {k: v for k, v in dict(row).items() if k not in {"year", "place"}}  # type: ignore[call-overload]
    return files.read_notice(rest, year)


@dataclass(frozen=True)
class KindRow:
    """One kind. ``code``, ``title`` and ``source`` take them from a payload; ``basis`` is the article."""

    kind: Kind
    read: Callable[[object], Any]
    code: Callable[[Payload], str]
    title: Callable[[Payload], str]
    basis: Callable[[Payload], str]
    source: Callable[[Payload], str]
    shipped: Callable[[], Iterator[tuple[str, Payload]]]


def _rows(name: str, key: str, loaded: Callable[[], object]) -> Callable[[], Iterator[tuple[str, Payload]]]:
    """The rows of a file as (scope, payload), once ``loaded`` has held the whole file to its form."""

    def rows() -> Iterator[tuple[str, Payload]]:
        loaded()
        for row in json.loads(files.data().joinpath(name).read_text(encoding="utf-8"))[key]:
            yield row.pop("scope", ""), row

    return rows


def _notice_rows() -> Iterator[tuple[str, Payload]]:
    files.calendar()
    folder = files.data().joinpath("calendar")
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name[:4].isdigit()):
        document = json.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        for place, row in enumerate(document["notices"], start=1):
            yield "", {"year": document["year"], "place": place, **row}


def _provision(payload: Payload) -> str:
    return f"《{payload['penalty']['law']}》{payload['penalty']['article']}"


KINDS: dict[str, KindRow] = {
    row.kind: row
    for row in (
        KindRow(
            Kind.DEADLINE,
            read_rule,
            code=lambda p: p["id"],
            title=lambda p: p["name"],
            basis=lambda p: p["legal_basis"],
            source=lambda p: p["source"],
            shipped=_rows("deadlines.json", "deadlines", files.deadlines),
        ),
        KindRow(
            Kind.VIOLATION,
            read_violation,
            code=lambda p: p["code"],
            title=lambda p: p["name"],
            basis=_provision,
            source=lambda p: p["source"],
            shipped=_rows("violations.json", "violations", files.violations),
        ),
        KindRow(
            Kind.FIGURE,
            read_figure,
            code=lambda p: p["key"],
            title=lambda p: p["name"],
            basis=lambda p: p["article"],
            source=lambda p: p["source"],
            shipped=_rows("figures.json", "figures", lambda: None),
        ),
        KindRow(
            Kind.NOTICE,
            read_notice,
            code=lambda p: f"{p['year']}-{p['place']}",
            title=lambda p: p["title"],
            basis=lambda p: p["number"] or "",
            source=lambda p: "GWY",
            shipped=_notice_rows,
        ),
        KindRow(
            Kind.MASKING,
            read_treatment,
            code=lambda p: p["key"],
            title=lambda p: p["name"],
            basis=lambda p: p["basis"],
            source=lambda p: "LRB" if p["verified"] else "MEM",
            shipped=_rows("masking.json", "treatments", files.treatments),
        ),
    )
}


def make(kind: str, payload: Payload, *, scope: str = "", origin: Origin = Origin.RELEASE) -> LawItem:
    """A row of law from a payload, not yet stored; ``BadRow`` if its kind can't read it."""
    row = KINDS[kind]
    row.read(dict(payload))
    return LawItem(
        kind=kind,
        code=row.code(payload),
        scope=scope,
        version=1,
        title=row.title(payload)[:300],
        payload=dict(payload),
        digest=digest(payload),
        source=row.source(payload),
        # What the office enters is 待核 until a jurist confirms it, whatever it says of itself.
        mark=UNVERIFIED if origin == Origin.OFFICE or doubts(payload) else "",
        origin=origin,
    )


@lru_cache(maxsize=8)
def shipped(kind: str) -> tuple[LawItem, ...]:
    """The rows of law that come with this version of the program, not stored; ``BadData`` where one is wrong."""
    try:
        return tuple(make(kind, payload, scope=scope) for scope, payload in KINDS[kind].shipped())
    except BadRow as error:
        raise files.BadData(f"{kind}: {error}") from error


def digest(payload: Payload) -> str:
    """SHA-256 (hex) over the payload with sorted keys."""
    return hashlib.sha256(text(payload).encode()).hexdigest()


def text(payload: Payload) -> str:
    """The payload as one line of JSON with sorted keys; amounts in the catalogue may have decimals."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place in a payload that is 待核: ``field`` as a path, and what is said there."""

    field: str
    said: str


def doubts(payload: Payload) -> tuple[Doubt, ...]:
    """All that is 待核 in a row: ``verified: false``, texts that say 待核, a notice without number or date."""
    found = sorted(_doubts(payload, ""), key=lambda doubt: doubt.field != "")
    found += [Doubt(name, "") for name in ("number", "issued") if name in payload and payload[name] is None]
    return tuple(found)


def _doubts(value: Any, path: str) -> Iterator[Doubt]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "verified" and inner is False:
                yield Doubt(path.rstrip("."), str(value.get("condition") or value.get("cause") or ""))
            else:
                yield from _doubts(inner, f"{path}{name}.")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _doubts(inner, f"{path}{place}.")
    elif isinstance(value, str) and UNVERIFIED in value:
        yield Doubt(path.rstrip("."), value)


def day(value: str | None) -> date | None:
    """A date of an event's data."""
    return date.fromisoformat(value) if value else None
