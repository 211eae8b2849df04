"""Backup and restore: one tar with the database, the files and the keys, each held by its SHA-256.

The tar is written beside its place and renamed when whole. Keys go into it, so keep it as the keys are kept.
Restoring demands an empty home (SQLite) or an empty database (PostgreSQL), checks every hash before anything is
put in place, and is followed by ``xiezhi record verify``.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from xiezhi import clock

MANIFEST = "manifest.json"


class BackupError(Exception):
    """What is wrong with the archive or the place, and what to do; a sentence for the terminal."""


def backup(target: Path) -> dict[str, Any]:
    """Write everything to ``target`` (a .tar that must not exist); answers the manifest."""
    if target.exists():
        raise BackupError(f"{target} is there already; name a new file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        dump = Path(scratch) / "database"
        _dump(dump)
        draft = Path(scratch) / "draft.tar"
        manifest: dict[str, Any] = {
            "form": 1,
            "made_at": clock.now().isoformat(),
            "engine": connection.vendor,
            "files": {},
        }
        with tarfile.open(draft, "w") as tar:
            for name, path in [("database", dump), *_files()]:
                tar.add(path, arcname=name, recursive=False)
                manifest["files"][name] = _sha256(path)
            text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
        draft.chmod(0o600)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(draft, target)
    return manifest


def restore(source: Path) -> dict[str, Any]:
    """Bring back what :func:`backup` wrote; nothing is put in place before every hash was checked."""
    if not source.is_file():
        raise BackupError(f"{source} is not a file.")
    _demand_empty()
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        manifest = _unpack(source, Path(scratch))
        if manifest["engine"] != connection.vendor:
            raise BackupError(
                f"the backup is of {manifest['engine']}, this installation runs {connection.vendor}."
            )
        _load(Path(scratch) / "database")
        for part, place in _places().items():
            found = Path(scratch) / part
            if found.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copytree(found, place, dirs_exist_ok=True)
        Path(settings.KEYS).chmod(0o700)
    return manifest


def _places() -> dict[str, Path]:
    places = {"keys": Path(settings.KEYS)}
    blobs = urlsplit(str(settings.BLOBS))
    if blobs.scheme == "file":  # a bucket is backed up by its own means
        places["blobs"] = Path(blobs.path)
    return places


def _files() -> Iterator[tuple[str, Path]]:
    for part, folder in _places().items():
        for path in _within(folder):
            if not path.is_symlink():
                yield f"{part}/{path.relative_to(folder).as_posix()}", path


def _within(folder: Path) -> list[Path]:
    """Its files. What begins with a dot is a lock or a draft (``record.ring``)."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]


def _unpack(source: Path, into: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as tar:
            tar.extractall(into, filter="data")
        manifest = dict(json.loads((into / MANIFEST).read_text()))
        files = dict(manifest["files"])
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        raise BackupError(f"{source} is no backup of this system: {error}") from error
    for name, digest in files.items():
        path = into / name
        if not path.is_file() or _sha256(path) != digest:
            raise BackupError(f"{name} in {source} is not what was backed up; nothing was changed.")
    present = {p.relative_to(into).as_posix() for p in into.rglob("*") if p.is_file()}
    if extra := present - set(files) - {MANIFEST}:
        raise BackupError(f"{sorted(extra)[0]} in {source} is not in its manifest; nothing was changed.")
    return manifest


def _demand_empty() -> None:
    if connection.vendor == "sqlite":
        if Path(str(settings.DATABASES["default"]["NAME"])).exists():
            raise BackupError("there is a database here already; restore into a new XIEZHI_HOME.")
    elif connection.introspection.table_names():
        raise BackupError("the database is not empty; restore into a new one.")
    # The keys and files of an installation that still lives would be overwritten, and its private parts lost.
    for part, place in _places().items():
        if _within(place):
            raise BackupError(f"there are {part} here already; restore into a new XIEZHI_HOME.")


def _dump(path: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={path}")


def _load(path: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        place = Path(str(settings.DATABASES["default"]["NAME"]))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        return
    connection.close()
    _postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(path), dbname=True)


def _postgres(tool: str, *arguments: str, dbname: bool = False) -> None:
    if shutil.which(tool) is None:
        raise BackupError(f"{tool} is missing; on Debian: apt-get install -y postgresql-client")
    given = connection.settings_dict
    environment = {**os.environ, "PGPASSWORD": str(given["PASSWORD"])}
    named = {"--host": given["HOST"], "--port": given["PORT"], "--username": given["USER"]}
    where = [f"{name}={value}" for name, value in named.items() if value]
    where += [f"--dbname={given['NAME']}"] if dbname else [str(given["NAME"])]
    done = subprocess.run([tool, *where, *arguments], env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{tool} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else '?'}")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
