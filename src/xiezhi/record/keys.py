"""The keys that sign checkpoints: one file in the folder ``XIEZHI_KEYS``, readable by its owner only.

``signing.json`` holds a ring; the last key signs, all of them verify what they once signed. A rotation adds a
key and is an event (``record.signing_key_rotated``).
"""

import json
import os
from pathlib import Path

from django.conf import settings

from xiezhi.core.tlog import note

from . import ring

ED25519 = note.ED25519


def signer() -> note.SignerKey:
    """The current signing key; made on first use."""
    return note.SignerKey.parse(_ring()[-1])


def verifiers() -> list[note.VerifierKey]:
    """The public halves of every key that ever signed for this house, oldest first."""
    return [note.SignerKey.parse(text).verifier for text in _ring()]


def add_signing_key() -> note.VerifierKey:
    """Make a key and let it be the current one. Callers record it; see ``services.rotate_signing_key``."""
    fresh = _fresh()
    ring.change(_path(), lambda known: [*(known or []), fresh.encode()])
    return fresh.verifier


def key_name(origin: str) -> str:
    """A key is named after its log."""
    return origin.replace(" ", "").replace("+", "")


def _ring() -> list[str]:
    if not _path().exists():
        # Of two processes that start at once the second takes the first one's key.
        ring.change(_path(), lambda known: known or [_fresh().encode()])
    return list(json.loads(_path().read_text()))


def _fresh() -> note.SignerKey:
    return note.SignerKey(key_name(str(settings.LOG_ORIGIN)), ED25519, os.urandom(32))


def _path() -> Path:
    return Path(settings.KEYS) / "signing.json"
