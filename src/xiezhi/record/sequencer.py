"""Sealing: gives committed events their place, writes tiles, signs a checkpoint. One runs at a time.

A batch is one transaction: places, tiles and checkpoint are there together or not at all. The tree's order is
the sequencer's, not the clock's: an event that commits late simply comes later.
"""

from django.conf import settings
from django.db import connection, transaction

from xiezhi import clock
from xiezhi.core.tlog import checkpoint, tiles

from . import keys
from .models import Checkpoint, Pending, Sequence, Tile

BATCH = 1000
_LOCK = 0x7869657A  # one advisory lock a database; any constant will do


def seal_batch(limit: int = BATCH) -> int:
    """Seal up to ``limit`` pending events; answers how many. 0 when none wait or another sequencer is at work."""
    log = str(settings.LOG_ORIGIN)
    with transaction.atomic():
        if not _alone():
            return 0
        waiting = list(Pending.objects.order_by("event_id").values_list("event_id", "event__leaf_hash")[:limit])
        if not waiting:
            return 0
        size = sealed_size(log)
        edge = tiles.edge_at(size, tile_reader(log))
        Sequence.objects.bulk_create(
            [Sequence(log=log, index=size + n, event_id=event_id) for n, (event_id, _) in enumerate(waiting)],
            batch_size=500,
        )
        edge, written = tiles.extend(edge, [bytes(leaf) for _, leaf in waiting])
        _write_tiles(log, written)
        _sign(log, edge)
        _forget([event_id for event_id, _ in waiting])
    return len(waiting)


def seal_all() -> int:
    """Seal until nothing waits; for the demo, the tests and a shutdown in order."""
    total = 0
    while sealed := seal_batch():
        total += sealed
    return total


def sealed_size(log: str) -> int:
    """Number of leaves in the last checkpoint of ``log``."""
    last = Checkpoint.objects.filter(log=log).order_by("-size").values_list("size", flat=True).first()
    return last or 0


def tile_reader(log: str) -> tiles.TileReader:
    """Reads tiles from the table; a partial tile that has grown since is cut to the width asked for."""

    def read(tile: tiles.Tile) -> bytes:
        row = (
            Tile.objects.filter(log=log, level=tile.level, index=tile.index).values_list("data", flat=True).first()
        )
        return bytes(row or b"")[: tile.width * 32]

    return read


def _write_tiles(log: str, written: list[tuple[tiles.Tile, bytes]]) -> None:
    latest = {(tile.level, tile.index): (tile, data) for tile, data in written}
    Tile.objects.bulk_create(
        [
            Tile(log=log, level=tile.level, index=tile.index, width=tile.width, data=data)
            for tile, data in latest.values()
        ],
        update_conflicts=True,
        unique_fields=["log", "level", "index"],
        update_fields=["width", "data"],
    )


def _sign(log: str, edge: tiles.Edge) -> None:
    root = edge.root()
    signed = checkpoint.sign(checkpoint.Checkpoint(log, edge.size, root), [keys.signer()])
    Checkpoint.objects.create(
        log=log, size=edge.size, root=root, note=signed.decode("utf-8"), signed_at=clock.now()
    )


def _forget(ids: list[object]) -> None:
    for start in range(0, len(ids), 500):
        Pending.objects.filter(event_id__in=ids[start : start + 500]).delete()


def _alone() -> bool:
    # SQLite's write transactions are IMMEDIATE: whoever is inside one is alone.
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
