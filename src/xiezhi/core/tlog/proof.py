"""C2SP tlog-proof: index, inclusion proof and signed checkpoint in one text that is checked offline."""

from collections.abc import Iterable
from dataclasses import dataclass

from xiezhi.core.tlog import checkpoint, cosign, note
from xiezhi.core.tlog.faults import Malformed, Refuted
from xiezhi.core.tlog.merkle import HASH_SIZE, check_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
_MAX_HASHES = 64


@dataclass(frozen=True, slots=True)
class TlogProof:
    """That the leaf at ``index`` is in the log whose signed checkpoint (note bytes) is ``signed``.

    ``extra`` is not covered by any signature: at most a hint how to build the leaf again.
    """

    index: int
    hashes: tuple[bytes, ...]
    signed: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """The file's bytes (``.tlog-proof``)."""
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {note.encode64(self.extra)}")
        lines.append(f"index {self.index}")
        lines += [note.encode64(hash_) for hash_ in self.hashes]
        return "\n".join([*lines, "", ""]).encode() + self.signed

    @classmethod
    def parse(cls, data: bytes) -> "TlogProof":
        """Read :meth:`encode`'s form; :class:`Malformed` says which part is wrong."""
        head, gap, signed = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise Malformed("the head of the proof is not ASCII") from error
        if not gap or lines.pop(0) != HEADER:
            raise Malformed(f"a proof begins with {HEADER} and has an empty line before its checkpoint")
        extra = b""
        if lines and lines[0].startswith("extra "):
            extra = note.decode64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise Malformed("the proof has no index line")
        index = checkpoint.decimal(lines.pop(0).removeprefix("index "))
        if len(lines) > _MAX_HASHES:
            raise Malformed(f"the proof has over {_MAX_HASHES} hashes")
        hashes = tuple(note.decode64(line) for line in lines)
        if any(len(hash_) != HASH_SIZE for hash_ in hashes):
            raise Malformed(f"a hash of the proof has other than {HASH_SIZE} bytes")
        checkpoint.Checkpoint.parse(note.parse(signed).text)
        return cls(index, hashes, signed, extra)


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof shows: the checkpoint and its witnesses, each with its time (POSIX seconds)."""

    checkpoint: checkpoint.Checkpoint
    witnesses: dict[str, int]


def verify(
    proof: TlogProof,
    leaf: bytes,
    origin: str,
    log_keys: Iterable[note.VerifierKey],
    witnesses: Iterable[note.VerifierKey] = (),
    quorum: int = 0,
) -> Proven:
    """Check a proof of the leaf hash ``leaf``: signature, origin, cosignatures, inclusion, in that order.

    :class:`Refuted` says what does not hold; ``quorum`` is how many of ``witnesses`` must have cosigned.
    """
    head = checkpoint.open_signed(proof.signed, origin, log_keys)
    seen = cosign.verify(note.parse(proof.signed), witnesses)
    if len(seen) < quorum:
        raise Refuted(f"{len(seen)} known witnesses cosigned, {quorum} are asked for")
    check_inclusion(proof.index, head.size, leaf, proof.hashes, head.root)
    return Proven(head, seen)
