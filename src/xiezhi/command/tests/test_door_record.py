"""The door ``record`` as an outside tester meets it: bytes in, text and exit code out."""

import base64
import io
import json
import sys

import pytest

from xiezhi.command.main import main
from xiezhi.core.tlog import merkle

HASHES = [merkle.leaf_hash(bytes([number])) for number in range(7)]


def read(level: int, index: int) -> bytes:
    return merkle.root_of(HASHES[index << level : (index + 1) << level])


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


INCLUSION = {
    "leafIdx": 3,
    "treeSize": 7,
    "leafHash": b64(HASHES[3]),
    "root": b64(merkle.root_of(HASHES)),
    "proof": [b64(hash_) for hash_ in merkle.inclusion_proof(3, 7, read)],
}
CONSISTENCY = {
    "size1": 3,
    "size2": 7,
    "root1": b64(merkle.root_of(HASHES[:3])),
    "root2": b64(merkle.root_of(HASHES)),
    "proof": [b64(hash_) for hash_ in merkle.consistency_proof(3, 7, read)],
}
CASES = {"check-inclusion": INCLUSION, "check-consistency": CONSISTENCY}


@pytest.fixture
def door(monkeypatch, capsys):
    """``door("root", data)`` answers exit code, standard output and standard error."""

    def run(action: str, data: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        code = main(["record", action])
        out, err = capsys.readouterr()
        return code, out, err

    return run


EMPTY_LEAF = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d\n"


@pytest.mark.parametrize(
    ("data", "leaves"),
    [
        (b"", []),
        (b"\n", [b""]),
        (b"\n\n", [b"", b""]),
        (b"ab", [b"\xab"]),
        (b"AB\n", [b"\xab"]),
        (b"aB\r\n00\r\n", [b"\xab", b"\x00"]),
        (b"00\n\n10", [b"\x00", b"", b"\x10"]),
    ],
)
def test_root_takes_one_leaf_a_line(door, data, leaves):
    expected = merkle.root_of(map(merkle.leaf_hash, leaves)).hex() + "\n"
    assert door("root", data) == (0, expected, "")


def test_the_empty_tree_and_the_empty_leaf_have_their_known_roots(door):
    assert door("root", b"")[1] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
    assert door("root", b"\n")[1] == EMPTY_LEAF


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a", 1), (b"00\nzz\n", 2), (b"00\n\n0 0\n", 3), (b"\xef\xbb\xbf00\n", 1), (b"00\n\xff\xff\n", 2),
     (b"0x00\n", 1), (b" 00\n", 1), (b"00 \n", 1), ("００\n".encode(), 1), (b"00\r\r\n", 1), (b"\0\0", 1)],
)  # fmt: skip
def test_a_line_that_is_no_hex_is_named(door, data, line):
    code, out, err = door("root", data)
    assert (code, out) == (2, "")
    assert f"line {line}:" in err


def test_a_named_file_is_read_and_a_missing_one_is_named(capsys, tmp_path):
    (tmp_path / "leaves").write_bytes(b"\n")
    assert main(["record", "root", str(tmp_path / "leaves")]) == 0
    assert capsys.readouterr().out == EMPTY_LEAF
    assert main(["record", "root", str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err


@pytest.mark.parametrize("action", CASES)
def test_a_true_proof_holds_whatever_else_the_object_says(door, action):
    extra = {"desc": "任意", "wantErr": True, "other": -(10**400), "proofs": 1.5}
    assert door(action, json.dumps(CASES[action] | extra).encode()) == (0, "", "")


def test_a_tree_of_one_leaf_needs_no_proof(door):
    single = {"leafIdx": 0, "treeSize": 1, "leafHash": b64(HASHES[0]), "root": b64(HASHES[0])}
    for proof in ({}, {"proof": None}, {"proof": []}):
        assert door("check-inclusion", json.dumps(single | proof).encode())[0] == 0


def test_trees_of_equal_size_are_compared_by_their_roots_as_given(door):
    same = {"size1": 1, "size2": 1, "root1": b64(b"any text"), "root2": b64(b"any text"), "proof": []}
    assert door("check-consistency", json.dumps(same).encode())[0] == 0
    assert door("check-consistency", json.dumps(same | {"root2": b64(b"another")}).encode())[0] == 1
    assert door("check-consistency", json.dumps(same | {"proof": [b64(HASHES[0])]}).encode())[0] == 1


WRONG_NUMBERS = [None, True, False, "3", 3.0, -1, -3, 2**64, 10**30, [3], {}, 9]
WRONG_HASHES = [None, "", "AAAA", 7, [], "not base64", b64(HASHES[6])[:-1], b64(HASHES[6]) + "\n", "é" * 44,
                b64(HASHES[6]), b64(HASHES[6])[:-2] + "9=",
                b64(HASHES[6]).replace("+", "-").replace("/", "_")]  # fmt: skip
WRONG_PROOFS = [None, [], "", {}, 7, [None], [7], [[]], [b64(HASHES[0])] * 3]


@pytest.mark.parametrize(
    ("action", "key", "value"),
    [
        (action, key, value)
        for action, numbers, hashes in (
            ("check-inclusion", ("leafIdx", "treeSize"), ("leafHash", "root")),
            ("check-consistency", ("size1", "size2"), ("root1", "root2")),
        )
        for key, value in [
            *((key, value) for key in numbers for value in WRONG_NUMBERS),
            *((key, value) for key in hashes for value in WRONG_HASHES),
            *(("proof", value) for value in WRONG_PROOFS),
        ]
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_wrong_value_is_exit_one(door, action, key, value):
    code, out, err = door(action, json.dumps(CASES[action] | {key: value}).encode())
    assert (code, out) == (1, "")
    assert err.startswith("xiezhi record: ")


@pytest.mark.parametrize("action", CASES)
@pytest.mark.parametrize("key", ["leafIdx", "treeSize", "leafHash", "root", "size1", "size2", "root1", "root2"])
def test_a_missing_value_is_exit_one(door, action, key):
    given = {name: value for name, value in CASES[action].items() if name != key}
    assert door(action, json.dumps(given).encode())[0] == (0 if key not in CASES[action] else 1)


@pytest.mark.parametrize("action", CASES)
@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"[]", b"null", b"7", b'"text"', b"{", b"{}{}", b"\xff", b"[" * 100_000, b'{"a":' * 100_000,
     b'{"size1": NaN}', b'{"size1": Infinity}', b"{'size1': 1}", b'{"size1": 01}'],
    ids=lambda data: repr(data[:12]),
)  # fmt: skip
def test_what_is_no_json_object_is_exit_one(door, action, data):
    code, out, err = door(action, data)
    assert (code, out) == (1, "")
    assert err


def test_a_size_of_zero_is_refused(door):
    for size2 in (0, 7):
        given = CONSISTENCY | {"size1": 0, "size2": size2, "proof": []}
        assert door("check-consistency", json.dumps(given).encode())[0] == 1


def test_minus_zero_a_fraction_and_thousands_of_digits_are_no_sizes(door):
    for spelling in (b"-0", b"3.0", b"3e0", b"3" * 5000, b"-" + b"3" * 5000):
        text = json.dumps(INCLUSION).encode().replace(b'"leafIdx": 3', b'"leafIdx": ' + spelling)
        assert door("check-inclusion", text)[0] == 1


@pytest.mark.parametrize("action", ["verify", "replay", "seal", "keys"])
def test_a_program_that_is_not_set_up_says_so(monkeypatch, capsys, action):
    import django

    def unset() -> None:
        raise ModuleNotFoundError("No module named 'nowhere'")

    monkeypatch.setattr(django, "setup", unset)
    assert main(["record", action, "--anything"]) == 2
    assert "not set up" in capsys.readouterr().err


def test_the_rest_of_the_line_is_handed_to_djangos_command(monkeypatch):
    import django
    from django.core import management

    seen = []
    monkeypatch.setattr(django, "setup", lambda: None)
    monkeypatch.setattr(management, "call_command", lambda *given: seen.append(given))
    assert main(["record", "verify", "--log", "main", "-v", "2"]) == 0
    assert seen == [("record", "verify", "--log", "main", "-v", "2")]


def test_a_command_that_fails_gives_its_message_and_code(monkeypatch, capsys):
    import django
    from django.core import management

    def fail(*_given: str) -> None:
        raise management.CommandError("第 3 块不符", returncode=1)

    monkeypatch.setattr(django, "setup", lambda: None)
    monkeypatch.setattr(management, "call_command", fail)
    assert main(["record", "verify"]) == 1
    assert capsys.readouterr().err == "xiezhi record: 第 3 块不符\n"
