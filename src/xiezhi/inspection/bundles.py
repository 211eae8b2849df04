"""The files of a draw's bundle.zip, from stored rows and the sealed record."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from xiezhi.core import canonical
from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.core.draw import ceremony
from xiezhi.core.tlog import checkpoint, note
from xiezhi.core.tlog.faults import Malformed, Refuted
from xiezhi.record import queries as record

from . import gate, reckoning
from .models import Draw, DrawnTarget

TRIES = 3


class Moved(RuntimeError):
    """The log was sealed again and again while proofs were read; the caller tries later."""


@dataclass(frozen=True)
class Built:
    """A bundle: its files, its zip, the size of the log that its checkpoint signs, the key that signed it."""

    files: Mapping[str, bytes]
    zip: bytes
    log_size: int
    vkey: str

    @property
    def sha256(self) -> str:
        """Hex, of the zip."""
        return hashlib.sha256(self.zip).hexdigest()


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 (hex) of files by name, as events bind them."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def build(draw: Draw) -> Built:
    """Everything known of the draw, with proofs under the latest checkpoint. Its events must be sealed."""
    committed, drawn = recomputed(draw)
    seal, size = _seal(gate.proved(draw))
    files = files_of_draw.bundle(
        committed,
        drawn,
        reveals=reckoning.reveals(draw),
        opened=opened(draw),
        changes=changes(draw),
        void=void(draw),
        seal=seal,
    )
    return Built(files, files_of_draw.pack(files), size, seal.vkey)


def recomputed(draw: Draw) -> tuple[ceremony.Commitment, ceremony.Result | None]:
    """Commitment and (once drawn) result, computed anew from what is stored."""
    committed = reckoning.commitment(draw, reckoning.secret_of(draw), draw.committed_at)
    drawn = reckoning.result(draw, committed, draw.drawn_at) if draw.drawn_at else None
    return committed, drawn


def changes(draw: Draw) -> list[files_of_draw.Change]:
    """Removals and call-ups in the order they were made, from the record."""
    found = []
    for event in gate.events_of(draw, "inspection.drawn_target_replaced"):
        envelope = record.envelope(event.id)
        if envelope is not None:
            found.append(change(envelope["data"]))
    return found


def change(data: Mapping[str, str]) -> files_of_draw.Change:
    """One change as the bundle shows it."""
    return files_of_draw.Change(
        at=datetime.fromisoformat(data["at"]),
        stratum=data["stratum"],
        stream=data["stream"],
        out=data["out"],
        into=data["into"],
        reason=data["reason"],
        document=data["document"],
    )


def void(draw: Draw) -> files_of_draw.Void | None:
    """Why the draw does not count, or None."""
    if draw.voided_at is None:
        return None
    return files_of_draw.Void(draw.voided_at, draw.void_reason, draw.void_explanation, draw.void_document)


def opened(draw: Draw) -> list[tuple[str, str, bytes]]:
    """(id, code, salt) of the names opened so far, each once."""
    rows = DrawnTarget.objects.filter(draw=draw).exclude(code="").values_list("opaque", "code", "salt")
    return sorted({(opaque, code, bytes.fromhex(salt)) for opaque, code, salt in rows})


def _seal(events: Sequence[uuid.UUID]) -> tuple[files_of_draw.Seal, int]:
    for _ in range(TRIES):
        sealed = [found for found in map(record.sealed, events) if found is not None]
        heads = {one.proof.signed for one in sealed}
        if len(sealed) == len(events) and len(heads) == 1:
            return _sealed_under(heads.pop(), sealed)
    raise Moved("the checkpoint moved while the proofs were read")


def _sealed_under(signed: bytes, sealed: Sequence[record.Sealed]) -> tuple[files_of_draw.Seal, int]:
    key, head = _signer(signed)
    proofs = [
        files_of_draw.SealedEvent(
            event=canonical.decode(one.text),  # type: ignore[arg-type]
            salt=one.salt,
            index=one.proof.index,
            proof=one.proof.hashes,
        )
        for one in sorted(sealed, key=lambda one: one.proof.index)
    ]
    return files_of_draw.Seal(signed.decode("utf-8"), key, proofs), head.size


def _signer(signed: bytes) -> tuple[str, checkpoint.Checkpoint]:
    """The printed key of this house that signed the checkpoint, newest first."""
    for key in reversed(record.public_keys()):
        try:
            return key, checkpoint.open_signed(signed, str(settings.LOG_ORIGIN), [note.VerifierKey.parse(key)])
        except (Malformed, Refuted):
            continue
    raise Refuted("no key of this house signed the checkpoint")
