"""The columns that a permit can take from a file; headers as public lists and certificates name them."""

from collections.abc import Iterator, Mapping

from .fields import Field, Read, Value, choice_reader, date_reader, differences_of, read_issued_code, text_reader
from .problems import Problem

_KINDS = {
    "施工许可证": "construction", "施工许可": "construction", "建筑工程施工许可证": "construction",
    "资质证书": "qualification", "资质": "qualification", "建筑业企业资质证书": "qualification",
    "安全生产许可证": "safety", "安全生产许可": "safety", "安许证": "safety",
}  # fmt: skip
_FOREVER = frozenset({"长期", "长期有效", "永久", "2099-12-31", "2099/12/31"})
_until = date_reader("valid_until")


def _read_until(cell: str) -> Read:
    """A last day; 长期 is none."""
    return Read({}) if cell in _FOREVER else _until(cell)


PERMIT_FIELDS: tuple[Field, ...] = (
    Field(
        "kind", "许可种类", choice_reader("kind", _KINDS),
        ("许可种类", "许可类别", "证书类型", "证书种类", "许可证书名称", "xk_xkzs", "kind"), ("kind",), required=True,
    ),
    Field(
        "number", "许可编号", text_reader("number", 60),
        ("许可编号", "许可证号", "许可证编号", "证书编号", "证书号", "施工许可证编号", "xk_xkbh", "number"), ("number",),
        required=True,
    ),
    Field(
        "code", "持证单位代码", read_issued_code,
        ("持证单位代码", "持证单位统一社会信用代码", "统一社会信用代码", "信用代码", "xk_xdr_shxym", "code"),
        ("code",), required=True,
    ),
    Field(
        "project", "项目编号", text_reader("project", 40), ("项目编号", "项目代码", "工程编号", "project"), ("project",)
    ),
    Field(
        "issuer", "发证机关", text_reader("issuer", 100),
        ("发证机关", "许可机关", "颁发机关", "核发机关", "xk_xkjg", "xk_xzjg", "issuer"), ("issuer",), required=True,
    ),
    Field(
        "issued_on", "发证日期", date_reader("issued_on"),
        ("发证日期", "许可决定日期", "颁发日期", "核发日期", "有效期自", "xk_jdrq", "issued_on"), ("issued_on",),
        required=True,
    ),
    Field(
        "valid_until", "有效期至", _read_until,
        ("有效期至", "有效期止", "许可截止期", "有效期", "xk_yxqzi", "xk_jzq", "valid_until"), ("valid_until",),
    ),
    Field(
        "content", "许可内容", text_reader("content", 4000), ("许可内容", "许可范围", "资质范围", "xk_nr", "content"),
        ("content",),
    ),
)  # fmt: skip


def finish(values: dict[str, Value]) -> Iterator[Problem]:
    """What the columns of a row must be together."""
    if values.get("kind") == "construction" and "project" not in values:
        yield Problem("", "project-needed")
    if str(values.get("valid_until", "9")) < str(values.get("issued_on", "")):
        yield Problem("", "valid-before-issued")


def differences(values: Mapping[str, Value], current: Mapping[str, Value | None]) -> dict[str, list[Value | None]]:
    """What a row would change of a permit: not whose it is, nor what it is for."""
    return differences_of(values, current, but=("kind", "number", "code", "project"))
