"""A replacement that the agency's matrix sends through two signatures: who asks, who signs, on which route."""

from datetime import UTC, date, datetime, timedelta

from xiezhi import clock
from xiezhi.core.actor import Actor, system
from xiezhi.inspection import gate, services
from xiezhi.inspection.models import READ, Draw, DrawnTarget
from xiezhi.inspection.tests import cases, staff
from xiezhi.people import flow
from xiezhi.people import queries as people_queries
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import DRAW_CHANGE
from xiezhi.people.models import Account, Approval, ApprovalRoute

HANDLER, LEADER, HEAD = "承办李", "大队长吴", "支队长郑"
GROUND = {"reason": "CLOSED", "document": "示监函〔2026〕9号"}
APPROVE = ("approval.read",)


def house() -> dict[str, Account]:
    """Handler, squad leader and head of the draw's agency, and the route that replacements take there."""
    made = {
        HANDLER: staff.account(
            HANDLER, READ, gate.DRAW, gate.PUBLISH, gate.OPEN_NAMES, "approval.submit", *APPROVE
        ),
        LEADER: staff.account(LEADER, READ, *APPROVE),
        HEAD: staff.account(HEAD, READ, *APPROVE),
    }
    route()
    return made


def route() -> ApprovalRoute:
    """大队长, then 支队长, from 2020."""
    return people.adopt_route(
        system("setup"),
        kind=DRAW_CHANGE,
        agency=cases.AGENCY,
        steps=[flow.Step("大队长意见", (f"role-{LEADER}",)), flow.Step("支队长意见", (f"role-{HEAD}",))],
        source="示例审批权限规定",
        valid_from=date(2020, 1, 1),
    )


def actor(name: str) -> Actor:
    """The actor behind an account of the house."""
    return people_queries.actor_of(Account.objects.get(username=name))


def asked(draw: Draw) -> tuple[DrawnTarget, Approval]:
    """The handler asks to replace the first drawn object."""
    target = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    draw.refresh_from_db()
    approval = services.ask_replacement(
        actor(HANDLER), draw.id, opaque=target.opaque, **GROUND, text="已停工，附停工报告。", rev=draw.rev
    )
    return target, approval


def signed(approval: Approval) -> Approval:
    """Leader and head agree."""
    for name in (LEADER, HEAD):
        approval = people.agree(actor(name), approval=approval.id, text="同意。", rev=approval.rev)
    return approval


def approved(start: datetime) -> tuple[DrawnTarget, Approval]:
    """A drawn object whose replacement has both signatures and is not carried out yet."""
    house()
    draw = cases.drawn(start)
    with clock.fixed(start.astimezone(UTC) + timedelta(hours=16)):
        target, approval = asked(draw)
        return target, signed(approval)
