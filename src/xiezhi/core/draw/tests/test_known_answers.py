"""The profile's known answers: 24 objects, two strata, both hashes."""

import json
from pathlib import Path
from typing import Any

import pytest

from xiezhi.core.draw import hashing, roster, targets

KAT = json.loads((Path(__file__).parent / "vectors" / "dr1-known-answers.json").read_text("utf-8"))
CASES = [(vector, stratum) for vector in KAT["vectors"] for stratum in vector["strata"]]


def in_stratum(stratum: str) -> tuple[list[str], list[int]]:
    rows = [row for row in KAT["roster"] if row[1] == stratum]
    return [row[0] for row in rows], [row[2] for row in rows]


@pytest.mark.parametrize("vector", KAT["vectors"], ids=lambda v: v["hash"])
def test_root_rules_hash_and_seed(vector: dict[str, Any]) -> None:
    profile = hashing.BY_HASH[vector["hash"]]
    root = roster.roster_root(profile, [roster.Entry(*row) for row in reversed(KAT["roster"])])
    rules_hash = profile.digest(KAT["rules_utf8"].encode())
    sources = [(label, bytes.fromhex(value)) for label, value in KAT["sources"]]
    assert root.hex() == vector["root"]
    assert rules_hash.hex() == vector["rules_hash"]
    assert roster.seed_of(profile, KAT["draw_id"], root, rules_hash, sources).hex() == vector["seed"]


@pytest.mark.parametrize(("vector", "stratum"), CASES)
def test_tickets_and_equal_chance(vector: dict[str, Any], stratum: str) -> None:
    profile, seed = hashing.BY_HASH[vector["hash"]], bytes.fromhex(vector["seed"])
    expected = vector["strata"][stratum]
    ids, _ = in_stratum(stratum)
    order = [ids[at] for at in targets.ticket_order(profile, seed, stratum, ids)]
    assert order == expected["ticket_order"]
    assert targets.ticket(profile, seed, stratum, order[0]).hex() == expected["first_ticket_hex"]
    assert targets.equal(profile, seed, stratum, ids, expected["equal_n"]) == expected["equal_selected"]


@pytest.mark.parametrize(("vector", "stratum"), CASES)
def test_the_weighted_walk(vector: dict[str, Any], stratum: str) -> None:
    profile, seed = hashing.BY_HASH[vector["hash"]], bytes.fromhex(vector["seed"])
    expected = vector["strata"][stratum]
    ids, weights = in_stratum(stratum)
    drawn = targets.weighted(profile, seed, stratum, ids, weights, expected["pivotal_n"])
    assert drawn == expected["pivotal_selected_in_order"]
