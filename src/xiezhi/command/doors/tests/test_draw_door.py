"""``xiezhi draw`` as an outside tester sees it: text in, text out, exit codes."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from xiezhi.command.main import main
from xiezhi.core.draw import bundle
from xiezhi.core.draw.tests import draw_cases as cases

SEED = "b95597440247b0794f328518d87cefc5620a3f01cbb273c13c096ff5d6872a56"
ROSTER = b"".join(
    b"P%03d\t%d\n" % (at, weight)
    for at, weight in enumerate((3, 10, 6, 13, 9, 5, 12, 8, 4, 11, 7, 3, 10, 6, 13, 9))
)


class Standard:
    """Runs the door with bytes on standard input; keeps (code, out, err)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]):
        self.monkeypatch, self.captured = monkeypatch, capfdbinary

    def __call__(self, *arguments: str, data: bytes = b"") -> tuple[int, bytes, str]:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            code = main(["draw", *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        out, err = self.captured.readouterr()
        return code, out, err.decode()

    def select(self, data: bytes, n: int | str, method: str = "equal", *more: str) -> tuple[int, bytes, str]:
        return self(
            "select", "--seed", SEED, "--stratum", "A", "--n", str(n), "--method", method, *more, data=data
        )


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Standard:
    return Standard(monkeypatch, capfdbinary)


def test_selected_ids_come_sorted_one_a_line(door: Standard) -> None:
    assert door.select(ROSTER, 5) == (0, b"P000\nP004\nP005\nP010\nP012\n", "")
    assert door.select(ROSTER, 5, "weighted") == (0, b"P000\nP003\nP006\nP013\nP014\n", "")
    assert door.select(ROSTER, 5, "equal", "--hash", "sm3")[1] != door.select(ROSTER, 5)[1]


def test_order_and_line_ends_of_the_input_do_not_matter(door: Standard) -> None:
    backwards = b"".join(reversed(ROSTER.splitlines(keepends=True)))
    for data in (backwards, ROSTER.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + ROSTER, ROSTER[:-1]):
        assert door.select(data, 5, "weighted")[:2] == door.select(ROSTER, 5, "weighted")[:2]


@pytest.mark.parametrize("method", ["equal", "weighted"])
def test_none_and_all(door: Standard, method: str) -> None:
    assert door.select(ROSTER, 0, method) == (0, b"", "")
    assert door.select(b"", 0, method) == (0, b"", "")
    assert len(door.select(ROSTER, 16, method)[1].split()) == 16


def test_weights_of_zero_are_never_drawn_by_weight_and_the_heavy_one_always_is(door: Standard) -> None:
    data = b"a\t0\nb\t1\nc\t1\nd\t1000000000000000000000000000000\n"
    assert door.select(data, 1, "weighted")[1] == b"d\n"
    assert door.select(data, 3, "weighted")[1] == b"b\nc\nd\n"
    assert door.select(data, 4)[0] == 0
    code, out, err = door.select(data, 4, "weighted")
    assert (code, out) == (2, b"")
    assert "line 4" in err


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a\t1\nb\t2\na\t1\n", 3),
        (b"a\t1\nb\n", 2),
        (b"a\t1\n\nb\t2\n", 2),
        (b"a\t1\n\n", 2),
        (b"a\t-1\n", 1),
        (b"a\t1.5\n", 1),
        (b"a\t1e3\n", 1),
        (b"a\t+1\n", 1),
        (b"a\t 1\n", 1),
        (b"a\t1_0\n", 1),
        ("a\t１\n".encode(), 1),
        (b"a\t\n", 1),
        (b"\t1\n", 1),
        (b"a\t1\t1\n", 1),
        (b"a 1\n", 1),
        (b"ok\t1\n\xff\t1\n", 2),
        (b"a\t\xff\n", 1),
        (b"a\t" + b"9" * 5000 + b"\n", 1),
        (b"a\t01\n", 1),
        (b"a\t00\n", 1),
        (b"ok\t0\nb\t0" + b"9" * 50 + b"\n", 2),
        (b"a\t1\n", 1),
    ],
)
@pytest.mark.parametrize("method", ["equal", "weighted"])
def test_a_bad_line_is_named(door: Standard, data: bytes, line: int, method: str) -> None:
    code, out, err = door.select(data, 2, method)
    assert (code, out) == (2, b"")
    assert f"line {line}:" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--seed", "xyz", "--n", "1"),
        ("--seed", "abc", "--n", "1"),
        ("--seed", "", "--n", "1"),
        ("--seed", "aa bb", "--n", "1"),
        ("--seed", "aa", "--n", "-1"),
        ("--seed", "aa", "--n", "1.0"),
        ("--seed", "aa", "--n", "１"),
        ("--seed", "aa", "--n", "1", "--hash", "md5"),
        ("--seed", "aa", "--n", "1", "no such file"),
    ],
)
def test_bad_arguments_exit_2(door: Standard, arguments: tuple[str, ...]) -> None:
    code, out, err = door("select", "--stratum", "A", "--method", "equal", *arguments, data=ROSTER)
    assert (code, out) == (2, b"")
    assert "Traceback" not in err


@pytest.mark.parametrize("stratum", ["", "A\t", "\n", "A\x1fcoverage", "\x7f", "\x00"])
def test_a_stratum_that_is_no_plain_text_is_refused(door: Standard, stratum: str) -> None:
    code, out, err = door(
        "select", "--seed", "aa", "--stratum", stratum, "--n", "1", "--method", "equal", data=ROSTER
    )
    assert (code, out) == (2, b"")
    assert "plain text" in err


def test_ids_are_taken_as_given_whatever_their_form(door: Standard) -> None:
    ids = ["é", "e\u0301", "\ufeffx", "a b", "\x01", "\u2028", "\x85", "𠮷"]
    data = "".join(f"{one}\t1\n" for one in ids).encode()
    expected = b"".join(sorted(one.encode() + b"\n" for one in ids))
    assert door.select(data, len(ids)) == (0, expected, "")


def test_every_file_may_have_its_own_byte_order_mark(door: Standard, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"\xef\xbb\xbfa\t1")
    (tmp_path / "two").write_bytes(b"\xef\xbb\xbfb\t1\r\n")
    assert door.select(b"", 2, "equal", str(tmp_path / "one"), str(tmp_path / "two")) == (0, b"a\nb\n", "")


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04cut off", bytes(3000)])
def test_what_is_no_zip_gets_one_chinese_sentence(door: Standard, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "odd.zip").write_bytes(data)
    code, out, err = door("verify", str(tmp_path / "odd.zip"))
    said = "✗ 读取：不是完好的 ZIP，也不是文件夹；请重新下载 bundle.zip 再复核\n"
    assert (code, out.decode(), err) == (1, said, "")


def test_named_files_are_read_in_order(door: Standard, tmp_path: Path) -> None:
    half = len(ROSTER) // 2
    (tmp_path / "one").write_bytes(ROSTER[:half].rstrip(b"\n"))
    (tmp_path / "two").write_bytes(ROSTER[half:])
    code, out, _ = door.select(b"", 5, "equal", str(tmp_path / "one"), str(tmp_path / "two"))
    assert (code, out) == (0, b"P000\nP004\nP005\nP010\nP012\n")


def test_verify_answers_0_1_2(door: Standard, tmp_path: Path) -> None:
    result = cases.result()
    files = bundle.bundle(result.commitment, result)
    (tmp_path / "good.zip").write_bytes(bundle.pack(files))
    (tmp_path / "bad.zip").write_bytes(bundle.pack({**files, "chances.tsv": b""}))
    assert door("verify", str(tmp_path / "good.zip"))[0] == 0
    code, out, _ = door("verify", str(tmp_path / "bad.zip"))
    assert code == 1
    assert "✗  1 清单：chances.tsv" in out.decode()
    assert door("verify", str(tmp_path / "none.zip"))[0] == 2
    assert door("verify", "odd\0name")[0] == 2


def test_the_door_needs_no_django() -> None:
    code = (
        "import sys; from xiezhi.command.main import main; "
        "main('draw select --seed aa --stratum A --n 0 --method equal'.split()); "
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"", env={"PYTHONPATH": ":".join(sys.path)}, check=False
    )
    assert done.returncode == 0
