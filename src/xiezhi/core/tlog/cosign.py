"""C2SP tlog-cosignature, ``cosignature/v1``: a witness says when it saw a log at this size and root."""

from collections.abc import Iterable

from xiezhi.core.tlog import note
from xiezhi.core.tlog.checkpoint import Checkpoint
from xiezhi.core.tlog.faults import Malformed, Refuted

_MAX_TIME = 2**63 - 1


def cosign(signed: note.Note, witness: note.SignerKey, timestamp: int) -> note.Note:
    """Add the witness's line to a signed checkpoint. ``timestamp`` is in whole seconds since 1970 UTC.

    The witness must have seen a consistency proof from the last size it signed; that is its caller's part.
    """
    if witness.kind != note.COSIGNATURE_V1:
        raise Malformed(f"{witness.name} is no cosigning key")
    Checkpoint.parse(signed.text)
    message = _message(signed.text, timestamp)
    blob = timestamp.to_bytes(8, "big") + witness.raw_sign(message)
    line = note.Signature(witness.name, witness.verifier.key_id, blob)
    return note.Note(signed.text, (*signed.signatures, line))


def verify(signed: note.Note, witnesses: Iterable[note.VerifierKey]) -> dict[str, int]:
    """The names of the witnesses whose cosignature holds, each with its time (seconds since 1970 UTC).

    Empty if no known witness signed; :class:`Refuted` if the signature of a known one fails.
    """
    times: dict[str, int] = {}

    def check(text: str, signature: note.Signature, key: note.VerifierKey) -> None:
        timestamp = int.from_bytes(signature.blob[:8], "big")
        if len(signature.blob) != 72 or timestamp > _MAX_TIME:
            raise Refuted(f"the cosignature of {key.name} is not a time and 64 bytes")
        key.check(_message(text, timestamp), signature.blob[8:])
        times[key.name] = timestamp

    known = [key for key in witnesses if key.kind == note.COSIGNATURE_V1]
    present = {(signature.name, signature.key_id) for signature in signed.signatures}
    if any((key.name, key.key_id) in present for key in known):
        note.verify_with(signed, {note.COSIGNATURE_V1: check}, known)
    return times


def _message(text: str, timestamp: int) -> bytes:
    if not 0 <= timestamp <= _MAX_TIME:
        raise Malformed("the time of a cosignature is 0 to 2**63 - 1 seconds")
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()
