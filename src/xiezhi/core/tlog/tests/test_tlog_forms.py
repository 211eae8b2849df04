"""Keys, notes, checkpoints, cosignatures and proofs that have no valid form are refused as such."""

from base64 import b64encode
from dataclasses import replace

import pytest

from xiezhi.core.tlog import checkpoint, cosign, note, proof, tiles
from xiezhi.core.tlog.checkpoint import Checkpoint
from xiezhi.core.tlog.faults import Malformed, Refuted
from xiezhi.core.tlog.note import COSIGNATURE_V1, ED25519, Signature, SignerKey, VerifierKey
from xiezhi.core.tlog.proof import TlogProof

LOG = SignerKey("log.example/record", ED25519, bytes(range(32)))
WITNESS = SignerKey("witness.example/w1", COSIGNATURE_V1, bytes(range(2, 34)))
ROOT = bytes(32)
SIGNED = checkpoint.sign(Checkpoint(LOG.name, 3, ROOT), [LOG])


def material(kind: int) -> str:
    return b64encode(bytes([kind]) + bytes(32)).decode()


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (VerifierKey.parse, f"log.example+00000000+{material(0x77)}"),
        (VerifierKey.parse, "log.example+00000000+"),
        (SignerKey.parse, f"PRIVATE+KEY+log.example+00000000+{material(0x77)}"),
        (SignerKey.parse, f"PRIVATE+KEY+log.example+00000000+{material(ED25519)}"),
        (SignerKey.parse, f"PUBLIC+KEY+log.example+00000000+{material(ED25519)}"),
    ],
)
def test_a_key_of_an_unknown_type_or_with_another_id_is_no_key(read, text):
    with pytest.raises(Malformed):
        read(text)


def test_a_note_has_a_signature_and_a_text_that_can_be_signed():
    with pytest.raises(Malformed, match="at least one signature"):
        note.sign("text\n", [])
    for text in ("no newline", "tab\there\n", "\ud800\n"):
        with pytest.raises(Malformed):
            note.sign(text, [LOG])


def test_a_signature_line_too_short_for_a_key_id_is_refused():
    with pytest.raises(Malformed, match="too short"):
        note.parse(b"text\n\n\xe2\x80\x94 log.example AAAA\n")


@pytest.mark.parametrize(
    "given",
    [
        {"size": -1},
        {"size": 2**64},
        {"root": bytes(31)},
        {"origin": ""},
        {"extensions": ("",)},
        {"extensions": ("two\nlines",)},
    ],
)
def test_a_checkpoint_that_cannot_be_written_is_not_signed(given):
    with pytest.raises(Malformed):
        replace(Checkpoint(LOG.name, 3, ROOT), **given).text()


@pytest.mark.parametrize("timestamp", [-1, 2**63])
def test_the_time_of_a_cosignature_is_in_range(timestamp):
    with pytest.raises(Malformed, match="time of a cosignature"):
        cosign.cosign(note.parse(SIGNED), WITNESS, timestamp)


def test_a_cosignature_that_is_not_a_time_and_a_signature_is_refuted():
    signed = note.parse(SIGNED)
    key = WITNESS.verifier
    short = Signature(key.name, key.key_id, bytes(10))
    with pytest.raises(Refuted, match="not a time and 64 bytes"):
        cosign.verify(replace(signed, signatures=(*signed.signatures, short)), [key])


@pytest.mark.parametrize("hashes", [(bytes(31),), tuple(bytes(32) for _ in range(65))])
def test_a_proof_has_at_most_64_hashes_of_32_bytes(hashes):
    with pytest.raises(Malformed):
        TlogProof.parse(TlogProof(1, hashes, SIGNED).encode())


def test_a_proof_without_its_index_is_no_proof():
    with pytest.raises(Malformed, match="no index"):
        TlogProof.parse(f"{proof.HEADER}\nplace 1\n\n".encode() + SIGNED)


def test_a_log_takes_hashes_of_32_bytes_up_to_its_size():
    with pytest.raises(Malformed, match="other than 32"):
        tiles.extend(tiles.Edge(), [bytes(31)])
    with pytest.raises(Malformed, match="at most"):
        tiles.extend(tiles.Edge(tiles.MAX_SIZE), [bytes(32)])
