"""Loading a year's holiday notice, and withdrawing one loaded in error. Both move dates, and say which."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.lawbase import notices, queries
from xiezhi.lawbase.models import Kind, LawItem, Origin
from xiezhi.lawbase.news import tell_of_change
from xiezhi.lawbase.rights import MANAGE, STREAM, demand, demand_loaded
from xiezhi.record.acts import act, at, emit


@act("lawbase.calendar_loaded")
def load_notice(actor: Actor, row: Mapping[str, Any]) -> LawItem:
    """Load a notice (a row as ``notices.parse`` gives it). It is 待核 until a jurist confirms it.

    A second notice on a year is a supplement to the first. Raises ``Denied``, and ``Invalid`` with every fault.
    """
    demand(actor, MANAGE, "")
    demand_loaded(Kind.NOTICE)
    before = queries.calendar()
    item = notices.check(row, before)
    item.id, item.origin = clock.new_id(), Origin.OFFICE
    item.loaded_by, item.loaded_at = actor.id, at()
    item.save(force_insert=True)
    tell_of_change(item, before, queries.calendar())
    return item


@act("lawbase.item_withdrawn", "lawbase.calendar_loaded")
def withdraw_notice(actor: Actor, item_id: uuid.UUID, *, reason: str) -> LawItem:
    """Withdraw a notice that the office loaded in error; the year's dates become what they were without it."""
    demand(actor, MANAGE, "")
    item = LawItem.objects.select_for_update().filter(pk=item_id, kind=Kind.NOTICE, withdrawn=False).first()
    if item is None:
        raise NotFound(f"notice {item_id}")
    if item.origin != Origin.OFFICE:
        raise Invalid({"": [_("随版本发布的通知不能撤销；有误时请载入补充通知。")]})
    if not reason.strip():
        raise Invalid({"reason": [_("请写明撤销理由。")]})
    before = queries.calendar()
    data = {"item": str(item.pk), "kind": item.kind, "code": item.code, "reason": reason.strip()}
    emit("lawbase.item_withdrawn", stream=STREAM, subject=f"law:{item.pk}", data=data)
    tell_of_change(item, before, queries.calendar())
    item.refresh_from_db()
    return item
