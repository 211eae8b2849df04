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
from typing import Any

from django.conf import settings

from xiezhi.record import ring


def person_hash(number: str) -> str:
    """``"<key id>:<hex HMAC-SHA-256>"`` of a resident or other identity number under the newest key."""
    known = _ring()
    key_id = str(known["current"])
    return _hash(key_id, known["keys"][key_id], number)


def person_hashes(number: str) -> list[str]:
    """The hash of the number under every key of the ring: what a look-up compares with."""
    return [_hash(key_id, key, number) for key_id, key in _ring()["keys"].items()]


def add_key() -> str:
    """Make a new key and let it be the current one; returns its id."""
    return str(ring.change(_path(), _with_another)["current"])


def _with_another(known: Any) -> Any:
    keys = known["keys"] if known else {}
    key_id = f"p{len(keys) + 1}"
    return {"keys": keys | {key_id: os.urandom(32).hex()}, "current": key_id}


def _hash(key_id: str, key: str, number: str) -> str:
    plain = unicodedata.normalize("NFKC", number).strip().upper().encode()
    return f"{key_id}:{hmac.new(bytes.fromhex(key), plain, hashlib.sha256).hexdigest()}"


def _ring() -> dict[str, Any]:
    if not _path().exists():
        # Of two processes that start at once the second takes the first one's key.
        ring.change(_path(), lambda known: known or _with_another(None))
    return dict(json.loads(_path().read_text()))


def _path() -> Path:
    return Path(settings.KEYS) / "relations.json"
