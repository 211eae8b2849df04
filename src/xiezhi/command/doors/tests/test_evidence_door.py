"""``xiezhi evidence verify``: its exit codes and where it speaks."""

import pytest

from xiezhi.command.main import main
from xiezhi.core.evidence import export
from xiezhi.core.evidence.tests import evidence_cases as cases

ONE = cases.chain([1, 2])


@pytest.fixture
def folder(tmp_path):
    return cases.written(cases.folder(ONE), tmp_path)


def test_what_holds_is_0_with_every_option(folder, capsys):
    assert main(["evidence", "verify", str(folder), "--complete", "--key", cases.VKEY]) == 0
    assert capsys.readouterr().out == "全部成立：2 项，2 份回执\n"


def test_what_is_altered_or_missing_is_1_and_named(folder, capsys):
    (folder / export.original(ONE[0].item)).write_bytes(b"other")
    (folder / f"items/{ONE[1].item}/receipt.txt").unlink()
    assert main(["evidence", "verify", str(folder)]) == 1
    out = capsys.readouterr().out
    assert f"✗ 3 original-differs items/{ONE[0].item}：" in out
    assert f"✗ 1 file-missing items/{ONE[1].item}/receipt.txt：" in out


def test_another_key_is_1(folder):
    assert main(["evidence", "verify", str(folder), "--key", "other.example+00000000+AAAA"]) == 1


@pytest.mark.parametrize("name", ["nothing", "file", "a\0b"])
def test_what_is_no_folder_is_2_with_a_sentence(tmp_path, capsys, name):
    (tmp_path / "file").write_bytes(b"")
    assert main(["evidence", "verify", f"{tmp_path}/{name}"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("xiezhi evidence: ")
