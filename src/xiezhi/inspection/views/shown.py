"""What the pages of a draw show: console and portal alike."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.inspection import announced, basis, dispatch, life, replacing, together
from xiezhi.inspection.codes import Level, Reason, Standing, State
from xiezhi.inspection.models import Draw
from xiezhi.web.components import tag

from .lists import state_tag

SHOWN = 200
STANDING_KINDS = {Standing.DRAWN: "good", Standing.CALLED: "good", Standing.REMOVED: "bad"}


def facts(draw: Draw, plan_link: str = "") -> list[tuple[Any, Any]]:
    """What identifies the draw; ``plan_link``: address of the plan that it rests on, for those who may see it."""
    item = draw.roster.item
    return [
        (_("状态"), state_tag(draw)),
        (_("抽取级别"), announced.shown_level(draw)),
        (_("抽查事项"), f"{item.code} {item.title}"),
        (_("检查依据"), item.basis),
        *_together(draw),
        *_basis(draw, plan_link),
        (_("检查时间段"), f"{draw.window_from} — {draw.window_to}"),
        (_("名录"), draw.roster.title),
        (_("算法"), draw.profile),
        (_("覆盖周期"), _cycle(draw)),
        (_("名录根"), draw.root),
        (_("规则摘要"), draw.rules_hash),
        (_("种子"), draw.seed),
        *_void_facts(draw),
    ]


def _together(draw: Draw) -> list[tuple[Any, Any]]:
    """What else the visit looks at, and who comes along (综合查一次)."""
    source = draw.parent or draw
    beside, partners = together.of(source)[1:], together.partners(draw.line)
    return [
        *([(_("同时检查的事项"), "；".join(str(one) for one in beside))] if beside else []),
        *([(_("联合机构"), partners)] if partners else []),
    ]


def _basis(draw: Draw, link: str) -> list[tuple[Any, Any]]:
    if draw.line is None:
        return [(_("依据计划"), "")]
    text = basis.reference(draw.line)
    shown = format_html('<a href="{}">{}</a>', link, text) if link else text
    return [(_("依据计划"), shown), *((_("与计划不同"), one) for one in basis.deviations(draw))]


def lacking(draw: Draw) -> int:
    """How many drawn or called up objects no officers' draw is for, where one may be begun."""
    if draw.parent_id is not None or draw.state != State.PUBLISHED:
        return 0
    return len(dispatch.without_officers(draw))


def _void_facts(draw: Draw) -> list[tuple[Any, Any]]:
    if draw.voided_at is None:
        return []
    return [
        (_("作废时间"), draw.voided_at),
        (_("作废事由"), f"{draw.void_reason}（{draw.void_document}）"),
        (_("作废说明"), draw.void_explanation),
    ]


def _cycle(draw: Draw) -> Any:
    if not draw.cycle:
        return ""
    return _("%(name)s，第 %(number)s 次，共 %(draws)s 次") % draw.cycle


def plan(draw: Draw) -> list[list[Any]]:
    """Rows of the plan's table."""
    rows = []
    for stratum in draw.plan:
        ratio = stratum["ratio"]
        share = f"{ratio[0]}/{ratio[1]}" if ratio else stratum["n"]
        method = _("按权重") if stratum["method"] == "weighted" else _("等概率")
        coverage = _("全覆盖") if stratum["coverage"] else "—"
        rows.append([stratum["stratum"], method, share, coverage, stratum["reserves"]])
    return rows


def sources(draw: Draw) -> list[tuple[Mapping[str, str], Any]]:
    """Announced sources with their values."""
    values = {value.label: value for value in draw.values.all()}
    names = life.actor_names([one for v in values.values() for one in (v.entered_by, v.confirmed_by)])
    for value in values.values():
        value.entered_name = names.get(value.entered_by, value.entered_by)
        value.confirmed_name = names.get(value.confirmed_by, value.confirmed_by)
    return [(source, with_state(draw, source, values[source["label"]])) for source in draw.sources]


def with_state(draw: Draw, source: Mapping[str, str], value: Any) -> Any:
    """The value with what its absence means: ``absent``, and ``is_public``."""
    value.is_public = announced.is_public(source)
    value.entered_title, value.confirmed_title = _("录入"), _("复核")
    if value.is_public:
        value.absent = _("尚未录入并复核")
    elif draw.level == Level.QUICK:
        value.absent = _("尚未启用")
        value.entered_title, value.confirmed_title = _("作出承诺"), _("启用")
        value.entered_at = draw.committed_at
    else:
        value.confirmed_title = _("核对")
        if value.confirmed_by:
            value.confirmed_name = _("与事先的承诺相符")
        over = draw.drawn_at is not None or clock.now() >= announced.reveals_end(draw)
        value.absent = _("未揭示：如实记录，不计入种子") if over else _("尚未揭示")
    return value


def exclusions(draw: Draw) -> list[Any]:
    """Exclusions with the reason in words; none that rests on a visit whose name is sealed, nor how many there are."""
    rows = list(draw.exclusions.filter(sealed=False).select_related("entry").order_by("entry__code"))
    for row in rows:
        row.reason_text = Reason(row.reason).label
    return rows


def targets(draw: Draw) -> list[Any]:
    """The first drawn objects and reserves, with their standing as a tag and the approval that is open."""
    open_ = replacing.waiting(draw)
    rows = list(draw.targets.order_by("stratum", "stream_label", "first_standing", "place")[:SHOWN])
    for row in rows:
        row.tag = tag(STANDING_KINDS.get(Standing(row.standing), "plain"), Standing(row.standing).label)
        row.reason_text = Reason(row.reason).label if row.reason else ""
        row.removable = row.standing in (Standing.DRAWN, Standing.CALLED)
        row.approval = open_.get(str(row.pk))
    return rows
