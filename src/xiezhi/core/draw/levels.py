"""The ceremony's levels (docs/dr-1.md §4): what randomness each takes, and the commitments of those who witness it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xiezhi.core.errors import Invalid

from .hashing import Profile, framed, framed_text

WITNESS, NOTARY, SYSTEM = "witness", "notary", "system"
PUBLIC = ("utf8", "hex")
OUTSIDE = (WITNESS, NOTARY)
COMMITTED = (*OUTSIDE, SYSTEM)
ENCODINGS = (*PUBLIC, *COMMITTED)
_REVEAL = re.compile(r"((?:[0-9a-f]{2}){16,64}):((?:[0-9a-f]{2}){16,64})")


@dataclass(frozen=True, slots=True)
class Level:
    """What is announced at least: public sources, outside witnesses (notaries among them), notaries, system's own.

    most   how many outside witnesses there may be
    """

    public: int
    witnesses: int
    notaries: int
    system: int
    most: int = 9

    def fault(self, encodings: Sequence[str]) -> str:
        """Why sources of these encodings do not make this level; empty where they do."""
        count = Counter(encodings)
        public, outside = sum(count[one] for one in PUBLIC), sum(count[one] for one in OUTSIDE)
        if bool(public) != bool(self.public) or count[SYSTEM] != self.system:
            return (
                "应采用系统自身随机数，且只有这一个"
                if self.system
                else "应公布公开的随机源，不得采用系统自身随机数"
            )
        if not self.witnesses <= outside <= self.most or count[NOTARY] < self.notaries:
            return f"外部见证人应有 {self.witnesses} 至 {self.most} 名，其中公证人至少 {self.notaries} 名"
        return ""


LEVELS = {
    "routine": Level(1, 0, 0, 0, most=0),
    "joint": Level(1, 1, 0, 0),
    "contested": Level(1, 2, 1, 0),
    "quick": Level(0, 0, 0, 1, most=0),
}


def witness_hash(profile: Profile, label: str, secret: bytes, nonce: bytes) -> str:
    """Hex of ``H("dr/1/witness" L(label) L(secret) L(nonce))``: what a witness hands over before the commitment."""
    return profile.digest(b"dr/1/witness" + framed_text(label) + framed(secret) + framed(nonce)).hex()


def revealed(value: str) -> tuple[bytes, bytes]:
    """(secret, nonce) of a reveal as written, ``hex:hex``, each 16 to 64 bytes; :class:`Invalid` for other text."""
    found = _REVEAL.fullmatch(value)
    if found is None:
        raise Invalid({"value": ["应为“秘密值:随机串”，各 32 至 128 位小写十六进制"]})
    return bytes.fromhex(found[1]), bytes.fromhex(found[2])


def written(secret: bytes, nonce: bytes) -> str:
    """The text of a reveal, as it stands in sources.json."""
    return f"{secret.hex()}:{nonce.hex()}"


def seed_value(value: str) -> bytes:
    """``L(secret) L(nonce)``: the bytes of a reveal that enter the seed."""
    secret, nonce = revealed(value)
    return framed(secret) + framed(nonce)
