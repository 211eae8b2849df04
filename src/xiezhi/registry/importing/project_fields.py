"""The columns that a project can take from a file: its facts, who takes part in it by code, where it is built.

A role's column holds the codes of all who have it, sorted and parted by blanks. A site is one text,
``name|latitude|longitude|datum``, so that before and after can be compared, shown and taken back.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from xiezhi.registry.models import Project, Role, Site

from .fields import Field, Read, Value, choice_reader, number_reader, read_issued_code, text_reader
from .problems import CellRefused, Problem

FEN_IN_WAN = 1_000_000
_APART = re.compile(r"[\s、,，;；/]+")
_MILLIONTH = Decimal("0.000001")
_KINDS = {
    "房屋建筑": "building", "房屋建筑工程": "building", "房建": "building", "房建工程": "building",
    "市政基础设施": "municipal", "市政工程": "municipal", "市政": "municipal", "市政公用": "municipal",
    "其他": "other", "其它": "other",
}  # fmt: skip
_STATES = {
    "未开工": "planned", "在建": "running", "施工中": "running", "停工": "suspended", "已停工": "suspended",
    "已竣工": "finished", "竣工": "finished",
}  # fmt: skip
_DATUMS = {
    "wgs-84": "WGS-84", "wgs84": "WGS-84", "cgcs2000": "CGCS2000", "2000国家大地坐标系": "CGCS2000",
    "gcj-02": "GCJ-02", "gcj02": "GCJ-02", "火星坐标": "GCJ-02",
}  # fmt: skip
ROLES = tuple(Role.values)
_SHORT = {
    "owner": ("建设单位", "业主单位"),
    "contractor": ("施工总承包单位", "施工单位", "总承包单位", "总包单位"),
    "subcontractor": ("专业分包单位", "分包单位"),
    "labour": ("劳务分包单位", "劳务单位"),
    "supervisor": ("监理单位",),
    "surveyor": ("勘察单位",),
    "designer": ("设计单位",),
    "tester": ("检测单位",),
    "lessor": ("机械租赁单位", "租赁单位"),
    "concrete": ("预拌混凝土供应单位", "混凝土供应单位"),
}


def _codes_reader(role: str) -> Callable[[str], Read]:
    def read(cell: str) -> Read:
        given = [read_issued_code(part) for part in _APART.split(cell) if part]
        codes = sorted({str(read.values["code"]) for read in given})
        return Read({role: " ".join(codes)}, tuple(dict.fromkeys(m for read in given for m in read.marks)))

    return read


def _degree_reader(column: str, limit: int) -> Callable[[str], Read]:
    def read(cell: str) -> Read:
        try:
            degrees = Decimal(unicodedata.normalize("NFKC", cell).rstrip("°").strip())
        except InvalidOperation as error:
            raise CellRefused("degree", text=cell[:40]) from error
        if not degrees.is_finite() or abs(degrees) > limit:
            raise CellRefused("degree", text=cell[:40])
        return Read({column: str(degrees.quantize(_MILLIONTH))})

    return read


def _of_role(role: str) -> Field:
    headers = [f"{name}{tail}" for name in _SHORT[role] for tail in ("代码", "统一社会信用代码", "信用代码")]
    return Field(role, f"{Role(role).label}代码", _codes_reader(role), tuple(headers), (role,))


PROJECT_FIELDS: tuple[Field, ...] = (
    Field(
        "number", "项目编号", text_reader("number", 40),
        ("项目编号", "项目代码", "项目统一代码", "工程编号", "工程代码", "project_number", "number"), ("number",),
        required=True,
    ),
    Field(
        "name", "项目名称", text_reader("name", 200),
        ("项目名称", "工程名称", "工程项目名称", "project_name", "name"), ("name",), required=True,
    ),
    Field("kind", "工程类型", choice_reader("kind", _KINDS), ("工程类型", "项目类型", "工程类别"), ("kind",)),
    Field("state", "状态", choice_reader("state", _STATES), ("项目状态", "工程状态", "状态", "施工状态"), ("state",)),
    Field(
        "address", "建设地址", text_reader("address", 300),
        ("建设地址", "建设地点", "项目地址", "工程地址", "工程地点", "地址", "address"), ("address",),
    ),
    Field(
        "area", "建筑面积（平方米）", number_reader("area"),
        ("建筑面积", "建筑面积(平方米)", "总建筑面积", "面积", "area"), ("area",),
    ),
    Field(
        "cost", "工程造价（万元）", number_reader("cost", scale=FEN_IN_WAN),
        ("工程造价", "合同价", "合同造价", "合同价格", "总投资", "cost"), ("cost",),
    ),
    *(_of_role(role) for role in ROLES),
    Field("site", "工地名称", text_reader("site", 200), ("工地名称", "工地"), ("site",)),
    Field("latitude", "纬度", _degree_reader("latitude", 90), ("纬度", "latitude", "lat"), ("latitude",)),
    Field("longitude", "经度", _degree_reader("longitude", 180), ("经度", "longitude", "lng", "lon"), ("longitude",)),
    Field("datum", "坐标系", choice_reader("datum", _DATUMS), ("坐标系", "坐标系统", "datum"), ("datum",)),
)  # fmt: skip


def finish(values: dict[str, Value]) -> Iterator[Problem]:
    """Bring a row's position together into ``site``; a project without one has none."""
    name, latitude, longitude, datum = (
        values.pop(part, "") for part in ("site", "latitude", "longitude", "datum")
    )
    if bool(latitude) != bool(longitude):
        yield Problem("", "half-position")
    elif latitude:
        values["site"] = f"{name or values.get('name', '')}|{latitude}|{longitude}|{datum or Site.Datum.WGS84}"


def added(before: Value | None, after: Value | None) -> list[str]:
    """The codes that ``after`` names and ``before`` does not."""
    known = str(before or "").split()
    return [code for code in str(after or "").split() if code not in known]


def differences(values: Mapping[str, Value], current: Mapping[str, Value | None]) -> dict[str, list[Value | None]]:
    """What a row would change. A role's list adds who is missing; who has left is not a list's to say."""
    found: dict[str, list[Value | None]] = {}
    for column, value in values.items():
        before = current.get(column)
        if column in ROLES:
            if more := added(before, value):
                found[column] = [before, " ".join(sorted([*str(before or "").split(), *more]))]
        elif column == "site":
            same = next((s for s in str(before or "").split("\n") if _named(s) == _named(str(value))), None)
            if same != value:
                found[column] = [same, value]
        elif column != "number" and before != value:
            found[column] = [before, value]
    return found


def _named(site: str) -> str:
    return site.rsplit("|", 3)[0]


STATES = {state: str(Project.State(state).label) for state in Project.State.values}
