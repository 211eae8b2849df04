"""The Merkle tree of RFC 9162 §2.1 (hashing as in RFC 6962): roots, proofs, and their checks.

A leaf is known by its *leaf hash*. Tree positions are ``(level, index)``: the perfect subtree over the leaves
``index * 2**level`` up to ``(index + 1) * 2**level``. A :data:`HashReader` answers such a position; it is
asked only for subtrees that lie wholly inside the tree. Sizes and indices are at most ``2**64 - 1``.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from xiezhi.core.tlog.faults import Refuted

HASH_SIZE = 32
MAX_SIZE = 2**64 - 1
EMPTY_ROOT = hashlib.sha256(b"").digest()

HashReader: TypeAlias = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's data. The prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows, held as the roots of its perfect subtrees, left to right: at most 64."""

    __slots__ = ("peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, hash_: bytes) -> None:
        """Add one leaf hash at the right."""
        peaks, size = self.peaks, self.size
        while size & 1:
            hash_ = node_hash(peaks.pop(), hash_)
            size >>= 1
        peaks.append(hash_)
        self.size += 1

    def extend(self, hashes: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        for hash_ in hashes:
            self.append(hash_)

    def root(self) -> bytes:
        """The root at the present size; that of no leaves is the hash of nothing."""
        return fold(self.peaks) if self.peaks else EMPTY_ROOT


def fold(peaks: Sequence[bytes]) -> bytes:
    """Join the roots of ever smaller perfect subtrees, given from left to right (at least one)."""
    result = peaks[-1]
    for left in reversed(peaks[:-1]):
        result = node_hash(left, result)
    return result


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes; reads them once and keeps about log2 of them."""
    frontier = Frontier()
    frontier.extend(leaf_hashes)
    return frontier.root()


def root_at(size: int, read: HashReader) -> bytes:
    """The root of the first ``size`` leaves of a log that ``read`` answers for."""
    return _span(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """The siblings from leaf ``index`` up to the root of the tree of ``size`` leaves, lowest first.

    :class:`Refuted` unless ``0 <= index < size``.
    """
    if not 0 <= index < size:
        raise Refuted(f"leaf index {index} is not inside a tree of {size}")
    return _siblings(index, 0, size, read)


def consistency_proof(size1: int, size2: int, read: HashReader) -> list[bytes]:
    """The hashes that show the first ``size1`` leaves to be a prefix of the first ``size2``.

    :class:`Refuted` unless ``1 <= size1 <= size2``; empty when they are equal.
    """
    if not 1 <= size1 <= size2:
        raise Refuted(f"no consistency proof leads from size {size1} to size {size2}")
    if size1 == size2:
        return []
    level = _trailing_zeros(size1)
    start = [] if size1 == 1 << level else [read(level, (size1 >> level) - 1)]
    return start + _siblings(size1 - 1, level, size2, read)


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Do ``proof`` and the leaf hash ``leaf`` give ``root``? :class:`Refuted` says why not."""
    _demand_hashes(leaf, *proof)
    if not 0 <= index < size <= MAX_SIZE:
        raise Refuted(f"leaf index {index} is not inside a tree of {size}")
    inner, border = _shape(index, size)
    _demand_length(proof, inner + border)
    _demand_equal(_climb(leaf, index, proof, inner), root, "root")


def check_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    """Does ``proof`` lead from ``root1`` at ``size1`` to ``root2`` at ``size2``?

    :class:`Refuted` says why not. A proof from the empty tree says nothing and is refused. The roots of trees
    of equal size are compared as they are given.
    """
    _demand_hashes(*proof)
    if not 1 <= size1 <= size2 <= MAX_SIZE:
        raise Refuted(f"no consistency proof leads from size {size1} to size {size2}")
    if size1 == size2:
        _demand_length(proof, 0)
        _demand_equal(root1, root2, "second root")
        return
    level = _trailing_zeros(size1)
    inner, border = _shape(size1 - 1, size2)
    inner -= level
    if size1 == 1 << level:  # the old tree is perfect: its root is where the climb begins
        _demand_length(proof, inner + border)
        seed, path = root1, proof
    else:
        _demand_length(proof, 1 + inner + border)
        seed, path = proof[0], proof[1:]
    position = (size1 - 1) >> level
    old = seed
    for height, hash_ in enumerate(path):
        if height >= inner or position >> height & 1:  # what stands to the left was in the old tree already
            old = node_hash(hash_, old)
    _demand_equal(old, root1, "first root")
    _demand_equal(_climb(seed, position, path, inner), root2, "second root")


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """:func:`check_inclusion` as yes or no."""
    try:
        check_inclusion(index, size, leaf, proof, root)
    except Refuted:
        return False
    return True


def verify_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> bool:
    """:func:`check_consistency` as yes or no."""
    try:
        check_consistency(size1, size2, proof, root1, root2)
    except Refuted:
        return False
    return True


def _siblings(index: int, level: int, size: int, read: HashReader) -> list[bytes]:
    """The sibling hashes on the way up from the node over leaf ``index`` at ``level``."""
    proof = []
    for height in range(level, (size - 1).bit_length()):
        start = ((index >> height) ^ 1) << height
        if start < size:  # else the node has no sibling yet and rises unchanged
            proof.append(_span(start, min(start + (1 << height), size), read))
    return proof


def _span(start: int, end: int, read: HashReader) -> bytes:
    """The hash of the subtree over leaves ``start`` up to ``end``, perfect or at the right edge."""
    width = end - start
    peaks = []
    for level in range(width.bit_length() - 1, -1, -1):
        if width >> level & 1:
            peaks.append(read(level, start >> level))
            start += 1 << level
    return fold(peaks)


def _shape(index: int, size: int) -> tuple[int, int]:
    """How many siblings a proof has below and above the point where the right edge is met."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _climb(seed: bytes, position: int, path: Sequence[bytes], inner: int) -> bytes:
    for height, hash_ in enumerate(path):
        if height >= inner or position >> height & 1:
            seed = node_hash(hash_, seed)
        else:
            seed = node_hash(seed, hash_)
    return seed


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def _demand_hashes(*hashes: bytes) -> None:
    for hash_ in hashes:
        if len(hash_) != HASH_SIZE:
            raise Refuted(f"a hash has {len(hash_)} bytes, not {HASH_SIZE}")


def _demand_length(proof: Sequence[bytes], wanted: int) -> None:
    if len(proof) != wanted:
        raise Refuted(f"the proof has {len(proof)} hashes, {wanted} belong to these sizes")


def _demand_equal(computed: bytes, given: bytes, what: str) -> None:
    if not hmac.compare_digest(computed, given):
        raise Refuted(f"the {what} is {given.hex()}, the proof gives {computed.hex()}")
