"""``make run``: a county office on one machine. Keys and secrets are made once and kept in XIEZHI_HOME."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import HOME, SECRET_KEY


def kept(path: Path) -> str:
    """The secret in the file, made on first use: its owner's from birth, and one for all that start at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            os.fsync(draft.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text().strip()


SECRET_KEY = SECRET_KEY or kept(HOME / "secret-key")
DEMO = True
