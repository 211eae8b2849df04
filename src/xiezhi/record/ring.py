"""A file of keys that several processes read and change: JSON in ``XIEZHI_KEYS``, readable by its owner only.

    change(path, lambda ring: ring | {"current": "w2"})

Who changes it holds a lock, reads it anew and puts the whole file in place at once, so no key of another is lost and
a reader needs no lock. On return the file is on disk: what is encrypted afterwards outlives a power cut.

Lock and drafts begin with a dot. They are no part of the keys: backup and restore pass over them.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOCK = ".lock"


def change(path: Path, alter: Callable[[Any], Any]) -> Any:
    """Replace the file's content by ``alter(content)`` and answer it; ``None`` stands for a file not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(path.parent):
        known = json.loads(path.read_text()) if path.exists() else None
        changed = alter(known)
        if changed != known:
            _replace(path, json.dumps(changed))
    return changed


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    # A file of its own: the ring itself is replaced, and a lock on what was replaced keeps nobody out.
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600 from birth
    try:
        with open(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
