"""Stage ``inspection``, before any draw: people, items, roster, the approved plan."""

from datetime import date

from django.core.management import call_command

from xiezhi.command.demo import Unusable, bureau, ceremony, publication, visits
from xiezhi.command.demo.walk import FIRMS, ITEM, Walk, at
from xiezhi.documents import press
from xiezhi.inspection import services
from xiezhi.inspection.codes import Measure, PlanKind
from xiezhi.inspection.models import InspectionItem, Plan
from xiezhi.inspection.national import items as national_items
from xiezhi.registry import imports
from xiezhi.registry.models import Entity
from xiezhi.registry.synthetic import write_roster


def prepare(walk: Walk) -> None:
    """A house of its own: database, bureau, approval matrix."""
    with walk.steps.step("prepare", "建立临时数据库、机构与人员") as found:
        try:
            press.engine()
        except press.NoFonts as error:
            raise Unusable(str(error)) from None
        call_command("migrate", verbosity=0)
        with at(walk.days.planned, 9):
            bureau.build(walk.days.planned)
        found(f"支队一个、科室三个，账号 {len(bureau.PEOPLE) + len(bureau.OFFICERS)} 个")
        found(f"持证执法人员 {len(bureau.OFFICERS)} 名，审批流程 {len(bureau.ROUTES)} 条")


def items(walk: Walk) -> InspectionItem:
    """The list of items from national law, with a checklist for the one that is drawn."""
    with walk.steps.step("items", "建立抽查事项清单") as found, at(walk.days.planned, 9, 10):
        codes = sorted(national_items(walk.days.planned))
        made = services.adopt_items(
            bureau.actor(bureau.HANDLER),
            codes=codes,
            valid_from=date(walk.days.planned.year, 1, 1),
            inspectors=bureau.NAME,
            agency=bureau.AGENCY,
            district=bureau.DISTRICT,
        )
        item = next(one for one in made if one.code == ITEM)
        visits.checklist(item)
        found(f"国家事项 {len(made)} 项，“{item.title}”附检查表")
    walk.told["items"] = len(made)
    return item


def roster(walk: Walk) -> None:
    """Synthetic firms, entered by the steward."""
    with walk.steps.step("import", "导入虚构名录") as found, at(walk.days.planned, 9, 30):
        path, steward = walk.home / "roster.csv", bureau.actor(bureau.STEWARD)
        write_roster(path, FIRMS)
        batch = imports.stage_file(
            steward,
            path=path,
            filename=path.name,
            source="虚构名录",
            agency=bureau.AGENCY,
            district=bureau.DISTRICT,
        )
        imports.apply_batch(steward, batch.id)
        walk.codes = sorted(Entity.objects.values_list("code", flat=True))
        found(f"导入 {len(walk.codes)} 家")
    walk.told["roster"] = len(walk.codes)


def plan(walk: Walk, item: InspectionItem, year: int) -> Plan:
    """The year's plan: drafted, signed by everyone whom the matrix asks, published."""
    with walk.steps.step("plan", "编制年度抽查计划，逐级审批，公布") as found:
        with at(walk.days.planned, 10):
            handler = bureau.actor(bureau.HANDLER)
            line = {
                "item": str(item.id),
                "measure": Measure.RATIO,
                "ratio": list(walk.ratio),
                "quota": 12,
                "draws": 4,
            }
            plan = services.draft_plan(
                handler,
                kind=PlanKind.YEARLY,
                year=year,
                title=f"{year} 年度抽查计划（演示）",
                agency=bureau.AGENCY,
                district=bureau.DISTRICT,
                lines=[line],
            )
            plan = services.submit_plan(handler, plan.id, rev=plan.rev, text="拟按清单实施，请审批。")
        with at(walk.days.planned, 11):
            signed = bureau.approve(plan.approval)
            ceremony.news()
            plan.refresh_from_db()
            plan = services.publish_plan(
                bureau.actor(bureau.HEAD), plan.id, rev=plan.rev, document=f"示监〔{year}〕1号"
            )
            public = publication.publish(walk.publishes)
        found(f"{signed} 个账号签署批准，文号示监〔{year}〕1号；公示：{publication.told(public)}")
    walk.told["plan"] = {"signed_by": signed, "published": plan.state == "published"}
    return plan
