"""What a stranger does with a published bundle, and how a refusal is caught."""

import io
import subprocess
import sys
import zipfile

import pytest

from xiezhi.blobs import store
from xiezhi.core.errors import Refused
from xiezhi.inspection import queries


def bundle_of(draw) -> bytes:
    with store.open(queries.latest_bundle(draw).sha256) as file:
        return file.read()


def checked(data: bytes, tmp_path) -> subprocess.CompletedProcess:
    """What a stranger does: take verify.py out of the bundle and run it bare."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    return subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify.py"), str(path)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def member(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def refused(service, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        service(*args, **kwargs)
    return caught.value.refusal.rule_id
