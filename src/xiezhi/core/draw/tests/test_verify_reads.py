"""verify.py on the machine of a stranger: what it reads, what it answers, what it does without OpenSSL's SM3."""

import hashlib

import pytest

from xiezhi.core.draw import bundle, verify

from . import draw_cases


@pytest.fixture(scope="module")
def files():
    return bundle.bundle(draw_cases.commitment(), draw_cases.result())


def unpacked(files, folder):
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_an_unpacked_folder_is_read_like_the_zip(files, tmp_path, capsys):
    assert verify.main([str(unpacked(files, tmp_path))]) == 0
    archive = tmp_path.parent / "bundle.zip"
    archive.write_bytes(bundle.pack(files))
    assert verify.main([str(archive)]) == 0
    first, second = capsys.readouterr().out.split("全部相符。\n")[:2]
    assert first == second


@pytest.mark.parametrize("extra", ["folder", "link"])
def test_a_folder_with_anything_but_files_is_refused(files, tmp_path, capsys, extra):
    unpacked(files, tmp_path)
    if extra == "folder":
        (tmp_path / "more").mkdir()
    else:
        (tmp_path / "more").symlink_to(tmp_path / "rules.json")
    assert verify.main([str(tmp_path)]) == 1
    assert "不是普通文件：more" in capsys.readouterr().out


def test_a_path_that_is_not_there_is_no_failed_draw(tmp_path, capsys):
    assert verify.main([str(tmp_path / "nothing.zip")]) == 2
    assert "✗ 读取" in capsys.readouterr().out


def test_the_key_of_another_log_fails_the_seal(files, tmp_path, capsys):
    assert verify.main([str(unpacked(files, tmp_path)), "--key", "other.example+00000000+AAAA"]) == 1
    assert "存证" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("text", [b"", b"abc", b"a" * 55, b"a" * 56, bytes(range(256)) * 3])
def test_its_own_sm3_equals_the_platforms(text):
    running = verify.SM3(text[:3]).copy()
    running.update(text[3:])
    assert running.digest() == hashlib.new("sm3", text).digest()


def test_without_openssls_sm3_its_own_is_used(monkeypatch):
    def missing(name, *given):
        raise ValueError(name)

    monkeypatch.setattr(hashlib, "new", missing)
    assert verify.starter("dr/1-sm3") is verify.SM3
    assert verify.starter("dr/1") is hashlib.sha256


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65), b"\xff" * 64])
def test_what_is_no_signature_signs_nothing(signature):
    assert not verify.signed(bytes(32), b"message", signature)
