"""A draw brought to a given step, on a clock that stands where each step is done. Synthetic targets only."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor, system
from xiezhi.inspection import gate, plan_lines, services
from xiezhi.inspection.codes import PlanState, TargetKind
from xiezhi.inspection.models import READ, Draw, InspectionItem, Plan, PlanLine
from xiezhi.inspection.targets import Target
from xiezhi.record import sequencer
from xiezhi.record.acts import ACTS, act, emit

AGENCY, DISTRICT = "/a1/", "329900"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def label(moment: datetime) -> str:
    """The beacon's issue of that moment: each serves one draw."""
    return f"示例信标第{moment:%y%m%d%H%M%S}期"


def value(moment: datetime) -> str:
    """What that issue shows."""
    return hashlib.sha256(label(moment).encode()).hexdigest()[:32]


OUT = START + timedelta(hours=12)
SOURCE, VALUE = label(OUT), value(OUT)


def officer(name: str, *abilities: str, agency: str = AGENCY) -> Actor:
    """An officer who holds every ability of a draw, or those named."""
    held = abilities or (
        READ,
        gate.PLAN,
        gate.DRAW,
        gate.PUBLISH,
        gate.OPEN_NAMES,
        gate.READ_NAMES,
        gate.READ_RELEASED,
    )
    return Actor(name, "officer", agency, DISTRICT, frozenset(Ability(one, agency) for one in held))


LI = officer("officer:li")
WITNESS = officer("officer:zhou", READ, gate.WITNESS)
WANG = officer("officer:wang")
ITSELF = system("inspection")


def targets(count: int) -> list[Target]:
    """Synthetic targets in two districts and two grades."""
    return [
        Target(
            code=f"9132990000000{n:05d}",
            name=f"示例建设{n:03d}有限公司",
            district="329901" if n % 3 else "329902",
            grade="A" if n % 2 else "C",
        )
        for n in range(count)
    ]


def item(actor: Actor = LI, valid_from: date | None = None):
    """The item of the actor's agency; with ``valid_from`` its next version."""
    listed = InspectionItem.objects.filter(code="ZJ-001", agency=actor.agency).order_by("-version").first()
    if listed is not None and valid_from is None:
        return listed
    return services.publish_item(
        actor,
        code="ZJ-001",
        title="施工许可情况检查",
        basis="《建筑法》第七条",
        target_kind=TargetKind.ENTITY,
        valid_from=valid_from or date(2026, 1, 1),
        agency=actor.agency,
        district=DISTRICT,
    )


def roster(count: int = 40, actor: Actor = LI, **given):
    return services.freeze_roster(
        actor,
        item=given.pop("item", None) or item(actor),
        title="示例名录",
        agency=actor.agency,
        district=DISTRICT,
        targets=targets(count),
        selection={"说明": "示例"},
        **given,
    )


@act("inspection.plan_published")
def published_plan(actor: Actor, *, lines: list[dict], year: int = 2026, **given) -> Plan:
    """A published plan at once: how it comes to that, through its approval, is what ``test_plans`` is about."""
    owner = {"agency": actor.agency, "district": DISTRICT}
    head = {"kind": "special", "title": "示例专项检查", "ground": "示例"}
    whole_year = {"begins": date(year, 1, 1), "ends": date(year, 12, 31)}
    plan = Plan(year=year, **owner | head | whole_year | given)
    plan.stream = f"plan:{plan.id}"
    plan.save(force_insert=True)
    PlanLine.objects.bulk_create(
        PlanLine(plan=plan, number=number, **{"measure": "ratio", "ratio": [1, 10], "quota": 5} | line)
        for number, line in enumerate(lines, 1)
    )
    emit(
        **gate.scope_of(plan, "plan"),
        data={
            "plan": str(plan.id),
            "kind": plan.kind,
            "year": plan.year,
            "title": plan.title,
            "document": "示监〔2026〕2号",
            "lines": plan_lines.shown(plan),
        },
    )
    plan.refresh_from_db()
    return plan


# A helper of tests, no service: it is none of the acts that must have a scenario.
ACTS.pop(f"{__name__}.published_plan")


def plan_line(item: InspectionItem, year: int = 2026, actor: Actor = LI, **given) -> PlanLine:
    """The line of a published plan of the year that is for the item; made where there is none."""
    agency = given.get("agency", actor.agency)
    lines = PlanLine.objects.filter(plan__state=PlanState.PUBLISHED, plan__year=year, plan__agency=agency)
    found = lines.filter(item__code=item.code, item__agency=item.agency).first()
    return found or published_plan(actor, lines=[{"item": item}], year=year, **given).lines.get()


def stratum(name: str = "全部", **given) -> dict:
    return {"stratum": name, "method": "equal", "n": 5, "reserves": 3} | given


def source(moment: datetime, **given) -> dict:
    return {
        "label": label(moment),
        "describes": "示例信标第 1 轮",
        "not_before": moment,
        "encoding": "hex",
    } | given


def prepared(start: datetime = START, *, rows: int = 40, actor: Actor = LI, **given) -> Draw:
    """At ``start``; the source is announced for 12 hours later, the window ends 12 days later, or with the year."""
    begins = (start + timedelta(days=2)).date()
    with clock.fixed(start):
        listed = given.pop("roster", None) or roster(rows, actor)
        line = given.pop("plan_line", None) or plan_line(listed.item, begins.year, actor)
        return services.prepare_draw(
            actor,
            roster=listed,
            plan_line=line,
            title="三月示例抽查",
            window_from=given.pop("window_from", begins),
            window_to=min((start + timedelta(days=12)).date(), date(begins.year, 12, 31)),
            plan=given.pop("plan", [stratum()]),
            sources=given.pop("sources", [source(start + timedelta(hours=12))]),
            **given,
        )


def committed(start: datetime = START, *, seal: bool = True, **given) -> Draw:
    draw = prepared(start, **given)
    with clock.fixed(start + timedelta(hours=1)):
        draw = services.commit_draw(LI, draw.id, rev=draw.rev)
        if seal:
            sequencer.seal_all()
    return draw


def entered(start: datetime = START, **given) -> Draw:
    draw = committed(start, **given)
    with clock.fixed(start + timedelta(hours=13)):
        out = start + timedelta(hours=12)
        return services.enter_source(
            LI, draw.id, label=label(out), value=value(out), published_at=out, rev=draw.rev
        )


def confirmed(start: datetime = START, **given) -> Draw:
    draw = entered(start, **given)
    with clock.fixed(start + timedelta(hours=14)):
        out = start + timedelta(hours=12)
        return services.confirm_source(WITNESS, draw.id, label=label(out), value=value(out), rev=draw.rev)


def drawn(start: datetime = START, **given) -> Draw:
    draw = confirmed(start, **given)
    with clock.fixed(start + timedelta(hours=15)):
        return services.run_draw(WANG, draw.id, rev=draw.rev)


def published(start: datetime = START, **given) -> Draw:
    draw = drawn(start, **given)
    with clock.fixed(start + timedelta(hours=16)):
        return publish(draw)


def opened(start: datetime = START, **given) -> Draw:
    draw = published(start, **given)
    with clock.fixed(start + timedelta(days=14)):
        draw = services.open_names(LI, draw.id, rev=draw.rev)
        return publish(draw)


def publish(draw: Draw) -> Draw:
    """Seal what waits and publish the bundle."""
    sequencer.seal_all()
    draw.refresh_from_db()
    services.publish_bundle(LI, draw.id, rev=draw.rev)
    draw.refresh_from_db()
    return draw
