"""C2SP tlog-checkpoint: what a log commits to at one size, as the text of a signed note."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiezhi.core.tlog import note
from xiezhi.core.tlog.faults import Malformed, Refuted
from xiezhi.core.tlog.merkle import HASH_SIZE, MAX_SIZE


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Origin (the log's name), number of leaves, root, and lines that nobody audits (normally none)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The text to be signed; :class:`Malformed` for values that have no such text."""
        if not (0 <= self.size <= MAX_SIZE and len(self.root) == HASH_SIZE):
            raise Malformed("a checkpoint has a size of 0 to 2**64 - 1 and a root of 32 bytes")
        lines = (self.origin, str(self.size), note.encode64(self.root), *self.extensions)
        if any(not line or "\n" in line for line in lines):
            raise Malformed("no line of a checkpoint is empty")
        text = "\n".join(lines) + "\n"
        note.demand_text(text)
        return text

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read :meth:`text`'s form."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise Malformed("a checkpoint has at least three lines, none empty")
        result = cls(lines[0], decimal(lines[1]), note.decode64(lines[2]), tuple(lines[3:]))
        if result.text() != text:
            raise Malformed("the checkpoint is not in its one form")
        return result


def sign(checkpoint: Checkpoint, signers: Sequence[note.SignerKey]) -> bytes:
    """The signed note of a checkpoint."""
    return note.sign(checkpoint.text(), signers).encode()


def open_signed(data: bytes, origin: str, keys: Iterable[note.VerifierKey]) -> Checkpoint:
    """The checkpoint in a note, once a key among ``keys`` is seen to have signed it for ``origin``.

    :class:`Malformed` or :class:`Refuted` otherwise. Signatures of other keys are passed over.
    """
    parsed = note.parse(data)
    note.verify(parsed, keys)
    checkpoint = Checkpoint.parse(parsed.text)
    if checkpoint.origin != origin:
        raise Refuted(f"the checkpoint is of the log {checkpoint.origin!r}, not {origin!r}")
    return checkpoint


def decimal(text: str) -> int:
    """A whole number in ASCII digits without leading zeros, at most 2**64 - 1; else :class:`Malformed`."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and (text == "0" or text[0] != "0")):
        raise Malformed(f"no decimal number: {text[:40]!r}")
    number = int(text)
    if number > MAX_SIZE:
        raise Malformed(f"the number {text} is over 2**64 - 1")
    return number
