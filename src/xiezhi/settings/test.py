"""The suite's profile. XIEZHI_DATABASE_URL chooses the database: a SQLite file (default) or PostgreSQL."""

import os
import tempfile
from pathlib import Path

# One folder a process, so that workers never share files; the suite checks that it is left empty of surprises.
_home = Path(tempfile.mkdtemp(prefix="xiezhi-test-"))
os.environ["XIEZHI_HOME"] = str(_home)

from .base import *  # noqa: E402, F403
from .base import DATABASES  # noqa: E402

SECRET_KEY = "test-only-" + "x" * 50
DEMO = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_home / "test.sqlite3")}
    # The disk's promise is tested where durability is the subject; elsewhere the suite need not wait for it.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"  # type: ignore[index]
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # type: ignore[index]
    DATABASES["default"]["TEST"] = {"NAME": f"xiezhi_test_{os.environ.get('XIEZHI_TEST_SUFFIX', 'a')}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The suite is one client that asks without pause; the limits have tests of their own.
API_RATE = ANONYMOUS_RATE = SEARCH_RATE = 0
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
