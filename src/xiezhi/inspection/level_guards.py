"""What the ceremony's levels forbid (docs/dr-1.md §4): witnesses in time and as committed, quick draws on 专项 alone."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_noop as _

from xiezhi.core.draw import hashing, levels
from xiezhi.core.errors import Invalid, Refusal, Verdict

from . import announced
from .codes import Level, PlanKind, State
from .guards import ALLOWED
from .models import Draw, PlanLine

_ARTICLE = _("《dr/1 抽取规则》第4节")


def quick_is_special(draw: Draw, line: PlanLine | None) -> Verdict:
    """Only a draw on a special plan (专项检查) is run on the system's own number."""
    if draw.level != Level.QUICK or (line is not None and line.plan.kind == PlanKind.SPECIAL):
        return ALLOWED
    return _refusal(
        "xz-draw-quick-special",
        _("紧急抽取采用系统自身随机数，只能用于已公布的专项检查。"),
        _("请改用常规抽取，公告公开随机源；情况紧急的，先报批并公布专项检查计划。"),
    )


def witnesses_of_its_own(draw: Draw) -> Verdict:
    """No other draw of the agency announced one of these commitments: once revealed there, it is known here."""
    mine = {source["commitment"] for source in announced.outside(draw)}
    others = Draw.objects.filter(agency=draw.agency, district=draw.district).exclude(pk=draw.pk)
    others = others.filter(level__in=(Level.JOINT, Level.CONTESTED)).exclude(state=State.VOID, committed_at=None)
    for other in others if mine else ():
        for source in announced.outside(other):
            if source["commitment"] in mine:
                return _refusal(
                    "xz-draw-witness-new",
                    _("见证人“%(label)s”的承诺已用于抽取 %(rival)s，一份承诺只能用于一次抽取。"),
                    _("请见证人另行生成一份承诺。"),
                    {"label": source["label"], "rival": other.draw_id},
                )
    return ALLOWED


def in_time(draw: Draw, source: Mapping[str, str], now: datetime) -> Verdict:
    """The reveal comes after its time, and a witness's before the first public source."""
    if now < announced.due(source):
        return _refusal(
            "xz-draw-reveal-time",
            _("“%(label)s”的揭示时间未到。"),
            _("请在公告的揭示时间之后再办理。"),
            {"label": source["label"]},
        )
    if source["encoding"] in levels.OUTSIDE and now >= announced.reveals_end(draw):
        return _refusal(
            "xz-draw-reveal-time",
            _("公开随机源的公布时间已到，“%(label)s”不能再揭示：看了结果再决定是否揭示，抽取就不可信。"),
            _("未揭示的如实记录，不计入种子，抽取照常进行。"),
            {"label": source["label"]},
        )
    return ALLOWED


def opens(draw: Draw, source: Mapping[str, str], value: str) -> Verdict:
    """The value gives the commitment that was announced."""
    try:
        found = levels.witness_hash(hashing.PROFILES[draw.profile], source["label"], *levels.revealed(value))
    except Invalid:
        found = ""
    if found == source["commitment"]:
        return ALLOWED
    return _refusal(
        "xz-draw-reveal-opens",
        _("“%(label)s”交来的内容与其事先承诺的摘要不符，不予采用。"),
        _("请逐字核对；确实不符的，按未揭示处理，并由见证人说明原因。"),
        {"label": source["label"]},
    )


def another_person(committed_by: str, person: str) -> Verdict:
    """Who releases the system's number is not who committed the draw."""
    if committed_by != person:
        return ALLOWED
    return _refusal(
        "xz-draw-two-people",
        _("作出承诺与启用系统随机数须为两人，您是作出承诺的人。"),
        _("请由另一名有权限的人员登录后启用。"),
    )


def reveals_sealed(draw: Draw, sealed_at: Mapping[str, datetime | None]) -> Verdict:
    """Every reveal lay in the sealed record before the first public source was due.

    sealed_at   label → when the event of the reveal was sealed
    """
    for label, moment in sealed_at.items():
        if moment is None or (announced.public(draw) and moment >= announced.reveals_end(draw)):
            return _refusal(
                "xz-draw-sealed-first",
                _("“%(label)s”的揭示在公开随机源公布之前尚未封存，无法证明揭示在先。"),
                _("请检查封存服务是否正常；本次抽取须作废，另立新号、另定随机源。"),
                {"label": label},
            )
    return ALLOWED


def _refusal(rule: str, message: str, remedy: str, params: Mapping[str, object] | None = None) -> Refusal:
    return Refusal(rule_id=rule, article=_ARTICLE, message=message, remedy=remedy, params=params or {})
