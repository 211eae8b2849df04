"""What the clocks tell. A wrong clock is told and never refused: the officer stood there all the same."""

from datetime import datetime, timedelta

from . import fields
from .manifest import Manifest

OFF = timedelta(minutes=2)
STALE = timedelta(days=1)
OLD_FIX = timedelta(minutes=2)
SLACK = timedelta(minutes=5)


def corrected(manifest: Manifest) -> datetime | None:
    """The time of capture by the server's clock, as far as the last known offset tells; None without one."""
    if manifest.clock is None:
        return None
    return fields.instant(manifest.taken_at) + timedelta(milliseconds=manifest.clock.offset_ms)


def told(
    manifest: Manifest, before: Manifest | None = None, received_at: datetime | None = None
) -> dict[str, int]:
    """Notes by code, each with how much (ms). ``before`` is the item before in the chain of the same device.

    clock-unknown       no offset was ever learnt
    clock-off           the device's clock was off by this much (server minus device) when last compared
    clock-stale         that was this long before the capture
    clock-set           the offset was learnt this long *after* the capture: the clock was set meanwhile
    clock-back          the device's clock went back by this much since the item before
    taken-after-receipt the corrected capture lies this far after the receipt
    fix-old             the position is this much older (or, below 0, younger) than the capture
    """
    found: dict[str, timedelta] = {}
    taken = fields.instant(manifest.taken_at)
    clock, place = manifest.clock, manifest.position
    if clock is None:
        found["clock-unknown"] = timedelta()
    else:
        offset, age = timedelta(milliseconds=clock.offset_ms), taken - fields.instant(clock.known_at)
        found |= {"clock-off": offset} if abs(offset) > OFF else {}
        found |= {"clock-stale": age} if age > STALE else {}
        found |= {"clock-set": -age} if age < timedelta() else {}
    if before is not None and taken < fields.instant(before.taken_at):
        found["clock-back"] = fields.instant(before.taken_at) - taken
    true = corrected(manifest)
    if true is not None and received_at is not None and true > received_at + SLACK:
        found["taken-after-receipt"] = true - received_at
    fixed_at = getattr(place, "fixed_at", None)
    if fixed_at is not None and abs(taken - fields.instant(fixed_at)) > OLD_FIX:
        found["fix-old"] = taken - fields.instant(fixed_at)
    return {code: fields.milliseconds(span) for code, span in found.items()}
