"""Proofs of events, for those who may read them."""

import uuid

from django.http import HttpRequest
from ninja import Router, Schema

from xiezhi.record import queries

router = Router()


class EventProof(Schema):
    """A proof as ``/log/check_event.py`` checks it, offline: canonical event, salt (hex), tlog-proof, verifier key."""

    format: str
    event: str
    salt: str
    proof: str
    vkey: str


@router.get("/{uuid:event}/proof", response=EventProof, summary="取得事件的存证证明", operation_id="event_proof")
def event_proof(request: HttpRequest, event: uuid.UUID) -> dict[str, str]:
    """The event with its inclusion proof under the latest signed checkpoint. 409 while it waits to be sealed."""
    return queries.event_proof(request.actor, event)  # type: ignore[attr-defined]
