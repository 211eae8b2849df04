"""Tiles: the specification's examples, growth in any steps, proofs from tiles, every damage named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core.tlog import merkle, tiles
from xiezhi.core.tlog.faults import Malformed, Refuted
from xiezhi.core.tlog.tiles import Edge, Tile


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"leaf %d" % number) for number in range(size)]


class Shelf:
    """Tiles by path, as a folder would keep them."""

    def __init__(self):
        self.files: dict[str, bytes] = {}

    def write(self, written):
        self.files |= {tile.path: data for tile, data in written}

    def read(self, tile: Tile) -> bytes:
        return self.files.get(tile.path, b"")


def shelf_of(size: int, step: int = 10_000) -> tuple[Edge, Shelf]:
    hashes, edge, shelf = leaves(size), Edge(), Shelf()
    for start in range(0, size, step):
        edge, written = tiles.extend(edge, hashes[start : start + step])
        shelf.write(written)
    return edge, shelf


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(1, 273, 112), "tile/1/273.p/112"),
        (Tile(63, 1000, 1), "tile/63/x001/000.p/1"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(tile, path):
    assert tile.path == path
    assert tiles.parse_path(path) == (tile, False)


def test_entries_lie_beside_their_tiles():
    assert Tile(0, 1234067, 5).entries_path == "tile/entries/x001/x234/067.p/5"
    assert tiles.parse_path("tile/entries/x001/x234/067.p/5") == (Tile(0, 1234067, 5), True)


@pytest.mark.parametrize(
    "path",
    ["", "tile/64/000", "tile/01/000", "tile/0/x000/000", "tile/0/001/000", "tile/0/1", "tile/0/000.p/0",
     "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000/", "/tile/0/000", "tile/0/../000", "tile/0/０００"],
)  # fmt: skip
def test_other_paths_name_no_tile(path):
    with pytest.raises(Malformed):
        tiles.parse_path(path)


def tiles_of(size):
    """Every tile of a log of ``size`` leaves, level by level, the partial ones last in theirs."""
    level = 0
    while size:
        for index in range(size // 256):
            yield Tile(level, index)
        if size % 256:
            yield Tile(level, size // 256, size % 256)
        size //= 256
        level += 1


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 66_000])
def test_the_edge_knows_the_root_and_the_shelf_holds_every_tile(size):
    edge, shelf = shelf_of(size)
    assert edge.size == size
    assert edge.root() == merkle.root_of(leaves(size))
    assert {tile.path for tile in tiles_of(size)} <= set(shelf.files)
    assert list(tiles.differences(leaves(size), shelf.read)) == []
    assert tiles.edge_at(size, shelf.read) == edge


@given(steps=st.lists(st.integers(0, 700), max_size=6))
def test_growth_in_any_steps_leaves_the_same_tiles(steps):
    size = sum(steps)
    hashes, edge, shelf, start = leaves(size), Edge(), Shelf(), 0
    for step in steps:
        edge, written = tiles.extend(edge, hashes[start : start + step])
        shelf.write(written)
        start += step
    once, at_once = shelf_of(size)
    assert edge == once
    assert {path: shelf.files[path] for path in at_once.files} == at_once.files


@given(data=st.data(), size=st.integers(1, 1500))
def test_proofs_read_from_tiles_hold(data, size):
    edge, shelf = shelf_of(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    read = tiles.TileHashes(size, shelf.read)
    proof = merkle.inclusion_proof(index, size, read)
    merkle.check_inclusion(index, size, leaves(size)[index], proof, edge.root())
    consistency = merkle.consistency_proof(old, size, read)
    merkle.check_consistency(old, size, consistency, merkle.root_of(leaves(old)), edge.root())


def test_proofs_for_an_older_size_come_from_the_tiles_of_that_size():
    _, shelf = shelf_of(66_000, step=33_000)
    proof = merkle.inclusion_proof(12, 33_000, tiles.TileHashes(33_000, shelf.read))
    merkle.check_inclusion(12, 33_000, leaves(13)[12], proof, merkle.root_of(leaves(33_000)))


@given(data=st.data())
def test_a_changed_byte_is_named_to_its_tile(data):
    _, shelf = shelf_of(600)
    path = data.draw(st.sampled_from(sorted(shelf.files)))
    good = shelf.files[path]
    at, bit = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(0, 7))
    shelf.files[path] = good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :]
    assert [tile.path for tile in tiles.differences(leaves(600), shelf.read)] == [path]


def test_a_missing_or_short_tile_is_refused_by_its_path():
    _, shelf = shelf_of(600)
    shelf.files["tile/0/001"] = b""
    with pytest.raises(Refuted, match="tile/0/001"):
        merkle.inclusion_proof(300, 600, tiles.TileHashes(600, shelf.read))
    assert [tile.path for tile in tiles.differences(leaves(600), shelf.read)] == ["tile/0/001"]


def test_a_hash_outside_the_log_is_not_made_up():
    _, shelf = shelf_of(600)
    for level, index in [(0, 600), (3, 75), (8, 2), (16, 0)]:
        with pytest.raises(Refuted):
            tiles.TileHashes(600, shelf.read)(level, index)


def test_nothing_appended_writes_nothing():
    edge, _ = shelf_of(300)
    assert tiles.extend(edge, []) == (edge, [])


def test_a_hash_of_wrong_length_is_not_appended():
    with pytest.raises(Malformed):
        tiles.extend(Edge(), [b"short"])
