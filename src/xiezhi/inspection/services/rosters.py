"""Items and target rosters: what may be inspected, and a frozen snapshot of who may be."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.inspection import gate, reckoning
from xiezhi.inspection.codes import Strata, TargetKind
from xiezhi.inspection.models import InspectionItem, RosterEntry, TargetRoster
from xiezhi.inspection.targets import Target, merge_small, stratum_of
from xiezhi.record.acts import act, at, emit

BATCH = 2000


@act("inspection.item_published")
def publish_item(
    actor: Actor,
    *,
    code: str,
    title: str,
    basis: str,
    target_kind: str,
    valid_from: date,
    agency: str,
    district: str,
    valid_to: date | None = None,
) -> InspectionItem:
    """Publish an item, or the next version of the item with this code. :class:`Invalid` by field."""
    gate.allowed(actor, agency, gate.PLAN)
    _demand_texts(code=code, title=title, basis=basis)
    if target_kind not in TargetKind.values:
        raise Invalid({"target_kind": [_("请选择检查对象的种类。")]})
    if valid_to is not None and valid_to < valid_from:
        raise Invalid({"valid_to": [_("失效日期不能早于生效日期。")]})
    versions = InspectionItem.objects.select_for_update().filter(code=code, agency=agency, district=district)
    latest = versions.order_by("-version").first()
    item = InspectionItem.objects.create(
        code=code,
        version=latest.version + 1 if latest else 1,
        title=title,
        basis=basis,
        target_kind=target_kind,
        valid_from=valid_from,
        valid_to=valid_to,
        agency=agency,
        district=district,
    )
    emit(
        stream=f"item:{agency}{code}"[:120],
        subject=f"item:{item.id}",
        data={"item": str(item.id), "code": code, "version": item.version, "title": title, "basis": basis},
        agency=agency,
        district=district,
    )
    return item


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
    """
    gate.allowed(actor, agency, gate.PLAN)
    _demand_texts(title=title)
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
        private={"digest": digest.hex()},
        agency=agency,
        district=district,
    )
    roster.refresh_from_db()
    return roster


def _distinct(targets: Iterable[Target]) -> list[Target]:
    listed = sorted(targets, key=lambda target: target.code)
    if not listed:
        raise Invalid({"targets": [_("没有符合条件的检查对象，名录不能为空。")]})
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


def _demand_texts(**texts: str) -> None:
    empty = {name: [_("不能为空，也不能含控制字符。")] for name, text in texts.items() if not _is_text(text)}
    if empty:
        raise Invalid(empty)


def _is_text(text: str) -> bool:
    return rules_of_draw.is_plain(text.replace("\n", "")) if text else False
