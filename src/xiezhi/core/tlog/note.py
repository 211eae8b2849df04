"""C2SP signed-note: text signed by named keys. Only Ed25519 (0x01) and its time-stamped cosignature (0x04).

    <text, each line ended by a newline>
    <empty line>
    — <key name> <base64 of key id and signature>

Parsing is strict: UTF-8, no control character but the newline, canonical base64, so that no byte of a note
can change unseen as long as its signer is known. Signatures of unknown keys are kept, as the specification
asks.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from xiezhi.core.tlog.faults import Malformed, Refuted

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100

_DASH = "— "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its four-byte id and what the key wrote."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """The line as it stands in the note, with its newline."""
        return f"{_DASH}{self.name} {encode64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key, bound to a name and a signature type (a *vkey* in the specification)."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        demand_name(self.name)
        if len(self.public) != 32:
            raise Malformed(f"an Ed25519 public key has 32 bytes, not {len(self.public)}")

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, type and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def encode(self) -> str:
        """``name+hex(id)+base64(type || key)``: what the house prints and hands to others."""
        return f"{self.name}+{self.key_id.hex()}+{encode64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read :meth:`encode`'s form; :class:`Malformed` for an unknown type or an id not the key's."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise Malformed("a verifier key has the form name+id+key")
        material = decode64(parts[2])
        if not material or material[0] not in (ED25519, COSIGNATURE_V1):
            raise Malformed("the verifier key is of a type that is not known here")
        key = cls(parts[0], material[0], material[1:])
        if key.key_id.hex() != parts[1]:
            raise Malformed("the id of the verifier key is not that of its name and key")
        return key

    def check(self, message: bytes, signature: bytes) -> None:
        """:class:`Refuted` unless ``signature`` is this key's over ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Refuted(f"the signature of {self.name} does not hold") from error


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key, bound to a name and a signature type. ``seed`` (32 bytes) never shows in its repr."""

    name: str
    kind: int
    seed: bytes

    def __post_init__(self) -> None:
        demand_name(self.name)
        if len(self.seed) != 32:
            raise Malformed(f"an Ed25519 private key has 32 bytes, not {len(self.seed)}")

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r}, kind={self.kind})"

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def encode(self) -> str:
        """``PRIVATE+KEY+name+id+key``, the form that Go's note package reads and writes. A secret."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{encode64(bytes([self.kind]) + self.seed)}"

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        """Read :meth:`encode`'s form; the error text of :class:`Malformed` holds nothing of the key."""
        parts = text.split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise Malformed("a signing key has the form PRIVATE+KEY+name+id+key")
        material = decode64(parts[4])
        if not material or material[0] not in (ED25519, COSIGNATURE_V1):
            raise Malformed("the signing key is of a type that is not known here")
        key = cls(parts[2], material[0], material[1:])
        if key.verifier.key_id.hex() != parts[3]:
            raise Malformed("the id of the signing key is not that of its name and key")
        return key

    def raw_sign(self, message: bytes) -> bytes:
        """The 64 bytes of Ed25519 over ``message``."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note: its text (with the last newline) and its signature lines. Nothing is verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The note's bytes."""
        return (self.text + "\n" + "".join(signature.line() for signature in self.signatures)).encode()


# How the blob of one signature of a key is checked against the text; raises Refuted.
Check: TypeAlias = Callable[[str, Signature, VerifierKey], None]


def sign(text: str, signers: Sequence[SignerKey]) -> Note:
    """Sign ``text`` (ended by a newline) with each Ed25519 key in turn."""
    demand_text(text)
    if not signers:
        raise Malformed("a note has at least one signature")
    return Note(text, tuple(_signed(text, signer) for signer in signers))


def parse(data: bytes) -> Note:
    """Split a note into text and signatures; :class:`Malformed` says which part is wrong."""
    if len(data) > MAX_NOTE:
        raise Malformed(f"the note has {len(data)} bytes, over {MAX_NOTE}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("the note is not UTF-8") from error
    _demand_printable(whole)
    split = whole.rfind("\n\n")
    if split < 0 or not whole.endswith("\n"):
        raise Malformed("the note lacks the empty line before its signatures, or its last newline")
    lines = whole[split + 2 :].split("\n")[:-1]
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise Malformed(f"the note has {len(lines)} signature lines, not 1 to {MAX_SIGNATURES}")
    return Note(whole[: split + 1], tuple(_parse_line(line) for line in lines))


def verify(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """The ``keys`` (of type Ed25519) whose signature holds, in the note's order.

    :class:`Refuted` if none does, or if the signature of any known key fails.
    """
    return verify_with(note, {ED25519: _check_plain}, keys)


def verify_with(note: Note, checks: dict[int, Check], keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """:func:`verify` with a check for each signature type; keys of other types are not asked."""
    known = {(key.name, key.key_id): key for key in keys if key.kind in checks}
    held: list[VerifierKey] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None and key not in held:
            checks[key.kind](note.text, signature, key)
            held.append(key)
    if not held:
        raise Refuted("no signature of a known key")
    return held


def demand_text(text: str) -> None:
    """:class:`Malformed` unless ``text`` can be the text of a note."""
    _demand_printable(text)
    if not text.endswith("\n"):
        raise Malformed("the text of a note ends in a newline")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed("the text of a note is not UTF-8") from error


def demand_name(name: str) -> None:
    """:class:`Malformed` unless ``name`` can name a key: not empty, no space, plus or control character."""
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):
        raise Malformed(f"no name for a key: {name!r}")


def encode64(data: bytes) -> str:
    """Standard base64."""
    return base64.b64encode(data).decode("ascii")


def decode64(text: str) -> bytes:
    """Standard base64 in its one canonical spelling; :class:`Malformed` for any other (RFC 4648 §3.5)."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not base64") from error
    if encode64(data) != text:
        raise Malformed("base64 that is not in canonical form")
    return data


def _signed(text: str, signer: SignerKey) -> Signature:
    if signer.kind != ED25519:
        raise Malformed(f"{signer.name} is no plain signing key; cosignatures are made in cosign")
    return Signature(signer.name, signer.verifier.key_id, signer.raw_sign(text.encode()))


def _check_plain(text: str, signature: Signature, key: VerifierKey) -> None:
    key.check(text.encode(), signature.blob)


def _parse_line(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise Malformed("a signature line has the form '— name base64'")
    demand_name(name)
    blob = decode64(encoded)
    if len(blob) < 5:
        raise Malformed(f"the signature of {name} is too short")
    return Signature(name, blob[:4], blob[4:])


def _demand_printable(text: str) -> None:
    if any(c < " " and c != "\n" for c in text):
        raise Malformed("a note has no control characters but the newline")
