"""Opaque ids, Merkle roots over committed lists, and the seed (docs/dr-1.md §2)."""

import re
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .hashing import Profile, framed, framed_text

SALT_BYTES = 16
_OPAQUE = re.compile(r"[0-9a-f]{64}").fullmatch
_LENGTH = struct.Struct(">I").pack


class Entry(NamedTuple):
    """One object of a roster as it is published: opaque id, stratum, weight (whole number ≥ 0)."""

    id: str
    stratum: str
    weight: int = 1


class Exclusion(NamedTuple):
    """One object left out before the draw: opaque id, reason code, number of the document that says so."""

    id: str
    reason: str
    document: str


def opaque_id(profile: Profile, code: str, salt: bytes) -> str:
    """The id of the object ``code`` in one draw: hex of ``H("dr/1/id" L(salt) L(code))``; salt ≥ 16 bytes.

    The salt is secret until the object's visit is over and is fresh for every draw.
    """
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes, this one {len(salt)}")
    return profile.digest(b"dr/1/id" + framed(salt) + framed_text(code)).hex()


def is_opaque(text: str) -> bool:
    """64 lower-case hex digits."""
    return bool(_OPAQUE(text))


def entry_leaf(entry: Entry) -> bytes:
    """``L(id) L(stratum) L(decimal weight)``."""
    one, stratum, weight = entry.id.encode(), entry.stratum.encode(), b"%d" % entry.weight
    return b"%b%b%b%b%b%b" % (
        _LENGTH(len(one)),
        one,
        _LENGTH(len(stratum)),
        stratum,
        _LENGTH(len(weight)),
        weight,
    )


def fields_leaf(*fields: str) -> bytes:
    """``L(field) …`` for the other committed lists (exclusions, coverage, officers)."""
    return b"".join(framed_text(field) for field in fields)


def merkle_root(profile: Profile, leaves: Iterable[bytes]) -> bytes:
    """RFC 9162 §2.1.1 root over leaf data in the given order; of no leaf: the hash of nothing.

    Pairing level by level, an odd last node moving up unchanged, gives the same tree as the RFC's split at
    the largest power of two.
    """
    leaf, node = profile.start(b"\x00"), profile.start(b"\x01")
    level = []
    for data in leaves:
        running = leaf.copy()
        running.update(data)
        level.append(running.digest())
    if not level:
        return profile.digest(b"")
    while len(level) > 1:
        above = []
        for index in range(0, len(level) - 1, 2):
            running = node.copy()
            running.update(level[index] + level[index + 1])
            above.append(running.digest())
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def roster_root(profile: Profile, roster: Iterable[Entry]) -> bytes:
    """Root over the roster's leaves sorted by the ids' UTF-8 bytes."""
    ordered = sorted(roster, key=lambda entry: entry.id.encode("utf-8"))
    return merkle_root(profile, map(entry_leaf, ordered))


def seed_of(
    profile: Profile, draw_id: str, root: bytes, rules_hash: bytes, sources: Sequence[tuple[str, bytes]]
) -> bytes:
    """``H("dr/1/seed" L(draw_id) L(root) L(rules_hash) L(L(label) L(value)) …)``, sources as announced."""
    parts = [b"dr/1/seed", framed_text(draw_id), framed(root), framed(rules_hash)]
    parts += [framed(framed_text(label) + framed(value)) for label, value in sources]
    return profile.digest(b"".join(parts))
