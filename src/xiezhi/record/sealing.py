"""Salts, leaf hashes and the encryption of private parts.

A private part is encrypted (AES-256-GCM) with a key of its own; that key is wrapped (AES-KW, RFC 3394) by the
house's current wrapping key. Erasure deletes the wrapped key; rotation rewraps it. The leaf binds
``SHA-256(salt || plaintext)``, so the tree stays whole after either.
"""

import hashlib
import json
import os
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from django.conf import settings

from xiezhi.core import canonical

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


def rewrap(key_id: str, wrapped: bytes) -> tuple[str, bytes]:
    """The same event key under the current wrapping key."""
    new_id, wrapping = current_wrapping_key()
    return new_id, aes_key_wrap(wrapping, aes_key_unwrap(wrapping_key(key_id), wrapped))


def _ring(folder: Path) -> dict[str, object]:
    path = folder / "wrapping.json"
    if not path.exists():
        add_wrapping_key(folder)
    return dict(json.loads(path.read_text()))


def add_wrapping_key(folder: Path) -> str:
    """Make a new wrapping key and let it be the current one; old ones stay, to open what they wrapped."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "wrapping.json"
    ring = dict(json.loads(path.read_text())) if path.exists() else {"keys": {}}
    key_id = f"w{len(ring['keys']) + 1}"
    ring["keys"][key_id] = os.urandom(32).hex()
    ring["current"] = key_id
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(ring))
    os.replace(fresh, path)
    _cached_ring.cache_clear()
    return key_id


@lru_cache(maxsize=4)
def _cached_ring(folder: Path) -> tuple[str, dict[str, bytes]]:
    ring = _ring(folder)
    keys = {name: bytes.fromhex(text) for name, text in dict(ring["keys"]).items()}  # type: ignore[call-overload]
    return str(ring["current"]), keys


def current_wrapping_key() -> tuple[str, bytes]:
    """(id, key) that new private parts are wrapped with."""
    key_id, keys = _cached_ring(Path(settings.KEYS))
    return key_id, keys[key_id]


def wrapping_key(key_id: str) -> bytes:
    """The key with this id; ``KeyError`` where the ring no longer has it."""
    return _cached_ring(Path(settings.KEYS))[1][key_id]
