"""``record verify`` and the nightly monitor: everything recomputed from the rows, every fault named to its tile.

What it can't show: an event that was never recorded. Process rules answer that (no number without an event).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from django.conf import settings
from django.db.models import Exists, OuterRef

from xiezhi.core import canonical
from xiezhi.core.tlog import checkpoint, note, tiles
from xiezhi.core.tlog.faults import TlogError
from xiezhi.core.tlog.merkle import Frontier, fold

from . import keys, sealing
from .acts import columns
from .models import Checkpoint, Event, EventBody, Sequence, Tile
from .snapshot import snapshot

CHUNK = 1000

Tick: TypeAlias = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """``tile`` is the path of the level-0 tile (or the tile itself) where the first difference lies."""

    what: str
    tile: str
    detail: str


@dataclass(frozen=True)
class Check:
    """One recomputation of the whole record: what the last checkpoint says, and every fault found."""

    size: int
    root: bytes
    faults: tuple[Fault, ...]


def check(tick: Tick = lambda: None) -> Check:
    """Recompute everything at one moment, while the house goes on working.

    ``tick`` is called every thousand events; what it raises ends the check.
    """
    log = str(settings.LOG_ORIGIN)
    with snapshot():
        faults = tuple(verify(log, tick))
        head = Checkpoint.objects.filter(log=log).order_by("-size").values_list("size", "root").first()
    size, root = head or (0, b"")
    return Check(size, bytes(root), faults)


def verify(log: str | None = None, tick: Tick = lambda: None) -> Iterator[Fault]:
    """Yield every fault of the log: bodies, leaf hashes, places, tiles, checkpoints, columns.

    Where others write meanwhile, use :func:`check`: this reads more than once.
    """
    name = log or str(settings.LOG_ORIGIN)
    heads = dict(Checkpoint.objects.filter(log=name).order_by("size").values_list("size", "pk"))
    size = max(heads, default=0)
    leaves: list[bytes] = []
    frontier = Frontier()
    for index, row in enumerate(_rows(name)):
        if index % CHUNK == 0:
            tick()
        yield from _check_event(index, row)
        leaf = bytes(row.event.leaf_hash)
        if len(leaf) != 32:
            yield Fault("leaf", _tile(index), f"leaf hash of {row.event_id} has {len(leaf)} bytes")
            leaf = leaf[:32].ljust(32, b"\0")
        leaves.append(leaf)
        frontier.extend([leaf])
        if index + 1 in heads:
            yield from _check_head(name, heads[index + 1], fold(list(frontier.peaks)))
    if len(leaves) != size:
        yield Fault(
            "sequence", _tile(min(len(leaves), size)), f"{len(leaves)} places, the last checkpoint says {size}"
        )
    yield from _check_tiles(name, leaves)
    yield from _check_chains(len(leaves))
    for head_size, pk in heads.items():
        if head_size > len(leaves):
            yield Fault("checkpoint", _tile(head_size - 1), f"checkpoint {pk} is over more events than there are")


def _check_chains(size: int) -> Iterator[Fault]:
    """Every ``prev`` leads to an earlier event of its stream (the database holds that none forks), and no event got
    lost on its way into the tree."""
    before = Event.objects.filter(pk=OuterRef("prev"), stream=OuterRef("stream"), pk__lt=OuterRef("pk"))
    torn = Event.objects.filter(prev__isnull=False).exclude(Exists(before)).order_by("pk")
    for event_id, index in torn.values_list("pk", "sequence__index"):
        where = _tile(size if index is None else index)
        yield Fault("chain", where, f"the event before {event_id} is not in its stream")
    lost = Event.objects.filter(sequence__isnull=True, pending__isnull=True).order_by("pk")
    for event_id in lost.values_list("pk", flat=True):
        yield Fault("sequence", _tile(size), f"{event_id} has no place and does not wait for one")


def _rows(log: str) -> Iterator[Sequence]:
    query = Sequence.objects.filter(log=log).order_by("index").select_related("event__body", "event__key")
    return query.iterator(chunk_size=CHUNK)


def _check_event(index: int, row: Sequence) -> Iterator[Fault]:
    where, event = _tile(index), row.event
    if row.index != index:
        yield Fault("sequence", where, f"place {index} is held by index {row.index}")
    body: EventBody = event.body
    if body.data is None:
        if not any(_erasures(event)):
            yield Fault(
                "body", where, f"the body of {event.id} is gone without an erasure event for the whole of it"
            )
        return
    text = body.data.encode("utf-8", "surrogateescape")
    if sealing.leaf_hash(bytes(body.salt), text) != bytes(event.leaf_hash):
        yield Fault("body", where, f"body and leaf hash of {event.id} disagree")
        return
    told = canonical.decode(text)
    if not isinstance(told, dict):
        return
    differing = [name for name, value in columns(told).items() if getattr(event, name) != value]
    if str(event.id) != told["id"]:
        differing.append("id")
    if differing:
        yield Fault("column", where, f"columns {', '.join(differing)} of {event.id} are not what its body says")
    if told["private_hash"] and (body.private is not None or not _erasures(event)):
        yield from _check_private(where, event, told["private_hash"])


def _erasures(event: Event) -> list[bool]:
    """One for each erasure event of ``event``: is it for the whole body?"""
    subject = f"event:{event.id.hex}"
    bodies = EventBody.objects.filter(event__type="record.body_erased", event__subject=subject)
    return [_is_whole(text) for text in bodies.values_list("data", flat=True)]


def _is_whole(text: str | None) -> bool:
    try:
        told: Any = canonical.decode((text or "null").encode("utf-8", "surrogateescape"))
        return told["data"]["whole"] is True
    except (ValueError, TypeError, KeyError):
        return False  # its own fault is named at its own place


def _check_private(where: str, event: Event, digest: object) -> Iterator[Fault]:
    try:
        found, _ = sealing.open_private(
            event.id, bytes(event.body.private or b""), event.key.key_id, bytes(event.key.wrapped)
        )
    except (InvalidTag, InvalidUnwrap, ValueError, KeyError, Event.key.RelatedObjectDoesNotExist) as error:
        yield Fault("private", where, f"the private part of {event.id} can't be opened: {type(error).__name__}")
        return
    if found != digest:
        yield Fault("private", where, f"the private part of {event.id} is not what its body binds")


def _check_head(log: str, pk: int, root: bytes) -> Iterator[Fault]:
    row = Checkpoint.objects.get(pk=pk)
    where = _tile(row.size - 1)
    try:
        data = row.note.encode("utf-8", "surrogateescape")
        told = checkpoint.open_signed(data, log, keys.verifiers())
        if note.parse(data).encode() != data or len(note.parse(data).signatures) < 1:
            raise TlogError("the note is not in its one form")
        if any(signature.name != keys.key_name(log) for signature in note.parse(data).signatures):
            raise TlogError("a signature line names another log")
    except (TlogError, ValueError) as error:
        yield Fault("checkpoint", where, f"checkpoint at {row.size}: {error}")
        return
    if (told.size, told.root) != (row.size, bytes(row.root)):
        yield Fault("checkpoint", where, f"checkpoint at {row.size}: its columns are not what was signed")
    if told.root != root:
        yield Fault("checkpoint", where, f"checkpoint at {row.size}: the events lead to another root")


def _check_tiles(log: str, leaves: list[bytes]) -> Iterator[Fault]:
    stored = {(t.level, t.index): t for t in Tile.objects.filter(log=log).iterator()}
    wanted: set[tuple[int, int]] = set()

    def read(tile: tiles.Tile) -> bytes:
        wanted.add((tile.level, tile.index))
        row = stored.get((tile.level, tile.index))
        return bytes(row.data) if row and row.width == tile.width else b""

    for tile in tiles.differences(leaves, read):
        yield Fault("tile", tile.path, "its hashes are not those of the events below it")
    for level, index in sorted(set(stored) - wanted):
        yield Fault("tile", tiles.Tile(level, index).path, "no event lies below this tile")


def _tile(index: int) -> str:
    return tiles.Tile(0, max(index, 0) // 256).path
