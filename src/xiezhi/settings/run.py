"""``make run``: a county office on one machine. Keys and secrets are made once and kept in XIEZHI_HOME."""

import secrets

from .base import *  # noqa: F403
from .base import HOME, SECRET_KEY

if not SECRET_KEY:
    HOME.mkdir(parents=True, exist_ok=True)
    _file = HOME / "secret-key"
    if not _file.exists():
        _file.write_text(secrets.token_urlsafe(50))
        _file.chmod(0o600)
    SECRET_KEY = _file.read_text().strip()
DEMO = True
