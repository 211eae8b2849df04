"""Chinese names of what a row of law is made of, and of whoever touched it."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.actor import Actor
from xiezhi.lawbase.kinds import UNITS
from xiezhi.lawbase.models import LawItem
from xiezhi.people import queries as people
from xiezhi.web.components import tag

FIELDS = {
    "id": gettext_lazy("编号"),
    "code": gettext_lazy("编号"),
    "key": gettext_lazy("编号"),
    "name": gettext_lazy("名称"),
    "title": gettext_lazy("标题"),
    "value": gettext_lazy("数值"),
    "unit": gettext_lazy("单位"),
    "length": gettext_lazy("期间长度"),
    "kind": gettext_lazy("性质"),
    "actor": gettext_lazy("办理主体"),
    "starts_at": gettext_lazy("起算点"),
    "direction": gettext_lazy("计算方向"),
    "roll": gettext_lazy("遇休息日"),
    "extends": gettext_lazy("延长"),
    "suspended_by": gettext_lazy("不计入期间的事由"),
    "consequence": gettext_lazy("逾期后果"),
    "legal_basis": gettext_lazy("法律依据"),
    "article": gettext_lazy("法律依据"),
    "basis": gettext_lazy("法律依据"),
    "verified": gettext_lazy("已与原文核对"),
    "source": gettext_lazy("核对来源"),
    "note": gettext_lazy("说明"),
    "condition": gettext_lazy("条件"),
    "approval": gettext_lazy("批准"),
    "times": gettext_lazy("次数"),
    "at_most": gettext_lazy("最多"),
    "cause": gettext_lazy("事由"),
    "domain": gettext_lazy("领域"),
    "subjects": gettext_lazy("违法主体"),
    "prohibition": gettext_lazy("禁止性规定"),
    "penalty": gettext_lazy("处罚依据"),
    "law": gettext_lazy("法律名称"),
    "version": gettext_lazy("文本日期"),
    "order": gettext_lazy("责令"),
    "correction_first": gettext_lazy("以逾期不改正为前提"),
    "correction_note": gettext_lazy("改正说明"),
    "fines": gettext_lazy("罚款"),
    "mode": gettext_lazy("罚款方式"),
    "min_yuan": gettext_lazy("最低（元）"),
    "max_yuan": gettext_lazy("最高（元）"),
    "min_percent": gettext_lazy("最低（%）"),
    "max_percent": gettext_lazy("最高（%）"),
    "min_times": gettext_lazy("最低（倍）"),
    "max_times": gettext_lazy("最高（倍）"),
    "base": gettext_lazy("基数"),
    "discretionary": gettext_lazy("可以（并）处"),
    "who": gettext_lazy("对象"),
    "stage": gettext_lazy("阶段"),
    "persons": gettext_lazy("责任人员"),
    "text": gettext_lazy("规定"),
    "individual_fine": gettext_lazy("对个人的罚款"),
    "other_penalties": gettext_lazy("其他处罚"),
    "hearing": gettext_lazy("听证"),
    "minor_exempt_eligible": gettext_lazy("轻微不罚提示"),
    "typical_evidence": gettext_lazy("常用证据"),
    "enforcing_body": gettext_lazy("执法主体"),
    "effective_from": gettext_lazy("施行日期"),
    "prior_law": gettext_lazy("原规定"),
    "year": gettext_lazy("年份"),
    "place": gettext_lazy("当年第几份"),
    "number": gettext_lazy("文号"),
    "issued": gettext_lazy("发文日期"),
    "days_off": gettext_lazy("放假"),
    "workdays": gettext_lazy("调休上班"),
    "from": gettext_lazy("起"),
    "to": gettext_lazy("止"),
    "form": gettext_lazy("公开形式"),
    "mark": gettext_lazy("代替文字"),
}
VALUES = {
    **UNITS,
    "working_day": gettext_lazy("工作日"),
    "natural_day": gettext_lazy("自然日"),
    "promptly": gettext_lazy("及时"),
    "clock": gettext_lazy("固定时刻"),
    "within_decision_limit": gettext_lazy("在决定期限内"),
    "limit": gettext_lazy("应当在期限内"),
    "minimum": gettext_lazy("最短等待期"),
    "keep": gettext_lazy("最短保存期"),
    "maximum": gettext_lazy("最长期限"),
    "accrual": gettext_lazy("按期累计"),
    "after": gettext_lazy("向后计算"),
    "before": gettext_lazy("向前倒数"),
    "next": gettext_lazy("顺延至下一工作日"),
    "never": gettext_lazy("不顺延"),
    "MEM": gettext_lazy("凭记忆，未核对"),
    "LRB": gettext_lazy("法律法规文本"),
    "CLD": gettext_lazy("法律法规文本"),
    "JBK": gettext_lazy("公开转载的文本"),
    "WEB": gettext_lazy("公开转载的文本"),
    "OFFICE": gettext_lazy("本机关录入"),
    "range": gettext_lazy("数额区间"),
    "multiple": gettext_lazy("倍数"),
    "none": gettext_lazy("无"),
    "yes": gettext_lazy("应当告知"),
    "no": gettext_lazy("一般不涉及"),
    "by_amount": gettext_lazy("按数额判断"),
    "by_penalty_type": gettext_lazy("按处罚种类判断"),
}
#: texts that are named by their field only where a value stands for a code
CODED = {
    "unit",
    "kind",
    "direction",
    "roll",
    "mode",
    "hearing",
    "source",
}


#: a part of just these is one line: days off of a notice
SPAN = {"name", "from", "to"}


def lines(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(label, text) of a payload, nested parts with their path.

    Empty parts are left out, and so is ``verified``: tags say it, with what a jurist said since.
    """
    yield from _lines(payload, "")


def _lines(value: Any, above: str) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        label = f"{above}{FIELDS.get(name, name)}"
        if isinstance(inner, Mapping):
            yield from _lines(inner, f"{label}·")
        elif isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
            for place, part in enumerate(inner, start=1):
                if part.keys() == SPAN:
                    yield f"{label} {place}", _("%(name)s：%(from)s 至 %(to)s") % part
                    continue
                yield from _lines(part, f"{label} {place}·" if len(inner) > 1 else f"{label}·")
        elif name == "value" and inner is None:
            yield label, _("尚未取得")
        elif name != "verified" and inner not in (None, "", []):
            yield label, said(name, inner)


def said(field: str, value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return str(VALUES.get(value, value)) if field in CODED and isinstance(value, str) else str(value)


def path(field: str) -> str:
    """The Chinese name of a place in a payload (``"extends.0"``)."""
    if not field:
        return _("整条内容")
    parts = [str(int(p) + 1) if p.isdigit() else str(FIELDS.get(p, p)) for p in field.split(".")]
    return "·".join(parts)


def measure(payload: Mapping[str, Any]) -> str:
    """A limit's length in words: 15 个工作日, 及时."""
    unit, length = payload["unit"], payload["length"]
    word = str(UNITS.get(unit, VALUES.get(unit, unit)))
    return f"{length} {word}" if length is not None else word


def marks(item: LawItem) -> SafeString:
    """Tags of a version: 待核 or 已核定, withdrawn, ended."""
    tags = []
    if item.withdrawn:
        tags.append(tag("quiet", _("已撤销")))
    elif item.valid_to is not None:
        tags.append(tag("quiet", _("非现行版本")))
    if item.doubtful:
        tags.append(tag("unverified"))
    elif item.confirmed:
        tags.append(tag("good", _("已核定")))
    return mark_safe(" ".join(tags)) if tags else tag("plain", _("已与原文核对"))  # noqa: S308 - made of safe tags


def code(item: LawItem) -> SafeString:
    """An item's code, which may be broken between its words."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in re.findall(r"[^_.]*[_.]?", item.code)))


def scope(item: LawItem) -> str:
    """Where it holds, in words."""
    if not item.scope:
        return _("全国")
    word = _("机构") if item.scope.startswith("/") else _("行政区划")
    return f"{word} {item.scope}"


def people_named(actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Names of those actors whom the reader may see; others keep their id."""
    wanted = list(dict.fromkeys(ids))
    keys = [found for found in (_uuid(text) for text in wanted) if found]
    names = {str(a.pk): str(a) for a in people.accounts(actor).filter(pk__in=keys)}
    return {each: names.get(each, _("系统") if each.startswith("system:") else each) for each in wanted}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
