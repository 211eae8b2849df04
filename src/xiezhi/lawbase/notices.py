"""A year's holiday notice as it is brought by an administrator: read from a file, held to what a notice can say.

``preview`` is the dry run: what would change, before anything does.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.calendar import Notice, WorkCalendar
from xiezhi.core.errors import Invalid
from xiezhi.core.law.rows import BadRow

from . import kinds
from .models import Kind, LawItem, Origin

LARGEST = 256 * 1024
YEARS = range(2007, 2100)
SATURDAY = 5
#: words in the second column of a CSV file
OFF = {"休", "放假", "off", "holiday"}
DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
WORKED = {"班", "上班", "调休上班", "workday", "work"}


@dataclass(frozen=True, slots=True)
class Change:
    """A day whose standing changes. ``estimated``: what it was, was an estimate."""

    day: date
    worked_before: bool
    worked_after: bool
    estimated: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a notice would do. ``changes`` lists days that change, ``confirmed`` counts estimates kept."""

    item: LawItem
    notice: Notice
    supplement: bool
    changes: tuple[Change, ...]
    confirmed: int


def parse(
    data: bytes,
    *,
    year: int | None = None,
    number: str = "",
    issued: date | None = None,
    title: str = "",
) -> dict[str, Any]:
    """The row of a notice from an uploaded file: JSON (as the shipped files), or CSV of ``date,休|班[,name]``.

    UTF-8 or GB18030. What the file leaves out is taken from the arguments; what it says wins. Raises ``Invalid``
    naming the line.
    """
    if len(data) > LARGEST:
        raise _fault("file", _("文件超过 256 KB，不像是一份放假通知。"))
    text = _decode(data)
    if not text.strip():
        raise _fault("file", _("文件是空的。"))
    found = _from_json(text) if text.lstrip()[0] in "{[" else _from_csv(text)
    given = {
        "year": year,
        "number": number.strip() or None,
        "issued": issued.isoformat() if issued else None,
        "title": title.strip(),
    }
    row = {name: value for name, value in given.items() if value} | found
    if not isinstance(row.get("year"), int):
        raise _fault("year", _("请写明通知安排的年份。"))
    row.setdefault("number", None)
    row.setdefault("issued", None)
    row.setdefault("title", _("关于%(year)s年部分节假日安排的通知") % {"year": row["year"]})
    return {**row, "verified": False}


def check(row: Mapping[str, Any], calendar: WorkCalendar) -> LawItem:
    """The row of law, not stored; ``Invalid`` with every fault that a notice of its year can't have."""
    year = row.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or year not in YEARS:
        raise _fault("year", _("年份应在 2007 至 2099 之间。"))
    # A withdrawn notice keeps its place.
    places = LawItem.objects.filter(kind=Kind.NOTICE, code__startswith=f"{year}-").values("code").distinct()
    payload = {**row, "place": places.count() + 1}
    try:
        item = kinds.make(Kind.NOTICE, payload, origin=Origin.OFFICE)
        notice: Notice = kinds.KINDS[Kind.NOTICE].read(payload)
    except (BadRow, KeyError, TypeError) as error:
        raise _fault("file", _("通知读不懂：%(why)s") % {"why": str(error)}) from error
    faults = list(_faults(notice, calendar))
    if faults:
        raise Invalid({"file": faults})
    return item


def preview(row: Mapping[str, Any], calendar: WorkCalendar) -> Preview:
    """What loading the row would change; ``Invalid`` as in :func:`check`."""
    item = check(row, calendar)
    notice: Notice = kinds.KINDS[Kind.NOTICE].read(item.payload)
    after = WorkCalendar.of([*calendar.notices, notice], calendar.statutory)
    days = changed_days(calendar, after, notice.year)
    changes = tuple(
        Change(d, calendar.is_working_day(d), after.is_working_day(d), calendar.is_estimated(d)) for d in days
    )
    confirmed = sum(
        1 for d in _around(notice.year) if calendar.is_estimated(d) and not after.is_estimated(d) and d not in days
    )
    return Preview(item, notice, notice.year in calendar.years, changes, confirmed)


def changed_days(before: WorkCalendar, after: WorkCalendar, year: int) -> tuple[date, ...]:
    """Days of the year and its neighbours that are worked in one calendar and not in the other."""
    return tuple(d for d in _around(year) if before.is_working_day(d) != after.is_working_day(d))


def _around(year: int) -> Iterator[date]:
    day, last = date(year - 1, 1, 1), date(year + 1, 12, 31)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _faults(notice: Notice, calendar: WorkCalendar) -> Iterator[str]:
    """What no notice says; each fault names its day."""
    first = notice.year not in calendar.years
    if not notice.days_off and not notice.workdays:
        yield _("通知里没有任何日期。")
    for day in sorted(notice.days_off | notice.workdays):
        if not date(notice.year - 1, 12, 1) <= day <= date(notice.year + 1, 1, 31):
            yield _("%(day)s 不在 %(year)s 年及其前后一个月内。") % {"day": day, "year": notice.year}
    for day in sorted(notice.workdays):
        if day.weekday() < SATURDAY and not (not first and not calendar.is_working_day(day)):
            yield _("%(day)s 是工作日，不能作为调休上班日；调休上班日应为周六、周日。") % {"day": day}
    for day in sorted(_statutory(calendar, notice.year) if first else ()):
        if day not in notice.days_off:
            yield _("缺少法定节假日 %(day)s（%(year)s 年的首份通知应包含全部法定节假日）。") % {
                "day": day,
                "year": notice.year,
            }


def _statutory(calendar: WorkCalendar, year: int) -> frozenset[date]:
    known = calendar.statutory.get(year)
    return known if known is not None else frozenset()


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _fault("file", _("文件既不是 UTF-8 也不是 GB18030 编码。"))


def _from_json(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _fault("file", _("文件不是有效的 JSON：%(why)s") % {"why": str(error)}) from error
    if isinstance(document, dict) and isinstance(document.get("notices"), list):
        rows = document["notices"]
        if len(rows) != 1 or not isinstance(rows[0], dict):
            raise _fault("file", _("一次只能载入一份通知。"))
        document = {"year": document.get("year"), **rows[0]}
    if not isinstance(document, dict):
        raise _fault("file", _("JSON 应为一份通知的对象。"))
    return {k: v for k, v in document.items() if v is not None and k not in ("place", "verified")}


def _from_csv(text: str) -> dict[str, Any]:
    off: dict[date, str] = {}
    worked: set[date] = set()
    faults: list[str] = []
    for line, cells in _lines(text):
        day, word = _day(cells[0]), cells[1].lower()
        if day is None:
            faults.append(_("第 %(line)d 行：“%(cell)s”不是日期，应为 2027-01-01 的形式。") % _at(line, cells[0]))
        elif day in off or day in worked:
            faults.append(_("第 %(line)d 行：%(cell)s 重复。") % _at(line, cells[0]))
        elif word in OFF:
            off[day] = cells[2] or _("放假")
        elif word in WORKED:
            worked.add(day)
        else:
            faults.append(_("第 %(line)d 行：“%(cell)s”应为“休”或“班”。") % _at(line, word))
    if faults:
        raise Invalid({"file": faults[:20]})
    return {"days_off": _ranges(off), "workdays": [day.isoformat() for day in sorted(worked)]}


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered lines of at least three cells, without the heading and empty ones."""
    rows = csv.reader(io.StringIO(text))
    try:
        for line, row in enumerate(rows, start=1):
            cells = [cell.strip() for cell in row]
            heading = line == 1 and not cells[0][:1].isdigit() if cells else True
            if any(cells) and not heading:
                yield line, [*cells, "", ""]
    except csv.Error as error:
        raise _fault("file", _("文件不是有效的 CSV：%(why)s") % {"why": str(error)}) from error


def _day(cell: str) -> date | None:
    """A date as 2027-01-01 or, as spreadsheets write it, 2027/1/1."""
    found = DAY.fullmatch(cell)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _at(line: int, cell: str) -> dict[str, object]:
    return {"line": line, "cell": cell[:20]}


def _ranges(off: Mapping[date, str]) -> list[dict[str, str]]:
    """Neighbouring days of one name as one span."""
    spans: list[dict[str, str]] = []
    for day in sorted(off):
        last = spans[-1] if spans else None
        follows = last is not None and last["to"] == (day - timedelta(days=1)).isoformat()
        if last is not None and follows and last["name"] == off[day]:
            last["to"] = day.isoformat()
        else:
            spans.append({"name": off[day], "from": day.isoformat(), "to": day.isoformat()})
    return spans


def _fault(field: str, said: str) -> Invalid:
    return Invalid({field: [said]})
