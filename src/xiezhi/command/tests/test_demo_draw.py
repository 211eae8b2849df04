"""``xiezhi demo --stage draw`` as a new user runs it: a process of its own, nothing but the base installation."""

import csv
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import xiezhi

SOURCE = Path(xiezhi.__file__).parents[1]


def demo(*arguments: str, home: Path, seconds: int = 120) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    return subprocess.run(
        [sys.executable, "-m", "xiezhi.command.main", "demo", *arguments],
        env=environment | {"PYTHONPATH": str(SOURCE), "TMPDIR": str(home), "XIEZHI_HOME": str(home / "users-own")},
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


def last_line(done: subprocess.CompletedProcess) -> dict:
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_the_main_job_runs_on_a_given_roster_and_leaves_exactly_one_bundle(tmp_path):
    roster, out, home = tmp_path / "名录.csv", tmp_path / "out", tmp_path / "tmp"
    home.mkdir()
    with roster.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["企业名称", "统一社会信用代码"])
        writer.writerows([f"示例建设{n:02d}有限公司", f"3212911{n:06d}"] for n in range(12))
    done = demo("--stage", "draw", "--roster", str(roster), "--out", str(out), home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = last_line(done)
    assert summary["ok"]
    assert summary["roster"] == {"rows": 12, "imported": 12, "old_numbers": 12, "rejected": 0}
    assert summary["opened"] == summary["draw"]["drawn"] == 2
    assert summary["tampered"]["caught"]
    assert [path.name for path in out.iterdir()] == ["bundle.zip"]
    data = (out / "bundle.zip").read_bytes()
    assert hashlib.sha256(data).hexdigest() == summary["bundle"]["sha256"]
    with zipfile.ZipFile(out / "bundle.zip") as archive:
        assert len(archive.read("opened.tsv").splitlines()) == 2
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", "企业名称\n".encode()])
def test_a_roster_that_cannot_be_imported_ends_with_one_sentence(content, tmp_path):
    roster = tmp_path / "bad.csv"
    roster.write_bytes(content)
    done = demo("--roster", str(roster), "--out", str(tmp_path / "out"), home=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert last_line(done)["ok"] is False
    assert not (tmp_path / "out").exists()


def test_a_missing_roster_is_named(tmp_path):
    done = demo("--roster", str(tmp_path / "none.csv"), home=tmp_path)
    assert done.returncode == 2
    assert "none.csv" in done.stderr


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("x")
    done = demo("--out", str(out), home=tmp_path)
    assert done.returncode == 2
    assert "mine.txt" in done.stderr
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("x")
    done = demo("--out", str(tmp_path / "out"), home=tmp_path)
    assert done.returncode == 2
    assert "不是文件夹" in done.stderr
