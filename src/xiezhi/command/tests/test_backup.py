"""The drill: a record is backed up, lost, brought back, and verifies; a changed archive brings back nothing."""

import os
import subprocess
import sys
import tarfile
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.database

SCRIPT = """
import sys
from xiezhi.command.main import main
import django
django.setup()
from xiezhi.record.tests.sample import happen
from xiezhi.record import sequencer
from xiezhi.core.actor import system
from xiezhi.blobs import store
for n in range(5):
    happen(system("drill"), value=n)
sequencer.seal_all()
store.put(b"a file of evidence")
"""


@pytest.fixture(scope="module")
def new_home(tmp_path_factory):
    """A call answers the environment of a new, empty installation of the kind that the suite runs on."""
    names = []

    def new() -> dict[str, str]:
        name = f"drill_{uuid.uuid4().hex[:12]}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("XIEZHI_", "COV_"))}
        environment["XIEZHI_HOME"] = str(tmp_path_factory.mktemp(name) / "home")
        environment["DJANGO_SETTINGS_MODULE"] = "xiezhi.settings.run"
        environment["PYTHONPATH"] = str(Path(settings.PACKAGE).parent)
        if connection.vendor == "postgresql":
            environment["XIEZHI_DATABASE_URL"] = _new_database(name)
            names.append(name)
        return environment

    yield new
    if names:
        with _server() as server:
            for name in names:
                server.execute(f'DROP DATABASE "{name}"')


@pytest.fixture(scope="module")
def backed_up(new_home, tmp_path_factory):
    """(environment, archive) of an installation in which something happened. The tests change neither."""
    first, archive = new_home(), tmp_path_factory.mktemp("archive") / "house.tar"
    xiezhi(first, "migrate", "-v0")
    subprocess.run([sys.executable, "-c", SCRIPT], env=first, check=True)
    xiezhi(first, "backup", str(archive))
    return first, archive


def _server():
    given = connection.settings_dict
    return psycopg.connect(
        host=given["HOST"] or None,
        user=given["USER"],
        port=given["PORT"] or None,
        dbname="postgres",
        autocommit=True,
    )


def _new_database(name: str) -> str:
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
    given = connection.settings_dict
    return f"postgres://{given['USER']}@/{name}?host={given['HOST'] or '127.0.0.1'}"


def xiezhi(environment, *arguments, code=0):
    command = [sys.executable, "-m", "xiezhi.command.main", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_what_was_backed_up_comes_back_and_verifies(backed_up, new_home):
    (first, archive), second = backed_up, new_home()
    assert archive.stat().st_mode & 0o077 == 0
    assert "restore" in xiezhi(second, "restore", str(archive))
    assert xiezhi(second, "record", "verify") == xiezhi(first, "record", "verify")
    blobs = [p for p in (Path(second["XIEZHI_HOME"]) / "blobs").rglob("*") if p.is_file()]
    assert [p.read_bytes() for p in blobs] == [b"a file of evidence"]

    again = xiezhi(second, "restore", str(archive), code=1)
    assert "new" in again
    assert "Traceback" not in again


def test_the_lock_and_the_drafts_of_the_keys_are_no_part_of_them(backed_up, new_home):
    (first, archive), second = backed_up, new_home()
    assert (Path(first["XIEZHI_HOME"]) / "keys" / ".lock").is_file()
    with tarfile.open(archive) as tar:
        kept = [name for name in tar.getnames() if name.startswith("keys/")]
    assert kept == ["keys/signing.json", "keys/wrapping.json"]
    left = Path(second["XIEZHI_HOME"]) / "keys"
    left.mkdir(parents=True)
    (left / ".lock").touch()
    (left / ".wrapping.json.draft").write_text("{")
    assert "restore" in xiezhi(second, "restore", str(archive))


def test_a_changed_archive_brings_back_nothing(backed_up, new_home, tmp_path):
    (_first, archive), second, changed = backed_up, new_home(), tmp_path / "changed.tar"
    with tarfile.open(archive) as tar:
        start = tar.getmember("database").offset_data
    data = bytearray(archive.read_bytes())
    data[start + 40] ^= 1
    changed.write_bytes(data)
    said = xiezhi(second, "restore", str(changed), code=1)
    assert "database" in said
    assert "nothing was changed" in said
    assert not list((Path(second["XIEZHI_HOME"])).glob("*.sqlite3"))


def test_something_else_is_no_backup(new_home, tmp_path):
    second = new_home()
    (tmp_path / "x.tar").write_bytes(b"hello")
    assert "no backup" in xiezhi(second, "restore", str(tmp_path / "x.tar"), code=1)
    assert "not a file" in xiezhi(second, "restore", str(tmp_path / "y.tar"), code=1)


def test_a_scratch_database_beside_living_keys_is_no_new_home(backed_up, new_home):
    (first, archive), scratch = backed_up, new_home()
    kept = Path(first["XIEZHI_HOME"]) / "keys" / "wrapping.json"
    before = kept.read_bytes()
    address = scratch.get("XIEZHI_DATABASE_URL", f"sqlite:///{scratch['XIEZHI_HOME']}.sqlite3")
    said = xiezhi(first | {"XIEZHI_DATABASE_URL": address}, "restore", str(archive), code=1)
    assert "restore into a new XIEZHI_HOME" in said
    assert kept.read_bytes() == before
