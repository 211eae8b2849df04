"""Draws for the demonstration house: one whose names are opened, one that waits for its source.

Everything goes through the services on a clock set back, and is sealed: the bundle verifies like any other.
"""

import hashlib
from datetime import datetime, timedelta

from django.utils import timezone

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.inspection import services
from xiezhi.inspection.codes import TargetKind
from xiezhi.inspection.models import Draw, InspectionItem, TargetRoster
from xiezhi.inspection.targets import WHOLE, Selection, from_registry
from xiezhi.record import sequencer

WINDOW, DELAY = timedelta(days=10), timedelta(hours=12)
ITEMS = (
    ("YS-001", "建设工程施工许可情况检查（示例）", "《中华人民共和国建筑法》第七条"),
    ("YS-002", "建设工程质量责任落实情况检查（示例）", "《建设工程质量管理条例》第四条"),
)


def load_draws(organiser: Actor, witness: Actor, *, agency: str, district: str, start: datetime) -> list[Draw]:
    """Walk two draws for ``agency``, the first beginning at ``start`` (aware, at least 14 days ago).

    The registry must hold entities of the agency; the two actors must be two people with the abilities of a draw.
    """
    with clock.fixed(start):
        items = [_item(organiser, *row, agency=agency, district=district, start=start) for row in ITEMS]
        rosters = [_roster(organiser, item, agency=agency, district=district) for item in items]
    first = _opened(organiser, witness, rosters[0], start)
    second = _committed(organiser, rosters[1], clock.now())
    return [first, second]


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


def _committed(actor: Actor, roster: TargetRoster, start: datetime) -> Draw:
    with clock.fixed(start):
        draw = services.prepare_draw(
            actor,
            roster=roster,
            title="示例抽查",
            window_from=clock.day(start + timedelta(days=2)),
            window_to=clock.day(start + WINDOW),
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


def _opened(organiser: Actor, witness: Actor, roster: TargetRoster, start: datetime) -> Draw:
    draw = _committed(organiser, roster, start)
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
