"""What does not fit the schema, told in Chinese: pydantic's kinds of error → what to do about the field."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FALLBACK = _("内容不符合要求，请对照接口文档改正。")
_TEXT, _WHOLE, _NUMBER = _("请填写文字。"), _("请填写整数。"), _("请填写数字。")
_DAY, _MOMENT = _("请填写日期，例如 2026-03-02。"), _("请填写带时区的时间，例如 2026-03-02T09:00:00+08:00。")
_LIST, _OBJECT, _LISTED = _("请填写数组。"), _("请填写对象。"), _("请从接口文档列出的值中选择。")
# The kind itself, else its first word (``int_parsing`` → ``int``); places are those of the error's ``ctx``.
TEXTS: dict[str, str | Promise] = {
    "missing": _("请填写此项。"),
    "string": _TEXT,
    "string_too_short": _("至少 %(min_length)s 个字。"),
    "string_too_long": _("最多 %(max_length)s 个字。"),
    "string_pattern_mismatch": _("格式不符，请对照接口文档改正。"),
    "int": _WHOLE,
    "float": _NUMBER,
    "decimal": _NUMBER,
    "finite_number": _NUMBER,
    "bool": _("请填写 true 或 false。"),
    "uuid": _("请填写 UUID。"),
    "date": _DAY,
    "datetime": _MOMENT,
    "timezone": _MOMENT,
    "time": _("请填写时间，例如 09:00:00。"),
    "list": _LIST,
    "tuple": _LIST,
    "set": _LIST,
    "dict": _OBJECT,
    "model": _OBJECT,
    "literal": _LISTED,
    "enum": _LISTED,
    "union": _LISTED,
    "too_short": _("至少 %(min_length)s 项，现在有 %(actual_length)s 项。"),
    "too_long": _("最多 %(max_length)s 项。"),
    "greater_than": _("须大于 %(gt)s。"),
    "greater_than_equal": _("不能小于 %(ge)s。"),
    "less_than": _("须小于 %(lt)s。"),
    "less_than_equal": _("不能大于 %(le)s。"),
    "extra_forbidden": _("没有这一项，请删去。"),
    "json": _("请求体不是有效的 JSON。"),
}
_AROUND = frozenset({"body", "query", "path", "header", "cookie", "form", "file"})
# What pydantic adds to the path for the arm of a union, or the function that looked.
_ARM = re.compile(r"date|datetime|str|int|float|bool|uuid|none|.*\[.*")


def fields_of(errors: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """A field's path (``"steps.0.title"``; ``""``: all of the body) → what to do, each text once."""
    fields: dict[str, list[str]] = {}
    for error in errors:
        texts = fields.setdefault(place(error["loc"]), [])
        if (text := text_of(error)) not in texts:
            texts.append(text)
    return fields


def place(loc: Iterable[str | int]) -> str:
    """The path as the document names it, without what the framework puts around it."""
    parts = list(loc)
    if parts and parts[0] in _AROUND:
        parts = parts[1:]
    if parts and parts[0] in ("payload", "paging"):
        parts = parts[1:]
    kept = [str(part) for n, part in enumerate(parts) if n == 0 or not _ARM.fullmatch(str(part))]
    return ".".join(kept)


def text_of(error: Mapping[str, Any]) -> str:
    """The text for one error; of a check of our own, its own words."""
    kind, places = error["type"], error.get("ctx") or {}
    if kind == "value_error" and isinstance(said := places.get("error"), ValueError) and said.args:
        # Ours are marked for translation; a library's are not ours to show.
        return str(said.args[0]) if isinstance(said.args[0], Promise) else str(FALLBACK)
    text = TEXTS.get(kind) or TEXTS.get(kind.partition("_")[0], FALLBACK)
    try:
        return str(text) % places
    except (KeyError, TypeError, ValueError):
        return str(FALLBACK)
