"""Doors whose standard input or output is missing, full or left by its reader: a sentence, no trace."""

import subprocess
import sys

import pytest

DOOR = f"{sys.executable} -m xiezhi.command.main"
SELECT = "draw select --seed 00 --stratum A --n 1 --method equal"


def shell(command: str, data: bytes = b"a\t1\n") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], input=data, capture_output=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    "verb", [SELECT, "uscc check", "law due seizure --from 2026-03-02", "law rules", "record root"]
)
@pytest.mark.parametrize(
    ("to", "said"), [(">&-", b"standard output is closed"), (">/dev/full", b"can't be written")]
)
def test_an_answer_that_cannot_be_written_is_no_success(verb, to, said):
    done = shell(f"{DOOR} {verb} {to}", b"" if verb == "record root" else b"a\t1\n")
    assert done.returncode == 2
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("verb", "code", "out"),
    [
        (SELECT, 2, b""),
        ("uscc check", 0, b""),
        ("record root", 0, b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"),
        ("record check-inclusion", 1, b""),
    ],
)
def test_a_closed_input_is_an_empty_one(verb, code, out):
    done = shell(f"{DOOR} {verb} <&-")
    assert (done.returncode, done.stdout) == (code, out)
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_gets_no_trace():
    roster = b"".join(b"%d\t1\n" % number for number in range(200_000))
    done = shell(f"{DOOR} {SELECT.replace('--n 1', '--n 150000')} | true", roster)
    assert done.returncode == 141
    assert done.stderr == b""
