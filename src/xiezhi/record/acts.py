"""``@act``: one function of a ``services.py`` = one act = one transaction with its event.

    @act("people.officer_registered")
    def register_officer(actor: Actor, *, agency: Agency, name: str) -> Officer:
        officer = Officer.objects.create(...)
        emit(stream=f"officer:{officer.id}", subject=f"officer:{officer.id}", data={...}, private={...})
        return officer

Where the database finds that a row is there already, which the service did not see, the act ends as ``AtOnce`` (409).

The clock is asked once an act (:func:`at`). ``cause`` is the operation (an API's idempotency key, a phone's
operation id) or the event that a reaction answers, set with :func:`caused_by`.
"""

import functools
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.errors import AtOnce, Refusal

from . import projections, sealing
from .models import Event, EventBody, EventKey, Pending, StreamHead
from .types import LATEST, Data

P = ParamSpec("P")
R = TypeVar("R")


class ActWithoutEvent(RuntimeError):
    """A service changed state and wrote no event: a bug, so the transaction is rolled back."""


class UndeclaredEvent(RuntimeError):
    """A service emitted a type that its ``@act`` does not name, or outside any act."""


@dataclass
class _Act:
    actor: Actor
    types: tuple[str, ...]
    at: datetime
    events: list[Event] = field(default_factory=list)
    unchanged: bool = False


ACTS: dict[str, Callable[..., Any]] = {}
_current: ContextVar[_Act | None] = ContextVar("act", default=None)
_cause: ContextVar[uuid.UUID | None] = ContextVar("cause", default=None)


def act(*types: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a service: it runs in one transaction and must emit one of ``types``, or say :func:`unchanged`."""

    def mark(service: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(service)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = args[0] if args else kwargs.get("actor")
            if not isinstance(actor, Actor):
                raise TypeError(f"{service.__name__}: the first argument of a service is the Actor")
            running = _Act(actor, types, clock.now())
            token = _current.set(running)
            try:
                with transaction.atomic():
                    result = service(*args, **kwargs)
                    if not running.events and not running.unchanged:
                        raise ActWithoutEvent(f"{service.__module__}.{service.__name__} wrote no event")
            except IntegrityError as error:
                if not _is_twin(error):
                    raise
                raise AtOnce(_at_once()) from error
            finally:
                _current.reset(token)
            return result

        marked = cast(Any, run)
        marked.act_types = types
        ACTS[f"{service.__module__}.{service.__name__}"] = run
        return cast(Callable[P, R], run)

    return mark


def at() -> datetime:
    """The time of the running act (aware, UTC)."""
    return _running().at


def unchanged() -> None:
    """The act found that nothing had to change (a repeated import, the same rows): no event is owed."""
    _running().unchanged = True


@contextmanager
def caused_by(operation: uuid.UUID | None) -> Iterator[None]:
    """Every event inside the block names ``operation`` as its cause."""
    token = _cause.set(operation)
    try:
        yield
    finally:
        _cause.reset(token)


def emit(
    type_: str | None = None,
    *,
    stream: str,
    subject: str,
    data: Data | Mapping[str, Any],
    private: Data | Mapping[str, Any] | None = None,
    agency: str | None = None,
    district: str | None = None,
    occurred_at: datetime | None = None,
) -> Event:
    """Write the event of the running act.

    type_        defaults to the act's only type
    stream       the chain it belongs to (``"case:<id>"``, ``"access:<subject>"``), ≤ 120 characters
    subject      what it is about, ``"<kind>:<id>"``
    data         validated against the type's schema; may leave the house
    private      validated likewise, then encrypted with a key of its own
    agency, district   scope of the row acted on; default: the actor's
    occurred_at  aware; default: the act's time (a paper act entered later gives its own)
    """
    running = _running()
    name = type_ or running.types[0]
    if name not in running.types:
        raise UndeclaredEvent(f"{name} is not among the act's types {running.types}")
    declared = LATEST[name]
    public = _validated(declared.data, data)
    secret = None if private is None else _validated(declared.private, private)
    event_id = clock.new_id()
    head = _lock_head(stream, event_id)
    if head.count and event_id <= head.last:
        # Made in the same millisecond, or before this act waited at the head: the log orders by id, so a later
        # event of a stream must have a larger one.
        event_id = uuid.UUID(int=head.last.int + 1)
    sealed = sealing.seal_private(event_id, secret)
    envelope: dict[str, canonical.Json] = {
        "id": str(event_id),
        "type": name,
        "version": declared.version,
        "stream": stream,
        "subject": subject,
        "actor": running.actor.id,
        "agency": running.actor.agency if agency is None else agency,
        "district": running.actor.district if district is None else district,
        "occurred_at": iso(occurred_at or running.at),
        "recorded_at": iso(running.at),
        "prev": str(head.last) if head.count else None,
        "cause": str(_cause.get()) if _cause.get() else None,
        "data": public,
        "private_hash": sealed.digest if sealed else None,
    }
    event = _insert(event_id, envelope, sealed, head)
    running.events.append(event)
    projections.apply(name, envelope, secret)
    return event


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC with six decimals: one spelling for one moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def columns(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of :class:`Event` that a canonical event determines."""
    return {
        **{name: envelope[name] for name in ("type", "stream", "subject", "actor", "agency", "district")},
        **{name: datetime.fromisoformat(envelope[name]) for name in ("occurred_at", "recorded_at")},
        **{name: uuid.UUID(envelope[name]) if envelope[name] else None for name in ("prev", "cause")},
    }


def _lock_head(stream: str, first: uuid.UUID) -> StreamHead:
    """Queue up at the stream's head; of two that start a stream at once, the second waits for the first."""
    head = StreamHead.objects.select_for_update().filter(stream=stream).first()
    if head is None:
        StreamHead.objects.bulk_create([StreamHead(stream=stream, last=first, count=0)], ignore_conflicts=True)
        head = StreamHead.objects.select_for_update().get(stream=stream)
    return head


def _insert(
    event_id: uuid.UUID, envelope: dict[str, canonical.Json], sealed: sealing.Private | None, head: StreamHead
) -> Event:
    text = canonical.encode(envelope)
    salt = sealing.new_salt()
    event = Event(id=event_id, leaf_hash=sealing.leaf_hash(salt, text), **columns(envelope))
    event.save(force_insert=True)
    EventBody.objects.create(
        event=event, salt=salt, data=text.decode(), private=sealed.ciphertext if sealed else None
    )
    if sealed:
        EventKey.objects.create(event=event, key_id=sealed.key_id, wrapped=sealed.wrapped)
    Pending.objects.create(event=event)
    StreamHead.objects.filter(stream=event.stream).update(last=event.id, count=head.count + 1)
    return event


def _is_twin(error: IntegrityError) -> bool:
    """Is it a row that is there already? Services look first, so another has written it since."""
    cause = error.__cause__
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return code in ("23505", "SQLITE_CONSTRAINT_UNIQUE")


def _at_once() -> Refusal:
    return Refusal(
        "xz-at-once",
        "",
        _("他人刚刚登记了同样的内容，您这次提交没有保存。"),
        _("请重新打开页面，核对已有的内容后再试。"),
    )


def _validated(model: type[Data] | None, given: Data | Mapping[str, Any]) -> Any:
    if model is None:
        raise UndeclaredEvent("the type declares no private part")
    value = (
        given
        if isinstance(given, model)
        else model.model_validate(dict(given) if isinstance(given, Mapping) else given)
    )
    return value.model_dump(mode="json")


def _running() -> _Act:
    running = _current.get()
    if running is None:
        raise UndeclaredEvent("no act is running; only services marked @act write events")
    return running
