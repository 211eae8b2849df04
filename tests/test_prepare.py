"""A machine that lacks something is told so in one sentence with the remedy, before anything is installed."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ["cat", "chmod", "cksum", "dirname", "find", "grep", "ln", "mkdir", "rm", "sort", "touch", "xargs"]


@pytest.fixture
def clone(folder):
    """A fresh clone as far as preparing needs it, which anyone may read."""
    place = folder / "clone"
    (place / "tools").mkdir(parents=True)
    (place / "frontend").mkdir()
    for name in ("tools/prepare.sh", "requirements.lock", "node.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, place / name)
    shutil.copy(ROOT / "frontend/package.json", place / "frontend")
    shutil.copy(ROOT / "frontend/package-lock.json", place / "frontend")
    for path in (folder, place):
        path.chmod(0o755)
    return place


@pytest.fixture
def bare(folder):
    """A folder of commands with a shell's everyday tools and no Python or Node."""
    place = folder / "bin"
    place.mkdir()
    for name in TOOLS:
        os.symlink(shutil.which(name), place / name)
    return place


def command(place: Path, name: str, text: str) -> None:
    path = place / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def prepare(clone, part, *, path, before=(), **more):
    done = subprocess.run(
        [*before, "/bin/sh", str(clone / "tools/prepare.sh"), part],
        env={"PATH": str(path), "HOME": str(clone), "LC_ALL": "C.UTF-8", **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr.strip().splitlines()


def test_without_a_python_that_will_do(clone, bare):
    command(bare, "python3", "exit 1")  # an older one: the check of its version fails
    code, said = prepare(clone, "base", path=bare)
    assert code != 0
    assert said == [
        "xiezhi: Python 3.11 or newer is needed; on Debian: apt-get install -y python3 python3-venv make"
        " (or name one: PYTHON=/path/python3)."
    ]
    assert not (clone / ".venv").exists()


def test_without_the_venv_module(clone, bare):
    command(bare, "python3", f'case "$2" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"')
    code, said = prepare(clone, "base", path=bare)
    assert (code, said) == (
        1,
        ["xiezhi: Python's venv module is missing; on Debian: apt-get install -y python3-venv"],
    )


def test_in_a_folder_that_can_not_be_written_to(clone, bare):
    before = []
    if os.geteuid() == 0:  # root may write anywhere
        before = [shutil.which("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"]
    else:
        clone.chmod(0o555)
    code, said = prepare(clone, "base", path=bare, before=before)
    clone.chmod(0o755)
    assert (code, said) == (
        1,
        [
            "xiezhi: this folder can't be written to; clone the project to a folder of your own and run it there.",
        ],
    )


@pytest.fixture
def nowhere():
    """An address at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}"


def venv(clone, pip: str) -> None:
    """An environment that is there already, with an installer of the given words."""
    binaries = clone / ".venv" / "bin"
    binaries.mkdir(parents=True)
    os.symlink(sys.executable, binaries / "python")
    command(binaries, "pip", pip)


def test_where_the_package_index_is_not_reached(clone, bare):
    venv(clone, "echo 'a long story of retries' >&2; exit 1")
    code, said = prepare(clone, "base", path=bare)
    assert (code, said) == (
        1,
        [
            "xiezhi: could not install what requirements.lock names; see that the package index is reached (network,"
            " proxy) and run it again. Its own words: .venv/install.log"
        ],
    )
    assert "a long story" in (clone / ".venv/install.log").read_text()
    assert not (clone / ".venv/.no-uv").exists()  # the next try is the quick one again


def test_where_the_npm_registry_is_not_reached(clone, bare, nowhere):
    npm = shutil.which("npm") or str(ROOT / ".venv/bin/npm")
    venv(clone, "exit 1")
    for name in ("node", "npm"):
        os.symlink(Path(npm).parent / name, bare / name)
    quick = {"npm_config_registry": nowhere, "npm_config_fetch_retries": "0", "npm_config_cache": str(clone / "c")}
    code, said = prepare(clone, "front", path=f"{bare}:/bin:/usr/bin", **quick)
    assert (code, said) == (
        1,
        [
            "xiezhi: could not install the front end's packages; see that the npm registry is reached (network,"
            " proxy) and run it again. Its own words: .venv/npm.log"
        ],
    )
    assert "ECONNREFUSED" in (clone / ".venv/npm.log").read_text()


def test_on_a_port_that_is_taken(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "xiezhi.command.main", "run", "--port", str(port)],
            env={**os.environ, "XIEZHI_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "xiezhi.settings.run",
                 "XIEZHI_DATABASE_URL": "", "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()
    assert len(last) == 1
    assert f"port {port} on 127.0.0.1 is taken" in last[0]
    assert f"make run PORT={port + 1}" in last[0]
