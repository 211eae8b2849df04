"""The chains of a visit: each device has one, from seq 1, each manifest naming the one before by its hash.

Two devices work offline side by side, so a visit has as many chains as devices; their order among each
other is a matter of clocks (``moments``), not of hashes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .device import Closing
from .manifest import Manifest


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something about a chain: ``code`` of docs/ev-1.md §6, the device and seq, the item it shows in."""

    device: str
    seq: int
    code: str
    item: str = ""


def faults(visit: str, manifests: Sequence[Manifest], closings: Sequence[Closing] = ()) -> list[Finding]:
    """Everything that does not hold, sorted by device and seq; empty for whole chains.

    An open chain (no closing) is no fault: see :func:`told`. The order in which items are given is none either:
    they arrive as the network lets them.
    """
    found = _strays(visit, manifests, closings)
    by_device: dict[str, list[Manifest]] = {}
    for one in manifests:
        by_device.setdefault(one.device, []).append(one)
    for device, chain in by_device.items():
        found += _links(device, chain)
    for device, count in Counter(closing.device for closing in closings).items():
        if count > 1:
            found.append(Finding(device, 0, "closing-doubled"))
    for closing in closings:
        found += _closed(closing, by_device.get(closing.device, []))
    return sorted(set(found))


def told(manifests: Iterable[Manifest], closings: Iterable[Closing] = ()) -> list[Finding]:
    """What a reader must know though nothing is wrong: chains still open, several devices."""
    devices = sorted({one.device for one in manifests})
    closed = {closing.device for closing in closings}
    several = [Finding(device, 0, "several-devices") for device in devices if len(devices) > 1]
    return sorted(several + [Finding(device, 0, "chain-open") for device in devices if device not in closed])


def _strays(visit: str, manifests: Sequence[Manifest], closings: Sequence[Closing]) -> list[Finding]:
    by_item = {one.item: one.digest for one in manifests}
    items = Counter(one.item for one in manifests)
    found = [Finding(one.device, one.seq, "wrong-visit", one.item) for one in manifests if one.visit != visit]
    found += [Finding(one.device, 0, "wrong-visit") for one in closings if one.visit != visit]
    found += [Finding(one.device, one.seq, "item-doubled", one.item) for one in manifests if items[one.item] > 1]
    for one in manifests:
        origin = one.derived_from
        if origin is not None and by_item.get(origin.item) != origin.manifest:
            found.append(Finding(one.device, one.seq, "parent-missing", one.item))
    return found


def _links(device: str, chain: list[Manifest]) -> list[Finding]:
    found = [Finding(device, one.seq, "key-changed", one.item) for one in chain if one.key != chain[0].key]
    counts = Counter(one.seq for one in chain)
    found += [Finding(device, one.seq, "fork", one.item) for one in chain if counts[one.seq] > 1]
    found += [Finding(device, seq, "gap") for seq in range(1, max(counts)) if seq not in counts]
    at = {one.digest: one.seq for one in chain}
    hashes = {one.seq: one.digest for one in chain if counts[one.seq] == 1}
    for one in chain:
        before = hashes.get(one.seq - 1)
        if one.prev is not None and before is not None and one.prev != before:
            code = "reordered" if one.prev in at else "prev-differs"
            found.append(Finding(device, one.seq, code, one.item))
    return found


def _closed(closing: Closing, chain: list[Manifest]) -> list[Finding]:
    device, last = closing.device, max((one.seq for one in chain), default=0)
    found = [Finding(device, seq, "gap") for seq in range(last + 1, closing.count + 1)]
    found += [Finding(device, one.seq, "after-closing", one.item) for one in chain if one.seq > closing.count]
    if any(one.key != closing.key for one in chain):
        found.append(Finding(device, 0, "key-changed"))
    heads = {one.digest for one in chain if one.seq == closing.count}
    if heads and closing.head not in heads:
        found.append(Finding(device, closing.count, "head-differs"))
    return found
