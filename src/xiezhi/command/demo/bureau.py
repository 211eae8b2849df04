"""A detachment with two divisions, its people and their rights, for a stage that needs everyone; synthetic.

Accounts and rights are real: each act of the stage is done by the account that holds the ability.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xiezhi.command.demo.planning import signed
from xiezhi.core.actor import Actor, system
from xiezhi.documents import services as documents
from xiezhi.documents.approval import DOCUMENT
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import DRAW_CHANGE, INSPECTION, PLAN, TASK_CHANGE
from xiezhi.people.flow import Step
from xiezhi.people.models import Account, Approval, Officer
from xiezhi.people.queries import actor_of

SETUP = system("demo")
BUREAU, AGENCY, DISTRICT = "/zjj/", "/zjj/zhidui/", "009999"
NAME = "示例市城建监察支队"
FIRST, SECOND, LEGAL = f"{AGENCY}yi/", f"{AGENCY}er/", f"{AGENCY}fazhi/"
UNITS = (
    ("/", "zjj", "示例市住房和城乡建设局", "示例市住建局", "agency"),
    (BUREAU, "zhidui", NAME, "示例监", "agency"),
    (AGENCY, "yi", "监察一大队", "一大队", "division"),
    (AGENCY, "er", "监察二大队", "二大队", "division"),
    (AGENCY, "fazhi", "法制科", "法制科", "division"),
)


@dataclass(frozen=True)
class Person:
    """An account: where he sits, which role he holds over which path."""

    name: str
    unit: str
    role: str
    over: str = AGENCY


HANDLER, LEADER, REVIEWER, COUNSEL, HEAD, STEWARD = "drawer1", "leader", "leader2", "legal", "head", "data"
PEOPLE = {
    HANDLER: Person("示例经办", LEGAL, "draw_organiser"),
    LEADER: Person("示例一大队长", FIRST, "squad_leader"),
    REVIEWER: Person("示例二大队长", SECOND, "squad_leader"),
    COUNSEL: Person("示例法制员", LEGAL, "detachment_legal"),
    HEAD: Person("示例支队长", AGENCY, "detachment_head"),
    STEWARD: Person("示例数据管理员", AGENCY, "data_steward"),
}
OFFICERS = {f"officer{number}": f"示例执法{mark}" for number, mark in enumerate("甲乙丙丁戊己庚辛", 1)}
SIGNERS = {
    "squad_leader": LEADER,
    "detachment_legal": COUNSEL,
    "detachment_head": HEAD,
    "bureau_legal": "bureau_legal",
    "deputy_director": "deputy",
    "director": "director",
}
LONG = (
    Step("大队长审核", ("squad_leader",)),
    Step("支队法制审核", ("detachment_legal",)),
    Step("支队长批准", ("detachment_head",)),
)
ROUTES = {
    PLAN: LONG,
    DRAW_CHANGE: LONG,
    TASK_CHANGE: (Step("支队长批准", ("detachment_head",)),),
    INSPECTION: (Step("大队长审核", ("squad_leader",)), Step("支队长批准", ("detachment_head",))),
    DOCUMENT: (Step("大队长审核", ("squad_leader",)),),
}


def build(today: date) -> None:
    """Units, roles, accounts, certified officers, the approval matrix and the national templates."""
    people.register_district(SETUP, code=DISTRICT, name="示例市")
    for parent, code, name, short, kind in UNITS:
        people.create_agency(SETUP, parent=parent, code=code, name=name, short=short, kind=kind, district=DISTRICT)
    people.install_default_roles(SETUP)
    documents.load_builtin_templates(SETUP)
    for username, person in PEOPLE.items():
        account(username, person)
    for number, (username, name) in enumerate(OFFICERS.items(), 1):
        unit = FIRST if number % 2 else SECOND
        account(username, Person(name, unit, "officer"), officer=certified(unit, name, number, today))
    for kind, steps in ROUTES.items():
        people.adopt_route(
            SETUP, kind=kind, agency=AGENCY, steps=steps, source="示例审批权限规定（演示）", valid_from=today
        )


def account(username: str, person: Person, officer: Officer | None = None) -> None:
    """Open it with a password that nobody is told."""
    made = people.create_account(
        SETUP,
        username=username,
        name=person.name,
        unit=person.unit,
        password=secrets.token_urlsafe(24),
        officer=officer.id if officer else None,
        demo=True,
    )
    people.assign_role(SETUP, account=made.id, role=person.role, agency=person.over)


def certified(unit: str, name: str, number: int, today: date) -> Officer:
    """An officer whose certificate covers construction for years."""
    row = people.register_officer(SETUP, unit=unit, name=name, skills=["quality", "safety"])
    people.record_certificate(
        SETUP,
        officer=row.id,
        number=f"示例{number:06d}",
        scope="住房和城乡建设（示例）",
        scopes=["construction"],
        authority="示例省司法厅",
        valid_from=today.replace(year=today.year - 1),
        valid_to=today.replace(year=today.year + 3),
    )
    return row


def actor(username: str) -> Actor:
    """What the account may do now."""
    return actor_of(Account.objects.get(username=username))


def signers() -> Mapping[str, Actor]:
    """Role → who signs in it; the stage has no bureau above the detachment's matrix, the house of ``make run`` has."""
    accounts = {row.username: row for row in Account.objects.filter(username__in=SIGNERS.values())}
    return {role: actor_of(accounts[name]) for role, name in SIGNERS.items() if name in accounts}


def approve(approval: Approval | None) -> int:
    """Everyone whom the matrix asks signs, each with his own account; answers how many signed."""
    signed(approval, signers())
    return len({opinion.account_id for opinion in approval.opinions.filter(step__gt=0)}) if approval else 0
