"""C2SP tlog-tiles: the tree as files of up to 256 hashes, and the entries as bundles.

A tile ``(level, index)`` holds the hashes at tree level ``8 * level``, each over a full tile of the level
below. A full tile never changes; a partial one (width under 256) stands at the right edge and is replaced as
the log grows. Paths are those of the specification, relative to the log's prefix.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from xiezhi.core.tlog.faults import Malformed, Refuted
from xiezhi.core.tlog.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, Frontier, fold, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
FULL_BYTES = WIDTH * HASH_SIZE

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """The name of one tile: its level (0–63), its index there, and how many hashes it holds (1–256)."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """For example ``tile/0/x001/x234/067`` or ``tile/1/000.p/17``."""
        return f"tile/{self.level}/{_numbered(self.index, self.width)}"

    @property
    def entries_path(self) -> str:
        """The path of the bundle with the entries of this tile, which is of level 0."""
        return f"tile/entries/{_numbered(self.index, self.width)}"


TileReader: TypeAlias = Callable[[Tile], bytes]


def parse_path(path: str) -> tuple[Tile, bool]:
    """The tile that a path names, and whether it means its entries; :class:`Malformed` for other text."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed(f"no tile path: {path!r}")
    groups = match["index"].replace("x", "").split("/")
    index = int("".join(groups))
    width = int(match["width"]) if match["width"] else WIDTH
    entries = match["level"] == "entries"
    tile = Tile(0 if entries else int(match["level"]), index, width)
    if (tile.entries_path if entries else tile.path) != path:  # e.g. a needless x000/, or a width of 256 and over
        raise Malformed(f"no tile path: {path!r}")
    return tile, entries


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a log: all that is needed to let it grow and to know its root.

    ``rows[level]`` is the partial tile of that level as bytes, empty where the last tile is full.
    """

    size: int = 0
    rows: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """The root of the log at this size."""
        peaks: list[bytes] = []
        for row in reversed(self.rows):
            frontier = Frontier()
            frontier.extend(_hashes(row))
            peaks += frontier.peaks
        return fold(peaks) if peaks else EMPTY_ROOT

    def partials(self) -> list[tuple[Tile, bytes]]:
        """The partial tiles of this size, lowest level first."""
        return [
            (Tile(level, self.size >> HEIGHT * (level + 1), len(row) // HASH_SIZE), row)
            for level, row in enumerate(self.rows)
            if row
        ]


def extend(edge: Edge, leaf_hashes: Sequence[bytes]) -> tuple[Edge, list[tuple[Tile, bytes]]]:
    """Append leaf hashes; answers the new edge and the tiles to write: those now full, then the partials.

    A caller keeps the tiles durable before it signs a checkpoint over the new size.
    """
    grown, full = _grow(edge, leaf_hashes)
    if grown.size == edge.size:
        return edge, []
    was = dict(edge.partials())
    return grown, full + [(tile, row) for tile, row in grown.partials() if tile not in was]


def edge_at(size: int, read: TileReader) -> Edge:
    """The edge of a log of ``size`` leaves, read from its partial tiles (at most eight reads)."""
    rows = []
    level = 0
    left = size
    while left:
        width = left % WIDTH
        rows.append(_read(Tile(level, left // WIDTH, width), read) if width else b"")
        left //= WIDTH
        level += 1
    return Edge(size, tuple(rows))


class TileHashes:
    """A ``merkle.HashReader`` over the tiles of a log of ``size`` leaves; each tile is read once."""

    def __init__(self, size: int, read: TileReader) -> None:
        self.size = size
        self._read = read
        self._seen: dict[Tile, bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of a perfect subtree; :class:`Refuted` where there is none or its tile is cut off."""
        row, rise = divmod(level, HEIGHT)
        first = index << rise
        tile_index, offset = divmod(first, WIDTH)
        width = min(WIDTH, (self.size >> HEIGHT * row) - tile_index * WIDTH)
        if offset + (1 << rise) > width:
            raise Refuted(f"no hash at level {level}, index {index} in a log of {self.size}")
        tile = Tile(row, tile_index, width)
        data = self._seen.get(tile)
        if data is None:
            data = self._seen[tile] = _read(tile, self._read)
        return _perfect(data[offset * HASH_SIZE : (offset + (1 << rise)) * HASH_SIZE])


def differences(leaf_hashes: Iterable[bytes], read: TileReader) -> Iterator[Tile]:
    """Rebuild every tile from the leaf hashes in order; name each that ``read`` answers otherwise.

    A tile that cannot be had is to be answered as ``b""``; so it is named too. Holds one edge in memory.
    """
    edge = Edge()
    source = iter(leaf_hashes)
    while chunk := list(islice(source, WIDTH)):
        edge, full = _grow(edge, chunk)
        yield from (tile for tile, data in full if read(tile) != data)
    yield from (tile for tile, data in edge.partials() if read(tile) != data)


def _grow(edge: Edge, leaf_hashes: Sequence[bytes]) -> tuple[Edge, list[tuple[Tile, bytes]]]:
    if any(len(hash_) != HASH_SIZE for hash_ in leaf_hashes):
        raise Malformed(f"a leaf hash has other than {HASH_SIZE} bytes")
    if edge.size + len(leaf_hashes) > MAX_SIZE:
        raise Malformed(f"a log holds at most {MAX_SIZE} leaves")
    full: list[tuple[Tile, bytes]] = []
    rows = list(edge.rows)
    fresh = b"".join(leaf_hashes)
    level = 0
    while fresh:
        if level == len(rows):
            rows.append(b"")
        row = rows[level] + fresh
        index = edge.size >> HEIGHT * (level + 1)
        whole = len(row) - len(row) % FULL_BYTES
        done = [row[at : at + FULL_BYTES] for at in range(0, whole, FULL_BYTES)]
        full += [(Tile(level, index + nth), data) for nth, data in enumerate(done)]
        rows[level] = row[whole:]
        fresh = b"".join(_perfect(data) for data in done)
        level += 1
    return Edge(edge.size + len(leaf_hashes), tuple(rows)), full


def _perfect(data: bytes) -> bytes:
    """The root over a power of two of hashes laid end to end."""
    row = _hashes(data)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def _hashes(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def _read(tile: Tile, read: TileReader) -> bytes:
    data = read(tile)
    if len(data) != tile.width * HASH_SIZE:
        raise Refuted(f"{tile.path} has {len(data)} bytes, not {tile.width * HASH_SIZE}")
    return data


def _numbered(index: int, width: int) -> str:
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups) + ("" if width == WIDTH else f".p/{width}")
