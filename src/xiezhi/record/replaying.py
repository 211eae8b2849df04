"""``record replay``: everything that is derived from the events, held against what is stored, and mended.

Derived are the columns of ``projections``, the heads of streams, and the list of events that wait to be sealed. The
house may go on working meanwhile: what was recorded after the fold began (the *tail*) is folded in, under the row's
lock, before anything is called different.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import QuerySet

from xiezhi.core import canonical

from .models import Event, Pending, Sequence, StreamHead
from .projections import CHECKS, NO_ROW, PROJECTIONS, Difference, Envelope, State, compare, fold
from .queries import private_part

HEAD, WAITING = StreamHead._meta.label, Pending._meta.label
_CHUNK = 2000


@dataclass
class Replay:
    """The state that the events lead to.

    mark      the last sealed row that was folded; seen: the events folded while they still waited
    unknown   models of which an event was erased whole: what it had set can't be known any more
    checked   events that say more of stored rows than their columns (``projections.check``)
    """

    state: State = field(default_factory=dict)
    heads: dict[str, tuple[uuid.UUID, int]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    checked: list[Envelope] = field(default_factory=list)
    mark: int = 0
    seen: set[uuid.UUID] = field(default_factory=set)

    def differences(self) -> Iterator[Difference]:
        """Every stored value that the events do not lead to."""
        for event_id in _lost():
            yield Difference(WAITING, str(event_id), "event", NO_ROW, event_id)
        for stream in _suspect_heads(self.heads):
            with transaction.atomic():
                _lock(StreamHead, stream)
                found = list(_head_differences(stream))
            yield from found
        for envelope in self.checked:
            yield from CHECKS[envelope["type"]](envelope, self.state)
        for (model, pk), columns in self.state.items():
            if any(compare(model, pk, columns)):
                with transaction.atomic():
                    _lock(model, pk)
                    found = list(self.row_differences(model, pk))
                yield from found

    def row_differences(self, model: type[models.Model], pk: str) -> Iterator[Difference]:
        """The differences of one row, its tail folded in."""
        state: State = {(model, pk): dict(self.state.get((model, pk), {}))}
        for envelope in self._tail():
            fold(state, envelope, private_part)
        yield from compare(model, pk, state[model, pk])

    def _tail(self) -> Iterator[Envelope]:
        sealed = Sequence.objects.filter(pk__gt=self.mark).order_by("pk")
        for event_id, text in _rows(sealed, "event_id", "event__body__data"):
            if event_id not in self.seen and text is not None:
                yield _decoded(text)
        for event_id, text in _rows(_waiting(), "pk", "body__data"):
            if event_id not in self.seen and text is not None:
                yield _decoded(text)


def replay() -> Replay:
    """Fold every event: the sealed ones in the log's order, then those that wait."""
    found = Replay()
    sealed = Sequence.objects.order_by("pk")
    for pk, *row in _rows(sealed, "pk", "event_id", "event__type", "event__stream", "event__body__data"):
        found.mark = pk
        _take(found, *row)
    for row in _rows(_waiting(), "pk", "type", "stream", "body__data"):
        if row[0] not in found.seen:
            found.seen.add(row[0])
            _take(found, *row)
    return found


def mend(found: Replay, model: str, key: str) -> list[str]:
    """Write what the events lead to, under the row's lock; answers the columns that were changed.

    Runs inside an act (``services.repair_state``). Empty where nothing differs any more or no row is there.
    """
    if model == WAITING:
        return _mend_waiting(uuid.UUID(key))
    if model == HEAD:
        return _mend_head(key)
    kind = apps.get_model(model)
    if model in found.unknown or not _lock(kind, key):
        return []
    replayed = {one.column: one.replayed for one in found.row_differences(kind, key)}
    if replayed:
        kind._default_manager.filter(pk=key).update(**replayed)
    return sorted(replayed)


def _take(found: Replay, event_id: uuid.UUID, type_: str, stream: str, text: str | None) -> None:
    envelope = None if text is None else _decoded(text)
    stream = stream if envelope is None else envelope["stream"]
    last, count = found.heads.get(stream, (event_id, 0))
    found.heads[stream] = (max(last, event_id), count + 1)
    if envelope is None:
        found.unknown |= {projection.model._meta.label for projection in PROJECTIONS.get(type_, ())}
    else:
        fold(found.state, envelope, private_part)
        if type_ in CHECKS:
            found.checked.append(envelope)


def _waiting() -> "QuerySet[Event]":
    """Events without a place: on the waiting list, or lost from it."""
    return Event.objects.filter(sequence__isnull=True).order_by("pk")


def _lost() -> list[uuid.UUID]:
    return list(_waiting().filter(pending__isnull=True).values_list("pk", flat=True))


def _suspect_heads(heads: dict[str, tuple[uuid.UUID, int]]) -> list[str]:
    stored = {s: (last, count) for s, last, count in _rows(StreamHead.objects.all(), "stream", "last", "count")}
    return sorted(s for s in heads.keys() | stored.keys() if heads.get(s) != stored.get(s))


def _head_differences(stream: str) -> Iterator[Difference]:
    row = StreamHead.objects.filter(pk=stream).values("last", "count").first()
    replayed = _head_of(stream)
    for column, value in (replayed or {"last": None, "count": 0}).items():
        if row is None and replayed:
            yield Difference(HEAD, stream, column, NO_ROW, value)
        elif row is not None and row[column] != value:
            yield Difference(HEAD, stream, column, row[column], value)


def _head_of(stream: str) -> dict[str, Any] | None:
    events = Event.objects.filter(stream=stream)
    last = events.order_by("-pk").values_list("pk", flat=True).first()
    return None if last is None else {"last": last, "count": events.count()}


def _mend_head(stream: str) -> list[str]:
    # Writers of the stream wait at this row, so what is counted now is all there is.
    _lock(StreamHead, stream)
    columns = sorted(one.column for one in _head_differences(stream))
    replayed = _head_of(stream)
    if not columns:
        return []
    if replayed is None:
        StreamHead.objects.filter(pk=stream).delete()
    else:
        StreamHead.objects.update_or_create(pk=stream, defaults=replayed)
    return columns


def _mend_waiting(event_id: uuid.UUID) -> list[str]:
    if not _waiting().filter(pk=event_id, pending__isnull=True).exists():
        return []
    Pending.objects.create(event_id=event_id)
    return ["event"]


def _lock(model: type[models.Model], pk: str) -> bool:
    """Whoever acts on the row waits until this transaction ends; False where there is no such row."""
    return model._default_manager.select_for_update().filter(pk=pk).values("pk").first() is not None


def _rows(query: "QuerySet[Any]", *columns: str) -> Iterable[tuple[Any, ...]]:
    return query.values_list(*columns).iterator(chunk_size=_CHUNK)


def _decoded(text: str) -> Envelope:
    return canonical.decode(text.encode())  # type: ignore[return-value]
