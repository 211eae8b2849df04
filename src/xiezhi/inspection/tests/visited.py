"""A released task whose two officers have accounts, with a reviewer who was not sent."""

from datetime import timedelta

from xiezhi.inspection import gate, services
from xiezhi.inspection.codes import Duty
from xiezhi.inspection.models import READ, Task
from xiezhi.inspection.tests import cases, sending
from xiezhi.people import services as people
from xiezhi.people.models import Account
from xiezhi.people.queries import actor_of

REVIEWER = cases.officer("officer:qian", READ, gate.REVIEW, gate.READ_RELEASED)
SECTIONS = [
    {
        "title": "施工许可",
        "checks": [
            {"code": "1", "text": "是否取得施工许可证", "basis": "《建筑法》第七条"},
            {"code": "2", "text": "许可内容与现场是否相符", "required": False},
        ],
    }
]
PASSED = {"1": "pass", "2": "na"}


def released(count: int = 4) -> Task:
    """The first task of a draw on its window's eve; every officer of the agency has an account with the role."""
    rows = sending.officers(count)
    with sending.day(sending.START.date() - timedelta(days=20)):
        people.install_default_roles(sending.SETUP)
        for number, row in enumerate(rows):
            account = people.create_account(
                sending.SETUP, username=f"o{number}", name=f"示例{number:02d}", unit=cases.AGENCY,
                password="Xiezhi-2026-demo", officer=row.id,
            )  # fmt: skip
            people.assign_role(sending.SETUP, account=account.id, role="officer", agency=cases.AGENCY)
    parent = cases.published()
    task = sending.dispatched(parent).dispatched_tasks.first()
    with sending.day(parent.window_from - timedelta(days=1)):
        return services.release_task(sending.SETUP, task.pk)


def sent(task: Task, duty: str = Duty.LEADER) -> Account:
    return Account.objects.get(officer=task.officers.get(duty=duty).officer)


def others(task: Task) -> list[Account]:
    """Accounts of officers who were not sent."""
    went = task.officers.exclude(duty=Duty.RESERVE).values("officer")
    return list(Account.objects.filter(officer__isnull=False).exclude(officer__in=went))


def checklist(task: Task):
    return services.publish_checklist(cases.LI, item=task.items.get().pk, sections=SECTIONS)


def on_the_day(task: Task, days: int = 0):
    return sending.day(task.window_from + timedelta(days=days))


def filed(task: Task, **given):
    """Filed by its leader on the first day of the window."""
    with on_the_day(task):
        told = {"visited_on": task.window_from, "outcome": "clean", "answers": {}} | given
        return services.file_result(actor_of(sent(task)), task.pk, rev=task.rev, **told)
