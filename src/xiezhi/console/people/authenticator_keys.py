"""Secrets of authenticators and seeds of recovery codes, encrypted directly under the house's wrapping key.

Stored as ``"<key id>:<base64 of nonce and AES-256-GCM ciphertext>"`` inside the library's JSON column.
"""

import base64
import os
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xiezhi.record import wrapping

_PURPOSE = b"xiezhi.people.authenticator"


def encrypt(text: str) -> str:
    """Under the current key."""
    key_id, key = wrapping.current_wrapping_key()
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), _PURPOSE)
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def decrypt(encrypted: str) -> str:
    """``KeyError`` where the ring has lost the key, ``InvalidTag`` where the text was changed."""
    key_id, _colon, sealed = encrypted.partition(":")
    raw = base64.b64decode(sealed)
    return AESGCM(wrapping.wrapping_key(key_id)).decrypt(raw[:12], raw[12:], _PURPOSE).decode()


def rewrap(current: str) -> int:
    """Encrypt anew, inside a rotation, what stands under another key than ``current``; answers how many rows."""
    count = 0
    for row in Authenticator.objects.select_for_update().order_by("pk"):
        renewed = {name: _renewed(value, current) for name, value in row.data.items()}
        if renewed != row.data:
            row.data = renewed
            row.save(update_fields=["data"])
            count += 1
    return count


def _renewed(value: Any, current: str) -> Any:
    if isinstance(value, list):
        return [_renewed(one, current) for one in value]
    if not isinstance(value, str) or value.startswith(f"{current}:"):
        return value
    return encrypt(decrypt(value))


wrapping.rewrap_with("people.authenticators", rewrap)
