"""The pure part of sealing: leaf hashes, tiles, roots, proofs. Not the database, not the disk."""

import time

from xiezhi.core.tlog import merkle, tiles


def run(quick: bool) -> list[dict[str, object]]:
    """Append in batches of 1,000 as the sequencer does; then make and check proofs from the tiles."""
    size = 100_000 if quick else 1_000_000
    entries = [b"%064d" % number for number in range(size)]
    begun = time.perf_counter()
    edge, shelf = tiles.Edge(), {}
    for start in range(0, size, 1000):
        hashes = [merkle.leaf_hash(entry) for entry in entries[start : start + 1000]]
        edge, written = tiles.extend(edge, hashes)
        shelf.update(written)
        root = edge.root()
    sealing = time.perf_counter() - begun

    indices = [number * 7919 % size for number in range(200)]
    begun = time.perf_counter()
    proofs = [merkle.inclusion_proof(i, size, tiles.TileHashes(size, shelf.__getitem__)) for i in indices]
    making = (time.perf_counter() - begun) / len(indices)
    begun = time.perf_counter()
    for index, proof in zip(indices, proofs, strict=True):
        merkle.check_inclusion(index, size, merkle.leaf_hash(entries[index]), proof, root)
    checking = (time.perf_counter() - begun) / len(indices)
    return [
        {
            "name": f"tlog: seal {size} leaves, 1,000 a batch",
            "value": round(size / sealing),
            "unit": "leaves/s",
        },
        {"name": "tlog: make an inclusion proof from tiles", "value": round(making * 1e3, 3), "unit": "ms"},
        {"name": "tlog: check an inclusion proof", "value": round(checking * 1e3, 4), "unit": "ms"},
    ]
