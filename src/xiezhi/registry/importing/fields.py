"""The columns that an entity can take from a file, and how a cell is read.

A reader takes the cell's text (stripped, not empty) and gives the columns it sets; it raises ``CellRefused``.
Marks are things to know that do not stand in the way (an old number, a repaired code).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from xiezhi.core.ids import UsccReason, uscc_reason
from xiezhi.core.ids.uscc import organisation_code_holds
from xiezhi.core.unseen import unseen

from .problems import CellRefused

Value = str | int


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says: columns with their values (text, ISO dates, whole numbers), and marks."""

    values: dict[str, Value]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """``title`` is what users read; ``headers`` are the names that files give it; ``columns`` what it sets."""

    name: str
    title: str
    read: Callable[[str], Read]
    headers: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=())
    required: bool = False


# What sources write where they know nothing. Such a cell says nothing: it never erases what is known.
NOTHING = frozenset(
    {"", "n/a", "#n/a", "na", "null", "none", "nan", "-", "--", "—", "——", "/", "无", "不详", "未知"}
)
EARLIEST = date(1850, 1, 1)
LATEST = date(2100, 1, 1)
MAX_MINOR = 2**53 - 1
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_DATE = re.compile(
    r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?)|([0-9]{2})([0-9]{2}))(?:[ T][0-9:.]+)?"
)
# Days since the end of 1899, as a spreadsheet keeps a date that it was not told to show as one.
_SERIAL = re.compile(r"[1-6][0-9]{4}(?:\.[0-9]+)?")
_CAPITAL = re.compile(
    r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<scale>亿|万)?\(?(?P<scale2>亿|万)?元?(?P<currency>[^()0-9,.]*?)元?\)?"
)
CURRENCIES = {
    "": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "美": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "港": "HKD",
    "欧元": "EUR",
    "欧": "EUR",
    "日元": "JPY",
    "日": "JPY",
    "新加坡元": "SGD",
    "新加坡": "SGD",
    "英镑": "GBP",
    "台币": "TWD",
    "新台币": "TWD",
    "澳元": "AUD",
    "澳": "AUD",
    "加元": "CAD",
    "加": "CAD",
}
SCALES = {None: 1, "万": 10_000, "亿": 100_000_000}


def says_nothing(cell: str) -> bool:
    """Is the cell empty, or filled with what stands for empty?"""
    return cell.lower() in NOTHING


def text_reader(column: str, limit: int) -> Callable[[str], Read]:
    """A reader of plain text of at most ``limit`` characters; control characters become spaces, unseen ones don't."""

    def read(cell: str) -> Read:
        if code := unseen(cell):
            raise CellRefused("unseen", text=code)
        clean = _CONTROL.sub(" ", cell).strip()
        if len(clean) > limit:
            raise CellRefused("too-long", length=len(clean), limit=limit)
        return Read({column: clean})

    return read


def read_code(cell: str) -> Read:
    """A credit code, or an old registration number of 15 or 13 digits, which is marked.

    Full-width and lower-case letters, white space and the apostrophe by which spreadsheets keep a number as text are
    repaired and marked ``repaired``; nothing else is.
    """
    if _SCIENTIFIC.fullmatch(cell):
        raise CellRefused("code-number")
    code = "".join(unicodedata.normalize("NFKC", cell).upper().split()).removeprefix("'")
    marks = ("repaired",) if code != cell else ()
    reason = uscc_reason(code)
    if reason is UsccReason.OLD_NUMBER:
        return Read({"code": code}, (*marks, "old-number"))
    if reason is not None:
        raise CellRefused(f"code-{reason.value}", text=code[:40])
    if not organisation_code_holds(code):
        marks = (*marks, "organisation-code")
    return Read({"code": code}, marks)


def read_issued_code(cell: str) -> Read:
    """As :func:`read_code`, but a wrong check character is a mark: some codes were issued with one."""
    try:
        return read_code(cell)
    except CellRefused as refused:
        if refused.code != f"code-{UsccReason.CHECK.value}":
            raise
        return Read({"code": str(refused.params["text"])}, ("check",))


def date_reader(column: str) -> Callable[[str], Read]:
    """A reader of days for ``column``."""
    return lambda cell: Read({column: read_day(cell)})


def read_day(cell: str) -> str:
    """``1979-11-26``, ``1979/11/26``, ``1979年11月26日``, ``19791126`` as ISO; a time behind it is dropped."""
    match = _DATE.fullmatch(cell)
    if match is None and _SERIAL.fullmatch(cell):
        raise CellRefused("date-serial", text=cell[:40])
    if match is None:
        raise CellRefused("date-form", text=cell[:40])
    year, *rest = match.groups()
    month, day = [part for part in rest if part is not None]
    try:
        value = date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellRefused("date-none", text=cell[:40]) from error
    if not EARLIEST <= value <= LATEST:
        raise CellRefused("date-range", text=cell[:40])
    return value.isoformat()


read_date = date_reader("established_on")


def choice_reader(column: str, words: Mapping[str, str]) -> Callable[[str], Read]:
    """A reader of one of a few words; ``words`` maps what files write to what is stored."""

    def read(cell: str) -> Read:
        value = words.get("".join(unicodedata.normalize("NFKC", cell).lower().split()))
        if value is None:
            raise CellRefused("choice", text=cell[:40], words="、".join(dict.fromkeys(words)))
        return Read({column: value})

    return read


def number_reader(column: str, *, scale: int = 1) -> Callable[[str], Read]:
    """A reader of numbers ≥ 0, stored as whole ``scale``-ths (10,000.5 万元 in fen: ``scale=1_000_000``)."""

    def read(cell: str) -> Read:
        try:
            value = Decimal(unicodedata.normalize("NFKC", cell).replace(",", "").replace(" ", "")) * scale
        except InvalidOperation as error:
            raise CellRefused("number-form", text=cell[:40]) from error
        if not value.is_finite() or not 0 <= value <= MAX_MINOR:
            raise CellRefused("number-range", text=cell[:40])
        return Read({column: int(value.to_integral_value())})

    return read


def read_capital(cell: str) -> Read:
    """``4,114.7000(万元人民币)``, ``300(万美元)``: hundredths of the currency, and its ISO 4217 code."""
    text = unicodedata.normalize("NFKC", cell).replace(" ", "")
    match = _CAPITAL.fullmatch(text)
    currency = CURRENCIES.get(match["currency"]) if match else None
    if match is None or currency is None or (match["scale"] and match["scale2"]):
        raise CellRefused("capital-form", text=cell[:40])
    try:
        number = Decimal(match["number"].replace(",", ""))
    except InvalidOperation as error:
        raise CellRefused("capital-form", text=cell[:40]) from error
    minor = number * SCALES[match["scale"] or match["scale2"]] * 100
    if minor > MAX_MINOR:
        raise CellRefused("capital-range", text=cell[:40])
    return Read({"capital": int(minor.to_integral_value()), "capital_currency": currency})


ENTITY_FIELDS: tuple[Field, ...] = (
    Field(
        "code",
        "统一社会信用代码",
        read_code,
        (
            "uscc",
            "统一社会信用代码",
            "社会信用代码",
            "统一信用代码",
            "信用代码",
            "统一社会信用代码/注册号",
            "注册号",
            "工商注册号",
            "统一代码",
            "credit_code",
            "code",
        ),
        ("code",),
        required=True,
    ),
    Field(
        "name",
        "名称",
        text_reader("name", 200),
        (
            "name",
            "企业名称",
            "单位名称",
            "名称",
            "主体名称",
            "市场主体名称",
            "经营主体名称",
            "公司名称",
            "相对人名称",
            "entity_name",
            "enterprise_name",
        ),
        ("name",),
        required=True,
    ),
    Field(
        "established_on",
        "成立日期",
        read_date,
        ("registration_date", "成立日期", "注册日期", "登记日期", "设立日期", "成立时间", "established_on"),
        ("established_on",),
    ),
    Field(
        "entity_type",
        "企业类型",
        text_reader("entity_type", 100),
        ("enterprise_type", "企业类型", "主体类型", "市场主体类型", "类型", "经济类型", "entity_type"),
        ("entity_type",),
    ),
    Field(
        "capital",
        "注册资本",
        read_capital,
        ("registered_capital", "注册资本", "注册资金", "注册资本金", "capital"),
        ("capital", "capital_currency"),
    ),
    Field(
        "business_scope",
        "经营范围",
        text_reader("business_scope", 4000),
        ("business_scope_200", "business_scope", "经营范围", "经营业务范围", "业务范围"),
        ("business_scope",),
    ),
    Field("province", "省", text_reader("province", 30), ("province", "省", "省份", "所在省"), ("province",)),
    Field("city", "市", text_reader("city", 30), ("city", "市", "城市", "所在市", "地市"), ("city",)),
    Field(
        "county", "县(区)", text_reader("county", 30), ("county", "县", "区县", "县区", "所在区县"), ("county",)
    ),
    Field(
        "address",
        "住所",
        text_reader("address", 300),
        ("address", "住所", "地址", "注册地址", "住所地址", "经营场所", "企业地址", "单位地址", "登记住所"),
        ("address",),
    ),
)
FIELDS = {f.name: f for f in ENTITY_FIELDS}
COLUMNS = tuple(column for f in ENTITY_FIELDS for column in f.columns)
TITLES = {column: f.title for f in ENTITY_FIELDS for column in f.columns} | {"capital_currency": "币种"}


def entity_kind(code: str, entity_type: str = "") -> str:
    """``individual`` for a 个体工商户 (a person's data too), ``organisation``; empty where neither shows."""
    if code.startswith("92") or "个体" in entity_type:
        return "individual"
    return "organisation" if entity_type or len(code) == 18 else ""


def differences_of(
    values: Mapping[str, Value], current: Mapping[str, Value | None], *, but: Collection[str]
) -> dict[str, list[Value | None]]:
    """``{column: [before, after]}`` for every stated column, ``but`` some, that differs from what is stored."""
    return {
        column: [current.get(column), value]
        for column, value in values.items()
        if column not in but and current.get(column) != value
    }
