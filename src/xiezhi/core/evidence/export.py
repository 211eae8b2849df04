"""The folder that leaves the house (docs/ev-1.md §5), as small files by name, and its index.

Originals may be videos of gigabytes, so they do not pass through here: the caller puts each at
:func:`original`'s path, and the index takes its size and hash from the manifest, which verify.py holds
against the bytes.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiezhi.core import canonical
from xiezhi.core.errors import Invalid

from . import fields
from .device import Closing, key_id
from .manifest import Manifest

FORMAT = "ev-1/export"
INDEX = "visit.json"
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: its manifest, the device's signature, and, once there are, receipt and event proof.

    proof   ``xiezhi-event-proof/1`` of the event ``evidence.received``, as ``record`` hands it out
    """

    manifest: Manifest
    signature: str
    receipt: bytes | None = None
    proof: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A device's closing with its signature."""

    closing: Closing
    signature: str


def original(item: str) -> str:
    """Where the bytes of an item stand in the folder."""
    return f"items/{item}/original"


def files(
    visit: str,
    entries: Sequence[Entry],
    closings: Sequence[Closed] = (),
    *,
    keys: Mapping[str, bytes],
    log_keys: Iterable[str] = (),
    statement: bytes | None = None,
) -> dict[str, bytes]:
    """All files by name but the originals; ``visit.json`` lists those too.

    keys      public keys (uncompressed points) by device: those that signed something here
    log_keys  the record's verifier keys that signed a receipt, a proof or the statement here
    statement the house's signed note on all chains of the visit, once there is one
    :raises Invalid: one item or device is given twice: the folder has one place for each
    """
    if len({entry.manifest.item for entry in entries}) < len(entries):
        raise Invalid({"items": ["an item is given twice"]})
    if len({one.closing.device for one in closings}) < len(closings):
        raise Invalid({"closings": ["a device closes twice"]})
    found = {
        "README.md": (HERE / "export_readme.txt").read_bytes(),
        "verify.py": (HERE / "verify.py").read_bytes(),
    }
    if statement is not None:
        found["statement.txt"] = statement
    for entry in entries:
        found |= _item(entry)
    for closed in closings:
        folder = f"closings/{closed.closing.device}"
        found[f"{folder}/closing.json"] = closed.closing.encode()
        found[f"{folder}/signature.txt"] = closed.signature.encode()
    found[INDEX] = _index(visit, found, entries, keys, log_keys)
    return found


def _item(entry: Entry) -> dict[str, bytes]:
    folder = f"items/{entry.manifest.item}"
    found = {
        f"{folder}/manifest.json": entry.manifest.encode(),
        f"{folder}/signature.txt": entry.signature.encode(),
    }
    if entry.receipt is not None:
        found[f"{folder}/receipt.txt"] = entry.receipt
    if entry.proof is not None:
        found[f"{folder}/proof.json"] = canonical.encode(dict(entry.proof))
    return found


def _index(
    visit: str,
    small: Mapping[str, bytes],
    entries: Iterable[Entry],
    keys: Mapping[str, bytes],
    log_keys: Iterable[str],
) -> bytes:
    listed = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in small.items()}
    for entry in entries:
        listed[original(entry.manifest.item)] = (entry.manifest.size, entry.manifest.sha256)
    return canonical.encode({
        "devices": [
            {"device": device, "key": key_id(public), "public": fields.b64url(public)}
            for device, public in sorted(keys.items())
        ],
        "files": [{"name": name, "sha256": sha, "size": size} for name, (size, sha) in sorted(listed.items())],
        "format": FORMAT,
        "log_keys": sorted(set(log_keys)),
        "visit": visit,
    })  # fmt: skip
