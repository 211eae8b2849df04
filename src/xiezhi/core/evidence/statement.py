"""The house's statement on a visit: which devices' chains it holds, and how far. So no device is left out whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xiezhi.core import canonical
from xiezhi.core.tlog import note

from . import fields, receipts
from .device import Closing
from .faults import Malformed
from .manifest import Manifest

HEADER = "ev-1/statement"


@dataclass(frozen=True, slots=True, order=True)
class Chain:
    """A device's chain as the house holds it: the last seq received, and the hash of that manifest."""

    device: str
    count: int
    head: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """All chains of a visit, sorted by device, as they were at ``stated_at``."""

    visit: str
    chains: tuple[Chain, ...]
    stated_at: str

    def text(self) -> str:
        """The text that is signed."""
        chains = [{name: getattr(one, name) for name in Chain.__slots__} for one in self.chains]
        document = {"visit": self.visit, "chains": chains, "stated_at": self.stated_at}
        fields.demand("", document, _FIELDS)
        return f"{HEADER}\n{canonical.encode(document).decode()}\n"


def statement(visit: str, manifests: Iterable[Manifest], closings: Iterable[Closing], stated_at: str) -> Statement:
    """What the house holds; a device that only closed has a chain of no items."""
    last = {one.device: Chain(one.device, 0, None) for one in closings}
    for one in sorted(manifests, key=lambda one: one.seq):
        last[one.device] = Chain(one.device, one.seq, one.digest)
    return Statement(visit, tuple(sorted(last.values())), stated_at)


def sign(given: Statement, signer: note.SignerKey) -> bytes:
    """The signed note, with this one signature."""
    return note.sign(given.text(), [signer]).encode()


def open_signed(data: bytes, keys: Iterable[note.VerifierKey]) -> Statement:
    """The statement in a note, as :func:`receipts.open_signed` (``statement-signature``)."""
    given = receipts.opened(data, keys, HEADER)
    fields.demand("", given, _FIELDS)
    return Statement(given["visit"], tuple(Chain(**one) for one in given["chains"]), given["stated_at"])


def _chains(where: str, value: Any) -> None:
    if not isinstance(value, list):
        raise Malformed(where, "is not a list")
    for index, one in enumerate(value):
        fields.demand(f"{where}[{index}]", one, _CHAIN)
        if (one["count"] == 0) != (one["head"] is None):
            raise Malformed(f"{where}[{index}].head", "is null for a chain of no items, and for no other")
    _rising(where, [one["device"] for one in value])


def _rising(where: str, devices: Sequence[str]) -> None:
    if list(devices) != sorted(set(devices)):
        raise Malformed(where, "is not sorted by device, or has one twice")


_CHAIN: dict[str, fields.Check] = {
    "device": fields.ID,
    "count": fields.between(0, 10_000),
    "head": fields.or_null(fields.DIGEST),
}
_FIELDS: dict[str, fields.Check] = {"visit": fields.ID, "chains": _chains, "stated_at": fields.moment}
