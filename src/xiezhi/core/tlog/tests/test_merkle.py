"""Roots and proofs, held against a second implementation written straight from RFC 9162 §2.1.

The product works bottom-up on bits of sizes and indices; this one recurses top-down over lists of hashes.
"""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core.tlog import merkle
from xiezhi.core.tlog.faults import Refuted

SIZES = st.integers(1, 300)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def mth(d: Sequence[bytes]) -> bytes:
    if not d:
        return sha(b"")
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return sha(b"\x01" + mth(d[:k]) + mth(d[k:]))


def path(m: int, d: Sequence[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: Sequence[bytes], whole: bool) -> list[bytes]:
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


def root_from_path(h: bytes, m: int, n: int, p: Sequence[bytes]) -> bytes | None:
    """Rebuild the root top-down; None where the path has not the length that belongs there."""
    if n == 1:
        return h if not p else None
    if not p:
        return None
    k = split(n)
    below = root_from_path(h, m, k, p[:-1]) if m < k else root_from_path(h, m - k, n - k, p[:-1])
    if below is None:
        return None
    return sha(b"\x01" + below + p[-1]) if m < k else sha(b"\x01" + p[-1] + below)


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"leaf %d" % number) for number in range(size)]


def reader(hashes: Sequence[bytes]) -> merkle.HashReader:
    """Answers for perfect subtrees, and for nothing else."""

    def read(level: int, index: int) -> bytes:
        part = hashes[index << level : (index + 1) << level]
        assert len(part) == 1 << level
        return mth(part)

    return read


def changed(data: bytes, bit: int) -> bytes:
    at, shift = divmod(bit % (8 * len(data)), 8)
    return data[:at] + bytes([data[at] ^ 1 << shift]) + data[at + 1 :]


def test_the_known_roots_of_certificate_transparency_come_out():
    # The eight leaves and roots that RFC 6962 implementations have shared since the first one.
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    frontier = merkle.Frontier()
    roots = [frontier.root().hex()]
    for text in inputs:
        frontier.append(merkle.leaf_hash(bytes.fromhex(text)))
        roots.append(frontier.root().hex())
    assert roots[0] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert roots[1] == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert roots[2] == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert roots[8] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 255, 256, 257, 300])
def test_the_growing_root_is_the_defined_root(size):
    hashes = leaves(size)
    assert merkle.root_of(hashes) == mth(hashes)
    assert merkle.root_at(size, reader(hashes)) == mth(hashes)


@given(data=st.data(), size=SIZES)
def test_inclusion_proofs_are_those_of_the_definition_and_hold(data, size):
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    proof = merkle.inclusion_proof(index, size, reader(hashes))
    assert proof == path(index, hashes)
    assert merkle.verify_inclusion(index, size, hashes[index], proof, mth(hashes))
    assert root_from_path(hashes[index], index, size, proof) == mth(hashes)


@given(data=st.data(), size2=SIZES)
def test_consistency_proofs_are_those_of_the_definition_and_hold(data, size2):
    size1 = data.draw(st.integers(1, size2))
    hashes = leaves(size2)
    proof = merkle.consistency_proof(size1, size2, reader(hashes))
    assert proof == subproof(size1, hashes, True)
    assert merkle.verify_consistency(size1, size2, proof, mth(hashes[:size1]), mth(hashes))


@given(data=st.data(), size=SIZES)
def test_any_edit_of_an_inclusion_proof_is_refused(data, size):
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    root, leaf = mth(hashes), hashes[index]
    proof = path(index, hashes)
    bit = data.draw(st.integers(0, 255))
    edits = [
        (index, size, changed(leaf, bit), proof, root),
        (index, size, leaf, proof, changed(root, bit)),
        (index, size, leaf, [*proof, root], root),
        (index, size, leaf, [root, *proof], root),
        (size, size, leaf, proof, root),
        (-1, size, leaf, proof, root),
        (index, size, leaf[:31], proof, root),
        (index, size, leaf, proof, root[:31]),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        edits += [
            (index, size, leaf, proof[:at] + proof[at + 1 :], root),
            (index, size, leaf, [*proof[:at], changed(proof[at], bit), *proof[at + 1 :]], root),
            (index, size, leaf, [*proof[:at], proof[at] + b"\0", *proof[at + 1 :]], root),
        ]
    assert [edit for edit in edits if merkle.verify_inclusion(*edit)] == []


@given(data=st.data(), size=SIZES)
def test_another_place_or_size_holds_only_where_the_definition_agrees(data, size):
    """A path may fit another size with the same shape; it never fits another place."""
    index = data.draw(st.integers(0, size - 1))
    other_index, other_size = data.draw(st.integers(0, 320)), data.draw(st.integers(1, 320))
    hashes = leaves(size)
    leaf, root, proof = hashes[index], mth(hashes), path(index, hashes)
    if other_index >= other_size:
        assert not merkle.verify_inclusion(other_index, other_size, leaf, proof, root)
    else:
        expected = root_from_path(leaf, other_index, other_size, proof) == root
        assert merkle.verify_inclusion(other_index, other_size, leaf, proof, root) is expected


@given(data=st.data(), size2=SIZES)
def test_any_edit_of_a_consistency_proof_is_refused(data, size2):
    size1 = data.draw(st.integers(1, size2))
    hashes = leaves(size2)
    root1, root2 = mth(hashes[:size1]), mth(hashes)
    proof = subproof(size1, hashes, True)
    bit = data.draw(st.integers(0, 255))
    edits = [
        (size1, size2, proof, changed(root1, bit), root2),
        (size1, size2, proof, root1, changed(root2, bit)),
        (size1, size2, [*proof, root1], root1, root2),
        (size1, size2, [root1, *proof], root1, root2),
        (0, size2, proof, root1, root2),
        (size2 + 1, size2, proof, root1, root2),
        (-1, size2, proof, root1, root2),
    ]
    if size1 < size2:
        edits += [(size2, size1, proof, root2, root1), (size1, size2, proof, root2, root1)]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        edits += [
            (size1, size2, proof[:at] + proof[at + 1 :], root1, root2),
            (size1, size2, [*proof[:at], changed(proof[at], bit), *proof[at + 1 :]], root1, root2),
        ]
    assert [edit for edit in edits if merkle.verify_consistency(*edit)] == []


def test_bytes_moved_between_two_hashes_of_a_proof_are_refused():
    hashes = leaves(7)
    proof = subproof(3, hashes, True)
    moved = [proof[0][:31], proof[0][31:] + proof[1], *proof[2:]]
    assert not merkle.verify_consistency(3, 7, moved, mth(hashes[:3]), mth(hashes))


@pytest.mark.parametrize(("size1", "size2"), [(0, 5), (6, 5), (0, 0)])
def test_no_proof_is_made_from_nothing_or_backwards(size1, size2):
    with pytest.raises(Refuted):
        merkle.consistency_proof(size1, size2, reader(leaves(6)))


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_no_proof_is_made_for_a_leaf_outside(index):
    with pytest.raises(Refuted):
        merkle.inclusion_proof(index, 5, reader(leaves(6)))


def test_the_largest_sizes_are_judged_and_not_computed_through():
    root = merkle.leaf_hash(b"")
    assert not merkle.verify_inclusion(2**64 - 2, 2**64 - 1, root, [root] * 64, root)
    assert not merkle.verify_consistency(2**63, 2**64, [root], root, root)
