"""A small synthetic bureau for tests: 示例市住建局 with its detachment, squads and everyone on the route."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from xiezhi import clock
from xiezhi.core.actor import Actor, system
from xiezhi.people import flow, queries, services
from xiezhi.people.approval_kinds import PLAN
from xiezhi.people.models import Account, Approval

SETUP = system("setup")
# Noon of a Tuesday in Shanghai.
NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
PASSWORD = "Xiezhi-2026-demo"

BUREAU, LEGAL, DETACHMENT = "/sl/", "/sl/fg/", "/sl/jc/"
SQUAD_1, SQUAD_2, DETACHMENT_LEGAL = "/sl/jc/d1/", "/sl/jc/d2/", "/sl/jc/fz/"

UNITS = (
    ("/", "sl", "示例市住房和城乡建设局", "示例局", "agency"),
    (BUREAU, "fg", "法规处", "法规处", "division"),
    (BUREAU, "jc", "示例市城建监察支队", "示例支队", "agency"),
    (DETACHMENT, "d1", "一大队", "一大队", "division"),
    (DETACHMENT, "d2", "二大队", "二大队", "division"),
    (DETACHMENT, "fz", "法制科", "法制科", "division"),
)
# user name, name, unit, role, path of the role
PEOPLE = (
    ("lin", "示例林", SQUAD_1, "officer", SQUAD_1),
    ("mei", "示例梅", SQUAD_2, "officer", SQUAD_2),
    ("zhou", "示例周", SQUAD_1, "squad_leader", SQUAD_1),
    ("fa", "示例法", DETACHMENT_LEGAL, "detachment_legal", DETACHMENT),
    ("zhi", "示例支", DETACHMENT, "detachment_head", DETACHMENT),
    ("gui", "示例规", LEGAL, "bureau_legal", BUREAU),
    ("fen", "示例分", BUREAU, "deputy_director", BUREAU),
    ("ju", "示例局长", BUREAU, "director", BUREAU),
    ("admin", "示例管", BUREAU, "administrator", "/"),
    ("dai", "示例代", DETACHMENT, "overseer", DETACHMENT),
)
LONG_ROUTE = (
    flow.Step("大队长意见", ("squad_leader",)),
    flow.Step("支队法制审核", ("detachment_legal",)),
    flow.Step("支队长意见", ("detachment_head",)),
    flow.Step("局法规处审核", ("bureau_legal",)),
    flow.Step("分管局长意见", ("deputy_director",)),
    flow.Step("局长办公会", ("director",), meeting=True),
)


def build() -> None:
    """Units, roles, accounts, one certified officer (lin), and the plan's route from 2026."""
    services.install_default_roles(SETUP)
    for parent, code, name, short, kind in UNITS:
        services.create_agency(
            SETUP, parent=parent, code=code, name=name, short=short, kind=kind, district="329901"
        )
    for username, name, unit, role, path in PEOPLE:
        account = services.create_account(SETUP, username=username, name=name, unit=unit, password=PASSWORD)
        services.assign_role(SETUP, account=account.id, role=role, agency=path, valid_from=date(2026, 1, 1))
    services.adopt_route(
        SETUP, kind=PLAN, agency=BUREAU, steps=LONG_ROUTE, source="示例局〔2026〕1号", valid_from=date(2026, 1, 1)
    )


def account(username: str) -> Account:
    """The account with this user name."""
    return Account.objects.get(username=username)


def actor(username: str) -> Actor:
    """The actor that the account is at the clock's now."""
    return queries.actor_of(account(username))


def submitted(text: str = "拟按年度计划实施抽查，请审批。") -> Approval:
    """lin of squad 1 submits the year's plan."""
    return services.submit(
        actor("lin"),
        kind=PLAN,
        subject="plan:2026",
        title="2026年度抽查计划",
        agency=SQUAD_1,
        text=text,
    )


def agreed_up_to(approval: Approval, step: int) -> Approval:
    """Everyone agrees until the approval waits at ``step``."""
    order = ("zhou", "fa", "zhi", "gui", "fen")
    for username in order[approval.step - 1 : step - 1]:
        approval = services.agree(actor(username), approval=approval.id, text="同意。", rev=approval.rev)
    return approval


def officer_account(name: str = "示例执", *, unit: str = SQUAD_1, certified: bool = True) -> Account:
    """An account of an officer with the role 执法人员; certified for all of 2026 unless told otherwise."""
    officer = services.register_officer(SETUP, unit=unit, name=name)
    if certified:
        services.record_certificate(
            SETUP,
            officer=officer.id,
            number=f"S-{officer.id.hex[-8:]}",
            scope="城乡建设",
            scopes=["construction"],
            authority="示例省司法厅",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
        )
    account = services.create_account(
        SETUP, username=f"o-{officer.id.hex[-8:]}", name=name, unit=unit, password=PASSWORD, officer=officer.id
    )
    services.assign_role(SETUP, account=account.id, role="officer", agency=unit, valid_from=date(2026, 1, 1))
    return account


def at(day: date) -> AbstractContextManager[None]:
    """The clock stands at noon (Shanghai) of ``day``."""
    return clock.fixed(datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC))
