"""How evenly officers are sent: figures of the committed table and of what the seed made of it. Counts, never names.

The first are in the event of the commitment, the second in that of the draw, so that a page reads two events and
nobody can set them later.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.draw.officers import MILLION, Edge, Team
from xiezhi.record import queries as record

from . import gate
from .models import Draw

BARRED = {
    "related": gettext_lazy("与对象有关联关系，应当回避"),
    "last time": gettext_lazy("上一次检查同一对象"),
}


@dataclass(frozen=True)
class Figure:
    """A row of the page: what it is, how much, and what that means."""

    name: Any
    value: str
    text: str


def of_table(
    table: Sequence[tuple[str, str, int]], able: Mapping[str, Sequence[str]], barred: Mapping[str, int]
) -> dict[str, int]:
    """Figures before the seed.

    table   (object, officer, millionths); ``able`` object → officers who may go there; ``barred`` as
            ``dispatch.Dispatch`` counts them (officers times objects)
    """
    reached = {target for target, _officer, _share in table}
    expected = Counter[str]()
    for _target, officer, share in table:
        expected[officer] += share
    least, most = widest(expected, able)
    return {
        "objects": len(able),
        "nobody": len(set(able) - reached),
        "forced": sum(share == MILLION for _target, _officer, share in table),
        "officers": len(expected),
        "least": least,
        "most": most,
        **{f"barred {name}": barred.get(name, 0) for name in BARRED},
    }


def widest(expected: Mapping[str, int], able: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """Least and most expected visits (millionths) among officers who may go to just the same objects.

    Of all such groups, the one where they lie furthest apart.
    """
    where: dict[str, set[str]] = {}
    for target, officers in able.items():
        for officer in officers:
            where.setdefault(officer, set()).add(target)
    groups: dict[frozenset[str], list[int]] = {}
    for officer, targets in where.items():
        groups.setdefault(frozenset(targets), []).append(expected.get(officer, 0))
    ranges = [(min(group), max(group)) for group in groups.values()]
    return max(ranges, key=lambda one: (one[1] - one[0], one[1]), default=(0, 0))


def of_teams(edges: Iterable[Edge], teams: Iterable[Team]) -> tuple[int, int] | None:
    """Fewest and most objects that an officer of the table was drawn for; None where no officers are sent."""
    loads = Counter({edge.officer: 0 for edge in edges})
    for team in teams:
        loads.update(team.officers)
    return (min(loads.values()), max(loads.values())) if loads else None


def figures(draw: Draw) -> list[Figure]:
    """What the pages of an officers' draw show; empty for a draw of objects, and before the commitment."""
    if draw.parent_id is None:
        return []
    before = _told(draw, "inspection.draw_committed").get("fairness")
    if not before:
        return []
    shown = _loads(_told(draw, "inspection.targets_drawn").get("loads"))
    shown += [
        Figure(
            _("机会的差距"),
            _("每人预期 %(least)s 至 %(most)s 个对象")
            % {"least": _number(before["least"]), "most": _number(before["most"])},
            _("可派对象完全相同的人员之间比较。承诺时就已固定，与抽出的结果无关。"),
        ),
        Figure(
            _("无可选择的派遣"),
            _("%(forced)s 人次") % {"forced": before["forced"]},
            _("合格人员恰好只够一组，抽不抽都是他们。"),
        ),
        Figure(
            _("无可随机"),
            _("%(nobody)s 个对象，共 %(objects)s 个") % before,
            _("合格人员不足一组，本次不派人；须另行安排，不以随机之名指定。"),
        ),
    ]
    for name, text in BARRED.items():
        count = before[f"barred {name}"]
        shown.append(
            Figure(_("未列入：%(why)s") % {"why": text}, _("%(count)s 人次") % {"count": count}, _WHY[name])
        )
    return shown


_WHY = {
    "related": gettext_lazy(
        "每人每个对象计一次；不公布是谁、是何关系。证件、技能不符和请假的人员不参加抽取，不计。"
    ),
    "last time": gettext_lazy("另有足够人员可派时，上次去过的人员不再去同一对象。"),
}


def _loads(loads: Sequence[int] | None) -> list[Figure]:
    if not loads:
        return []
    least, most = loads
    value = _("%(gap)s（最少 %(least)s 个，最多 %(most)s 个）") % {
        "gap": most - least,
        "least": least,
        "most": most,
    }
    return [Figure(_("任务量之差"), value, _("抽中次数最多与最少的人员相差多少个对象；人人可去各处时不超过 1。"))]


def _number(millionths: int) -> str:
    return f"{millionths / MILLION:.2f}"


def _told(draw: Draw, type_: str) -> Mapping[str, Any]:
    for event in gate.events_of(draw, type_):
        envelope = record.envelope(event.id)
        if envelope is not None:
            return envelope["data"]
    return {}
