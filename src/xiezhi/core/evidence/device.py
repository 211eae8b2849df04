"""A device's key (ES256: ECDSA P-256 with SHA-256, raw r ‖ s as WebCrypto makes it) and what it signs."""

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from xiezhi.core import canonical

from . import fields
from .faults import Malformed, Refuted

CLOSING = "ev-1/closing"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Closing:
    """A device's last word on its chain in a visit: how many items, and the hash of the last manifest."""

    visit: str
    device: str
    key: str
    count: int
    head: str | None
    closed_at: str
    format: ClassVar[str] = CLOSING

    def encode(self) -> bytes:
        """The canonical bytes."""
        document = {**{name: getattr(self, name) for name in self.__slots__}, "format": CLOSING}
        _demand(document)
        return canonical.encode(document)


def parse_closing(data: bytes) -> Closing:
    """Read :meth:`Closing.encode`'s bytes."""
    given = fields.opened(data)
    _demand(given)
    return Closing(**{name: value for name, value in given.items() if name != "format"})


def key_id(public: bytes) -> str:
    """The id of a key: SHA-256 of its uncompressed point (65 bytes), in hex."""
    return hashlib.sha256(public).hexdigest()


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point: 04 ‖ x ‖ y, as ``exportKey("raw")`` gives it."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def message(format_: str, document: bytes) -> bytes:
    """What is signed: the format's name, a line break, the canonical bytes. So no document passes for another."""
    return format_.encode() + b"\n" + document


def sign(private: ec.EllipticCurvePrivateKey, format_: str, document: bytes) -> str:
    """The signature in base64url. Devices sign in their browser; this is for tests and tools."""
    r, s = decode_dss_signature(private.sign(message(format_, document), ec.ECDSA(SHA256())))
    return fields.b64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def verify(public: bytes, format_: str, document: bytes, signature: str) -> None:
    """:class:`Refuted` unless ``signature`` is that of the key over the document; a high s is as good as a low.

    :raises Malformed: the key is no point of P-256, or the signature is not 64 bytes in base64url
    """
    try:
        if len(public) != 65 or public[0] != 4:
            raise ValueError("not an uncompressed point")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError as error:
        raise Malformed("public", "is not an uncompressed point of P-256") from error
    raw = fields.from_b64url("signature", signature, 64)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise Refuted("signature", "r or s is 0 or not below the order of the curve")
    try:
        key.verify(encode_dss_signature(r, s), message(format_, document), ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Refuted("signature", "is not that of the device's key over this document") from error


def _demand(given: object) -> None:
    fields.demand("", given, _FIELDS)
    if isinstance(given, dict) and (given["count"] == 0) != (given["head"] is None):
        raise Malformed("head", "is null for a chain of no items, and for no other")


_FIELDS: dict[str, fields.Check] = {
    "format": fields.among(CLOSING),
    "visit": fields.ID,
    "device": fields.ID,
    "key": fields.DIGEST,
    "count": fields.between(0, 10_000),
    "head": fields.or_null(fields.DIGEST),
    "closed_at": fields.moment,
}
