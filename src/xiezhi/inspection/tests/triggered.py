"""A triggered inspection that is approved, and the officers of the detachment whom its head may send."""

from collections.abc import Sequence

from xiezhi.inspection import services
from xiezhi.inspection.models import Task, Trigger
from xiezhi.inspection.tests import planned
from xiezhi.people.models import Account
from xiezhi.people.tests import house


def officers(count: int = 3) -> list[Account]:
    """Certified officers of the detachment, each with an account."""
    return [house.officer_account(f"示例执{n}", unit=planned.AGENCY) for n in range(count)]


def approved(**given) -> Trigger:
    """Asked for by the organiser, agreed by squad leader and head; the window begins tomorrow."""
    trigger = planned.asked(**given)
    planned.agree(trigger.approval)
    trigger.refresh_from_db()
    return trigger


def sent(trigger: Trigger, team: Sequence[Account]) -> Task:
    """The head names the team, the leader first."""
    trigger.refresh_from_db()
    leader, *members = [one.officer_id for one in team]
    return services.send_for_trigger(
        house.actor("zhi"), trigger.pk, rev=trigger.rev, leader=leader, members=members
    )
