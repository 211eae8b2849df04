"""Draws for the demonstration house: one whose names are opened, one that waits for its source.

Everything goes through the services on a clock set back, and is sealed: the bundle verifies like any other.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeAlias

from django.utils import timezone

from xiezhi import clock
from xiezhi.command.demo.planning import published_plan, within_year
from xiezhi.core.actor import Actor
from xiezhi.inspection import services
from xiezhi.inspection.codes import TargetKind
from xiezhi.inspection.models import Draw, InspectionItem, PlanLine, TargetRoster
from xiezhi.inspection.targets import WHOLE, Selection, from_registry
from xiezhi.record import sequencer

WINDOW, DELAY = timedelta(days=10), timedelta(hours=12)
ITEMS = (
    ("YS-001", "建设工程施工许可情况检查（示例）", "《中华人民共和国建筑法》第七条"),
    ("YS-002", "建设工程质量责任落实情况检查（示例）", "《建设工程质量管理条例》第四条"),
)


def load_draws(
    organiser: Actor, witness: Actor, signers: Mapping[str, Actor], *, agency: str, district: str, start: datetime
) -> list[Draw]:
    """Walk two draws for ``agency``, the first beginning at ``start`` (aware, at least 14 days ago).

    The registry must hold entities of the agency; the two actors must be two people with the abilities of a draw;
    ``signers`` are those who approve its plan, by role.
    """
    given = {"agency": agency, "district": district}
    with clock.fixed(start):
        items = [_item(organiser, *row, **given, start=start) for row in ITEMS]
        rosters = [_roster(organiser, item, **given) for item in items]
        years = sorted({_first_day(moment).year for moment in (start, clock.now())})
        lines = {year: _lines(organiser, signers, items, year, **given) for year in years}
    first = _opened(organiser, witness, rosters[0], lines, start)
    second = _committed(organiser, rosters[1], lines, clock.now())
    return [first, second]


def _first_day(start: datetime) -> date:
    return clock.day(start + timedelta(days=2))


def _lines(
    organiser: Actor, signers: Mapping[str, Actor], items: list[InspectionItem], year: int, **given: str
) -> dict[str, PlanLine]:
    """Code of the item → its line in the year's published plan."""
    title, document = f"{year} 年度抽查计划（示例）", f"示监〔{year}〕1号"
    plan = published_plan(organiser, signers, items=items, year=year, title=title, document=document, **given)
    return {line.item.code: line for line in plan.lines.select_related("item")}


def _item(
    actor: Actor, code: str, title: str, basis: str, *, agency: str, district: str, start: datetime
) -> InspectionItem:
    return services.publish_item(
        actor,
        code=code,
        title=title,
        basis=basis,
        target_kind=TargetKind.ENTITY,
        valid_from=clock.day(start),
        agency=agency,
        district=district,
    )


def _roster(actor: Actor, item: InspectionItem, *, agency: str, district: str) -> TargetRoster:
    chosen = Selection(agency=agency)
    return services.freeze_roster(
        actor,
        item=item,
        title=f"{item.title}名录",
        agency=agency,
        district=district,
        targets=from_registry(actor, chosen),
        selection=chosen.as_shown(),
    )


Lines: TypeAlias = Mapping[int, Mapping[str, PlanLine]]  # year → code of the item


def _committed(actor: Actor, roster: TargetRoster, lines: Lines, start: datetime) -> Draw:
    begins = _first_day(start)
    with clock.fixed(start):
        draw = services.prepare_draw(
            actor,
            roster=roster,
            plan_line=lines[begins.year][roster.item.code],
            title="示例抽查",
            window_from=begins,
            window_to=within_year(begins, clock.day(start + WINDOW)),
            plan=[{"stratum": WHOLE, "method": "equal", "ratio": [1, 10], "reserves": 5}],
            sources=[
                {
                    "label": _label(start + DELAY),
                    "describes": "示例信标，仅供演示；真实抽取请公告公开的随机源",
                    "not_before": start + DELAY,
                    "encoding": "hex",
                }
            ],
        )
        draw = services.commit_draw(actor, draw.id, rev=draw.rev)
        sequencer.seal_all()
    return draw


def _opened(organiser: Actor, witness: Actor, roster: TargetRoster, lines: Lines, start: datetime) -> Draw:
    draw = _committed(organiser, roster, lines, start)
    published = start + DELAY
    label = _label(published)
    value = hashlib.sha256(f"示例信标 {published:%Y-%m-%d}".encode()).hexdigest()
    with clock.fixed(published + timedelta(minutes=5)):
        draw = services.enter_source(
            organiser, draw.id, label=label, value=value, published_at=published, rev=draw.rev
        )
    with clock.fixed(published + timedelta(minutes=8)):
        draw = services.confirm_source(witness, draw.id, label=label, value=value, rev=draw.rev)
    with clock.fixed(published + timedelta(minutes=15)):
        draw = services.run_draw(organiser, draw.id, rev=draw.rev)
        _publish(organiser, draw)
    with clock.fixed(start + WINDOW + timedelta(days=2)):
        draw = services.open_names(organiser, draw.id, rev=draw.rev)
        _publish(organiser, draw)
    return draw


def _label(published: datetime) -> str:
    return f"示例信标第{timezone.localtime(published):%Y%m%d}期"


def _publish(actor: Actor, draw: Draw) -> None:
    sequencer.seal_all()
    services.publish_bundle(actor, draw.id, rev=draw.rev)
    draw.refresh_from_db()
