"""The stored rows of a draw's result, held against its event: a changed opaque id or standing shows."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F

from xiezhi.core import canonical
from xiezhi.record.projections import Difference, Envelope, State

from .models import Draw, DrawnTarget

FIXED = ("stratum", "stream_label", "place", "first_standing", "opaque")


def digest(rows: Iterable[DrawnTarget]) -> str:
    """SHA-256 (hex) over what never changes of the rows, in any order of theirs."""
    return _digest(tuple(getattr(row, column) for column in FIXED) for row in rows)


def stored(draw: uuid.UUID | str) -> str:
    """:func:`digest` of what the database holds for a draw."""
    return _digest(DrawnTarget.objects.filter(draw=draw).values_list(*FIXED).iterator(chunk_size=2000))


def differences(event: Envelope, state: State) -> Iterator[Difference]:
    """For ``record replay``: a set of rows that is not the one drawn, and rows that stand otherwise than drawn."""
    draw, told = event["data"]["draw"], event["data"].get("targets")
    if told and (found := stored(draw)) != told:
        yield Difference(Draw._meta.label, draw, "targets", found, told)
    moved = DrawnTarget.objects.filter(draw=draw).exclude(standing=F("first_standing"))
    for pk, standing in moved.values_list("pk", "first_standing"):
        columns = state.setdefault((DrawnTarget, str(pk)), {})
        columns.setdefault("standing", standing)


def _digest(rows: Iterable[tuple[Any, ...]]) -> str:
    return hashlib.sha256(canonical.encode(sorted(list(row) for row in rows))).hexdigest()
