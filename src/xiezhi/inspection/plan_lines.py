"""Lines of a plan as they are typed, checked and shown."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.errors import Invalid
from xiezhi.people import queries as people
from xiezhi.record.acts import at

from . import together
from .codes import MOST_VISITS, Measure, PlanKind
from .models import InspectionItem, Plan, PlanLine

AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One checked line; fields as in :class:`models.PlanLine`."""

    item: InspectionItem
    stratum: str
    measure: Measure
    ratio: list[int] | None
    cycle_years: int | None
    draws: int
    quota: int
    months: list[int]
    together: str
    partners: list[str]


def read(plan: Plan, given: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Check what was typed.

    given   ``item`` (id of a version in force), ``measure``, ``quota``, and as it needs: ``stratum``, ``ratio``
            ([p, q]), ``cycle_years``, ``draws``, ``months`` (1 … 12), ``together``, ``partners``
    :raises Invalid: ``lines``, a text for each fault with the line's number (the first is 1)
    """
    if not 0 < len(given) <= AT_MOST:
        raise Invalid({"lines": [_("计划须有 1 至 %(most)s 行。") % {"most": AT_MOST}]})
    items = _items(plan, given)
    there = _bodies()
    lines, faults, seen = [], [], set()
    for number, row in enumerate(given, 1):
        line, wrong = _line(plan, items, row)
        if line is not None:
            wrong += together.wrong_partners(plan, line.partners, there)
        if line is not None and (line.item.code, line.stratum) in seen:
            wrong.append(_("同一事项、同一类对象只能有一行。"))
        if line is not None:
            seen.add((line.item.code, line.stratum))
            lines.append(line)
        faults += [_("第 %(number)s 行：%(text)s") % {"number": number, "text": text} for text in wrong]
    if faults:
        raise Invalid({"lines": faults[:50]})
    return lines


def store(plan: Plan, lines: Sequence[Line]) -> None:
    """Replace the plan's lines."""
    plan.lines.all().delete()
    PlanLine.objects.bulk_create(
        PlanLine(
            plan=plan,
            number=number,
            **{name: getattr(line, name) for name in Line.__dataclass_fields__},
        )
        for number, line in enumerate(lines, 1)
    )


def shown(plan: Plan) -> list[dict[str, object]]:
    """Lines as events and the portal carry them."""
    return [
        {
            "number": line.number,
            "item": line.item.code,
            "version": line.item.version,
            "title": line.item.title,
            "stratum": line.stratum,
            "measure": line.measure,
            "ratio": line.ratio,
            "cycle_years": line.cycle_years,
            "draws": line.draws,
            "quota": line.quota,
            "months": line.months,
            "together": line.together,
            "partners": line.partners,
        }
        for line in plan.lines.select_related("item")
    ]


def _items(plan: Plan, given: Sequence[Mapping[str, Any]]) -> dict[str, InspectionItem]:
    ids = [row.get("item") for row in given]
    keys = [key for key in ids if _is_id(key)]
    # An item of this agency or of one above it: a division works on its agency's list.
    rows = InspectionItem.objects.filter(pk__in=keys, district=plan.district)
    return {str(row.pk): row for row in rows if plan.agency.startswith(row.agency)}


def _bodies() -> set[str]:
    rows = people.agencies(system("inspection"), day=clock.day(at()))
    return set(rows.values_list("path", flat=True))


def _is_id(key: object) -> bool:
    try:
        uuid.UUID(str(key))
    except ValueError:
        return False
    return True


def _line(
    plan: Plan, items: Mapping[str, InspectionItem], row: Mapping[str, Any]
) -> tuple[Line | None, list[str]]:
    item = items.get(str(row.get("item")))
    measure = row.get("measure")
    if item is None:
        return None, [_("事项不在本机构的清单之内。清单之外无检查。")]
    if measure not in Measure.values:
        return None, [_("请选择抽取方式：周期内全覆盖、按比例，或逐个检查。")]
    months = sorted({int(month) for month in row.get("months") or ()})
    line = Line(
        item=item,
        stratum=str(row.get("stratum") or ""),
        measure=Measure(measure),
        ratio=_ratio(row.get("ratio")) if measure == Measure.RATIO else None,
        cycle_years=row.get("cycle_years") if measure == Measure.CYCLE else None,
        draws=int(row.get("draws") or 1),
        quota=int(row.get("quota") or 0),
        months=months,
        together=str(row.get("together") or ""),
        partners=sorted(set(row.get("partners") or ())),
    )
    return line, _faults(plan, line)


def _ratio(given: Any) -> list[int] | None:
    try:
        share = Fraction(int(given[0]), int(given[1]))
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    return [share.numerator, share.denominator] if 0 < share <= 1 else None


def _faults(plan: Plan, line: Line) -> list[str]:
    wrong = []
    if line.measure == Measure.RATIO and line.ratio is None:
        wrong.append(_("比例须大于 0、不超过 1。"))
    if line.measure == Measure.CYCLE and not (line.cycle_years and 1 <= line.cycle_years <= 10):
        wrong.append(_("覆盖周期须为 1 至 10 年。"))
    if line.measure == Measure.ALL and plan.kind == PlanKind.YEARLY:
        # 营商环境条例第五十四条: what is neither drawn nor key supervision is no routine inspection.
        wrong.append(
            _("年度抽查计划须随机抽取；逐个检查请另立专项检查或重点监管计划（《优化营商环境条例》第五十四条）。")
        )
    if not 1 <= line.draws <= 366:
        wrong.append(_("抽取次数须为 1 至 366。"))
    if not 1 <= line.quota <= MOST_VISITS:
        wrong.append(_("计划检查数须为 1 至 %(most)d。") % {"most": MOST_VISITS})
    if any(not 1 <= month <= 12 for month in line.months):
        wrong.append(_("月份须为 1 至 12。"))
    if line.item.valid_to is not None and line.item.valid_to <= plan.ends:
        wrong.append(_("事项“%(title)s”在计划期内失效。") % {"title": line.item.title})
    return wrong
