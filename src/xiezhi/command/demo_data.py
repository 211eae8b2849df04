"""Clearly synthetic data for ``make run``: a bureau with its detachment, people, an approval matrix, a roster.

What the house did with them (plan, draws, visits, publications) is ``demo.seeding``, which takes longer. Everything is
made by the same services as real data, so the record of a demo verifies like any other. Names say
示例, codes are of the reserved region 009999, and nothing here resembles a real body or person.
"""

import contextlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from xiezhi import clock
from xiezhi.command.demo import projects
from xiezhi.command.demo.bureau import AGENCY as DETACHMENT
from xiezhi.command.demo.bureau import BUREAU, NAME
from xiezhi.core.actor import Actor, system
from xiezhi.documents import queries as document_queries
from xiezhi.documents import services as documents
from xiezhi.documents.approval import DOCUMENT
from xiezhi.documents.press import NoFonts
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import APPROVAL_KINDS, INSPECTION, TASK_CHANGE
from xiezhi.people.flow import Step
from xiezhi.people.models import Account, Agency
from xiezhi.people.queries import actor_of
from xiezhi.registry.imports import runs
from xiezhi.registry.synthetic import REGION, write_roster

PASSWORD = "xiezhi-demo-2026"  # noqa: S105 - printed on purpose: demo accounts of a demo database
FIRMS = 120
BEGAN = timedelta(days=75)  # so long ago the house was set up: a whole inspection lies behind it


@dataclass(frozen=True)
class Person:
    """A demo account; ``certified`` gives an officer with a certificate.

    Certificates of those who go on visits (role officer) cover construction; a leader's here covers nothing special,
    so that no draw sends him whom it needs for a signature.
    """

    username: str
    name: str
    role: str
    unit: str
    over: str
    certified: bool = False


PEOPLE = (
    Person("admin", "示例管理员", "administrator", BUREAU, "/"),
    Person("officer1", "示例执法甲", "officer", f"{DETACHMENT}yi/", DETACHMENT, True),
    Person("officer2", "示例执法乙", "officer", f"{DETACHMENT}yi/", DETACHMENT, True),
    Person("officer3", "示例执法丙", "officer", f"{DETACHMENT}er/", DETACHMENT, True),
    Person("officer4", "示例执法丁", "officer", f"{DETACHMENT}er/", DETACHMENT, True),
    Person("officer5", "示例执法戊", "officer", f"{DETACHMENT}yi/", DETACHMENT, True),
    Person("officer6", "示例执法己", "officer", f"{DETACHMENT}er/", DETACHMENT, True),
    Person("leader", "示例大队长", "squad_leader", f"{DETACHMENT}yi/", DETACHMENT, True),
    Person("leader2", "示例二大队长", "squad_leader", f"{DETACHMENT}er/", DETACHMENT),
    Person("legal", "示例法制员", "detachment_legal", f"{DETACHMENT}fazhi/", DETACHMENT),
    Person("head", "示例支队长", "detachment_head", DETACHMENT, DETACHMENT, True),
    Person("bureau_legal", "示例法规处", "bureau_legal", BUREAU, BUREAU),
    Person("deputy", "示例分管局长", "deputy_director", BUREAU, BUREAU),
    Person("director", "示例局长", "director", BUREAU, BUREAU),
    Person("jurist", "示例待核法制员", "jurist", BUREAU, "/"),
    Person("data", "示例数据管理员", "data_steward", DETACHMENT, DETACHMENT),
    Person("drawer1", "示例抽取员甲", "draw_organiser", f"{DETACHMENT}fazhi/", DETACHMENT),
    Person("drawer2", "示例抽取员乙", "draw_organiser", f"{DETACHMENT}fazhi/", DETACHMENT),
    Person("overseer", "示例监督员", "overseer", BUREAU, BUREAU),
    Person("neighbour", "示例邻县执法", "officer", "/linxian/", "/linxian/", True),
)

AGENCIES = (
    ("/", "zjj", "示例市住房和城乡建设局", "示例市住建局", "agency"),
    (BUREAU, "zhidui", NAME, "示例支队", "agency"),
    (DETACHMENT, "yi", "监察一大队", "一大队", "division"),
    (DETACHMENT, "er", "监察二大队", "二大队", "division"),
    (DETACHMENT, "fazhi", "法制科", "法制科", "division"),
    ("/", "linxian", "示例县城建监察大队", "示例县大队", "agency"),
)

# 承办人 → 大队长 → 支队法制 → 支队长 → 局法规处 → 分管局长 → 局长 (局长办公会)
SHORT = (Step("大队长审核", ("squad_leader",)), Step("支队长批准", ("detachment_head",)))
HEAD = (Step("支队长批准", ("detachment_head",)),)
LONG = (
    Step("大队长审核", ("squad_leader",)),
    Step("支队法制审核", ("detachment_legal",)),
    Step("支队长审核", ("detachment_head",)),
    Step("局法规处、分管局长会签", ("bureau_legal", "deputy_director")),
    Step("局长批准", ("director",)),
)
SHORTER = {INSPECTION: SHORT, DOCUMENT: SHORT, TASK_CHANGE: HEAD}


@transaction.atomic
def load() -> list[Person]:
    """Load into an empty database; answers the people, or none where there are accounts already."""
    if not empty():
        return []
    began = clock.now().replace(microsecond=0) - BEGAN
    with clock.fixed(began):
        _house()
    with clock.fixed(began + timedelta(days=1)):
        _documents()
    return list(PEOPLE)


def empty() -> bool:
    """Nobody and no body is there yet."""
    return not Account.objects.exists() and not Agency.objects.exists()


def standing() -> list[Person]:
    """Those of the people whose demonstration accounts are here."""
    there = set(Account.objects.filter(demo=True).values_list("username", flat=True))
    return [person for person in PEOPLE if person.username in there]


def told(people: Iterable[Person]) -> str:
    """Their accounts, a line each; nothing of nobody."""
    lines = [f"  {person.username:14} {person.name}\n" for person in people]
    head = f"示例账号（合成数据，免动态口令；密码均为 {PASSWORD}）：\n"
    return head + "".join(lines) if lines else ""


def _house() -> None:
    actor = system("demo")
    today = clock.today()
    people.register_district(actor, code=REGION, name="示例市")
    for parent, code, name, short, kind in AGENCIES:
        people.create_agency(actor, parent=parent, code=code, name=name, short=short, kind=kind, district=REGION)
    people.install_default_roles(actor)
    documents.load_builtin_templates(actor)
    for number, person in enumerate(PEOPLE, start=1):
        _person(actor, person, number, today)
    for kind in APPROVAL_KINDS:
        steps = SHORTER.get(kind, LONG)
        people.adopt_route(
            actor,
            kind=kind,
            agency=DETACHMENT,
            steps=steps,
            source="示例审批权限规定（示例数据）",
            valid_from=today,
        )
    letter = people.record_letter(
        actor,
        principal=BUREAU,
        delegate=DETACHMENT,
        number="示建委〔2026〕1号",
        matters="建筑市场、工程质量安全行政处罚（示例）",
        valid_from=today,
        valid_to=today + timedelta(days=730),
    )
    people.publish_letter(
        actor, letter=letter.id, published_at="https://example.gov.cn/weituo/1", published_on=today
    )
    _roster(actor)
    projects.load(actor, agency=DETACHMENT, district=REGION, today=today)


def _documents() -> None:
    """A notice on its way to the seal, and a draft that lacks something; 样例 stands on every page."""
    officer = actor_of(Account.objects.get(username="officer1"))
    today = clock.today()
    notice, result = (
        document_queries.in_force(code, officer.agency, today) for code in ("inspection_notice", "result_notice")
    )
    if notice is None or result is None:
        return
    given = {"agency": officer.agency, "subject": "demo:1"}
    values = notice.contract.sample()
    row = documents.draft_document(officer, template=notice, title="示例家园一期检查", values=values, **given)
    documents.draft_document(
        officer,
        template=result,
        title="示例家园一期检查结果",
        values={"party_name": values["party_name"]},
        **given,
    )
    # Without a Chinese font on the machine the notice stays a draft, and its page says what to do.
    with contextlib.suppress(NoFonts), transaction.atomic():
        signed = documents.sign_document(officer, row.id, rev=row.rev)
        documents.request_seal(officer, row.id, rev=signed.rev, purpose="送达当事人", copies=2)


def _person(actor: Actor, person: Person, number: int, today: date) -> None:
    officer = None
    if person.certified:
        row = people.register_officer(actor, unit=person.unit, name=person.name, skills=["quality", "safety"])
        people.record_certificate(
            actor,
            officer=row.id,
            number=f"示例{number:06d}",
            scope="住房和城乡建设（示例）",
            scopes=["construction"] if person.role == "officer" else [],
            authority="示例省司法厅",
            valid_from=today - timedelta(days=365),
            valid_to=today + timedelta(days=3 * 365),
        )
        officer = row.id
    account = people.create_account(
        actor,
        username=person.username,
        name=person.name,
        unit=person.unit,
        password=PASSWORD,
        officer=officer,
        demo=True,
    )
    people.assign_role(actor, account=account.id, role=person.role, agency=person.over)


def _roster(actor: Actor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "示例企业名录.csv"
        write_roster(path, FIRMS)
        batch = runs.stage_file(
            actor, filename=path.name, source="示例市场登记", agency=DETACHMENT, district=REGION, path=path
        )
        runs.apply_batch(actor, batch.id)
