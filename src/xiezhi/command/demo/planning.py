"""A published plan for the demonstrations: drafted by one, signed by everyone whom the approval matrix asks, published.

计划之外无抽查: a draw of a demonstration rests on a line like any other.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from xiezhi.core.actor import Actor
from xiezhi.inspection import services
from xiezhi.inspection.codes import Measure, PlanKind
from xiezhi.inspection.models import InspectionItem, Plan
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.models import Approval


def published_plan(
    drafter: Actor,
    signers: Mapping[str, Actor],
    *,
    items: Iterable[InspectionItem],
    year: int,
    title: str,
    document: str,
    agency: str,
    district: str,
    ratio: tuple[int, int] = (1, 10),
    quota: int = 12,
) -> Plan:
    """A yearly plan with a line for each item; ``signers``: code of a role → who signs in it, and publishes last."""
    plan = services.draft_plan(
        drafter,
        kind=PlanKind.YEARLY,
        year=year,
        title=title,
        agency=agency,
        district=district,
        lines=[
            {"item": str(item.id), "measure": Measure.RATIO, "ratio": list(ratio), "quota": quota, "draws": 12}
            for item in items
        ],
    )
    plan = services.submit_plan(drafter, plan.id, rev=plan.rev, text="拟按清单实施，请审批。")
    last = signed(plan.approval, signers)
    plan.refresh_from_db()
    return services.publish_plan(last, plan.id, rev=plan.rev, document=document)


def signed(approval: Approval | None, signers: Mapping[str, Actor]) -> Actor:
    """Everyone awaited agrees, step after step; answers a signer who may publish, the head of the detachment."""
    if approval is None:
        raise LookupError("the plan asked for no approval")
    while approval.state == flow.PENDING:
        role = approval.place.waiting[0]
        minutes = "示例局长办公会纪要〔2026〕1号" if approval.route.path[approval.step - 1].meeting else ""
        approval = people.agree(
            signers[role], approval=approval.id, text="同意。", rev=approval.rev, role=role, minutes=minutes
        )
    return signers["detachment_head"]


def within_year(begins: date, ends: date) -> date:
    """``ends``, or the last day of the year in which the visits begin: a plan, and a draw on it, is of one year."""
    return min(ends, date(begins.year, 12, 31))
