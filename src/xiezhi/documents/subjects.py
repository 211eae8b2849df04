"""What a paper is about, asked of the app that owns it: may the actor know yet whom it concerns, is it his work.

subjects.register("task", sealed=…, concerns=…)      # in AppConfig.ready() of the owning app
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast, Replace, Substr

from xiezhi.core.actor import Actor

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of subjects.

    sealed     rows, by id, whose names are not open to the actor: papers about them are not there for him
    concerns   does he work on this one, or lead those who do
    """

    sealed: Callable[[Actor], QuerySet[Any]]
    concerns: Callable[[Actor, uuid.UUID], bool]


_kinds: dict[str, Kind] = {}


def register(
    kind: str, *, sealed: Callable[[Actor], QuerySet[Any]], concerns: Callable[[Actor, uuid.UUID], bool]
) -> None:
    """Papers whose subject is ``"<kind>:<uuid>"`` follow these rules."""
    _kinds[kind] = Kind(sealed, concerns)


def canonical(subject: str) -> str:
    """``subject`` as :func:`open_to` reads it: an id of a registered kind in its one spelling, other text as it is.

    Any other spelling of the same id would slip by the gate.
    """
    name, _colon, key = subject.partition(":")
    try:
        return f"{name}:{uuid.UUID(key.strip())}" if name in _kinds else subject
    except ValueError:
        return subject


def open_to(actor: Actor, rows: QuerySet[Any], *, keeps: str, path: str = "") -> QuerySet[Any]:
    """``rows`` without those about a subject that is sealed for the actor.

    keeps   the ability of those who handle every paper of a body (the keeper of its seal): nothing is kept from them
    path    lookup from a row to its document, ``"document__"``
    """
    handled = Q(pk__in=[])
    for agency in actor.paths(keeps):
        handled |= Q() if agency == "/" else Q(**{f"{path}agency__startswith": agency})
        if agency == "/":
            return rows
    for name, kind in _kinds.items():
        key = Replace(Substr(F(f"{path}subject"), len(name) + 2), Value("-"), Value(""))
        # Cast alone where it is an id: PostgreSQL fails on any other text.
        is_id = When(**{f"{path}subject__regex": f"^{name}:{_UUID}$"}, then=Cast(key, UUIDField()))
        rows = rows.alias(**{f"key_of_{name}": Case(is_id, default=None, output_field=UUIDField())})
        rows = rows.filter(handled | ~Exists(kind.sealed(actor).filter(pk=OuterRef(f"key_of_{name}"))))
    return rows


def is_sealed(actor: Actor, subject: str) -> bool:
    """Are the names of this subject closed to the actor?"""
    kind, key = _read(subject)
    return kind is not None and kind.sealed(actor).filter(pk=key).exists()


def concerns(actor: Actor, subject: str) -> bool:
    """Is the subject the actor's work; never where no app says so."""
    kind, key = _read(subject)
    return kind is not None and key is not None and kind.concerns(actor, key)


def _read(subject: str) -> tuple[Kind | None, uuid.UUID | None]:
    name, _colon, key = subject.partition(":")
    try:
        return _kinds.get(name), uuid.UUID(key)
    except ValueError:
        return None, None
