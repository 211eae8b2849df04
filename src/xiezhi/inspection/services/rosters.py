"""Target rosters: a frozen snapshot of who may be inspected."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock
from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.inspection import gate, guards, item_guards, reckoning, texts
from xiezhi.inspection.codes import Strata
from xiezhi.inspection.models import InspectionItem, RosterEntry, TargetRoster
from xiezhi.inspection.targets import SMALLEST_STRATUM, Target, merge_small, stratum_of
from xiezhi.record.acts import act, at, emit

BATCH = 2000
# Of a selection: kept in the record beside the digest, for leaving somebody out by name is a decision.
LEFT_OUT = ("left_out", "why")


_FEW = gettext_lazy(
    "名录只有 %(size)s 个对象，不足 %(least)s 个：抽取等于指定，密封编号也掩护不了名称。请放宽范围；"
    "确需检查个别对象的，请另立专项检查、重点监管，或者申请触发式检查。"
)


@act("inspection.roster_frozen")
def freeze_roster(
    actor: Actor,
    *,
    item: InspectionItem,
    title: str,
    agency: str,
    district: str,
    targets: Iterable[Target],
    selection: Mapping[str, object],
    strata: str = Strata.ALL,
    weights: Mapping[str, int] | None = None,
) -> TargetRoster:
    """Freeze who may be inspected now.

    targets     from the registry (``targets.from_registry``) or another list of the agency's own
    selection   how they were chosen, for people
    weights     weight by grade; 1 where none is given; 0 keeps a grade out of weighted draws
    Strata of fewer than ``targets.SMALLEST_STRATUM`` objects are put together: small ones hide nobody.
    :raises Refused: the item is not in force today, or of another body's list
    """
    gate.allowed(actor, agency, gate.PLAN)
    guards.demand(item_guards.item_in_force(item, agency, clock.day(at())))
    texts.demand(title=title)
    listed = _distinct(targets)
    if strata not in Strata.values:
        raise Invalid({"strata": [_("请选择分层方式。")]})
    if any(weight < 0 for weight in (weights or {}).values()):
        raise Invalid({"weights": [_("权重须为不小于零的整数。")]})
    by_target, merged = merge_small([stratum_of(target, strata) for target in listed])
    roster = TargetRoster.objects.create(
        item=item, title=title, selection=dict(selection), strata=strata, agency=agency, district=district
    )
    digest = _Digest()
    rows = (
        digest.taken(
            RosterEntry(
                roster=roster,
                target=target.target,
                code=target.code,
                name=target.name,
                grade=target.grade,
                stratum=stratum,
                weight=(weights or {}).get(target.grade, 1),
            )
        )
        for target, stratum in zip(listed, by_target, strict=True)
    )
    # In batches of our own: bulk_create would hold the rows of a whole roster.
    while batch := list(islice(rows, BATCH)):
        RosterEntry.objects.bulk_create(batch)
    frozen_at = reckoning.whole_second(at())
    emit(
        stream=f"roster:{roster.id}",
        subject=f"roster:{roster.id}",
        data={
            "roster": str(roster.id),
            "item": str(item.id),
            "size": len(listed),
            "strata": sorted(Counter(by_target).items()),
            "merged": merged,
            "frozen_at": rules_of_draw.stamp(frozen_at),
        },
        private={"digest": digest.hex()} | {name: selection[name] for name in LEFT_OUT if name in selection},
        agency=agency,
        district=district,
    )
    roster.refresh_from_db()
    return roster


def _distinct(targets: Iterable[Target]) -> list[Target]:
    listed = sorted(targets, key=lambda target: target.code)
    if not listed:
        raise Invalid({"targets": [_("没有符合条件的检查对象，名录不能为空。")]})
    if len(listed) < SMALLEST_STRATUM:
        told = {"size": len(listed), "least": SMALLEST_STRATUM}
        raise Invalid({"targets": [_FEW % told]})
    twice = [code for code, count in Counter(target.code for target in listed).items() if count > 1]
    if twice:
        raise Invalid({"targets": [_("代码重复：%(codes)s。") % {"codes": "、".join(twice[:10])}]})
    odd = [target.code for target in listed if not rules_of_draw.is_plain(target.code)]
    if odd:
        raise Invalid(
            {"targets": [_("代码为空或含控制字符：%(codes)s。") % {"codes": "、".join(map(repr, odd[:10]))}]}
        )
    return listed


class _Digest:
    """SHA-256 over the canonical list of the entries, taken one by one."""

    def __init__(self) -> None:
        self._running = hashlib.sha256(b"[")
        self._before = b""

    def taken(self, row: RosterEntry) -> RosterEntry:
        listed = [row.code, row.name, row.grade, row.stratum, row.weight]
        self._running.update(self._before + canonical.encode(listed))
        self._before = b","
        return row

    def hex(self) -> str:
        whole = self._running.copy()
        whole.update(b"]")
        return whole.hexdigest()
