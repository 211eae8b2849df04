"""State is a projection: the columns that events determine, written with them and rebuilt by ``record replay``.

An app declares in ``projections.py`` which event types set which columns of which model:

    project("people.letter_revoked", Letter, key=lambda d: d["letter"], set=lambda e: {"state": "revoked"})

``emit`` applies them in the act's own transaction, so a service never writes a projected column by hand; replay
folds the same table over the record and names every row that differs (``replaying``).
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import models

NO_ROW = "(no row)"
Envelope = Mapping[str, Any]


@dataclass(frozen=True)
class Projection:
    """``key`` finds the row (from the event's data), ``set`` gives its columns (from the whole event)."""

    type: str
    model: type[models.Model]
    key: Callable[[Mapping[str, Any]], str | uuid.UUID | None]
    set: Callable[[Envelope], dict[str, Any]]


PROJECTIONS: dict[str, list[Projection]] = {}


def project(
    type_: str,
    model: type[models.Model],
    *,
    key: Callable[[Mapping[str, Any]], str | uuid.UUID | None],
    set: Callable[[Envelope], dict[str, Any]],
) -> None:
    """Declare that events of ``type_`` set columns of ``model``."""
    PROJECTIONS.setdefault(type_, []).append(Projection(type_, model, key, set))


def apply(type_: str, envelope: Envelope) -> None:
    """Write what the event determines; a projected row that does not exist is a bug in the service."""
    for projection in PROJECTIONS.get(type_, ()):
        pk = projection.key(envelope["data"])
        if pk is None:
            continue
        changed = projection.model._default_manager.filter(pk=pk).update(**projection.set(envelope))
        if changed != 1:
            raise LookupError(f"{type_} projects on {projection.model.__name__} {pk}, which is not there")


State: TypeAlias = dict[tuple[type[models.Model], str], dict[str, Any]]


@dataclass(frozen=True)
class Difference:
    """A stored column that the record does not lead to; ``model`` is its label (``"people.Account"``)."""

    model: str
    key: str
    column: str
    stored: object
    replayed: object


def fold(state: State, envelope: Envelope) -> None:
    """Take one event into ``state``: what its projections set, over what earlier events had set."""
    for projection in PROJECTIONS.get(envelope["type"], ()):
        pk = projection.key(envelope["data"])
        if pk is not None:
            state.setdefault((projection.model, str(pk)), {}).update(projection.set(envelope))


def compare(model: type[models.Model], pk: str, columns: Mapping[str, Any]) -> Iterator[Difference]:
    """What the stored row has otherwise than ``columns``."""
    row = model._default_manager.filter(pk=pk).values(*columns).first()
    for column, value in columns.items():
        if row is None:
            yield Difference(model._meta.label, pk, column, NO_ROW, value)
        elif _plain(model, column, row[column]) != _plain(model, column, value):
            yield Difference(model._meta.label, pk, column, row[column], value)


def replay(envelopes: Iterator[Envelope]) -> Iterator[Difference]:
    """Fold these events (in order of record) and yield every projected column that differs from the stored one."""
    state: State = {}
    for envelope in envelopes:
        fold(state, envelope)
    for (model, pk), columns in state.items():
        yield from compare(model, pk, columns)


def _plain(model: type[models.Model], column: str, value: Any) -> Any:
    return model._meta.get_field(column).to_python(value)
