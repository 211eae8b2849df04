"""A small log with a key of its own, which seals the events of a test's draw."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiezhi.core import canonical
from xiezhi.core.draw import ceremony
from xiezhi.core.draw.bundle import Seal, SealedEvent
from xiezhi.core.draw.hashing import SHA256
from xiezhi.core.draw.roster import merkle_root

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "record.example.org/log"


def vkey() -> str:
    body = b"\x01" + KEY.public_key().public_bytes_raw()
    number = hashlib.sha256(f"{ORIGIN}\n".encode() + body).hexdigest()[:8]
    return f"{ORIGIN}+{number}+{b64encode(body).decode()}"


def sealed(commitment: ceremony.Commitment, log_size: int = 7, index: int = 4) -> Seal:
    """A log of ``log_size`` events whose ``index``-th carries the commitment."""
    event = {"type": "inspection.draw_committed", "data": {"files": {
        "commitment.json": hashlib.sha256(commitment.file()).hexdigest()}}}  # fmt: skip
    return sealed_events([event], log_size, index)


def sealed_events(events: Sequence[Mapping[str, canonical.Json]], log_size: int = 7, first: int = 2) -> Seal:
    """A log of at least ``log_size`` events that holds ``events`` one after another from ``first`` on."""
    leaves = [b"other %d" % at for at in range(max(log_size, first + len(events) + 1))]
    places = range(first, first + len(events))
    for at, event in zip(places, events, strict=True):
        leaves[at] = bytes(16) + canonical.encode(dict(event))
    note = f"{ORIGIN}\n{len(leaves)}\n{b64encode(merkle_root(SHA256, leaves)).decode()}\n"
    signature = bytes.fromhex(vkey().split("+")[1]) + KEY.sign(note.encode())
    checkpoint = f"{note}\n— {ORIGIN} {b64encode(signature).decode()}\n"
    proved = [
        SealedEvent(event, bytes(16), at, path(leaves, at)) for at, event in zip(places, events, strict=True)
    ]
    return Seal(checkpoint, vkey(), proved)


def path(leaves: list[bytes], index: int) -> list[bytes]:
    """PATH(index, leaves) of RFC 9162 §2.1.3.1, by its recursion."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    near, far = (leaves[:split], leaves[split:]) if index < split else (leaves[split:], leaves[:split])
    return [*path(near, index if index < split else index - split), merkle_root(SHA256, far)]
