"""A jurist's word on what is 待核, and taking it back."""

import re
import uuid
from datetime import date

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound, Stale
from xiezhi.lawbase.models import Confirmation, LawItem
from xiezhi.lawbase.rights import CONFIRM, STREAM, demand, demand_second_person
from xiezhi.record.acts import act, at, emit

ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


@act("lawbase.figure_confirmed")
def confirm_item(
    actor: Actor, item_id: uuid.UUID, *, citation: str, source_text: str, consulted_on: date, remark: str = ""
) -> Confirmation:
    """Confirm that a 待核 version agrees with the text that is cited.

    The citation names the text so that it is found in any library (name, number, article), not an address that
    may vanish. Raises ``NotFound``, ``Denied``, ``Stale`` (not the current version), ``Invalid``, ``Refused`` to who
    entered this very version: nobody confirms his own hand.
    """
    item = LawItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise NotFound(f"law item {item_id}")
    demand(actor, CONFIRM, item.scope)
    _hold_current(item)
    demand_second_person(actor, item)
    _hold(item, citation, source_text, consulted_on)
    confirmation = Confirmation(
        item=item,
        citation=citation.strip(),
        source_text=source_text.strip(),
        consulted_on=consulted_on,
        remark=remark.strip(),
        confirmed_by=actor.id,
        confirmed_at=at(),
    )
    confirmation.save(force_insert=True)
    emit(
        stream=STREAM,
        subject=f"law:{item.pk}",
        data={
            "confirmation": str(confirmation.pk),
            "item": str(item.pk),
            "kind": item.kind,
            "code": item.code,
            "scope": item.scope,
            "version": item.version,
            "digest": item.digest,
            "citation": confirmation.citation,
            "source_text": confirmation.source_text,
            "consulted_on": consulted_on.isoformat(),
            "remark": confirmation.remark,
        },
    )
    return confirmation


@act("lawbase.confirmation_withdrawn")
def withdraw_confirmation(actor: Actor, confirmation_id: uuid.UUID, *, reason: str) -> Confirmation:
    """Take a confirmation back: the version is 待核 again. Raises ``NotFound``, ``Denied``, ``Invalid``."""
    found = Confirmation.objects.select_for_update().filter(pk=confirmation_id).first()
    if found is None:
        raise NotFound(f"confirmation {confirmation_id}")
    demand(actor, CONFIRM, found.item.scope)
    if found.withdrawn_at is not None:
        raise Invalid({"": [_("该核定已经撤回。")]})
    if not reason.strip():
        raise Invalid({"reason": [_("请写明撤回理由。")]})
    found.withdrawn_by, found.withdrawn_at, found.withdrawal_reason = actor.id, at(), reason.strip()
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    emit(
        stream=STREAM,
        subject=f"law:{found.item_id}",
        data={"confirmation": str(found.pk), "item": str(found.item_id), "reason": reason.strip()},
    )
    return found


def _hold_current(item: LawItem) -> None:
    if item.valid_to is not None or item.withdrawn:
        newest = LawItem.objects.filter(kind=item.kind, code=item.code, scope=item.scope).order_by("-version")
        raise Stale(item.version, newest[0].version)


def _hold(item: LawItem, citation: str, source_text: str, consulted_on: date) -> None:
    faults: dict[str, list[str]] = {}
    if not item.doubtful:
        faults[""] = [_("该内容不是待核状态，无需核定。")]
    if not citation.strip():
        faults["citation"] = [_("请写明所核对的文件名称、文号和条款。")]
    elif ADDRESS.search(citation):
        faults["citation"] = [_("请写文件名称、文号和条款，不写网址：网址会失效。")]
    if not source_text.strip():
        faults["source_text"] = [_("请摘录原文中的有关文字。")]
    if consulted_on > clock.day(at()):
        faults["consulted_on"] = [_("核对日期不能晚于今天。")]
    if faults:
        raise Invalid(faults)
