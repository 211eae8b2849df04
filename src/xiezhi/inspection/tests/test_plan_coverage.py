"""Items that no plan of the year has, as a division sees them whose body above has planned them."""

from datetime import date

import pytest

from xiezhi import clock
from xiezhi.inspection import gate, plan_coverage
from xiezhi.inspection.codes import PlanState
from xiezhi.inspection.models import READ, Plan
from xiezhi.inspection.tests import cases

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("state", "planned"),
    [(PlanState.PUBLISHED, True), (PlanState.DRAFT, False), (PlanState.ENDED, False)],
)
def test_what_the_body_above_has_published_is_planned_for_its_division_and_its_draft_is_not_told(state, planned):
    division = cases.officer("officer:ke", READ, gate.PLAN, agency=f"{cases.AGENCY}d1/")
    with clock.fixed(cases.START):
        item = cases.item()
        above = cases.published_plan(cases.LI, lines=[{"item": item}])
        own = cases.published_plan(division, lines=[])
        Plan.objects.filter(pk=above.pk).update(state=state)
        found = plan_coverage.unplanned(division, 2026, TODAY), plan_coverage.unplanned_beside(own, TODAY)
    assert found == (([], []) if planned else ([item], [item]))
