"""State is a projection: the columns that events determine, written with them and rebuilt by ``record replay``.

An app declares in ``projections.py`` which event types set which columns of which model:

    project("people.letter_revoked", Letter, key=lambda d: d["letter"], set=lambda e: {"state": "revoked"})

``emit`` applies them in the act's own transaction, so a service never writes a projected column by hand; replay
folds the same table over the record and names every row that differs (``replaying``). What no single event's data
says of a row (that a set of rows is the one drawn) is a *check*: a function that yields what is wrong in those rows.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from django.db import models

NO_ROW = "(no row)"
NONE: Mapping[str, str] = MappingProxyType({})
Envelope = Mapping[str, Any]


@dataclass(frozen=True)
class Projection:
    """``key`` finds the row (from the event's data), ``set`` gives its columns (from the whole event).

    ``private``: further columns, each with its field of the event's private part; nobody can tell them of an event
    whose private part was erased.
    """

    type: str
    model: type[models.Model]
    key: Callable[[Mapping[str, Any]], str | uuid.UUID | None]
    set: Callable[[Envelope], dict[str, Any]]
    private: Mapping[str, str]

    def columns(self, envelope: Envelope, part: Mapping[str, Any] | None) -> dict[str, Any]:
        """What the event sets; ``part`` is its private part."""
        told = {} if part is None else {column: part[name] for column, name in self.private.items()}
        return self.set(envelope) | told


PROJECTIONS: dict[str, list[Projection]] = {}


def project(
    type_: str,
    model: type[models.Model],
    *,
    key: Callable[[Mapping[str, Any]], str | uuid.UUID | None],
    set: Callable[[Envelope], dict[str, Any]],
    private: Mapping[str, str] = NONE,
) -> None:
    """Declare that events of ``type_`` set columns of ``model``."""
    PROJECTIONS.setdefault(type_, []).append(Projection(type_, model, key, set, private))


def apply(type_: str, envelope: Envelope, part: Mapping[str, Any] | None = None) -> None:
    """Write what the event and its private part determine; a projected row that is not there is a bug in the service."""
    for projection in PROJECTIONS.get(type_, ()):
        pk = projection.key(envelope["data"])
        if pk is None:
            continue
        changed = projection.model._default_manager.filter(pk=pk).update(**projection.columns(envelope, part))
        if changed != 1:
            raise LookupError(f"{type_} projects on {projection.model.__name__} {pk}, which is not there")


State: TypeAlias = dict[tuple[type[models.Model], str], dict[str, Any]]
Opener: TypeAlias = Callable[[uuid.UUID], "Mapping[str, Any] | None"]


@dataclass(frozen=True)
class Difference:
    """A stored column that the record does not lead to; ``model`` is its label (``"people.Account"``)."""

    model: str
    key: str
    column: str
    stored: object
    replayed: object


def fold(state: State, envelope: Envelope, opener: Opener) -> None:
    """Take one event into ``state``: what its projections set, over what earlier events had set.

    ``opener`` answers an event's private part, None where it was erased: its columns are unknown from then on.
    """
    for projection in PROJECTIONS.get(envelope["type"], ()):
        pk = projection.key(envelope["data"])
        if pk is None:
            continue
        part = opener(uuid.UUID(envelope["id"])) if projection.private else None
        columns = state.setdefault((projection.model, str(pk)), {})
        for column in projection.private:
            columns.pop(column, None)
        columns.update(projection.columns(envelope, part))


def compare(model: type[models.Model], pk: str, columns: Mapping[str, Any]) -> Iterator[Difference]:
    """What the stored row has otherwise than ``columns``."""
    row = model._default_manager.filter(pk=pk).values(*columns).first()
    for column, value in columns.items():
        if row is None:
            yield Difference(model._meta.label, pk, column, NO_ROW, value)
        elif _plain(model, column, row[column]) != _plain(model, column, value):
            yield Difference(model._meta.label, pk, column, row[column], value)


def replay(envelopes: Iterator[Envelope], opener: Opener = lambda _event: None) -> Iterator[Difference]:
    """Fold these events (in order of record) and yield every projected column that differs from the stored one."""
    state: State = {}
    for envelope in envelopes:
        fold(state, envelope, opener)
    for (model, pk), columns in state.items():
        yield from compare(model, pk, columns)


Check: TypeAlias = Callable[[Envelope, State], Iterator[Difference]]
CHECKS: dict[str, Check] = {}


def check(type_: str, function: Check) -> None:
    """Declare what else an event of ``type_`` says of stored rows.

    ``function(event, state)`` yields what no row's columns show, and may add to ``state`` what rows that look
    wrong should have where no event says otherwise: they are compared like all others.
    """
    CHECKS[type_] = function


def _plain(model: type[models.Model], column: str, value: Any) -> Any:
    return model._meta.get_field(column).to_python(value)
