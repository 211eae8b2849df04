"""Notation of docs/dr-1.md §1: the two hash profiles, the length prefix and the coin.

Nothing here keeps state between draws; the same arguments give the same bytes on every machine.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol


class Running(Protocol):
    """What is used of a hashlib object."""

    def copy(self) -> "Running": ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class HashMissing(RuntimeError):
    """This Python's OpenSSL does not offer the profile's hash."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile's published name (``dr/1``, ``dr/1-sm3``) and the name of its hash in hashlib.

    The labels inside hashed messages start with ``dr/1/`` in both profiles: the hash itself tells them apart.
    """

    name: str
    hash: str

    def start(self, data: bytes = b"") -> Running:
        """A running hash fed with ``data``; :class:`HashMissing` where the platform lacks it."""
        try:
            return hashlib.new(self.hash, data)
        except ValueError as error:
            raise HashMissing(
                f"this Python has no {self.hash}: use one built on OpenSSL 1.1.1 or later"
            ) from error

    def digest(self, data: bytes) -> bytes:
        """32 bytes: the hash of ``data``."""
        return self.start(data).digest()


SHA256 = Profile("dr/1", "sha256")
SM3 = Profile("dr/1-sm3", "sm3")
PROFILES = {profile.name: profile for profile in (SHA256, SM3)}
BY_HASH = {profile.hash: profile for profile in (SHA256, SM3)}


def framed(data: bytes) -> bytes:
    """``L(x)``: the length as four big-endian bytes, then the bytes."""
    return len(data).to_bytes(4, "big") + data


def framed_text(text: str) -> bytes:
    """``L(x)`` of the UTF-8 form of ``text``."""
    return framed(text.encode("utf-8"))


class Coin:
    """The bit stream ``H("dr/1/coin" seed L(label) uint64 j)``, j = 0, 1, …, read most significant bit first.

    Bits left over from one call serve the next, so the order of calls is part of the profile.
    """

    __slots__ = ("_base", "_block", "_held", "_left")

    def __init__(self, profile: Profile, seed: bytes, label: str):
        self._base = profile.start(b"dr/1/coin" + seed + framed_text(label))
        self._block = 0
        self._held = 0
        self._left = 0

    def below(self, bound: int) -> int:
        """A whole number in [0, bound), bound ≥ 1, uniform: bitlen(bound − 1) bits, anew while ≥ bound."""
        bits = (bound - 1).bit_length()
        while True:
            while self._left < bits:
                running = self._base.copy()
                running.update(self._block.to_bytes(8, "big"))
                self._held = self._held << 256 | int.from_bytes(running.digest(), "big")
                self._left += 256
                self._block += 1
            self._left -= bits
            value = self._held >> self._left
            self._held &= (1 << self._left) - 1
            if value < bound:
                return value

    def hits(self, cut: int, bound: int) -> bool:
        """True with chance cut / bound: whether :meth:`below` (bound) falls under ``cut``."""
        return self.below(bound) < cut
