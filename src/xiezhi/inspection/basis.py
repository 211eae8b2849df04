"""清单之外无检查, 计划之外无抽查: the line of a published plan that a draw rests on, and where the draw departs from it.

One draw may reach several strata; each stratum that is drawn needs a line of the same plan and item: the line of that
stratum, or the one for all of them. What a line says of months, ratio and cycle limits the agency: it is shown, and
refuses nothing.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_noop as _

from xiezhi.core.errors import Refusal, Verdict

from .codes import Measure, PlanState, State
from .guards import ALLOWED
from .item_guards import LISTED
from .models import Draw, PlanLine, TargetRoster

AT_MOST = 366  # draws of a cycle, as ``forms.DrawForm`` takes them
RULE = "xz-draw-planned"
CHOOSE = _(
    "请选择本机构或上级机构已公布计划中该事项的一行；没有的，先起草、报批并公布计划，临时需要请另立专项检查。"
)


def fitting(roster: TargetRoster, on: date) -> list[PlanLine]:
    """Lines of published plans that are not over on the day (Asia/Shanghai), on which the roster may be drawn."""
    item = roster.item
    rows = PlanLine.objects.filter(
        plan__state=PlanState.PUBLISHED,
        plan__ends__gte=on,
        plan__district=roster.district,
        item__code=item.code,
        item__agency=item.agency,
        item__district=item.district,
    ).select_related("plan", "item")
    found = [row for row in rows if roster.agency.startswith(row.plan.agency)]
    return sorted(found, key=lambda row: (row.plan.begins, row.plan.title, row.number))


def siblings(line: PlanLine) -> list[PlanLine]:
    """The lines of the plan for the same item, one a stratum, ``line`` among them."""
    rows = PlanLine.objects.filter(plan=line.plan_id, item__code=line.item.code).select_related("plan", "item")
    return list(rows.order_by("number"))


def line_of(stratum: str, lines: Sequence[PlanLine]) -> PlanLine | None:
    """The line that a stratum is drawn on: its own, else that for all strata."""
    own = {line.stratum: line for line in lines}
    return own.get(stratum) or own.get("")


def planned(draw: Draw, line: PlanLine | None) -> Verdict:
    """The draw, prepared or about to be, rests on a line of a published plan; an officers' draw on its parent's."""
    if draw.parent_id is not None:
        return ALLOWED
    item = draw.roster.item
    if line is None:
        return _refusal(_("抽查事项“%(item)s”没有写明依据哪个计划，计划之外不得抽查。"), {"item": str(item)})
    plan = line.plan
    shown = {"item": str(item), "plan": plan.title, "state": PlanState(plan.state).label}
    if plan.state != PlanState.PUBLISHED:
        return _refusal(_("计划“%(plan)s”当前为“%(state)s”，只有已公布的计划可以据以抽查。"), shown)
    if not draw.agency.startswith(plan.agency) or draw.district != plan.district:
        return _refusal(_("计划“%(plan)s”不是本机构或上级机构的计划，不能据以抽查。"), shown)
    if (line.item.code, line.item.agency, line.item.district) != (item.code, item.agency, item.district):
        return _refusal(
            _("名录是“%(item)s”的，计划“%(plan)s”的这一行是“%(other)s”，不能据以抽查。"),
            shown | {"other": str(line.item)},
        )
    if not plan.begins <= draw.window_from <= draw.window_to <= plan.ends:
        return _refusal(
            _("检查时间段须在计划“%(plan)s”的起止日期 %(begins)s 至 %(ends)s 之内，且先后有序。"),
            shown | {"begins": plan.begins.isoformat(), "ends": plan.ends.isoformat()},
        )
    return _strata_planned(draw, line, shown)


def _strata_planned(draw: Draw, line: PlanLine, shown: dict[str, object]) -> Verdict:
    lines = siblings(line)
    outside = [
        stratum["stratum"]
        for stratum in draw.plan
        if draws_any(stratum) and line_of(stratum["stratum"], lines) is None
    ]
    if not outside:
        return ALLOWED
    return _refusal(
        _("计划“%(plan)s”没有就“%(strata)s”层安排“%(item)s”，不能抽取。"),
        shown | {"strata": "、".join(outside)},
        _("请把这些层的抽取数量改为 0，或先公布含有这些层的计划。"),
    )


def draws_any(stratum: dict[str, Any]) -> bool:
    """Whether the draw's plan asks for anybody of the stratum."""
    ratio = stratum["ratio"]
    return bool(stratum["n"] or (ratio and ratio[0]) or stratum["coverage"])


def deviations(draw: Draw) -> list[str]:
    """Where the draw departs from its line: months, and each stratum's share or coverage. In words, to be shown."""
    if draw.line is None or draw.parent_id is not None:
        return []
    lines = siblings(draw.line)
    found = [_month(draw, draw.line)]
    for stratum in draw.plan:
        line = line_of(stratum["stratum"], lines)
        if line is not None:
            found.append(_share(stratum, line))
    return [text for text in found if text]


def _month(draw: Draw, line: PlanLine) -> str:
    if not line.months or draw.window_from.month in line.months:
        return ""
    return say("检查时间段（%(window)s）不在计划安排的 %(months)s 月之内。") % {
        "window": f"{draw.window_from} — {draw.window_to}",
        "months": "、".join(str(month) for month in line.months),
    }


def _share(stratum: dict[str, Any], line: PlanLine) -> str:
    shown = {"stratum": stratum["stratum"], "planned": in_words(line), "drawn": _number(stratum)}
    ratio, wanted = stratum["ratio"], share_of(line)
    same = bool(ratio and wanted) and Fraction(*ratio) == Fraction(*(wanted or (0, 1)))
    if stratum["coverage"] if line.measure == Measure.CYCLE else same:
        return ""
    return say("“%(stratum)s”层计划为%(planned)s，方案为 %(drawn)s。") % shown


def share_of(line: PlanLine) -> list[int] | None:
    """The ratio that a line asks for at each draw; none for a cycle."""
    return {Measure.RATIO: line.ratio, Measure.ALL: [1, 1]}.get(Measure(line.measure))


def in_words(line: PlanLine) -> str:
    """How many a line plans for, e.g. 按比例抽取 1/50."""
    label = str(Measure(line.measure).label)
    if line.measure == Measure.CYCLE:
        return say("%(years)s 年内全覆盖（分 %(draws)s 次）") % {"years": line.cycle_years, "draws": line.draws}
    return f"{label} {_fraction(line.ratio)}" if line.measure == Measure.RATIO else label


def _number(stratum: dict[str, Any]) -> str:
    ratio = stratum["ratio"]
    return _fraction(ratio) if ratio else say("%(n)s 个") % {"n": stratum["n"] or 0}


def _fraction(ratio: Sequence[int] | None) -> str:
    return f"{ratio[0]}/{ratio[1]}" if ratio else ""


def title(line: PlanLine) -> str:
    """A line as one chooses it, e.g. 2026 年度抽查计划 第 3 行：A 级，按比例抽取 1/50，3、9 月."""
    parts = [line.stratum, in_words(line)]
    if line.months:
        parts.append(say("%(months)s 月") % {"months": "、".join(str(month) for month in line.months)})
    head = say("%(plan)s 第 %(number)s 行") % {"plan": line.plan.title, "number": line.number}
    return f"{head}：{'，'.join(part for part in parts if part)}"


def reference(line: PlanLine) -> str:
    """The line as a draw names what it rests on, e.g. 2026 年度抽查计划（示监〔2026〕2号）第 3 行."""
    shown = {"plan": line.plan.title, "document": line.plan.document, "number": line.number}
    return say("%(plan)s（%(document)s）第 %(number)s 行") % shown


def as_typed(line: PlanLine, roster: TargetRoster, strata: Sequence[str]) -> dict[str, Any]:
    """Initial values of :class:`forms.DrawForm`: what the line and its siblings say of each stratum."""
    found: dict[str, Any] = {"line": str(line.pk)}
    lines = siblings(line)
    for number, name in enumerate(strata):
        own = line_of(name, lines)
        if own is None:
            found |= {f"share_{number}": "0", f"reserves_{number}": 0}
            continue
        share = share_of(own)
        found |= {f"share_{number}": _fraction(share) or "0", f"coverage_{number}": own.measure == Measure.CYCLE}
        if own.measure == Measure.CYCLE:
            found |= {f"cycle_{field}": value for field, value in _cycle(own, roster).items()}
    return found


def _cycle(line: PlanLine, roster: TargetRoster) -> dict[str, Any]:
    """The cycle that is under way for the item, though last year's plan began it; else the line's own, from its year."""
    same = Draw.objects.filter(
        agency=roster.agency, district=roster.district, roster__item__code=line.item.code, cycle__isnull=False
    )
    last = same.exclude(state=State.VOID).order_by("-prepared_at", "-pk").first()
    if last is not None and last.cycle["number"] < last.cycle["draws"]:
        return {**last.cycle, "number": last.cycle["number"] + 1}
    years = line.cycle_years or 1
    ends = line.plan.year + years - 1
    span = str(line.plan.year) if years == 1 else f"{line.plan.year}—{ends}"
    name = say("%(item)s %(span)s 年度全覆盖") % {"item": line.item.code, "span": span}
    return {"name": name, "draws": min(line.draws * years, AT_MOST), "number": 1}


def _refusal(message: str, params: dict[str, object], remedy: str = CHOOSE) -> Refusal:
    return Refusal(RULE, LISTED, message, remedy, params)
