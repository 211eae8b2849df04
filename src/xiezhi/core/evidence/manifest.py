"""The capture manifest: what a device says of one item at the moment it is made (docs/ev-1.md §2)."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from xiezhi.core import canonical

from . import fields
from .faults import Malformed

FORMAT = "ev-1/manifest"
KINDS = {  # 《行政处罚法》 art. 46, in its order
    "documentary": "书证",
    "physical": "物证",
    "audiovisual": "视听资料",
    "electronic": "电子数据",
    "testimony": "证人证言",
    "statement": "当事人的陈述",
    "opinion": "鉴定意见",
    "record": "勘验笔录、现场笔录",
}
DATUMS = ("WGS84", "GCJ-02", "BD-09")
SOURCES = ("device", "file", "map")
NO_POSITION = ("denied", "off", "timeout", "unavailable", "unsupported")
METHODS = ("watermark", "redaction", "transcript", "extract", "conversion")
DAY_MS = 86_400_000
LARGEST = canonical.SAFE_INTEGER


@dataclass(frozen=True, slots=True)
class Position:
    """Where the device was: ten-millionths of a degree, accuracy in centimetres, and whose word that is."""

    lat_e7: int
    lon_e7: int
    accuracy_cm: int
    datum: str
    source: str
    fixed_at: str


@dataclass(frozen=True, slots=True)
class NoPosition:
    """Why there is none."""

    none: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The last known offset (server minus device, ms), and when by the device's clock it was learnt."""

    offset_ms: int
    known_at: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The item (by id and manifest hash) that a derived file was made of, and how."""

    item: str
    manifest: str
    method: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One item. Field by field as in docs/ev-1.md §2; make it with :func:`parse` or check it by encoding."""

    item: str
    visit: str
    device: str
    key: str
    seq: int
    prev: str | None
    kind: str
    media_type: str
    size: int
    sha256: str
    taken_at: str
    clock: Clock | None
    position: Position | NoPosition
    officers: tuple[str, ...]
    derived_from: Origin | None
    app: str
    format: ClassVar[str] = FORMAT

    def encode(self) -> bytes:
        """The canonical bytes; :class:`Malformed` where the values have none under ev-1."""
        document = _document(self)
        _demand(document)
        return canonical.encode(document)

    @property
    def digest(self) -> str:
        """The manifest hash: SHA-256 of the canonical bytes, in hex."""
        return hashlib.sha256(self.encode()).hexdigest()


def parse(data: bytes) -> Manifest:
    """Read :meth:`Manifest.encode`'s bytes; :class:`Malformed` names the field that is not as it must be."""
    given = fields.opened(data)
    _demand(given)
    place, clock, origin = given["position"], given["clock"], given["derived_from"]
    rest = {name: value for name, value in given.items() if name not in _BUILT}
    return Manifest(
        **rest,
        clock=None if clock is None else Clock(**clock),
        position=NoPosition(**place) if "none" in place else Position(**place),
        officers=tuple(given["officers"]),
        derived_from=None if origin is None else Origin(**origin),
    )


def _document(manifest: Manifest) -> dict[str, Any]:
    def plain(part: Any) -> Any:
        return None if part is None else {name: getattr(part, name) for name in part.__slots__}

    return {
        **plain(manifest),
        "format": FORMAT,
        "clock": plain(manifest.clock),
        "position": plain(manifest.position),
        "officers": list(manifest.officers),
        "derived_from": plain(manifest.derived_from),
    }


def _demand(given: Any) -> None:
    fields.demand("", given, _FIELDS)
    if (given["seq"] == 1) != (given["prev"] is None):
        raise Malformed("prev", "is null for the first item of a chain, and for no other")
    origin = given["derived_from"]
    if origin is not None and origin["item"] == given["item"]:
        raise Malformed("derived_from.item", "is the item itself")


def _position(where: str, value: Any) -> None:
    fields.demand(where, value, _NONE if isinstance(value, dict) and "none" in value else _POSITION)


def _clock(where: str, value: Any) -> None:
    fields.demand(where, value, _CLOCK)


def _origin(where: str, value: Any) -> None:
    fields.demand(where, value, _ORIGIN)


def _officers(where: str, value: Any) -> None:
    if not isinstance(value, list | tuple) or not 2 <= len(value) <= 8:
        raise Malformed(where, "is not a list of 2 to 8 ids")
    for index, one in enumerate(value):
        fields.ID(f"{where}[{index}]", one)
    if list(value) != sorted(set(value)):
        raise Malformed(where, "is not sorted, or names somebody twice")


_BUILT = {"format", "clock", "position", "officers", "derived_from"}
_NONE: dict[str, fields.Check] = {"none": fields.among(*NO_POSITION)}
_POSITION: dict[str, fields.Check] = {
    "lat_e7": fields.between(-900_000_000, 900_000_000),
    "lon_e7": fields.between(-1_800_000_000, 1_800_000_000),
    "accuracy_cm": fields.between(0, 10**10),
    "datum": fields.among(*DATUMS),
    "source": fields.among(*SOURCES),
    "fixed_at": fields.moment,
}
_CLOCK: dict[str, fields.Check] = {
    "offset_ms": fields.between(-36_600 * DAY_MS, 36_600 * DAY_MS),
    "known_at": fields.moment,
}
_ORIGIN: dict[str, fields.Check] = {
    "item": fields.ID,
    "manifest": fields.DIGEST,
    "method": fields.among(*METHODS),
}
_FIELDS: dict[str, fields.Check] = {
    "format": fields.among(FORMAT),
    "item": fields.ID,
    "visit": fields.ID,
    "device": fields.ID,
    "key": fields.DIGEST,
    "seq": fields.between(1, 10_000),
    "prev": fields.or_null(fields.DIGEST),
    "kind": fields.among(*KINDS),
    "media_type": fields.matches(r"(?=.{3,127}$)[a-z0-9][a-z0-9.+_-]*/[a-z0-9][a-z0-9.+_-]*", "a media type"),
    "size": fields.between(0, LARGEST),
    "sha256": fields.DIGEST,
    "taken_at": fields.moment,
    "clock": fields.or_null(_clock),
    "position": _position,
    "officers": _officers,
    "derived_from": fields.or_null(_origin),
    "app": fields.matches(r"[\x21-\x7e]{1,64}", "1 to 64 visible ASCII characters"),
}
