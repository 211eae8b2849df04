"""Synthetic projects for ``make run``: who takes part, where they are built, their permits."""

from datetime import date, timedelta
from decimal import Decimal

from xiezhi.core.actor import Actor
from xiezhi.registry import services
from xiezhi.registry.models import Entity, PermitKind, Role, Site
from xiezhi.registry.synthetic import synthetic_code

PROJECTS = 18
KINDS = ("building", "building", "municipal")
WORKS = ("住宅小区", "学校教学楼", "道路改造", "产业园厂房", "医院综合楼", "桥梁新建")
ROLES = (Role.OWNER, Role.CONTRACTOR, Role.SUPERVISOR)
# No province has the digits 99.
PLACE, NORTH, EAST = "999999", Decimal("32.45"), Decimal("119.92")
FEN_A_SQUARE_METRE = 300_000


def load(actor: Actor, *, agency: str, district: str, today: date) -> None:
    """Projects with an owner, a contractor and a supervisor each; a contractor has several, as in life."""
    for number in range(1, PROJECTS + 1):
        area = 4_000 + number * 1_700
        project = services.register_project(
            actor,
            agency=agency,
            district=district,
            number=f"2026-{PLACE}-47-01-{number:06d}",
            name=f"示例{WORKS[number % len(WORKS)]}（{number:02d}）工程",
            kind=KINDS[number % len(KINDS)],
            address=f"示例市样本街道示例路{number * 7}号",
            area=area,
            cost=area * FEN_A_SQUARE_METRE,
            source="示例施工许可",
        )
        for place, role in enumerate(ROLES):
            # Owners differ, six contractors share the sites, three supervisors watch them.
            firm = (number, 30 + number % 6, 60 + number % 3)[place]
            services.add_participant(
                actor, project.pk, entity_id=_firm(firm).pk, role=role, begins=today - timedelta(days=200)
            )
        services.record_site(
            actor,
            project.pk,
            name=f"示例工地{number:02d}",
            address=project.address,
            latitude=NORTH + Decimal(number) / 500,
            longitude=EAST + Decimal(number % 5) / 200,
            datum=Site.Datum.WGS84,
        )
        issued = today - timedelta(days=180 + number)
        services.register_permit(
            actor,
            agency=agency,
            district=district,
            kind=PermitKind.CONSTRUCTION,
            number=f"{PLACE}{issued:%Y%m%d}{number:02d}01",
            entity_id=_firm(number).pk,
            project_id=project.pk,
            issuer="示例市行政审批局",
            issued_on=issued,
            content="示例施工许可",
            source="示例施工许可",
        )
    for firm in range(30, 36):
        services.register_permit(
            actor,
            agency=agency,
            district=district,
            kind=PermitKind.SAFETY,
            number=f"（示）JZ安许证字〔2025〕{firm:06d}",
            entity_id=_firm(firm).pk,
            issuer="示例省住房和城乡建设厅",
            issued_on=today - timedelta(days=400),
            valid_until=today + timedelta(days=20 + firm * 20),
            content="建筑施工",
            source="示例资质系统",
        )


def _firm(number: int) -> Entity:
    return Entity.objects.get(code=synthetic_code(number))
