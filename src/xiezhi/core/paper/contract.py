"""The data contract of a template: which fields it takes, of what kind, and whether given values keep it.

Stored and shipped as JSON: a list of ``{"name", "label", "type", "required", "sensitive", "help", "choices",
"columns", "sample"}``; all but name, label and type may be left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from .wording import Fault, gettext_noop

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
TYPES: Final = {
    "text": gettext_noop("单行文字"),
    "long": gettext_noop("多行文字"),
    "date": gettext_noop("日期"),
    "number": gettext_noop("数字"),
    "choice": gettext_noop("单选"),
    "choices": gettext_noop("多选"),
    "flag": gettext_noop("是否"),
    "table": gettext_noop("表格"),
}
# Filled by the system when a document is signed; a contract may not declare them.
SYSTEM: Final = {
    "number": gettext_noop("文号"),
    "agency": gettext_noop("机关名称"),
    "signed_on": gettext_noop("签发日期"),
    "signer": gettext_noop("签发人"),
    "opinions": gettext_noop("审批意见"),
}
OPINION_COLUMNS: Final = ("step", "text", "name", "on")
MAX_TEXT: Final = 500
MAX_LONG: Final = 20_000
MAX_ROWS: Final = 300
MAX_FIELDS: Final = 80

Value: TypeAlias = str | bool | list[str] | list[dict[str, str]]


class BadContract(Fault):
    """The contract itself can't be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``choices`` for choice and choices; ``columns`` (text, in order) for table; ``sample``: made up."""

    name: str
    label: str
    type: str
    required: bool = False
    sensitive: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    sample: Any = ""

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        stored: dict[str, Any] = {"name": self.name, "label": self.label, "type": self.type}
        for key in ("required", "sensitive", "help", "sample"):
            if value := getattr(self, key):
                stored[key] = value
        if self.choices:
            stored["choices"] = list(self.choices)
        if self.columns:
            stored["columns"] = [list(column) for column in self.columns]
        return stored


@dataclass(frozen=True, slots=True)
class Checked:
    """Values as they may be kept; ``missing`` are required fields without one; ``faults`` by field name."""

    values: dict[str, Value]
    missing: tuple[Field, ...]
    faults: Mapping[str, Fault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contract:
    """The fields in the order in which they are asked for."""

    fields: tuple[Field, ...]

    def get(self, name: str) -> Field | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)

    @property
    def sensitive(self) -> tuple[str, ...]:
        """Names of fields that hold personal data."""
        return tuple(one.name for one in self.fields if one.sensitive)

    def as_json(self) -> list[dict[str, Any]]:
        """The stored form."""
        return [one.as_json() for one in self.fields]

    def sample(self) -> dict[str, Value]:
        """Made-up values for a preview: the field's own sample, or its label in brackets."""
        return self.check({one.name: _sample(one) for one in self.fields}).values

    def check(self, given: Mapping[str, Any]) -> Checked:
        """Clean values against the contract. Names that it does not declare are faults too."""
        values: dict[str, Value] = {}
        faults: dict[str, Fault] = {}
        for name in given:
            if self.get(str(name)) is None:
                faults[str(name)] = Fault(gettext_noop("此文书没有这一项。"))
        for one in self.fields:
            try:
                value = _clean(one, given.get(one.name))
            except _Fault as fault:
                faults[one.name] = fault
                continue
            if value not in ("", [], False):
                values[one.name] = value
        missing = tuple(f for f in self.fields if f.required and f.name not in values and f.name not in faults)
        return Checked(values, missing, faults)


class _Fault(Fault):
    """A value that does not keep its field."""


def parse(stored: Any) -> Contract:
    """The contract from its stored form. :class:`BadContract`."""
    if not isinstance(stored, list) or not stored or len(stored) > MAX_FIELDS:
        raise BadContract(gettext_noop("字段表须为 1 至 %(most)s 项的列表。"), most=MAX_FIELDS)
    fields = tuple(_field(number, raw) for number, raw in enumerate(stored, 1))
    names = [one.name for one in fields]
    for name in names:
        if names.count(name) > 1:
            raise BadContract(gettext_noop("字段 %(name)s 声明了两次。"), name=name)
    contract = Contract(fields)
    faults = contract.check({one.name: _sample(one) for one in fields}).faults
    if faults:
        name, text = next(iter(faults.items()))
        raise BadContract(gettext_noop("字段 %(name)s 的样例值不可用：%(text)s"), name=name, text=str(text))
    return contract


def broken(before: Contract, after: Contract) -> list[Fault]:
    """What a caller that fills ``before`` can no longer rely on in ``after``; empty: kept.

    New fields keep a contract, required ones too: who signs is told what is missing. A field taken away, of another
    kind, with fewer options or no longer sensitive breaks it.
    """
    pairs = ((old, after.get(old.name)) for old in before.fields)
    return [fault for old, new in pairs if (fault := _break(old, new)) is not None]


def _break(old: Field, new: Field | None) -> Fault | None:
    if new is None:
        return Fault(gettext_noop("删去了字段“%(label)s”（%(name)s）"), label=old.label, name=old.name)
    if new.type != old.type:
        kinds = {"before": TYPES[old.type], "after": TYPES[new.type]}
        return Fault(gettext_noop("字段“%(label)s”的类型由%(before)s改为%(after)s"), label=old.label, **kinds)
    if gone := sorted(set(old.choices) - set(new.choices)):
        return Fault(gettext_noop("字段“%(label)s”删去了选项%(gone)s"), label=old.label, gone="、".join(gone))
    if {column for column, _ in old.columns} - {column for column, _ in new.columns}:
        return Fault(gettext_noop("字段“%(label)s”删去了列"), label=old.label)
    if old.sensitive and not new.sensitive:
        return Fault(gettext_noop("字段“%(label)s”不再标为敏感"), label=old.label)
    return None


def _field(number: int, raw: Any) -> Field:
    if not isinstance(raw, Mapping):
        raise BadContract(gettext_noop("第 %(number)s 项不是字段。"), number=number)
    unknown = set(raw) - {"name", "label", "type", "required", "sensitive", "help", "choices", "columns", "sample"}
    name, label, kind = str(raw.get("name", "")), str(raw.get("label", "")).strip(), str(raw.get("type", ""))
    if unknown:
        raise BadContract(
            gettext_noop("第 %(number)s 项有不认识的属性 %(unknown)s。"),
            number=number,
            unknown="、".join(sorted(map(str, unknown))),
        )
    if not NAME.fullmatch(name) or name in SYSTEM:
        raise BadContract(
            gettext_noop(
                "第 %(number)s 项的名称“%(name)s”不可用：须为小写字母开头的字母、数字、下划线，且不与系统字段重名。"
            ),
            number=number,
            name=name,
        )
    if not label or len(label) > 60:
        raise BadContract(gettext_noop("字段 %(name)s 须有不超过 60 字的标签。"), name=name)
    if kind not in TYPES:
        raise BadContract(
            gettext_noop("字段 %(name)s 的类型“%(kind)s”不在 %(known)s 之内。"),
            name=name,
            kind=kind,
            known="、".join(TYPES),
        )
    choices = tuple(str(one).strip() for one in raw.get("choices", ()))
    columns = tuple(_column(name, one) for one in raw.get("columns", ()))
    if (kind in ("choice", "choices")) != bool(choices) or len(set(choices)) != len(choices) or "" in choices:
        raise BadContract(
            gettext_noop("字段 %(name)s：单选、多选须列出不重复的选项，其他类型不列选项。"), name=name
        )
    if (kind == "table") != bool(columns) or len({c for c, _ in columns}) != len(columns):
        raise BadContract(gettext_noop("字段 %(name)s：表格须列出不重复的列，其他类型不列列。"), name=name)
    return Field(
        name=name,
        label=label,
        type=kind,
        required=raw.get("required") is True,
        sensitive=raw.get("sensitive") is True,
        help=str(raw.get("help", ""))[:200],
        choices=choices,
        columns=columns,
        sample=raw.get("sample", ""),
    )


def _column(name: str, raw: Any) -> tuple[str, str]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) != 2 or not NAME.fullmatch(str(raw[0])):
        raise BadContract(gettext_noop("字段 %(name)s 的列须写作 [名称, 标签]。"), name=name)
    return str(raw[0]), str(raw[1])


def _sample(one: Field) -> Any:
    if one.sample:
        return one.sample
    made: dict[str, Any] = {
        "date": "2026-03-02",
        "number": "1",
        "choice": one.choices[0] if one.choices else "",
        "choices": list(one.choices[:1]),
        "flag": True,
        "table": [{column: f"（{label}）" for column, label in one.columns}],
    }
    return made.get(one.type, f"（{one.label}）")


def _clean(one: Field, given: Any) -> Value:
    if given is None:
        return ""
    if one.type == "flag":
        return given is True or given in ("on", "true", "1")
    if one.type == "table":
        return _rows(one, given)
    if one.type == "choices":
        picked = [str(item) for item in given] if isinstance(given, list | tuple) else [str(given)]
        picked = [item for item in picked if item]
        if set(picked) - set(one.choices):
            raise _Fault(gettext_noop("请从所列选项中选择。"))
        return [choice for choice in one.choices if choice in picked]
    if not isinstance(given, str | int | float | date) or isinstance(given, bool):
        raise _Fault(gettext_noop("请填写文字。"))
    text = plain(str(given), lines=one.type == "long")
    if not text:
        return ""
    return _CHECKS.get(one.type, _text)(one, text)


def plain(text: str, *, lines: bool) -> str:
    """Text without control characters; line ends become LF where ``lines`` may stand, else a blank."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = text.replace("\n", " ")
    return "".join(c for c in text if c == "\n" or c.isprintable() or c == "\u3000").strip()


def _text(one: Field, text: str) -> Value:
    limit = MAX_LONG if one.type == "long" else MAX_TEXT
    if len(text) > limit:
        raise _Fault(gettext_noop("最多 %(limit)s 个字，现在有 %(count)s 个。"), limit=limit, count=len(text))
    return text


def _date(one: Field, text: str) -> Value:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _Fault(gettext_noop("请填写日期，例如 2026-03-02。")) from None


def _number(one: Field, text: str) -> Value:
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", text):
        raise _Fault(gettext_noop("请填写数字。"))
    return text


def _choice(one: Field, text: str) -> Value:
    if text not in one.choices:
        raise _Fault(gettext_noop("请从所列选项中选择。"))
    return text


_CHECKS = {"date": _date, "number": _number, "choice": _choice}


def _rows(one: Field, given: Any) -> list[dict[str, str]]:
    if not isinstance(given, list):
        raise _Fault(gettext_noop("表格须为若干行。"))
    if len(given) > MAX_ROWS:
        raise _Fault(gettext_noop("最多 %(most)s 行。"), most=MAX_ROWS)
    names = [name for name, _ in one.columns]
    rows = []
    for number, raw in enumerate(given, 1):
        if not isinstance(raw, Mapping) or set(raw) - set(names):
            raise _Fault(gettext_noop("第 %(number)s 行的列与表格不符。"), number=number)
        row = {name: plain(str(raw.get(name, "")), lines=False) for name in names}
        if any(len(text) > MAX_TEXT for text in row.values()):
            raise _Fault(gettext_noop("第 %(number)s 行有一格超过 %(most)s 字。"), number=number, most=MAX_TEXT)
        if any(row.values()):
            rows.append(row)
    return rows
