"""``xiezhi uscc check`` as an outside tester calls it: bytes in, bytes out, exit code."""

import subprocess
import sys
from pathlib import Path

GOOD = b"91320105780688132K"


def check(data: bytes = b"", *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "xiezhi.command.main", "uscc", "check", *args]
    return subprocess.run(command, input=data, capture_output=True, check=False)


def test_each_line_is_answered_in_order_with_the_code_as_given() -> None:
    done = check(GOOD + b"\r\n\n" + GOOD.lower() + b"\n321283000009205\n \xff\xfe\n" + GOOD)
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.split(b"\n") == [
        GOOD + b"\tok",
        b"\tempty",
        GOOD.lower() + b"\tlower-case",
        b"321283000009205\told-number",
        b" \xff\xfe\twhite-space",
        GOOD + b"\tok",
        b"",
    ]


def test_no_line_no_answer_and_a_signature_is_no_part_of_the_code() -> None:
    assert check(b"").stdout == b""
    assert check(b"\xef\xbb\xbf" + GOOD + b"\n").stdout == GOOD + b"\tok\n"


def test_other_line_separators_are_part_of_the_line() -> None:
    assert check(GOOD + b"\x0b" + GOOD + b"\n").stdout == GOOD + b"\x0b" + GOOD + b"\twhite-space\n"
    assert check(GOOD + "\u2028".encode() + b"\n").stdout.endswith(b"\twhite-space\n")


def test_named_files_are_read_in_turn_and_a_missing_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(GOOD)
    (tmp_path / "b").write_bytes(b"x\n")
    done = check(b"", str(tmp_path / "a"), str(tmp_path / "b"))
    assert (done.returncode, done.stdout) == (0, GOOD + b"\tok\nx\tlower-case\n")
    missing = check(b"", str(tmp_path / "none"))
    assert missing.returncode == 2
    assert b"cannot read" in missing.stderr
    assert b"Traceback" not in missing.stderr


def test_strict_also_holds_the_organisation_code() -> None:
    code = b"913201057806881312"
    from xiezhi.core.ids.uscc import check_character

    code = b"91320105780688131" + check_character("91320105780688131").encode()
    assert check(code).stdout.endswith(b"\tok\n")
    assert check(code, "--strict").stdout.endswith(b"\torganisation-code\n")


def test_help_names_every_reason() -> None:
    done = check(b"", "--help")
    assert all(word in done.stdout for word in (b"old-number", b"full-width", b"wrong-check-character"))


def test_a_reader_that_stops_early_gets_no_traceback() -> None:
    command = f"{sys.executable} -m xiezhi.command.main uscc check | head -n 1"
    data = (GOOD + b"\n") * 20_000
    done = subprocess.run(command, shell=True, input=data, capture_output=True, check=False)
    assert done.stdout == GOOD + b"\tok\n"
    assert done.stderr == b""
