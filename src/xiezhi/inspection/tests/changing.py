"""A change of a task: who asks, who signs, and the route between them."""

from datetime import timedelta

from xiezhi.inspection import services
from xiezhi.inspection.models import Task
from xiezhi.inspection.tests import cases, sending
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import TASK_CHANGE
from xiezhi.people.models import Approval
from xiezhi.people.queries import actor_of
from xiezhi.record import relay, sequencer

PASSWORD = "Xiezhi-2026-demo"
GROUND = {"ground": "CLOSED", "document": "示监函〔2026〕9号"}
CANCEL = {"change": "cancel"} | GROUND


def desk(task: Task) -> dict:
    """An applicant and the one who signs, with the route that says so."""
    found = {}
    with sending.day(task.window_from - timedelta(days=2)):
        for username, role in (("asks", "draw_organiser"), ("signs", "detachment_head")):
            account = people.create_account(
                sending.SETUP, username=username, name="示例", unit=cases.AGENCY, password=PASSWORD
            )
            people.assign_role(sending.SETUP, account=account.id, role=role, agency=cases.AGENCY)
            found[username] = account
        people.adopt_route(
            sending.SETUP, kind=TASK_CHANGE, agency=cases.AGENCY,
            steps=(flow.Step("负责人意见", ("detachment_head",)),), source="示例〔2026〕1号",
            valid_from=task.window_from - timedelta(days=2),
        )  # fmt: skip
    return found


def asked(task: Task, accounts: dict, **given) -> Approval:
    return services.ask_task_change(
        actor_of(accounts["asks"]), task.pk, rev=task.rev, **({"reason": "家中有事。"} | given)
    )


def signed(approval: Approval, accounts: dict) -> None:
    people.agree(actor_of(accounts["signs"]), approval=approval.id, text="同意。", rev=approval.rev)
    sequencer.seal_all()
    while relay.relay():
        pass
