"""Whom a draw leaves out by itself: carriers at their yearly ceiling, and those with a visit ahead in its window."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_noop as _

from xiezhi.core.errors import Refusal, Verdict

from . import ceilings, together, visits_known
from .codes import Reason
from .guards import ALLOWED
from .item_guards import LISTED
from .models import Draw, DrawExclusion, InspectionItem, RosterEntry

CHUNK = 500


def caps(draw: Draw, items: Sequence[InspectionItem], on: date) -> list[dict[str, object]]:
    """The ceilings that bind for a visit that looks at ``items``, as rules.json announces them."""
    found = _ceilings(draw, items, on)
    return [{"code": Reason.FREQ_CAP.value, "limit": one.limit, "per": one.per} for one in found if one.binds]


def fill_in(draw: Draw, on: date) -> list[tuple[str, str]]:
    """Write down the exclusions that are due and not there yet; answers (code, reason) of them.

    on   day (Shanghai) on which it is known
    A row that was found through a visit whose name is sealed is ``sealed`` itself: no page shows whose it is.
    """
    if draw.line is None or draw.parent_id is not None:
        return []
    visits = visits_known.of_year(draw.window_from.year, on)
    ends = draw.window_to
    there = {visit.code for visit in visits}
    full = ceilings.beyond(there, visits, _ceilings(draw, together.of(draw), on), draw.window_from.year)
    busy = ceilings.underway(visits, draw.window_from, ends)
    sealed = {visit.code for visit in visits if visit.sealed}
    due = dict.fromkeys(busy, Reason.UNDERWAY) | dict.fromkeys(full, Reason.FREQ_CAP)
    rows = []
    wanted = sorted(due)
    for start in range(0, len(wanted), CHUNK):
        entries = RosterEntry.objects.filter(roster_id=draw.roster_id, code__in=wanted[start : start + CHUNK])
        rows += [
            DrawExclusion(
                draw=draw,
                entry=entry,
                reason=due[entry.code],
                document=draw.line.plan.document,
                automatic=True,
                sealed=entry.code in sealed,
            )
            for entry in entries.exclude(exclusions__draw=draw).order_by("code")
        ]
    DrawExclusion.objects.bulk_create(rows, batch_size=1000)
    return [(row.entry.code, row.reason) for row in rows]


def may_readmit(row: DrawExclusion) -> Verdict:
    """What the draw left out by itself stays out: whether it is due is reckoned, not decided."""
    if not row.automatic:
        return ALLOWED
    return Refusal(
        "xz-draw-left-out",
        LISTED,
        _("该对象因“%(reason)s”由系统自动排除，不能撤回。"),
        _("检查已取消、上限已变更的，请弃用这次拟定，另行拟定后重新核算。"),
        {"reason": Reason(row.reason).label},
    )


def _ceilings(draw: Draw, items: Sequence[InspectionItem], on: date) -> tuple[ceilings.Ceiling, ...]:
    found = [visits_known.ceilings_of(item, on, agency=draw.agency, district=draw.district) for item in items]
    # Two items may have a ceiling alike; that for all inspections is the same for each of them.
    return tuple(dict.fromkeys(one for several in found for one in several))
