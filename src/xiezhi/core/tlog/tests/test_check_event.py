"""The stand-alone script that checks an event's proof, held against the library that makes proofs."""

import json

import pytest

from xiezhi.core.tlog import check_event, checkpoint, merkle
from xiezhi.core.tlog.checkpoint import Checkpoint
from xiezhi.core.tlog.note import ED25519, SignerKey
from xiezhi.core.tlog.proof import TlogProof

LOG = SignerKey("log.example/record", ED25519, bytes(range(32)))
OTHER = SignerKey("log.example/record", ED25519, bytes(range(1, 33)))
SALT = b"s" * 16


def event(number: int) -> str:
    return json.dumps(
        {"id": str(number), "recorded_at": "2026-03-10T04:00:00Z", "type": "示例"}, ensure_ascii=False
    )


def given(index: int, size: int, signer: SignerKey = LOG) -> dict[str, str]:
    leaves = [merkle.leaf_hash(SALT + event(number).encode()) for number in range(size)]
    tree = dict(enumerate(leaves))
    path = merkle.inclusion_proof(index, size, lambda level, at: _hash(tree, level, at))
    signed = checkpoint.sign(Checkpoint(LOG.name, size, merkle.root_of(leaves)), [signer])
    return {
        "format": "xiezhi-event-proof/1",
        "event": event(index),
        "salt": SALT.hex(),
        "proof": TlogProof(index, tuple(path), signed).encode().decode(),
        "vkey": LOG.verifier.encode(),
    }


def _hash(tree, level, at):
    if level == 0:
        return tree[at]
    return merkle.node_hash(_hash(tree, level - 1, 2 * at), _hash(tree, level - 1, 2 * at + 1))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 13])
def test_every_event_of_a_log_is_found_at_its_place(size):
    for index in range(size):
        said = list(check_event.check(given(index, size)))
        assert f"第 {index} 个" in said[-1]


def test_a_known_key_is_compared(tmp_path, capsys):
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(given(2, 5)))
    known = given(2, 5)["vkey"]
    assert check_event.main([str(file), "--key", known]) == 0
    assert "公钥未另行核对" not in capsys.readouterr().out
    assert check_event.main([str(file)]) == 0
    assert "公钥未另行核对" in capsys.readouterr().out
    assert check_event.main([str(file), "--key", known.replace("log", "gol")]) == 1
    assert "不是已知的公钥" in capsys.readouterr().out


def test_another_key_under_the_same_name_has_not_signed():
    with pytest.raises(ValueError, match="签名不成立"):
        list(check_event.check(given(2, 5, OTHER)))


def _flipped(text: str, at: int) -> str:
    return text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]


@pytest.mark.parametrize("field", ["event", "salt", "proof", "vkey", "format"])
def test_no_character_can_be_changed(field):
    right = given(2, 5)
    for at in range(len(right[field])):
        wrong = right | {field: _flipped(right[field], at)}
        with pytest.raises((ValueError, KeyError)):
            list(check_event.check(wrong))


def test_a_path_that_is_too_long_or_too_short_shows_nothing():
    right = given(2, 5)
    head, gap, note = right["proof"].partition("\n\n")
    lines = head.split("\n")
    for changed in (lines[:-1], [*lines, lines[-1]]):
        with pytest.raises(ValueError, match="路径过"):
            list(check_event.check(right | {"proof": "\n".join(changed) + gap + note}))
    with pytest.raises(ValueError, match="超出日志"):
        list(check_event.check(right | {"proof": right["proof"].replace("index 2", "index 5")}))


def test_a_signature_that_is_no_point_or_too_large_is_refused():
    key = check_event.b64(given(0, 1)["vkey"].split("+", 2)[2])[1:]
    assert not check_event.signed(key, b"x", bytes(32) + b"\xff" * 32)
    assert not check_event.signed(key, b"x", bytes(12))
    with pytest.raises(ValueError, match="不在曲线上"):
        check_event.point(b"\xff" * 32)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "null"])
def test_what_is_no_proof_is_said_to_be_none_without_a_traceback(tmp_path, capsys, text):
    file = tmp_path / "proof.json"
    file.write_text(text)
    assert check_event.main([str(file)]) == 1
    assert capsys.readouterr().out.startswith("✗")


def test_used_wrongly_it_says_how(tmp_path, capsys):
    assert check_event.main([]) == 2
    assert "PROOF.json" in capsys.readouterr().out
    assert check_event.main([str(tmp_path / "none.json")]) == 1
