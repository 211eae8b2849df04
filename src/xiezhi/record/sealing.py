"""Salts, leaf hashes and the encryption of private parts.

A private part is encrypted (AES-256-GCM) with a key of its own; that key is wrapped (AES-KW, RFC 3394) by the
house's current wrapping key (``wrapping``). Erasure deletes the wrapped key; rotation rewraps it. The leaf binds
``SHA-256(salt || plaintext)``, so the tree stays whole after either.
"""

import hashlib
import os
import uuid
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from xiezhi.core import canonical

from .wrapping import current_wrapping_key, wrapping_key

SALT = 16


@dataclass(frozen=True)
class Private:
    """A sealed private part: ``digest`` (hex) is bound by the leaf, the rest is stored beside it."""

    digest: str
    ciphertext: bytes
    key_id: str
    wrapped: bytes


def new_salt() -> bytes:
    """16 random bytes."""
    return os.urandom(SALT)


def leaf_hash(salt: bytes, text: bytes) -> bytes:
    """``SHA-256(0x00 || salt || canonical event)``: the RFC 9162 leaf of the record."""
    return hashlib.sha256(b"\x00" + salt + text).digest()


def seal_private(event_id: uuid.UUID, value: object | None) -> Private | None:
    """Encrypt ``value``; the event's id is bound as associated data."""
    if value is None:
        return None
    salt, key, nonce = new_salt(), AESGCM.generate_key(256), os.urandom(12)
    plain = canonical.encode(value)
    ciphertext = nonce + AESGCM(key).encrypt(nonce, salt + plain, event_id.bytes)
    key_id, wrapping = current_wrapping_key()
    return Private(hashlib.sha256(salt + plain).hexdigest(), ciphertext, key_id, aes_key_wrap(wrapping, key))


def open_private(
    event_id: uuid.UUID, ciphertext: bytes, key_id: str, wrapped: bytes
) -> tuple[str, canonical.Json]:
    """Decrypt; returns (digest, value). Raises ``InvalidTag``/``InvalidUnwrap`` when anything was changed."""
    key = aes_key_unwrap(wrapping_key(key_id), wrapped)
    clear = AESGCM(key).decrypt(ciphertext[:12], ciphertext[12:], event_id.bytes)
    return hashlib.sha256(clear).hexdigest(), canonical.decode(clear[SALT:])
