"""Keyset paging: stable while rows come and go, both directions, an opaque signed cursor.

Order is a tuple of field paths, ``"-"`` for descending; the primary key is added as the last one. Empty values of
a nullable field come last in both directions; that order no index has, so ``filled`` names the paths of which no row
at hand is empty. A cursor that was tampered with, or belongs to another order, is
``BadCursor``: an empty or a first page would pass for an answer.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.fields import IntegerField
from django.utils.translation import gettext as _

from xiezhi.core.errors import Invalid

SALT = "xiezhi.keyset"
WORDS: dict[str, Any] = {"d": date.fromisoformat, "t": datetime.fromisoformat, "n": Decimal, "u": uuid.UUID}


class BadCursor(Invalid):
    """The place in the list can't be read: 422 by the API; pages show the first page and say so."""

    def __init__(self) -> None:
        super().__init__({"after": [_("翻页位置无效或已过期，请从第一页重新开始。")]})


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


def page_or_first(
    rows: QuerySet[Any], order: Sequence[str], size: int, params: Mapping[str, str], filled: Collection[str] = ()
) -> tuple[Page, str]:
    """The page at ``params``' ``before`` or ``after``, for people: the first one, and why, where they are unusable."""
    after, before = params.get("after", ""), params.get("before", "")
    try:
        return page(rows, order, size, after=after, before=before, filled=filled), ""
    except BadCursor as error:
        return page(rows, order, size, filled=filled), error.fields["after"][0]


def page(
    rows: QuerySet[Any],
    order: Sequence[str],
    size: int,
    *,
    after: str = "",
    before: str = "",
    filled: Collection[str] = (),
) -> Page:
    """One page of ``rows``. ``before`` wins over ``after``; ``BadCursor``.

    filled   nullable paths of ``order`` that the database itself keeps from being empty in these rows
    """
    keys, rows = _keys(rows, order, filled)
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


def _keys(rows: QuerySet[Any], order: Sequence[str], filled: Collection[str]) -> tuple[list[Key], QuerySet[Any]]:
    keys: list[Key] = []
    annotations: dict[str, Any] = {}
    for place, term in enumerate([*order, "pk"]):
        path = term.lstrip("-")
        name = f"_key{place}"
        annotations[name] = F(path)
        if path not in filled and _nullable(rows.model, path):
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
    if not cursor:
        return None
    try:
        given, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise BadCursor from None
    if given != scope or len(values) != len(keys):
        raise BadCursor
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
