"""The data files of law, read once, held to their form and given as plain values. No Django here.

A fault in a file names the file and the row (:class:`BadData`); nothing is skipped or repaired.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TypeVar

from xiezhi.core.calendar import Notice, Span, WorkCalendar
from xiezhi.core.ids import Region, RegionTable
from xiezhi.core.law import Rule, Violation
from xiezhi.core.law.rows import BadRow, Reader
from xiezhi.core.law.rules import read_rule
from xiezhi.core.law.violations import read_violation
from xiezhi.core.masking import Treatment, read_treatment

T = TypeVar("T")


class BadData(ValueError):
    """A data file is not of its form; the text names the file and the row."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a code set. ``source`` says where it was read; the issuing bodies' texts are 待核."""

    value: str
    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a reporting format: its name in a ``generation`` of the format, and what it means."""

    format: str
    generation: str
    name: str
    meaning: str


def data() -> Traversable:
    """The folder of the data files."""
    return files("xiezhi.lawbase").joinpath("data")


@lru_cache(maxsize=1)
def deadlines() -> Mapping[str, Rule]:
    """The deadline table by rule id, in the order of the file."""
    return _table("deadlines.json", "deadlines", read_rule, lambda rule: rule.id)


@lru_cache(maxsize=1)
def violations() -> Mapping[str, Violation]:
    """The violation catalogue by code, in the order of the file."""
    return _table("violations.json", "violations", read_violation, lambda violation: violation.code)


@lru_cache(maxsize=1)
def treatments() -> Mapping[str, Treatment]:
    """What becomes of each kind of datum when something is published, by its key."""
    return _table("masking.json", "treatments", read_treatment, lambda treatment: treatment.key)


@lru_cache(maxsize=1)
def calendar() -> WorkCalendar:
    """The working days of all notices shipped, and the computed statutory days of years to come."""
    folder = data().joinpath("calendar")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name[:4].isdigit())
    notices = [notice for name in names for notice in _notices(f"calendar/{name}")]
    return WorkCalendar.of(notices, _statutory())


def read_notice(row: object, year: int) -> Notice:
    """A notice from its row (as in ``data/calendar``); ``BadRow`` names what is wrong.

    An administrator's upload of next year's notice goes through here too.
    """
    reader = Reader(f"notice on {year}", row)
    ranges = reader.readers("days_off")
    off = frozenset(day for part in ranges for day in _days(part))
    workdays = frozenset(_date(reader, "workdays", text) for text in reader.texts("workdays"))
    try:
        notice = Notice(
            year=year,
            number=reader.maybe("number", str),
            issued=reader.day("issued"),
            title=reader.text("title"),
            days_off=off,
            workdays=workdays,
            verified=reader.take("verified", bool),
        )
    except BadRow:
        raise
    except ValueError as error:
        raise reader.fail("workdays", str(error)) from error
    reader.done()
    strange = sorted(day for day in off | workdays if day.year not in (year - 1, year, year + 1))
    if strange:
        raise reader.fail("days_off", f"{strange[0]} lies outside the year that is arranged")
    return notice


@lru_cache(maxsize=1)
def regions() -> RegionTable:
    """Divisions of two, four and six digits; a snapshot with the dates that are known."""
    rows = _csv("regions.csv", ("code", "name", "valid_from", "valid_to"))
    return RegionTable.of(
        Region(row["code"], row["name"], _maybe_day(row["valid_from"]), _maybe_day(row["valid_to"]))
        for row in rows
    )


@lru_cache(maxsize=1)
def construction_industries() -> Mapping[str, Code]:
    """GB/T 4754-2017 section E (建筑业) by code: ``E``, then two to four digits."""
    return MappingProxyType({row["code"]: Code(row["code"], row["name"]) for row in _csv("gbt4754-e.csv")})


@lru_cache(maxsize=1)
def code_sets() -> Mapping[str, Mapping[str, Code]]:
    """Code sets in use in outside systems: set name, then code."""
    sets: dict[str, dict[str, Code]] = {}
    for row in _csv("code-sets.csv", ("set", "code", "name", "source")):
        codes = sets.setdefault(row["set"], {})
        if row["code"] in codes:
            raise BadData(f"code-sets.csv: {row['set']}: code {row['code']!r} is there twice")
        codes[row["code"]] = Code(row["code"], row["name"], row["source"])
    return MappingProxyType({name: MappingProxyType(codes) for name, codes in sets.items()})


@lru_cache(maxsize=1)
def report_fields() -> tuple[Field, ...]:
    """The fields of the publication and exchange formats, in their order."""
    rows = _csv("report-fields.csv", ("format", "generation", "field", "meaning"))
    return tuple(Field(row["format"], row["generation"], row["field"], row["meaning"]) for row in rows)


def _table(name: str, key: str, read: Callable[[object], T], identity: Callable[[T], str]) -> Mapping[str, T]:
    document = _json(name)
    found: dict[str, T] = {}
    try:
        reader = Reader(name, document)
        rows = reader.take(key, list)
        for row in rows:
            item = read(row)
            if identity(item) in found:
                raise BadRow(identity(item), "id", "is there twice")
            found[identity(item)] = item
        if reader.take("count", int) != len(found):
            raise BadRow(name, "count", f"says another number than the {len(found)} rows there are")
    except BadRow as error:
        raise BadData(f"{name}: {error}") from error
    return MappingProxyType(found)


def _notices(name: str) -> Iterator[Notice]:
    try:
        reader = Reader(name, _json(name))
        year = reader.take("year", int)
        for row in reader.take("notices", list):
            yield read_notice(row, year)
    except BadRow as error:
        raise BadData(f"{name}: {error}") from error


def _statutory() -> Mapping[int, frozenset[date]]:
    name = "calendar/statutory.json"
    try:
        reader = Reader(name, _json(name))
        years: dict[str, dict[str, list[str]]] = reader.take("years", dict)
        return {
            int(year): frozenset(_date(reader, year, text) for texts in names.values() for text in texts)
            for year, names in years.items()
        }
    except BadRow as error:
        raise BadData(f"{name}: {error}") from error


def _days(reader: Reader) -> Iterator[date]:
    reader.text("name")
    first, last = reader.day("from"), reader.day("to")
    if first is None or last is None:
        raise reader.fail("from", "is null")
    reader.done()
    try:
        length = len(Span(first, last))
    except ValueError as error:
        raise reader.fail("to", str(error)) from error
    return (first + timedelta(days=place) for place in range(length))


def _date(reader: Reader, field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise reader.fail(field, f"{text!r} is no date") from error


def _maybe_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _json(name: str) -> object:
    try:
        document: object = json.loads(data().joinpath(name).read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadData(f"{name}: not JSON: {error}") from error
    return document


def _csv(name: str, columns: tuple[str, ...] = ("code", "name")) -> list[dict[str, str]]:
    reader = csv.DictReader(data().joinpath(name).read_text(encoding="utf-8").splitlines())
    if tuple(reader.fieldnames or ()) != columns:
        raise BadData(f"{name}: columns are {reader.fieldnames}, not {list(columns)}")
    rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise BadData(f"{name}: line {number} has not {len(columns)} columns")
    return rows
