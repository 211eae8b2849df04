"""Small draws of every level: who witnesses, what he committed to, what he reveals, and the log that tells it."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from xiezhi.core import canonical
from xiezhi.core.draw import bundle, ceremony, levels
from xiezhi.core.draw.hashing import SHA256, Profile
from xiezhi.core.draw.rules import SourceRule, StratumRule

from . import draw_cases as cases
from .sealed_log import sealed_events

REVEALED = cases.COMMITTED + timedelta(hours=2)
DISCIPLINE, JUSTICE, NOTARY, OWN = "派驻纪检监察组", "市司法局", "示例公证处", "系统随机数"
KINDS = {DISCIPLINE: "witness", JUSTICE: "witness", NOTARY: "notary", OWN: "system"}
LEVELS = {"joint": (DISCIPLINE,), "contested": (JUSTICE, DISCIPLINE, NOTARY), "quick": (OWN,)}
STRATA = (StratumRule("甲", n=3, reserves=2), StratumRule("乙", "weighted", n=2, reserves=1),
          StratumRule("丙", n=1), StratumRule("丁", n=1))  # fmt: skip


def secret(label: str) -> tuple[bytes, bytes]:
    """(secret, nonce) of a witness: fixed, so that vectors stay the same."""
    return hashlib.sha256(label.encode()).digest()[:16], hashlib.sha256(b"nonce" + label.encode()).digest()


def witness(label: str, profile: Profile = SHA256) -> SourceRule:
    """A witness as he is announced. The public source is due 19 hours after the commitment."""
    after = timedelta(seconds=1) if label == OWN else timedelta(hours=1)
    return SourceRule(label, f"{label}指定人员", cases.COMMITTED + after, KINDS[label],
                      levels.witness_hash(profile, label, *secret(label)))  # fmt: skip


def committed(level: str, profile: Profile = SHA256) -> ceremony.Commitment:
    """The witnesses stand before the lottery: the order is announced."""
    public = () if level == "quick" else (cases.SOURCES[0],)
    sources = (*(witness(label, profile) for label in LEVELS[level]), *public)
    return cases.commitment(24, officers=True, level=level, sources=sources, strata=STRATA, profile=profile)


def reveal(label: str) -> ceremony.Source:
    """What a witness hands over; the system's own number is released by a second person."""
    confirmed = "officer:31" if label == OWN else label
    return ceremony.Source(label, levels.written(*secret(label)), REVEALED, "officer:12", confirmed)


def given(level: str, missing: Sequence[str] = ()) -> list[ceremony.Source]:
    """All values in announced order; ``missing`` did not reveal."""
    outside = [ceremony.Source.missing(label) if label in missing else reveal(label) for label in LEVELS[level]]
    return outside if level == "quick" else [*outside, cases.sources()[0]]


def published(
    level: str, profile: Profile = SHA256, missing: Sequence[str] = (), *, drawn: bool = True
) -> dict[str, bytes]:
    """A bundle with the sealed events of the commitment and of each reveal."""
    commitment = committed(level, profile)
    told = [reveal(label) for label in LEVELS[level] if label not in missing]
    result = ceremony.draw(commitment, given(level, missing), drawn_at=cases.DRAWN) if drawn else None
    seal = sealed_events([commitment_event(commitment), *map(reveal_event, told)])
    return bundle.bundle(commitment, result, reveals=told, seal=seal)


def commitment_event(commitment: ceremony.Commitment) -> dict[str, canonical.Json]:
    """The event that seals the commitment."""
    files = {"commitment.json": hashlib.sha256(commitment.file()).hexdigest()}
    return {"type": "inspection.draw_committed", "data": {"files": files}}


def reveal_event(source: ceremony.Source) -> dict[str, canonical.Json]:
    """The event that tells a reveal."""
    (entry,) = bundle.sources_document([source])
    told: dict[str, canonical.Json] = {name: entry[name] for name in ("label", "value", "published_at")}
    return {"type": "inspection.witness_revealed", "data": told}
