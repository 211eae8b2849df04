"""Signed notes, checkpoints, cosignatures and proof files, with the specifications' own examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core.tlog import checkpoint, cosign, merkle, note, proof, tiles
from xiezhi.core.tlog.checkpoint import Checkpoint
from xiezhi.core.tlog.faults import Malformed, Refuted, TlogError
from xiezhi.core.tlog.note import COSIGNATURE_V1, ED25519, SignerKey, VerifierKey
from xiezhi.core.tlog.proof import TlogProof

# The example of C2SP signed-note, "Verifier keys".
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

LOG = SignerKey("taizhou.example/record", ED25519, bytes(range(32)))
OTHER = SignerKey("taizhou.example/other", ED25519, bytes(range(1, 33)))
WITNESS = SignerKey("witness.example/w1", COSIGNATURE_V1, bytes(range(2, 34)))
ORIGIN = LOG.name
HASHES = [merkle.leaf_hash(b"event %d" % number) for number in range(300)]
ROOT = merkle.root_of(HASHES)
SIGNED = checkpoint.sign(Checkpoint(ORIGIN, 300, ROOT), [LOG])


def proof_of(index: int, extra: bytes = b"", signed: bytes = SIGNED) -> TlogProof:
    _, written = tiles.extend(tiles.Edge(), HASHES)
    read = tiles.TileHashes(300, dict(written).__getitem__)
    return TlogProof(index, tuple(merkle.inclusion_proof(index, 300, read)), signed, extra)


def test_the_example_of_the_specification_verifies():
    key = VerifierKey.parse(EXAMPLE_KEY)
    parsed = note.parse(EXAMPLE_NOTE)
    assert note.verify(parsed, [key]) == [key]
    assert parsed.encode() == EXAMPLE_NOTE
    assert key.encode() == EXAMPLE_KEY


def test_keys_are_written_and_read_back():
    for key in (LOG, WITNESS):
        assert SignerKey.parse(key.encode()) == key
        assert VerifierKey.parse(key.verifier.encode()) == key.verifier
    assert LOG.seed.hex() not in repr(LOG)
    assert str(LOG.seed) not in repr(LOG)


@pytest.mark.parametrize(
    "text",
    ["", "a+b", EXAMPLE_KEY.replace("530d", "530e"), EXAMPLE_KEY.replace("foo", "bar"), EXAMPLE_KEY[:-4],
     EXAMPLE_KEY.replace("AekyeRrm", "Auky eRm"), "a b" + EXAMPLE_KEY],
)  # fmt: skip
def test_a_damaged_verifier_key_is_refused(text):
    with pytest.raises(Malformed):
        VerifierKey.parse(text)


def test_a_damaged_signing_key_is_refused_without_showing_it():
    good = LOG.encode()
    for text in (good[:-8], good.replace("PRIVATE", "PUBLIC"), good.replace("record", "recorf")):
        with pytest.raises(Malformed) as caught:
            SignerKey.parse(text)
        assert good[-20:] not in str(caught.value)


def test_two_signers_both_count_and_strangers_are_passed_over():
    signed = note.sign("一条记录\n\n有空行\n", [LOG, OTHER])
    again = note.parse(signed.encode())
    assert again == signed
    assert note.verify(again, [OTHER.verifier]) == [OTHER.verifier]
    assert note.verify(again, [OTHER.verifier, LOG.verifier]) == [LOG.verifier, OTHER.verifier]


def test_a_note_without_a_known_signature_is_refused():
    with pytest.raises(Refuted, match="known key"):
        note.verify(note.parse(EXAMPLE_NOTE), [LOG.verifier])


def test_one_failing_known_signature_refuses_the_whole_note():
    signed = note.sign("text\n", [LOG, OTHER])
    first, second = signed.signatures
    forged = note.Note("text\n", (first, note.Signature(second.name, second.key_id, first.blob)))
    with pytest.raises(Refuted, match="other"):
        note.verify(forged, [LOG.verifier, OTHER.verifier])


@pytest.mark.parametrize(
    "data",
    [b"", b"text\n", b"text\n\n", b"\xff\n\n", EXAMPLE_NOTE[:-1], EXAMPLE_NOTE.replace(b"\n\n", b"\n"),
     EXAMPLE_NOTE.replace("—".encode(), b"-"), EXAMPLE_NOTE.replace(b"This", b"Th\tis"),
     EXAMPLE_NOTE.replace(b"\n", b"\r\n"), EXAMPLE_NOTE.replace(b"aQM=", b"aQN="),
     EXAMPLE_NOTE + b"x" * 1_000_000, EXAMPLE_NOTE.replace(b"example.com/foo ", b"example.com/foo")],
)  # fmt: skip
def test_what_is_no_note_is_refused(data):
    with pytest.raises(Malformed):
        note.parse(data)


@given(st.integers(0, 8 * len(SIGNED) - 1))
def test_no_bit_of_a_checkpoint_changes_unseen(bit):
    at, shift = divmod(bit, 8)
    data = SIGNED[:at] + bytes([SIGNED[at] ^ 1 << shift]) + SIGNED[at + 1 :]
    with pytest.raises(TlogError):
        checkpoint.open_signed(data, ORIGIN, [LOG.verifier])


def test_a_checkpoint_of_another_log_is_refused():
    signed = checkpoint.sign(Checkpoint("elsewhere.example", 300, ROOT), [LOG])
    with pytest.raises(Refuted, match="elsewhere"):
        checkpoint.open_signed(signed, ORIGIN, [LOG.verifier])


def test_the_example_checkpoint_reads_as_it_is_written():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    parsed = Checkpoint.parse(text)
    assert (parsed.origin, parsed.size) == ("example.com/behind-the-sofa", 20852163)
    assert parsed.text() == text
    assert Checkpoint.parse(text + "extension\n").extensions == ("extension",)


@pytest.mark.parametrize("size", ["", "01", "-1", "+1", "1.0", "1e3", "٣", "9" * 20, str(2**64), "9" * 5000])
def test_a_size_that_is_no_plain_number_is_refused(size):
    with pytest.raises(Malformed):
        Checkpoint.parse(f"origin\n{size}\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")


@pytest.mark.parametrize(
    "text",
    ["", "o\n1\n", "o\n1\nYQ==\n", "\n1\nYQ==\n", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_a_witness_signs_its_time_and_the_whole_text():
    cosigned = cosign.cosign(note.parse(SIGNED), WITNESS, 1_679_315_147)
    assert cosign.verify(cosigned, [WITNESS.verifier]) == {WITNESS.name: 1_679_315_147}
    assert cosign.verify(note.parse(SIGNED), [WITNESS.verifier]) == {}
    assert checkpoint.open_signed(cosigned.encode(), ORIGIN, [LOG.verifier]).size == 300
    # Built by hand from the specification, so that both halves of ours cannot err alike.
    message = b"cosignature/v1\ntime 1679315147\n" + note.parse(SIGNED).text.encode()
    assert cosigned.signatures[-1].blob == (1_679_315_147).to_bytes(8, "big") + WITNESS.raw_sign(message)


def test_a_cosignature_with_another_time_is_refused():
    cosigned = cosign.cosign(note.parse(SIGNED), WITNESS, 1_000)
    line = cosigned.signatures[-1]
    later = note.Signature(line.name, line.key_id, (1_001).to_bytes(8, "big") + line.blob[8:])
    with pytest.raises(Refuted):
        cosign.verify(note.Note(cosigned.text, (*cosigned.signatures[:-1], later)), [WITNESS.verifier])


def test_a_key_signs_only_in_its_own_way():
    with pytest.raises(Malformed):
        note.sign("text\n", [WITNESS])
    with pytest.raises(Malformed):
        cosign.cosign(note.parse(SIGNED), LOG, 0)


@given(st.integers(0, 299), st.binary(max_size=40))
def test_a_proof_file_is_read_back_and_holds(index, extra):
    made = proof_of(index, extra)
    again = TlogProof.parse(made.encode())
    assert again == made
    assert proof.verify(again, HASHES[index], ORIGIN, [LOG.verifier]).checkpoint.size == 300


def test_a_proof_of_a_large_log_is_under_a_kibibyte_with_a_witness():
    cosigned = cosign.cosign(note.parse(SIGNED), WITNESS, 1_679_315_147).encode()
    hashes = tuple(HASHES[:14])  # 14 levels: a log of 16,384 events
    assert len(TlogProof(16_000, hashes, cosigned).encode()) <= 1024


def test_witnesses_are_counted_against_the_quorum():
    cosigned = cosign.cosign(note.parse(SIGNED), WITNESS, 1_000).encode()
    made = proof_of(7, signed=cosigned)
    proven = proof.verify(made, HASHES[7], ORIGIN, [LOG.verifier], [WITNESS.verifier], quorum=1)
    assert proven.witnesses == {WITNESS.name: 1_000}
    with pytest.raises(Refuted, match="0 known witnesses"):
        proof.verify(proof_of(7), HASHES[7], ORIGIN, [LOG.verifier], [WITNESS.verifier], quorum=1)


PROOF_BYTES = proof_of(200).encode()


@given(st.integers(0, 8 * len(PROOF_BYTES) - 1))
def test_no_bit_of_a_proof_changes_unseen(bit):
    at, shift = divmod(bit, 8)
    data = PROOF_BYTES[:at] + bytes([PROOF_BYTES[at] ^ 1 << shift]) + PROOF_BYTES[at + 1 :]
    with pytest.raises(TlogError):
        proof.verify(TlogProof.parse(data), HASHES[200], ORIGIN, [LOG.verifier])


def test_the_proof_of_another_leaf_is_refused():
    with pytest.raises(Refuted):
        proof.verify(proof_of(7), HASHES[8], ORIGIN, [LOG.verifier])


@given(st.binary(max_size=300))
def test_noise_is_malformed_and_nothing_worse(data):
    for read in (note.parse, TlogProof.parse, lambda d: Checkpoint.parse(d.decode("latin-1"))):
        with pytest.raises(Malformed):
            read(data)
