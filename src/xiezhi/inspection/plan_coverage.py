"""事项覆盖: items in force that no plan of a year has a line for. What is in no plan is not drawn (计划之外无抽查)."""

from datetime import date

from django.db.models import Q, QuerySet

from xiezhi.core.actor import Actor

from . import queries
from .codes import PlanState
from .models import InspectionItem, Plan, PlanLine


def unplanned(actor: Actor, year: int, today: date) -> list[InspectionItem]:
    """Of the items that the actor may see, those without a line in a plan of the year that he may see or draw on.

    Drafts count: whoever plans asks what nobody has thought of yet. A plan that ended counts no more.
    """
    # What a body above has published carries draws of his own (``basis.fitting``), though he can't open its page.
    read, above = queries.plans_visible_to(actor), queries.plans_to_draw(actor, year)
    plans = Q(plan__in=read.filter(year=year).values("pk")) | Q(plan__in=above.filter(year=year).values("pk"))
    return _without(list(queries.items_in_force(actor, _day(year, today))), PlanLine.objects.filter(plans))


def unplanned_beside(plan: Plan, today: date) -> list[InspectionItem]:
    """Of the items of the plan's agency and of those above it, those in no plan of its year.

    Itself counts, as do plans of bodies below it and those that bodies above it have published.
    """
    rows = InspectionItem.objects.in_force(_day(plan.year, today)).filter(district=plan.district)
    items = [item for item in rows if plan.agency.startswith(item.agency)]
    rows = PlanLine.objects.filter(plan__year=plan.year, plan__district=plan.district)
    parts = plan.agency.split("/")
    above = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts) - 1)]
    mine, theirs = Q(plan__agency__startswith=plan.agency), Q(plan__agency__in=above)
    return _without(items, rows.filter(mine | (theirs & Q(plan__state=PlanState.PUBLISHED))))


def _day(year: int, today: date) -> date:
    """Today, or the nearest day of another year: the list that year has."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


def _without(items: list[InspectionItem], lines: "QuerySet[PlanLine]") -> list[InspectionItem]:
    # By code: a line keeps the version that it was drafted with.
    rows = lines.exclude(plan__state=PlanState.ENDED).order_by()
    planned = set(rows.values_list("item__code", "item__agency", "item__district").distinct())
    left = [item for item in items if (item.code, item.agency, item.district) not in planned]
    return sorted(left, key=lambda item: (item.field, item.code))
