"""A local list of items as a table: columns by their Chinese names, methods and fields by title."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.errors import Invalid
from xiezhi.registry.importing.files import open_table
from xiezhi.registry.importing.messages import file_message
from xiezhi.registry.importing.problems import FileRefused

from .codes import Field, Method, TargetKind

# Column title → field; those marked True must be there.
COLUMNS = {
    "事项编码": ("code", True),
    "事项名称": ("title", True),
    "检查依据": ("basis", True),
    "检查对象": ("target_kind", True),
    "生效日期": ("valid_from", True),
    "失效日期": ("valid_to", False),
    "监管领域": ("field", False),
    "检查主体": ("inspectors", False),
    "适用对象": ("applies_to", False),
    "检查方式": ("methods", False),
    "抽查比例或周期": ("share", False),
    "每年最多次数": ("per_year", False),
    "检查内容": ("contents", False),
}


def read(path: Path) -> list[dict[str, Any]]:
    """Rows as ``services.load_items`` takes them. :class:`Invalid` (``file`` or ``rows``) says what to mend."""
    try:
        with open_table(path) as table:
            places = _places(table.headers)
            return list(_rows(places, table.rows))
    except FileRefused as refused:
        raise Invalid({"file": [file_message(refused)]}) from None


def _places(headers: tuple[str, ...]) -> dict[str, int]:
    found = {COLUMNS[name][0]: place for place, name in enumerate(headers) if name in COLUMNS}
    missing = [name for name, (field, needed) in COLUMNS.items() if needed and field not in found]
    if missing:
        raise Invalid({"file": [_("文件缺少列：%(names)s。") % {"names": "、".join(missing)}]})
    return found


def _rows(places: dict[str, int], rows: Any) -> Iterator[dict[str, Any]]:
    faults = []
    for number, cells in rows:
        values = {}
        for field, place in places.items():
            try:
                values[field] = _READERS.get(field, str)(cells[place])
            except ValueError as error:
                faults.append(_("第 %(number)s 行：%(text)s") % {"number": number, "text": error})
        yield {name: value for name, value in values.items() if value is not None}
    if faults:
        raise Invalid({"rows": faults[:50]})


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        raise ValueError(_("“%(text)s”不是日期，请写成 2026-03-01。") % {"text": text}) from None


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise ValueError(_("“%(text)s”不是次数。") % {"text": text})
    return int(text)


def _choice(choices: Any) -> Any:
    by_title = {str(label): value for value, label in choices.choices}

    def read(text: str) -> str | None:
        if text and text not in by_title and text not in choices.values:
            there = "、".join(by_title)
            raise ValueError(_("没有“%(text)s”，可填：%(there)s。") % {"text": text, "there": there})
        return by_title.get(text, text) or None

    return read


def _methods(text: str) -> list[str]:
    return [_choice(Method)(one) for one in text.replace(",", "、").replace("，", "、").split("、") if one]


def _contents(text: str) -> list[dict[str, str]]:
    return [{"text": line.strip(), "basis": ""} for line in text.replace("；", "\n").splitlines() if line.strip()]


_READERS: dict[str, Any] = {
    "valid_from": _day,
    "valid_to": _day,
    "per_year": _number,
    "target_kind": _choice(TargetKind),
    "field": _choice(Field),
    "methods": _methods,
    "contents": _contents,
}
