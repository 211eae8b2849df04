"""Keyed hashes of persons' numbers, so that a declared relation can be matched and never read back.

The keys lie in ``settings.KEYS/relations.json``, apart from those that wrap the record's private parts. The newest
makes new hashes; older ones stay, so that what was declared under them is still found.
"""

import hashlib
import hmac
import json
import os
import unicodedata
from pathlib import Path

from django.conf import settings


def person_hash(number: str) -> str:
    """``"<key id>:<hex HMAC-SHA-256>"`` of a resident or other identity number under the newest key."""
    ring = _ring()
    key_id = str(ring["current"])
    return _hash(key_id, dict(ring["keys"])[key_id], number)


def person_hashes(number: str) -> list[str]:
    """The hash of the number under every key of the ring: what a look-up compares with."""
    return [_hash(key_id, key, number) for key_id, key in dict(_ring()["keys"]).items()]


def add_key() -> str:
    """Make a new key and let it be the current one; returns its id."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = dict(json.loads(path.read_text())) if path.exists() else {"keys": {}}
    key_id = f"p{len(ring['keys']) + 1}"
    ring["keys"][key_id] = os.urandom(32).hex()
    ring["current"] = key_id
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(ring))
    os.replace(fresh, path)
    return key_id


def _hash(key_id: str, key: str, number: str) -> str:
    plain = unicodedata.normalize("NFKC", number).strip().upper().encode()
    return f"{key_id}:{hmac.new(bytes.fromhex(key), plain, hashlib.sha256).hexdigest()}"


def _ring() -> dict[str, object]:
    if not _path().exists():
        add_key()
    return dict(json.loads(_path().read_text()))


def _path() -> Path:
    return Path(settings.KEYS) / "relations.json"
