"""How services take a row in hand: locked, in the version that the caller saw; and the few checks they share."""

import uuid
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound, Refusal, Refused, Stale
from xiezhi.people.models import Agency
from xiezhi.record import acts

M = TypeVar("M", bound=models.Model)


def today() -> date:
    """The day of the running act in Asia/Shanghai."""
    return clock.day(acts.at())


def need(actor: Actor, ability: str, path: str) -> None:
    """``Denied`` unless the actor holds the ability for rows of agency ``path``."""
    if not actor.may(ability, path):
        raise Denied(ability, path)


def refuse(rule_id: str, message: str, remedy: str, *, article: str = "", **params: object) -> Refused:
    """The exception to raise; texts are Chinese source, marked for gettext where they are written."""
    return Refused(Refusal(rule_id, article, message, remedy, params))


def take(model: type[M], key: uuid.UUID | str, rev: int | None = None) -> M:
    """The row, locked until the act ends. With ``rev``: ``Stale`` if it moved on, else counted up."""
    try:
        row = model._default_manager.select_for_update().filter(pk=key).first()
    except (ValidationError, ValueError):
        row = None
    if row is None:
        raise NotFound(f"{model.__name__} {key}")
    hold(row, rev)
    return row


def hold(row: models.Model, rev: int | None) -> None:
    """Count the locked row's version up; ``Stale`` if it is not the one that the caller saw. None: nothing."""
    if rev is None:
        return
    stored = int(row.rev)  # type: ignore[attr-defined]
    if rev != stored:
        raise Stale(rev, stored)
    row.rev = stored + 1  # type: ignore[attr-defined]
    row.save(update_fields=["rev"])


def agency_at(path: str) -> Agency:
    """The agency or division at ``path``, locked, not dissolved."""
    agency = Agency.objects.select_for_update().filter(path=path).first()
    if agency is None:
        raise Invalid({"agency": [_("没有路径为 %(path)s 的机构。") % {"path": path}]})
    if agency.dissolved_on is not None and agency.dissolved_on <= today():
        raise Invalid({"agency": [_("%(name)s 已撤销。") % {"name": agency.name}]})
    return agency


def demand(**texts: str) -> None:
    """``Invalid`` naming every field whose text is blank."""
    empty = {field: [_("此项必填。")] for field, text in texts.items() if not text.strip()}
    if empty:
        raise Invalid(empty)


def demand_order(valid_from: date, valid_to: date | None) -> None:
    """``Invalid`` when the end lies before the beginning."""
    if valid_to is not None and valid_to < valid_from:
        raise Invalid({"valid_to": [_("止期早于起期。")]})
