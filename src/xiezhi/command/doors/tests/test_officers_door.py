"""``xiezhi draw officers`` as an outside tester sees it."""

import io
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from xiezhi.command.main import main

VECTORS = json.loads((Path(__file__).resolve().parents[5] / "docs" / "dr-1-vectors.json").read_text())["rounding"]
SEED = "b95597440247b0794f328518d87cefc5620a3f01cbb273c13c096ff5d6872a56"


@pytest.fixture
def door(monkeypatch, capfdbinary):
    def run(table: object, *more: str) -> tuple[int, str, str]:
        data = table if isinstance(table, bytes) else json.dumps(table).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            code = main(["draw", "officers", *more])
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_it_answers_as_the_vectors_do(door, vector):
    hash_name = vector.get("hash", "sha256")
    code, out, _err = door(vector["edges"], "--seed", vector["seed"], "--hash", hash_name)
    assert code == 0
    assert [line.split("\t") for line in out.splitlines()] == sorted(vector["chosen"])


def even(targets: int, officers: int) -> list[list[object]]:
    share = 2_000_000 // officers
    return [[f"对象{t}", f"人员{o}", share] for t in range(targets) for o in range(officers)]


def test_teams_are_whole_and_loads_differ_by_at_most_one(door):
    code, out, _err = door({"table": even(13, 8)}, "--seed", SEED)
    pairs = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert set(Counter(target for target, _ in pairs).values()) == {2}
    loads = Counter(officer for _, officer in pairs).values()
    assert max(loads) - min(loads) <= 1


def test_the_order_of_the_input_does_not_matter(door):
    table = even(5, 4)
    assert door(table, "--seed", SEED) == door(table[::-1], "--seed", SEED)


def test_no_edges_is_nobody(door):
    assert door([], "--seed", SEED) == (0, "", "")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ({}, "the table is"),
        ("text", "the table is"),
        ([["a", "b"]], "edge 1: expected"),
        ([["a", "b", 1_000_000], ["a", "c", 1.5]], "edge 2: millionths"),
        ([["a", "b", True]], "edge 1: millionths"),
        ([["a", "b", 0]], "edge 1: millionths"),
        ([["a", "b", 1_000_001]], "edge 1: millionths"),
        ([["", "b", 1]], "edge 1: ids"),
        ([["a\n", "b", 1]], "edge 1: ids"),
        ([["a", 3, 1]], "edge 1: ids"),
        ([["a", "\ud800", 1]], "edge 1: ids"),
        ([["a", "b", 1_000_000], ["a", "b", 1_000_000]], "edge 2: the same pair is edge 1"),
        ([["a", "b", 1_000_000], ["a", "c", 1]], "target 'a': its millionths sum to 1000001"),
        ([["a", "b", 1_000_000]], "not to a whole team of 2 or more"),
    ],
)
def test_a_bad_table_is_refused_in_one_line(door, table, message):
    code, out, err = door(table, "--seed", SEED)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("seed", ["", "0", "zz", "00 11"])
def test_a_seed_is_pairs_of_hex_digits(door, seed):
    assert door([], "--seed", seed)[0] == 2
