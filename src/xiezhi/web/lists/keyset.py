"""Keyset paging: stable while rows come and go, both directions, an opaque signed cursor.

Order is a tuple of field paths, ``"-"`` for descending; the primary key is added as the last one. Empty values of
a nullable field come last in both directions. A cursor that was tampered with, or belongs to another order, gives
the first page.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.fields import IntegerField

SALT = "xiezhi.keyset"
WORDS: dict[str, Any] = {"d": date.fromisoformat, "t": datetime.fromisoformat, "n": Decimal, "u": uuid.UUID}


@dataclass(frozen=True)
class Key:
    """One part of the order: the annotated ``name`` and its direction."""

    name: str
    descending: bool
    nullable: bool = False


@dataclass(frozen=True)
class Page:
    """Rows of one page; a cursor is empty where there is nothing further."""

    rows: list[Any]
    before: str
    after: str


def page(rows: QuerySet[Any], order: Sequence[str], size: int, *, after: str = "", before: str = "") -> Page:
    """One page of ``rows``. ``before`` wins over ``after``; unusable cursors give the first page."""
    keys, rows = _keys(rows, order)
    scope = ",".join(order)
    backwards = _read(before, scope, keys)
    forwards = None if backwards else _read(after, scope, keys)
    if backwards:
        rows = rows.filter(_beyond(keys, backwards, reverse=True))
    elif forwards:
        rows = rows.filter(_beyond(keys, forwards, reverse=False))
    found = list(rows.order_by(*_order_by(keys, reverse=bool(backwards)))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    has_before = more if backwards else bool(forwards)
    has_after = True if backwards else more
    return Page(
        found,
        _write(found[0], scope, keys) if has_before else "",
        _write(found[-1], scope, keys) if has_after else "",
    )


def _keys(rows: QuerySet[Any], order: Sequence[str]) -> tuple[list[Key], QuerySet[Any]]:
    keys: list[Key] = []
    annotations: dict[str, Any] = {}
    for place, term in enumerate([*order, "pk"]):
        path = term.lstrip("-")
        name = f"_key{place}"
        annotations[name] = F(path)
        if _nullable(rows.model, path):
            empty = f"_none{place}"
            annotations[empty] = Case(
                When(**{f"{path}__isnull": True}, then=Value(1)), default=Value(0), output_field=IntegerField()
            )
            keys.append(Key(empty, False))
            keys.append(Key(name, term.startswith("-"), nullable=True))
        else:
            keys.append(Key(name, term.startswith("-")))
    return keys, rows.annotate(**annotations)


def _nullable(model: Any, path: str) -> bool:
    for part in path.split("__"):
        if part == "pk":
            return False
        field = model._meta.get_field(part)
        if getattr(field, "null", False):
            return True
        model = field.related_model
    return False


def _order_by(keys: Sequence[Key], *, reverse: bool) -> list[Any]:
    return [F(k.name).desc() if k.descending != reverse else F(k.name).asc() for k in keys]


def _beyond(keys: Sequence[Key], values: Sequence[Any], *, reverse: bool) -> Q:
    """Rows strictly beyond ``values``: (a > x) or (a = x and b > y) or …"""
    found = Q(pk__in=[])
    equal = Q()
    for key, value in zip(keys, values, strict=True):
        lookup = "lt" if key.descending != reverse else "gt"
        if value is None:
            equal &= Q(**{f"{key.name}__isnull": True})
            continue
        found |= equal & Q(**{f"{key.name}__{lookup}": value})
        equal &= Q(**{key.name: value})
    first = keys[0]
    if not first.nullable and values[0] is not None:
        # Says again what the alternatives imply, so that an index on the first key can be used.
        bound = "lte" if first.descending != reverse else "gte"
        found &= Q(**{f"{first.name}__{bound}": values[0]})
    return found


def _write(row: Any, scope: str, keys: Sequence[Key]) -> str:
    values = [_plain(getattr(row, key.name)) for key in keys]
    return signing.dumps([scope, values], salt=SALT, compress=True)


def _read(cursor: str, scope: str, keys: Sequence[Key]) -> list[Any] | None:
    if not cursor or len(cursor) > 2000:
        return None
    try:
        given, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    if given != scope or len(values) != len(keys):
        return None
    return [WORDS[kind](value) if kind else value for kind, value in values]


def _plain(value: Any) -> tuple[str, Any]:
    match value:
        case datetime():
            return "t", value.isoformat()
        case date():
            return "d", value.isoformat()
        case Decimal():
            return "n", str(value)
        case uuid.UUID():
            return "u", str(value)
    return "", value
