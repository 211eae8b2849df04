"""A plan brought to a given step in the synthetic bureau: the detachment's organiser drafts, its heads approve."""

from datetime import date

from xiezhi.inspection import services
from xiezhi.inspection.models import InspectionItem, Plan, Trigger
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import INSPECTION, PLAN
from xiezhi.people.models import Approval
from xiezhi.people.tests import house
from xiezhi.record import relay, sequencer
from xiezhi.registry import services as registry
from xiezhi.registry.synthetic import synthetic_code

AGENCY, DISTRICT = house.DETACHMENT, "329901"
SHORT_ROUTE = (
    flow.Step("大队长意见", ("squad_leader",)),
    flow.Step("支队长意见", ("detachment_head",)),
)
ORGANISER = "zu"


def build() -> None:
    """The bureau, its organiser of draws, short routes for plans and triggered inspections, a list of items."""
    house.build()
    account = people.create_account(
        house.SETUP, username=ORGANISER, name="示例组", unit=AGENCY, password=house.PASSWORD
    )
    for username, role in ((ORGANISER, "draw_organiser"), ("zhou", "squad_leader")):
        people.assign_role(
            house.SETUP, account=house.account(username).id, role=role, agency=AGENCY, valid_from=date(2026, 1, 1)
        )
    del account
    for kind in (PLAN, INSPECTION):
        people.adopt_route(
            house.SETUP,
            kind=kind,
            agency=AGENCY,
            steps=SHORT_ROUTE,
            source="示例支队〔2026〕1号",
            valid_from=date(2026, 1, 1),
        )
    services.adopt_items(
        organiser(),
        codes=["GJ-01", "GJ-12", "GJ-14"],
        valid_from=date(2026, 1, 1),
        inspectors="示例市城建监察支队",
        agency=AGENCY,
        district=DISTRICT,
    )


def organiser():
    return house.actor(ORGANISER)


def item(code: str = "GJ-01") -> InspectionItem:
    return InspectionItem.objects.filter(code=code).first()


def line(code: str = "GJ-01", **given) -> dict:
    return {
        "item": str(item(code).id),
        "measure": "ratio",
        "ratio": [1, 50],
        "quota": 20,
        "months": [3, 9],
    } | given


def drafted(**given) -> Plan:
    kind = given.pop("kind", "yearly")
    return services.draft_plan(
        organiser(),
        kind=kind,
        year=2026,
        title=given.pop("title", "2026 年度抽查计划"),
        agency=AGENCY,
        district=DISTRICT,
        lines=given.pop("lines", None) or [line()],
        **given,
    )


def submitted(**given) -> Plan:
    plan = drafted(**given)
    return services.submit_plan(organiser(), plan.id, rev=plan.rev, text="拟按清单实施，请审批。")


def agree(approval: Approval, *usernames: str) -> None:
    """Those named agree, one after another; what follows from it follows."""
    for username in usernames or ("zhou", "zhi"):
        approval.refresh_from_db()
        people.agree(house.actor(username), approval=approval.id, text="同意。", rev=approval.rev)
    news()


def news() -> None:
    """Seal and relay what happened, as the two components do."""
    sequencer.seal_all()
    while relay.relay():
        pass


def approved(**given) -> Plan:
    plan = submitted(**given)
    agree(plan.approval)
    plan.refresh_from_db()
    return plan


def published(**given) -> Plan:
    plan = approved(**given)
    return services.publish_plan(house.actor("zhi"), plan.id, rev=plan.rev, document="示监〔2026〕2号")


def firm(number: int = 1):
    return registry.register_entity(
        house.SETUP,
        agency=AGENCY,
        district=DISTRICT,
        code=synthetic_code(number),
        name=f"示例建设〇{number}有限公司",
    )


def asked(**given) -> Trigger:
    entity = given.pop("firm", None) or firm()
    return services.ask_trigger(
        organiser(),
        **{
            "ground": "complaint",
            "reference": "12345〔2026〕88号",
            "reason": "投诉反映无证施工。",
            "items": [item().id],
            "code": entity.code,
            "window_from": date(2026, 3, 11),
            "window_to": date(2026, 3, 20),
            "agency": AGENCY,
            "district": DISTRICT,
        }
        | given,
    )
