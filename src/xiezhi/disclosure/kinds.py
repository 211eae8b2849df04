"""The whitelist: which fields of a source may be shown, under which label, masked by which rule. A table.

A field that is not here is never shown, whatever a source comes to hold. To add a kind (talks, daily supervision):
a member of ``codes.Kind``, a source in ``sources``, a row of :data:`KINDS`, an event in ``reactions``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_noop

from xiezhi.core import masking
from xiezhi.lawbase import queries as law

from . import sources
from .codes import Kind
from .sources import Source

PLAIN = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field. ``treatment`` is a row of the lawbase's masking table, or asks the source for one; empty: none."""

    name: str
    label: str
    value: Callable[[Any], str | Sequence[str]]
    treatment: str | Callable[[Any], str] = PLAIN

    def masked(self, source: Source, on: date) -> str | list[str]:
        """The value as it may be shown on a day; empty where nothing is."""
        value = self.value(source)
        key = self.treatment if isinstance(self.treatment, str) else self.treatment(source)
        if isinstance(value, str):
            return _published(key, value, on)
        return [text for text in (_published(key, one, on) for one in value) if text]


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind.

    find      the source by its id; None where it is gone
    rule      the limit of the lawbase within which it is to be published; counted from ``Source.since``
    working   for the work list, before anything is public: names no target
    term      figure of the lawbase that says how many years it stands; empty: as long as it holds
    """

    kind: Kind
    find: Callable[[Any], Source | None]
    rule: str
    fields: tuple[Shown, ...]
    term: str = ""


def _published(key: str, value: str, on: date) -> str:
    return masking.published(law.treatments(on)[key], value) if key else value


KINDS: Mapping[str, KindRow] = {
    row.kind: row
    for row in (
        KindRow(
            Kind.ITEM,
            sources.item,
            rule="disclose_gov_info",
            fields=(
                Shown("code", gettext_noop("事项编码"), lambda s: s.row.code),
                Shown("version", gettext_noop("版本"), lambda s: str(s.row.version)),
                Shown("title", gettext_noop("事项名称"), lambda s: s.row.title),
                Shown("field", gettext_noop("监管领域"), lambda s: s.row.get_field_display()),
                Shown("basis", gettext_noop("检查依据"), lambda s: s.row.basis),
                Shown("target_kind", gettext_noop("检查对象"), lambda s: s.row.get_target_kind_display()),
                Shown("applies_to", gettext_noop("适用范围"), lambda s: s.row.applies_to),
                Shown("inspectors", gettext_noop("检查主体"), lambda s: s.row.inspectors),
                Shown("methods", gettext_noop("检查方式"), lambda s: s.methods),
                Shown("share", gettext_noop("抽查比例或周期"), lambda s: s.row.share),
                Shown("per_year", gettext_noop("每年上限（次）"), lambda s: _number(s.row.per_year)),
                Shown("contents", gettext_noop("检查内容"), lambda s: s.contents),
                Shown("valid_from", gettext_noop("生效"), lambda s: s.row.valid_from.isoformat()),
                Shown("valid_to", gettext_noop("失效"), lambda s: _day(s.row.valid_to)),
                Shown("unverified", gettext_noop("文本"), lambda s: gettext("待核") if s.row.unverified else ""),
                Shown("agency", gettext_noop("公示机关"), lambda s: s.body),
            ),
        ),
        KindRow(
            Kind.PLAN,
            sources.plan,
            rule="disclose_gov_info",
            fields=(
                Shown("title", gettext_noop("计划名称"), lambda s: s.row.title),
                Shown("kind", gettext_noop("种类"), lambda s: s.row.get_kind_display()),
                Shown("year", gettext_noop("年度"), lambda s: str(s.row.year)),
                Shown("begins", gettext_noop("开始"), lambda s: s.row.begins.isoformat()),
                Shown("ends", gettext_noop("结束"), lambda s: s.row.ends.isoformat()),
                Shown("ground", gettext_noop("事由"), lambda s: s.row.ground),
                Shown("document", gettext_noop("公布文号"), lambda s: s.row.document),
                Shown("lines", gettext_noop("计划内容"), lambda s: s.lines),
                Shown("agency", gettext_noop("公示机关"), lambda s: s.body),
            ),
        ),
        KindRow(
            Kind.DRAW,
            sources.draw,
            rule="disclose_gov_info",
            fields=(
                Shown("draw", gettext_noop("抽取号"), lambda s: s.row.draw_id),
                Shown("title", gettext_noop("抽查名称"), lambda s: s.row.title),
                Shown("item", gettext_noop("抽查事项"), lambda s: s.item),
                Shown("state", gettext_noop("状态"), lambda s: s.row.get_state_display()),
                Shown("committed_at", gettext_noop("承诺时间"), lambda s: sources.moment(s.row.committed_at)),
                Shown("objects", gettext_noop("对象数"), lambda s: _number(s.row.objects_count)),
                Shown("root", gettext_noop("名录根"), lambda s: s.row.root),
                Shown("rules_hash", gettext_noop("规则摘要"), lambda s: s.row.rules_hash),
                Shown("drawn_at", gettext_noop("抽取时间"), lambda s: sources.moment(s.row.drawn_at)),
                Shown("drawn", gettext_noop("抽中"), lambda s: _number(s.row.drawn_count)),
                Shown("seed", gettext_noop("种子"), lambda s: s.row.seed),
                Shown("bundle", gettext_noop("数据包摘要（SHA-256）"), lambda s: s.bundle),
                Shown("agency", gettext_noop("公示机关"), lambda s: s.body),
            ),
        ),
        KindRow(
            Kind.RESULT,
            sources.result,
            rule="disclose_inspection_result",
            term="disclosure.result_years",
            fields=(
                Shown("name", gettext_noop("检查对象"), lambda s: s.name, lambda s: s.name_treatment),
                Shown("code", gettext_noop("代码"), lambda s: s.public_code, lambda s: s.code_treatment),
                Shown("items", gettext_noop("抽查事项"), lambda s: s.items),
                Shown("visited_on", gettext_noop("检查日期"), lambda s: s.row.result.visited_on.isoformat()),
                Shown("outcome", gettext_noop("抽查结果"), lambda s: s.row.result.get_outcome_display()),
                Shown("agency", gettext_noop("检查机关"), lambda s: s.body),
                Shown("draw", gettext_noop("抽取号"), lambda s: s.draw_id),
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Projection:
    """What would be shown of a source: ``fields`` as a version keeps them; ``code`` of its target, where shown."""

    title: str
    fields: list[dict[str, Any]]
    code: str
    outcome: str
    year: int


def project(kind: str, source: Source, on: date) -> Projection:
    """The whitelisted fields of ``source``, masked as the rules stand on a day; empty ones are left out."""
    fields = []
    for shown in KINDS[kind].fields:
        value = shown.masked(source, on)
        if value:
            fields.append({"name": shown.name, "label": gettext(shown.label), "value": value})
    values = {field["name"]: field["value"] for field in fields}
    title = values["name"] if kind == Kind.RESULT else source.title
    code = str(values.get("code", "")) if kind == Kind.RESULT else ""
    return Projection(str(title), fields, code, source.outcome, source.year)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()
