"""Entering and correcting: every change is a new version with the day from which it holds."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound, Stale
from xiezhi.core.law.rows import BadRow
from xiezhi.lawbase import kinds
from xiezhi.lawbase.models import Kind, LawItem, Origin
from xiezhi.lawbase.rights import LOCAL_KINDS, MANAGE, STREAM, demand, demand_loaded
from xiezhi.record.acts import act, at, emit


@act("lawbase.figure_corrected")
def correct_item(
    actor: Actor, item_id: uuid.UUID, *, payload: Mapping[str, Any], valid_from: date, reason: str
) -> LawItem:
    """Let another text hold from ``valid_from`` on; what is running keeps the version it began with.

    Its 待核 marks are those of the new payload: a correction is confirmed by its own act. Raises ``NotFound``,
    ``Denied``, ``Stale`` (``item_id`` is no longer the current version), ``Invalid``.
    """
    old = LawItem.objects.select_for_update().filter(pk=item_id).first()
    if old is None:
        raise NotFound(f"law item {item_id}")
    demand(actor, MANAGE, old.scope)
    newest = LawItem.objects.filter(kind=old.kind, code=old.code, scope=old.scope).order_by("-version").first()
    if old.valid_to is not None or old.withdrawn:
        raise Stale(old.version, newest.version if newest else old.version)
    if old.kind == Kind.NOTICE:
        raise Invalid({"": [_("放假通知不作更正：请撤销后重新载入，或载入补充通知。")]})
    fresh = _read(old.kind, payload, old.scope)
    if fresh.code != old.code:
        raise Invalid({"payload": [_("更正不得改变编号 %(code)s。") % {"code": old.code}]})
    if fresh.digest == old.digest:
        raise Invalid({"payload": [_("内容与现行版本相同，无需更正。")]})
    if old.valid_from is not None and valid_from <= old.valid_from:
        raise Invalid({"valid_from": [_("生效日期应晚于现行版本的生效日期 %(day)s。") % {"day": old.valid_from}]})
    fresh.version = (newest.version if newest else old.version) + 1
    return _enter(actor, "lawbase.figure_corrected", fresh, valid_from, reason, superseded=old)


@act("lawbase.item_added")
def add_item(
    actor: Actor, *, kind: str, payload: Mapping[str, Any], scope: str, valid_from: date, reason: str
) -> LawItem:
    """Enter a row that is not there yet for this scope; ``Invalid`` where it is (then it is corrected)."""
    return _add(actor, kind, payload, scope, valid_from, reason)


@act("lawbase.item_added")
def set_figure(
    actor: Actor,
    *,
    key: str,
    name: str,
    value: int | str | None,
    unit: str,
    article: str,
    scope: str,
    valid_from: date,
    reason: str,
) -> LawItem:
    """Enter a figure for a division or an agency, e.g. a city's own threshold; it is 待核 until confirmed."""
    payload = {
        "key": key,
        "name": name,
        "value": value,
        "unit": unit,
        "article": article,
        "verified": False,
        "source": "OFFICE",
        "note": None,
    }
    return _add(actor, Kind.FIGURE, payload, scope, valid_from, reason)


def _add(
    actor: Actor, kind: str, payload: Mapping[str, Any], scope: str, valid_from: date, reason: str
) -> LawItem:
    if kind not in Kind.values or kind == Kind.NOTICE:
        raise Invalid({"kind": [_("此类内容不能在此增加。")]})
    if not (scope == "" or (scope.isascii() and scope.isdigit() and len(scope) in (2, 4, 6)) or _is_path(scope)):
        raise Invalid({"scope": [_("适用范围应为空、2/4/6 位行政区划代码或机构路径。")]})
    if scope and kind not in LOCAL_KINDS:
        raise Invalid({"scope": [_("只有数值可以为某地或某机构另设；此类内容全系统只有一个版本。")]})
    demand(actor, MANAGE, scope)
    demand_loaded(kind)
    fresh = _read(kind, payload, scope)
    same = LawItem.objects.filter(kind=kind, code=fresh.code, scope=scope)
    if same.filter(valid_to=None, withdrawn=False).exists():
        raise Invalid({"payload": [_("该范围内已有 %(code)s，请作更正。") % {"code": fresh.code}]})
    newest = same.order_by("-version").first()
    fresh.version = newest.version + 1 if newest else 1
    return _enter(actor, "lawbase.item_added", fresh, valid_from, reason)


def _is_path(scope: str) -> bool:
    return scope.startswith("/") and scope.endswith("/") and "//" not in scope


def _read(kind: str, payload: Mapping[str, Any], scope: str) -> LawItem:
    try:
        return kinds.make(kind, payload, scope=scope, origin=Origin.OFFICE)
    except (BadRow, KeyError, TypeError) as error:
        raise Invalid({"payload": [str(error)]}) from error


def _enter(
    actor: Actor, type_: str, fresh: LawItem, valid_from: date, reason: str, superseded: LawItem | None = None
) -> LawItem:
    """The event first: its projection ends the old version, and only one of a row may be current."""
    if not reason.strip():
        raise Invalid({"reason": [_("请写明理由。")]})
    fresh.id, fresh.valid_from = clock.new_id(), valid_from
    fresh.loaded_by, fresh.loaded_at = actor.id, at()
    emit(
        type_,
        stream=STREAM,
        subject=f"law:{fresh.id}",
        data={
            "item": str(fresh.id),
            "superseded": str(superseded.pk) if superseded else "",
            "kind": fresh.kind,
            "code": fresh.code,
            "scope": fresh.scope,
            "version": fresh.version,
            "payload": kinds.text(fresh.payload),
            "valid_from": valid_from.isoformat(),
            "reason": reason,
        },
    )
    fresh.save(force_insert=True)
    return fresh
