"""The keys that wrap: a ring in ``XIEZHI_KEYS/wrapping.json``, and who holds what is wrapped by it.

Every private thing has a key of its own, kept wrapped (AES-KW, RFC 3394) by the house's current wrapping key, whose
id stands beside it. A rotation makes a new key and rewraps everything everywhere; so an app above that keeps such
columns says so when it is ready, since this package cannot know it:

    keep_wrapped(Person)                         # columns ``key_id`` and ``wrapped``
    rewrap_with("people.authenticators", f)      # any other shape; f(current key id) answers how many it rewrapped
"""

import json
import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.db import models

from . import ring

CHUNK = 500

Rewrap: TypeAlias = Callable[[str], int]
HOLDERS: dict[str, Rewrap] = {}


def keep_wrapped(model: type[models.Model]) -> None:
    """Let rotations rewrap ``model``: columns ``key_id`` (text) and ``wrapped`` (bytes)."""

    def rewrap_rows(current: str) -> int:
        count, last = 0, None
        while True:
            # Locked: a row sealed anew meanwhile would get back the key that its old content was under.
            rows = model._base_manager.select_for_update().exclude(key_id=current).order_by("pk")
            rows = rows.only("pk", "key_id", "wrapped")
            chunk = list((rows if last is None else rows.filter(pk__gt=last))[:CHUNK])
            if not chunk:
                return count
            for row in chunk:
                row.key_id, row.wrapped = rewrap(row.key_id, bytes(row.wrapped))  # type: ignore[attr-defined]
            model._base_manager.bulk_update(chunk, ["key_id", "wrapped"])
            count, last = count + len(chunk), chunk[-1].pk

    rewrap_with(model._meta.label_lower, rewrap_rows)


def rewrap_with(name: str, rewrap_rows: Rewrap) -> None:
    """Let rotations call ``rewrap_rows``, inside their transaction; a name twice replaces the first."""
    HOLDERS[name] = rewrap_rows


def rewrap_all() -> dict[str, int]:
    """Put everything under the current key; answers how many rows of each holder were under another."""
    current, _ = current_wrapping_key()
    return {name: rewrap_rows(current) for name, rewrap_rows in sorted(HOLDERS.items())}


def rewrap(key_id: str, wrapped: bytes) -> tuple[str, bytes]:
    """The same inner key under the current wrapping key. ``KeyError`` where the ring lost the old one."""
    new_id, wrapping = current_wrapping_key()
    return new_id, aes_key_wrap(wrapping, aes_key_unwrap(wrapping_key(key_id), wrapped))


def current_wrapping_key() -> tuple[str, bytes]:
    """(id, key) that new private parts are wrapped with; made on first use."""
    key_id, keys = _ring()
    return key_id, keys[key_id]


def wrapping_key(key_id: str) -> bytes:
    """The key with this id; ``KeyError`` where the ring no longer has it."""
    return _ring()[1][key_id]


def add_wrapping_key() -> str:
    """Make a new wrapping key and let it be the current one; old ones stay, to open what they wrapped."""
    return str(ring.change(_path(), _with_another)["current"])


def old_wrapping_keys() -> list[str]:
    """Ids of the keys of the ring that are not the current one."""
    current, keys = _ring()
    return sorted(set(keys) - {current})


def forget_wrapping_keys(key_ids: list[str]) -> None:
    """Take old keys out of the ring for good. Callers see to it that nothing needs them; the current one stays."""

    def without(known: Any) -> Any:
        kept = {k: v for k, v in known["keys"].items() if k == known["current"] or k not in key_ids}
        return known | {"keys": kept}

    ring.change(_path(), without)


def _with_another(known: Any) -> Any:
    keys = known["keys"] if known else {}
    # A number is never given twice, not even after keys were taken away.
    numbers = [int(found[1]) for name in keys if (found := re.fullmatch(r"w(\d+)", name))]
    key_id = f"w{max(numbers, default=0) + 1}"
    return (known or {}) | {"keys": keys | {key_id: os.urandom(32).hex()}, "current": key_id}


def _path() -> Path:
    return Path(settings.KEYS) / "wrapping.json"


def _ring() -> tuple[str, dict[str, bytes]]:
    """(current id, keys). Read anew when the file is another: a rotation happens in another process than the web."""
    path = _path()
    try:
        stat = path.stat()
    except FileNotFoundError:
        # Of two processes that start at once the second takes the first one's key.
        ring.change(path, lambda known: known or _with_another(None))
        stat = path.stat()
    return _read(path, (stat.st_ino, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: tuple[int, int, int]) -> tuple[str, dict[str, bytes]]:
    known = json.loads(path.read_text())
    return str(known["current"]), {name: bytes.fromhex(text) for name, text in known["keys"].items()}
