"""Builds docs/dr-1-vectors.json, on which the Python and the browser's implementation must agree.

``python -m xiezhi.core.draw.tests.dr1_vectors FILE`` writes it anew; a test compares the two.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from xiezhi.core.draw import bundle, ceremony, hashing, levels, officers, roster, targets, verify
from xiezhi.core.draw.tests import draw_cases as cases
from xiezhi.core.draw.tests import level_cases, sealed_log

KAT = json.loads((Path(__file__).parent / "vectors" / "dr1-known-answers.json").read_text("utf-8"))
BOUNDS = [1, 2, 3, 7, 128, 129, 1000, 2**64, 2**300 + 1, 5]


def document() -> dict[str, Any]:
    """All vectors; whole numbers that may be large are decimal text."""
    return {
        "profile": "dr/1, dr/1-sm3",
        "commitments": [commitment(vector) for vector in KAT["vectors"]],
        "ids": [
            opaque(profile, code) for profile in hashing.PROFILES.values() for code in ("99123200MA0000001X", "甲")
        ],
        "below": [below(profile) for profile in hashing.PROFILES.values()],
        "selections": list(selections()),
        "ratios": [ratio(profile) for profile in hashing.PROFILES.values()],
        "rounding": [rounding(profile) for profile in hashing.PROFILES.values()],
        "bundles": [published_draw(profile) for profile in hashing.PROFILES.values()],
        "forgeries": forgeries(),
        "witnesses": [witness(profile) for profile in hashing.PROFILES.values()],
        "levels": list(of_levels()),
    }


def commitment(vector: dict[str, Any]) -> dict[str, Any]:
    return {
        "hash": vector["hash"],
        "draw_id": KAT["draw_id"],
        "rules_utf8": KAT["rules_utf8"],
        "roster": [[one, stratum, str(weight)] for one, stratum, weight in KAT["roster"]],
        "sources": KAT["sources"],
        **{name: vector[name] for name in ("root", "rules_hash", "seed")},
    }


def opaque(profile: hashing.Profile, code: str) -> dict[str, str]:
    salt = bytes(range(16))
    return {
        "hash": profile.hash,
        "code": code,
        "salt": salt.hex(),
        "id": roster.opaque_id(profile, code, salt),
    }


def below(profile: hashing.Profile) -> dict[str, Any]:
    coin = hashing.Coin(profile, bytes(range(32)), "层")
    return {"hash": profile.hash, "seed": bytes(range(32)).hex(), "label": "层",
            "bounds": [str(b) for b in BOUNDS],
            "values": [str(coin.below(bound)) for bound in BOUNDS]}  # fmt: skip


def selections() -> Any:
    """The known answers, then odd designs: zeros, certain ones, none, all, huge weights, wide ids."""
    for vector in KAT["vectors"]:
        for stratum, expected in vector["strata"].items():
            rows = [(row[0], row[2]) for row in KAT["roster"] if row[1] == stratum]
            for method, kind in (("equal", "equal"), ("weighted", "pivotal")):
                yield selection(vector["hash"], vector["seed"], stratum, method, expected[f"{kind}_n"], rows)
    designs = [
        ([0, 0, 1, 5, 100, 2, 2], (0, 1, 2, 5)),
        ([1, 1, 1, 1], (0, 2, 4)),
        ([10**30, 3, 10**29, 7, 10**30, 1], (1, 3, 6)),
        ([3, 6], (1,)),
        (list(range(1, 41)), (13,)),
    ]
    for profile in hashing.PROFILES.values():
        for number, (weights, sizes) in enumerate(designs):
            rows = [(f"对象{at}·{'x' * at}", weight) for at, weight in enumerate(weights)]
            seed = profile.digest(b"design %d" % number).hex()
            for n in sizes:
                for method in ("equal", "weighted"):
                    yield selection(profile.hash, seed, "", method, n, rows)


def selection(hash_name: str, seed: str, label: str, method: str, n: int, rows: Any) -> dict[str, Any]:
    profile, ids, weights = (
        hashing.BY_HASH[hash_name],
        [one for one, _ in rows],
        [weight for _, weight in rows],
    )
    key = bytes.fromhex(seed)
    drawn = (
        targets.equal(profile, key, label, ids, n)
        if method == "equal"
        else targets.weighted(profile, key, label, ids, weights, n)
    )
    return {"hash": hash_name, "seed": seed, "stratum": label, "method": method, "n": n,
            "objects": [[one, str(weight)] for one, weight in rows], "selected": drawn}  # fmt: skip


def ratio(profile: hashing.Profile) -> dict[str, Any]:
    """Two strata at 2/9 in one walk, the first equal, the second by weight."""
    seed = profile.digest(b"ratio")
    share = Fraction(2, 9)
    strata = [
        ("甲", [f"A{at}" for at in range(11)], None),
        ("乙", [f"B{at}" for at in range(8)], list(range(8))),
    ]
    parts = []
    for label, ids, weights in strata:
        wanted = share * len(ids)
        masses = targets.weighted_masses(weights, wanted) if weights else targets.equal_masses(len(ids), wanted)
        parts.append((targets.ticket_order(profile, seed, label, ids), masses))
    picked = targets.ratio_walk(parts, hashing.Coin(profile, seed, "\x1fratio").hits)
    return {
        "hash": profile.hash,
        "seed": seed.hex(),
        "ratio": [share.numerator, share.denominator],
        "strata": [
            {"stratum": label,
             "objects": [[one, str(weights[at]) if weights else "1"] for at, one in enumerate(ids)],
             "method": "weighted" if weights else "equal", "selected": [ids[at] for at in chosen]}
            for (label, ids, weights), chosen in zip(strata, picked, strict=True)
        ],
    }  # fmt: skip


def rounding(profile: hashing.Profile) -> dict[str, Any]:
    seed = profile.digest(b"officers")
    entries = [roster.Entry(f"{at:064x}", "甲") for at in range(1, 30)]
    edges = sorted(cases.table(entries))
    chosen = officers.round_edges(edges, hashing.Coin(profile, seed, officers.LABEL).hits)
    return {"hash": profile.hash, "seed": seed.hex(), "edges": [list(edge) for edge in edges],
            "chosen": [[e.target, e.officer] for e in edges if (e.target, e.officer) in chosen]}  # fmt: skip


def full_bundle(profile: hashing.Profile) -> dict[str, bytes]:
    """A draw of 40 objects with officers, one replacement, two opened names and a sealed commitment."""
    result = cases.result(40, officers=True, profile=profile)
    names = ceremony.opened(result.commitment, {cases.code(at): cases.salt(at) for at in (1, 40)})
    change = bundle.replacement(
        result, (), out=result.drawn[-1], at=cases.DRAWN, reason="CLOSED", document="示例〔2026〕1号"
    )
    seal = sealed_log.sealed(result.commitment)
    return bundle.bundle(result.commitment, result, opened=names, changes=[change], seal=seal)


def published_draw(profile: hashing.Profile) -> dict[str, Any]:
    files = full_bundle(profile)
    return {
        "hash": profile.hash,
        "files": {name: files[name].decode() for name in (*bundle.FILES, "manifest.json")},
    }


def forgeries() -> list[dict[str, Any]]:
    """Edits of the first bundle, their manifest made anew, and the step at which both verifiers must stop."""
    files = full_bundle(hashing.SHA256)
    edits = [
        ("roster.tsv", "\t甲\t", "\t乙\t"), ("roster.tsv", "\t1\n", "\t01\n"), ("roster.tsv", "\n", "\r\n"),
        ("rules.json", '"routine"', '"quick"'), ("rules.json", '"n":3', '"n":4'),
        ("rules.json", '"n":3', '"n":3.0'),
        ("rules.json", "{", "{ "), ("coverage.tsv", "\n", "\n\n"), ("exclusions.tsv", "FREQ_CAP", "CLOSED"),
        ("officers.tsv", "400000", "400001"), ("commitment.json", "08:00:00Z", "07:00:00Z"),
        ("commitment.json", "08:00:00Z", "08:00:00z"), ("checkpoint.txt", "\n7\n", "\n8\n"),
        ("checkpoint.txt", "— ", "- "), ("proofs.json", '"index":4', '"index":5'),
        ("proofs.json", '"salt":"00', '"salt":"01'),
        ("sources.json", "+ 07", "+ 08"), ("sources.json", "officer:31", "officer:12"),
        ("sources.json", "2026-11-25T04:00:00Z", "2026-11-24T07:00:00Z"), ("chances.tsv", "/", "/1"),
        ("selection.json", '"threshold":"', '"threshold":"0'),
        ("assignment.json", '"reserves":["', '"reserves":["0'),
        ("changes.json", '"CLOSED"', '""'), ("changes.json", '"stream":"open"', '"stream":"coverage"'),
        ("void.json", "null", "{}"), ("opened.tsv", "99123200MA", "99123200MB"), ("opened.tsv", "\n", ""),
    ]  # fmt: skip
    return [forgery(files, *edit) for edit in edits]


LEVEL_EDITS = {
    "joint": [
        ("rules.json", '"joint"', '"routine"'), ("rules.json", '"joint"', '"contested"'),
        ("rules.json", '"joint"', '"quick"'), ("rules.json", '"witness"', '"system"'),
        ("rules.json", '"witness"', '"utf8"'), ("rules.json", '"commitment":"', '"commitment":"0'),
        ("rules.json", "09:00:00Z", "23:00:00Z"), ("sources.json", ":", ": "),
        ("sources.json", '"officer:12"', '""'), ("sources.json", "10:00:00Z", "10:00:01Z"),
        ("sources.json", '"confirmed_by":"派驻', '"confirmed_by":"市派驻'),
        ("proofs.json", '"index":3', '"index":1'),
    ],
    "contested": [("rules.json", '"notary"', '"witness"'), ("rules.json", '"contested"', '"joint"')],
    "quick": [("rules.json", '"quick"', '"routine"'), ("rules.json", '"system"', '"hex"'),
              ("sources.json", '"officer:31"', '"officer:12"')],
}  # fmt: skip


def of_levels() -> Any:
    """Each level drawn, with SHA-256 and SM3; a witness missing; and before the draw, with a reveal."""
    cases_ = [(level, profile, (), True) for level in level_cases.LEVELS for profile in hashing.PROFILES.values()]
    cases_ += [
        ("contested", hashing.SHA256, (level_cases.DISCIPLINE,), True),
        ("joint", hashing.SHA256, (level_cases.DISCIPLINE,), True),
        ("contested", hashing.SHA256, (level_cases.JUSTICE,), False),
        ("quick", hashing.SHA256, (), False),
    ]
    for level, profile, missing, drawn in cases_:
        files = level_cases.published(level, profile, missing, drawn=drawn)
        edits = LEVEL_EDITS[level] if drawn and not missing and profile is hashing.SHA256 else []
        yield {
            "level": level, "hash": profile.hash, "missing": list(missing), "drawn": drawn,
            "files": {name: files[name].decode() for name in (*bundle.FILES, "manifest.json")},
            "forgeries": [forgery(files, *edit) for edit in edits],
        }  # fmt: skip


def witness(profile: hashing.Profile) -> dict[str, str]:
    secret, nonce = level_cases.secret(level_cases.NOTARY)
    return {
        "hash": profile.hash, "label": level_cases.NOTARY, "value": levels.written(secret, nonce),
        "commitment": levels.witness_hash(profile, level_cases.NOTARY, secret, nonce),
    }  # fmt: skip


def forgery(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, Any]:
    text = files[name].decode()
    if old not in text:
        raise ValueError(f"{name} holds no {old!r}")
    forged = {**files, name: text.replace(old, new, 1).encode()}
    forged["manifest.json"] = bundle.manifest(forged)
    *_, (holds, step, _) = verify.run(forged)
    if holds:
        raise ValueError(f"{name}: {old!r} → {new!r} was not caught")
    return {"file": name, "old": old, "new": new, "manifest": forged["manifest.json"].decode(), "step": step}


def text() -> str:
    """The file's text: one vector a line."""
    parts = []
    for name, value in document().items():
        lines = value if isinstance(value, list) else [value]
        body = ",\n  ".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in lines)
        parts.append(f' "{name}": ' + (f"[\n  {body}\n ]" if isinstance(value, list) else body))
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), "utf-8")
