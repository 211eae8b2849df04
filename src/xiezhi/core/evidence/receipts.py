"""The house's receipt for one item: a C2SP signed note, so that the record's keys and their rotation serve here.

    ev-1/receipt
    <canonical JSON>

    — <key name> <base64>

A checkpoint of the log has a decimal number on its second line, so neither passes for the other.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xiezhi.core import canonical
from xiezhi.core.tlog import note
from xiezhi.core.tlog.faults import Malformed as BadNote
from xiezhi.core.tlog.faults import Refuted as NoteRefuted

from . import fields
from .faults import Malformed, Refuted
from .manifest import LARGEST, Manifest

HEADER = "ev-1/receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the house holds these bytes, with this manifest and this device signature, since ``received_at``."""

    item: str
    manifest: str
    signature: str
    size: int
    sha256: str
    received_at: str

    def text(self) -> str:
        """The text that is signed."""
        document = {name: getattr(self, name) for name in self.__slots__}
        _demand(document)
        return f"{HEADER}\n{canonical.encode(document).decode()}\n"


def receipt(manifest: Manifest, signature: str, received_at: str) -> Receipt:
    """The receipt for an item whose bytes were counted and hashed on arrival and found to be the manifest's."""
    return Receipt(manifest.item, manifest.digest, signature, manifest.size, manifest.sha256, received_at)


def sign(given: Receipt, signer: note.SignerKey) -> bytes:
    """The signed note, with this one signature."""
    return note.sign(given.text(), [signer]).encode()


def digest(data: bytes) -> str:
    """What the event of the receipt names it by."""
    return hashlib.sha256(data).hexdigest()


def open_signed(data: bytes, keys: Iterable[note.VerifierKey]) -> Receipt:
    """The receipt in a note, once a key among ``keys`` is seen to have signed it.

    :raises Malformed: not a receipt, or not one signature
    :raises Refuted: no known key, or its signature does not hold (``receipt-signature``)
    """
    given = opened(data, keys, HEADER)
    _demand(given)
    return Receipt(**given)


def opened(data: bytes, keys: Iterable[note.VerifierKey], header: str) -> Any:
    """The JSON of a note with ``header`` and one signature, which is that of a key among ``keys``."""
    what = header.rpartition("/")[2]
    try:
        parsed = note.parse(data)
        if len(parsed.signatures) != 1:
            raise Malformed(what, "has other than one signature")
        note.verify(parsed, keys)
    except BadNote as error:
        raise Malformed(what, str(error)) from error
    except NoteRefuted as error:
        raise Refuted(f"{what}-signature", str(error)) from error
    head, _, rest = parsed.text.partition("\n")
    if head != header or rest.count("\n") != 1:
        raise Malformed(what, f"is not the line {header} and one line of JSON")
    return fields.opened(rest[:-1].encode())


def check(given: Receipt, manifest: Manifest, signature: str) -> None:
    """:class:`Refuted` (``receipt-differs``) unless the receipt is that of this manifest and signature."""
    wanted = receipt(manifest, signature, given.received_at)
    for name in Receipt.__slots__:
        if getattr(given, name) != getattr(wanted, name):
            raise Refuted("receipt-differs", f"its {name} is not that of the item")


def _demand(given: object) -> None:
    fields.demand("", given, _FIELDS)
    fields.from_b64url("signature", given["signature"], 64)  # type: ignore[index]


_FIELDS: dict[str, fields.Check] = {
    "item": fields.ID,
    "manifest": fields.DIGEST,
    "signature": fields.matches(r"[A-Za-z0-9_-]{86}", "64 bytes in base64url"),
    "size": fields.between(0, LARGEST),
    "sha256": fields.DIGEST,
    "received_at": fields.moment,
}
