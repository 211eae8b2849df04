"""The house that the walk goes through: the demonstration's, with one object of every kind, and who walks in it.

Our objects belong to 示例支队. The neighbours belong to 示例县: an officer, and an account with every default role
of its own agency, so that a page which asks only "does he hold the ability anywhere?" gives itself away.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from xiezhi import clock
from xiezhi.command import demo_data
from xiezhi.command.demo.planning import within_year
from xiezhi.core.actor import PUBLIC, Actor, system
from xiezhi.disclosure import services as disclosure
from xiezhi.documents import queries as document_queries
from xiezhi.documents import services as documents
from xiezhi.documents.models import Document, Template
from xiezhi.inspection import services as inspection
from xiezhi.inspection.codes import TargetKind
from xiezhi.inspection.models import Draw, DrawBundle, DrawnTarget, TargetRoster, Task
from xiezhi.inspection.targets import Selection, from_registry
from xiezhi.inspection.tests import cases
from xiezhi.jobs import queue
from xiezhi.lawbase import queries as law_queries
from xiezhi.lawbase import services as law
from xiezhi.lawbase.models import Kind, LawItem
from xiezhi.lawbase.tests.acts_scenarios import CITED, NOTICE
from xiezhi.notify import inbox
from xiezhi.notify import services as notify
from xiezhi.notify.models import Notification
from xiezhi.people import queries as people_queries
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import APPROVAL_KINDS
from xiezhi.people.models import (
    Account,
    Agency,
    Certificate,
    DelegationLetter,
    Officer,
    Role,
    RoleAssignment,
)
from xiezhi.people.roles import DEFAULT_ROLES
from xiezhi.record import sequencer
from xiezhi.record.models import Event
from xiezhi.registry import imports, synthetic
from xiezhi.registry import services as registry
from xiezhi.registry.models import Entity, ImportBatch
from xiezhi.registry.synthetic import synthetic_code
from xiezhi.web import services as web

SETUP = system("setup")
OURS, SQUAD, COUNTY, REGION = demo_data.DETACHMENT, f"{demo_data.DETACHMENT}yi/", "/linxian/", demo_data.REGION
DOCUMENT = "示监函〔2026〕3号"

# Column of the table → user name. The first account of each role in the demonstration walks for it.
WALKERS: dict[str, str | None] = {
    "anonymous": None,
    "no_role": "walk-no-role",
    "neighbour": "neighbour",
    "neighbour_all": "walk-neighbour",
} | {role.code: next(p.username for p in demo_data.PEOPLE if p.role == role.code) for role in DEFAULT_ROLES}


@dataclass(frozen=True)
class House:
    """Ids by name, e.g. ``"draw committed"``; ``accounts`` by column of the table."""

    things: Mapping[str, str]
    accounts: Mapping[str, Account | None]


def build() -> House:
    """Everything, in the transaction that is open."""
    demo_data.load()
    _walkers()
    things: dict[str, Any] = {}
    for part in (
        _people,
        _approvals,
        _registry,
        _draws,
        _plans,
        _disclosure,
        _documents,
        _law,
        _messages,
        _keys_and_jobs,
    ):
        things |= part()
    found = {name: str(getattr(value, "pk", value)) for name, value in things.items()}
    return House(found, {column: _account(name) if name else None for column, name in WALKERS.items()})


def _walkers() -> None:
    for username, unit, roles in (
        ("walk-no-role", SQUAD, ()),
        ("walk-neighbour", COUNTY, tuple(role.code for role in DEFAULT_ROLES)),
    ):
        made = people.create_account(
            SETUP, username=username, name=f"示例{username[5:]}", unit=unit, password=demo_data.PASSWORD
        )
        for role in roles:
            people.assign_role(SETUP, account=made.id, role=role, agency=COUNTY)


def _account(username: str) -> Account:
    return Account.objects.get(username=username)


def _actor(username: str) -> Actor:
    return people_queries.actor_of(_account(username))


def _people() -> dict[str, Any]:
    officer = Officer.objects.get(name="示例执法乙")
    today = clock.today()
    return {
        "agency": Agency.objects.get(path=SQUAD),
        "officer": officer,
        "certificate": Certificate.objects.get(officer=officer),
        "leave": people.record_leave(
            SETUP, officer=officer.id, kind="annual", valid_from=today, valid_to=today + timedelta(days=3)
        ),
        "assistant": people.register_assistant(SETUP, unit=SQUAD, name="示例辅助"),
        "account": _account("officer2"),
        "assignment": RoleAssignment.objects.get(account=_account("officer2")),
        "role": Role.objects.get(code="officer"),
        "letter": DelegationLetter.objects.get(),
        "letter unpublished": people.record_letter(
            SETUP,
            principal=demo_data.BUREAU,
            delegate=OURS,
            number="示建委〔2026〕2号",
            matters="示例事项",
            valid_from=today,
            valid_to=today + timedelta(days=365),
        ),
        "authorisation": people.authorise_substitute(
            _actor("head"),
            principal=_account("head").id,
            substitute=_account("leader").id,
            role="detachment_head",
            agency=OURS,
            document=DOCUMENT,
            reason="出差",
            valid_from=today,
            valid_to=today + timedelta(days=5),
        ),
    }


def _approvals() -> dict[str, Any]:
    kind = next(iter(APPROVAL_KINDS))
    return {
        "approval": people.submit(
            _actor("officer1"),
            kind=kind,
            subject="plan:2026",
            title="2026年度抽查计划",
            agency=SQUAD,
            text="拟按年度计划实施抽查，请审批。",
        )
    }


def _registry() -> dict[str, Any]:
    entity, second, third = Entity.objects.filter(agency=OURS).order_by("code")[:3]
    project = registry.register_project(
        SETUP, agency=OURS, district=REGION, number="2026-000001", name="示例家园一期", kind="building"
    )
    place = {"latitude": Decimal("32.5"), "longitude": Decimal("119.9"), "datum": "WGS-84"}
    return {
        "entity": entity,
        "entity merged": registry.merge_entities(
            SETUP, second.pk, rev=second.rev, into=third.pk, reason="示例重复登记"
        ),
        "project": project,
        "participant": registry.add_participant(SETUP, project.pk, entity_id=entity.pk, role="contractor"),
        "site": registry.record_site(SETUP, project.pk, name="示例工地", **place),
        "person's place": registry.place_person(SETUP, entity.pk, role="head", name="示例甲"),
        "permit": registry.register_permit(
            SETUP,
            agency=OURS,
            district=REGION,
            kind="safety",
            number="示例安许证〔2026〕1号",
            entity_id=entity.pk,
            issuer="示例省住房和城乡建设厅",
            issued_on=date(2026, 1, 1),
        ),
        "import staged": _staged(),
        "import applied": ImportBatch.objects.get(state="applied"),
    }


def _staged() -> ImportBatch:
    """Two rows that would be new and one that is rejected."""
    text = io.StringIO(newline="")
    rows = list(synthetic.synthetic_rows(2, start=demo_data.FIRMS + 1))
    table = csv.DictWriter(text, fieldnames=list(rows[0]))
    table.writeheader()
    table.writerows([*rows, rows[0] | {"统一社会信用代码": "91"}])
    return imports.stage_file(
        _actor("data"),
        stream=io.BytesIO(text.getvalue().encode()),
        filename="示例名录.csv",
        source="示例市场登记",
        agency=OURS,
        district=REGION,
    )


def _draws() -> dict[str, Any]:
    organiser, witness, head = _actor("drawer1"), _actor("legal"), _actor("head")
    start = clock.now().replace(microsecond=0) - timedelta(days=40)
    roster = _frozen(organiser)
    # The demo's own second draw is announced for twelve hours from now; an hour later than that is free.
    fresh = _prepared(organiser, roster, clock.now() + timedelta(hours=1))
    exclusion = inspection.exclude_target(
        organiser, fresh.id, code=roster.entries.first().code, reason="FREQ_CAP", document=DOCUMENT, rev=fresh.rev
    )
    draws: list[Draw] = []
    for number, steps in enumerate((1, 2, 3, 4, 5, 5)):
        # A source serves one draw, and values come in turn: whoever is left waiting was announced last.
        begin = start + (timedelta(minutes=number) if steps > 1 else timedelta(days=2))
        with clock.fixed(begin):
            draw = _prepared(organiser, roster, begin)
        draws.append(_advanced(draw, steps, begin, organiser, witness, head))
    committed, entered, confirmed, drawn, opened, manned = draws
    return {
        "roster": roster,
        "plan line": fresh.line,
        "draw prepared": fresh,
        "exclusion": exclusion,
        "draw committed": committed,
        "draw with source": entered,
        "draw with confirmed source": confirmed,
        "draw drawn": drawn,
        "object drawn": DrawnTarget.objects.filter(draw=drawn, standing="drawn")[0].opaque,
        "draw published": opened,
        "task": _sent(manned, start + timedelta(hours=17), organiser, witness, head),
        "bundle": DrawBundle.objects.get(draw=opened),
        # No event of a bundle: those are published.
        "event": Event.objects.filter(type="people.officer_registered", agency=SQUAD)[0],
    }


def _plans() -> dict[str, Any]:
    """A draft, one whose approval waits for its first signature, and a triggered inspection."""
    organiser = _actor("drawer1")
    item = inspection.adopt_items(
        organiser,
        codes=["GJ-08"],
        valid_from=date(2026, 1, 1),
        inspectors="示例支队",
        agency=OURS,
        district=REGION,
    )[0]
    draft, submitted = (
        inspection.draft_plan(
            organiser,
            kind="yearly",
            year=clock.now().year,
            title=title,
            agency=OURS,
            district=REGION,
            lines=[{"item": str(item.id), "measure": "ratio", "ratio": [1, 20], "quota": 6}],
        )
        for title in ("示例计划草稿", "示例年度计划")
    )
    trigger = inspection.ask_trigger(
        organiser,
        ground="complaint",
        reference="示例〔2026〕1号",
        reason="示例理由",
        items=[item.id],
        code=synthetic_code(1),
        window_from=clock.today(),
        window_to=clock.today(),
        agency=OURS,
        district=REGION,
    )
    return {
        "item": item,
        "plan draft": draft,
        "plan submitted": inspection.submit_plan(organiser, submitted.id, rev=submitted.rev, text="请审批。"),
        "trigger": trigger,
    }


def _disclosure() -> dict[str, Any]:
    """Items to be published: one due, one prepared, one signed with an objection to it."""
    organiser, legal = _actor("drawer1"), _actor("legal")
    rows = []
    for number in range(3):
        item = inspection.publish_item(
            organiser,
            code=f"GS-00{number}",
            title=f"示例公示事项{number}",
            basis="《建筑法》第七条",
            target_kind=TargetKind.ENTITY,
            valid_from=date(2026, 1, 1),
            agency=OURS,
            district=REGION,
        )
        given = {"kind": "item", "subject": item.pk, "source": clock.new_id()}
        rows.append(disclosure.note_due(system("disclosure"), **given))
    due, prepared, signed = rows
    prepared = disclosure.prepare(organiser, prepared.pk, rev=prepared.rev)
    signed = disclosure.prepare(organiser, signed.pk, rev=signed.rev)
    signed = disclosure.sign(legal, signed.pk, rev=signed.rev)
    sequencer.seal_all()
    told = {"name": "示例甲", "contact": "示例联系方式", "text": "示例异议"}
    return {
        "publication due": due,
        "publication prepared": prepared,
        "publication signed": signed,
        "delivery": signed.deliveries.all()[0],
        "objection": disclosure.object_to(PUBLIC, signed.pk, **told),
    }


def _frozen(organiser: Actor) -> TargetRoster:
    item = inspection.publish_item(
        organiser,
        code="ZJ-001",
        title="施工许可情况检查",
        basis="《建筑法》第七条",
        target_kind=TargetKind.ENTITY,
        valid_from=date(2026, 1, 1),
        agency=OURS,
        district=REGION,
    )
    chosen = Selection(agency=OURS)
    return inspection.freeze_roster(
        organiser,
        item=item,
        title="示例名录",
        agency=OURS,
        district=REGION,
        targets=from_registry(SETUP, chosen),
        selection=chosen.as_shown(),
    )


def _prepared(organiser: Actor, roster: TargetRoster, start: Any) -> Draw:
    begins = (start + timedelta(days=3)).date()
    return inspection.prepare_draw(
        organiser,
        roster=roster,
        plan_line=cases.plan_line(roster.item, begins.year, organiser, agency=OURS, district=REGION),
        title="示例抽查",
        window_from=begins,
        window_to=within_year(begins, (start + timedelta(days=12)).date()),
        plan=[{"stratum": "全部", "method": "equal", "n": 5, "reserves": 3}],
        sources=[_source(start)],
    )


def _source(start: Any) -> dict[str, Any]:
    return {
        "label": cases.label(start + timedelta(hours=12)),
        "describes": "示例信标第 1 轮",
        "not_before": start + timedelta(hours=12),
        "encoding": "hex",
    }


def _advanced(draw: Draw, steps: int, start: Any, organiser: Actor, witness: Actor, head: Actor) -> Draw:
    """Commit, enter, confirm, run, publish: the first ``steps`` of them."""
    out = start + timedelta(hours=12)
    given = {"label": cases.label(out), "value": cases.value(out)}
    acts: tuple[tuple[int, Callable[[], Any]], ...] = (
        (1, lambda: inspection.commit_draw(organiser, draw.id, rev=draw.rev)),
        (
            13,
            lambda: inspection.enter_source(organiser, draw.id, published_at=out, rev=draw.rev, **given),
        ),
        (14, lambda: inspection.confirm_source(witness, draw.id, rev=draw.rev, **given)),
        (15, lambda: inspection.run_draw(organiser, draw.id, rev=draw.rev)),
        (16, lambda: inspection.publish_bundle(head, draw.id, rev=draw.rev)),
    )
    for hours, act in acts[:steps]:
        with clock.fixed(start + timedelta(hours=hours)):
            sequencer.seal_all()
            act()
            sequencer.seal_all()
        draw.refresh_from_db()
    return draw


def _sent(drawn: Draw, start: Any, organiser: Actor, witness: Actor, head: Actor) -> Task:
    """The first task of the officers drawn for ``drawn``; its names are open to those who go.

    All but two are on leave, so that the pair is the same at every walk.
    """
    with clock.fixed(start):
        for officer in Officer.objects.exclude(account__username__in=("officer2", "officer3", "neighbour")):
            people.record_leave(
                SETUP, officer=officer.id, kind="annual", valid_from=drawn.window_from, valid_to=drawn.window_to
            )
        row = inspection.prepare_dispatch(organiser, draw=drawn.id, sources=[_source(start)])
    row = _advanced(row, 4, start, organiser, witness, head)
    with clock.fixed(start + timedelta(hours=15)):
        made: list[Task] = inspection.make_tasks(system("inspection"), dispatch=row.id)
    return inspection.release_task(system("inspection"), made[0].id)


def _documents() -> dict[str, Any]:
    """A document at every step, numbers in every state, a national template and a draft of our own."""
    officer, legal = _actor("officer1"), _actor("legal")
    notice = _template("inspection_notice")
    signed, requested, registered, sealed = (_signed(officer, notice) for _ in range(4))
    for number, row in enumerate((requested, registered, sealed)):
        documents.request_seal(officer, row.id, rev=_rev(row), purpose="送达")
        if number > 0:
            documents.register_seal(legal, row.id, rev=_rev(row), seal_name="示例支队公章")
    use = documents.return_scan(legal, sealed.id, rev=_rev(sealed), scan=io.BytesIO(b"%PDF-1.4"))
    private = _template("questioning_record")
    reserved = documents.reserve_number(legal, template=notice, agency=OURS, reason="补录")
    blanks = documents.issue_blank(legal, template=notice, agency=OURS, holder=_account("officer2"))
    sequencer.seal_all()
    return {
        "document draft": _drafted(officer, notice),
        "document signed": signed,
        "document with seal requested": requested,
        "document with seal registered": registered,
        "document sealed": sealed,
        "document with personal data": _signed(officer, private),
        "seal use": use,
        "code of a document": sealed.code,
        "number reserved": reserved[0],
        "blank of officer2": blanks[0],
        "template national": notice,
        "template draft": documents.draft_template(
            legal, agency=OURS, code="local_notice", title="示例告知书", fields=notice.fields, body=notice.body
        ),
    }


def _template(code: str) -> Template:
    found = document_queries.in_force(code, SQUAD, clock.today())
    if found is None:
        raise LookupError(code)
    return found


def _drafted(officer: Actor, template: Template) -> Document:
    values = template.contract.sample()
    return documents.draft_document(officer, template=template, agency=SQUAD, title="示例检查", values=values)


def _signed(officer: Actor, template: Template) -> Document:
    row = _drafted(officer, template)
    return documents.sign_document(officer, row.id, rev=row.rev)


def _rev(row: Document) -> int:
    row.refresh_from_db()
    return row.rev


def _law() -> dict[str, Any]:
    law.load_release(SETUP)
    item = LawItem.objects.current().get(kind=Kind.DEADLINE, code="clue_check")
    return {
        "law item": law_queries.pending_confirmation(SETUP).exclude(pk=item.pk)[0],
        "confirmation": law.confirm_item(SETUP, item.pk, **CITED),
        "notice": law.load_notice(SETUP, NOTICE),
    }


def _messages() -> dict[str, Any]:
    inbox.tell([str(_account("officer1").id)], kind="walk", title="示例通知", link="/console/", key="walk")
    ours = Actor(str(_account("admin").id), "officer", OURS, REGION)
    return {
        "notification of officer1": Notification.objects.get(kind="walk"),
        "message": notify.send_mail(ours, key="walk", to="li@example.cn", subject="示例", body="正文"),
    }


def _keys_and_jobs() -> dict[str, Any]:
    key, _secret = web.issue_key(
        SETUP, name="示例系统", agency=OURS, scopes=["registry.read"], expires_at=clock.now() + timedelta(days=30)
    )
    return {
        "api key": key,
        "job of data_steward": queue.enqueue(_actor("data"), "registry.apply_import", batch=_staged_id()),
    }


def _staged_id() -> str:
    return str(ImportBatch.objects.get(state="staged").pk)
