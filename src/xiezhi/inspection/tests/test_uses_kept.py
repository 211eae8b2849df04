"""An import whose objects were frozen into a roster or are to be inspected is not taken back under them."""

from datetime import date

import pytest

from xiezhi.inspection import services
from xiezhi.inspection.models import RosterEntry, Trigger
from xiezhi.inspection.targets import Target
from xiezhi.inspection.tests import cases
from xiezhi.registry import imports
from xiezhi.registry.models import Entity, Project
from xiezhi.registry.tests import builders, test_import_targets

pytestmark = pytest.mark.django_db


def frozen(target, code="2026-000001"):
    services.freeze_roster(
        cases.LI,
        item=cases.item(),
        title="示例名录",
        agency=cases.AGENCY,
        district=cases.DISTRICT,
        targets=[Target(code=code, name=target.name, target=target.pk), *cases.targets(4)],
        selection={"说明": "示例"},
    )
    assert RosterEntry.objects.filter(target=target.pk).count() == 1


def asked(target):
    Trigger.objects.create(
        ground="complaint", reference="示例〔2026〕1号", reason="示例", target=target.pk, code=target.code,
        name=target.name, window_from=date(2026, 3, 2), window_to=date(2026, 3, 2), agency=cases.AGENCY,
        district=cases.DISTRICT,
    )  # fmt: skip


@pytest.mark.parametrize(("use", "why"), [(frozen, "已被引用：检查对象名录"), (asked, "已被引用：触发式检查")])
def test_undo_keeps_a_firm_that_a_roster_or_a_triggered_inspection_names(use, why):
    batch = builders.imported([builders.HEADER, *builders.rows(2)])
    target = Entity.objects.get(code=builders.rows(1)[0][1])
    use(target)
    imports.undo_batch(builders.officer(), batch.id)
    assert list(Entity.objects.values_list("pk", flat=True)) == [target.pk]
    assert [row.reasons for row in imports.kept_rows(builders.officer(), batch.id)] == [[("", why)]]


def test_undo_keeps_a_project_that_a_roster_names():
    for number in (1, 2, 3):
        builders.entity(number=number)
    batch = test_import_targets.imported("project", test_import_targets.PROJECTS, test_import_targets.HOUSES)
    frozen(Project.objects.get())
    imports.undo_batch(builders.officer(), batch.id)
    assert Project.objects.exists()
