"""What a stranger does with a published bundle: verify it in a bare Python, and try what a forger would."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xiezhi.core import canonical
from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.core.draw import hashing, roster

Files = dict[str, bytes]


def members(data: bytes) -> Files:
    """The files of a bundle.zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def checked(home: Path, data: bytes, name: str, key: str = "") -> tuple[int, str]:
    """Exit code and output of the bundle's own verify.py, run bare in the empty folder ``home/name``.

    key   the log's public key as the house publishes it elsewhere; empty: none is known
    """
    folder = home / name
    folder.mkdir()
    (folder / "bundle.zip").write_bytes(data)
    (folder / "verify.py").write_bytes(members(data)["verify.py"])
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "bundle.zip", *(["--key", key] if key else [])],
        cwd=folder,
        env={},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@dataclass(frozen=True)
class Forgery:
    """One object of a published bundle swapped for another, and the step at which verify.py must stop."""

    title: str
    step: str
    swap: Callable[[Files], None]
    mends_manifest: bool = True

    def forged(self, data: bytes) -> bytes:
        """The bundle with the swap in it."""
        files = members(data)
        self.swap(files)
        if self.mends_manifest:
            files["manifest.json"] = files_of_draw.manifest(files)
        return files_of_draw.pack(files)


def failed_step(text: str) -> str:
    """The step that verify.py names as the first that fails; empty where none did."""
    line = next((line for line in text.splitlines() if line.startswith("✗")), "")
    return line.lstrip("✗ 0123456789").partition("：")[0]


def drawn_of(files: Mapping[str, bytes]) -> list[str]:
    """Opaque ids of the drawn objects, sorted."""
    told = json.loads(files["selection.json"])
    return sorted({one for stratum in told["strata"] for one in stratum["drawn"]})


def _selected(files: Files) -> None:
    """In the result a drawn object gives way to one that was neither drawn nor in reserve."""
    drawn = set(drawn_of(files))
    streams = [one for part in json.loads(files["selection.json"])["strata"] for one in part["streams"]]
    taken = drawn | {one for stream in streams for one, _ticket in stream["reserves"]}
    listed = (line.split(b"\t")[0] for line in files["roster.tsv"].splitlines())
    into = next(one for one in listed if one.decode() not in taken)
    files["selection.json"] = files["selection.json"].replace(min(drawn).encode(), into)


def _unsealed(files: Files, swap: Callable[[Files], None]) -> None:
    """The swap, in a bundle that claims to have no proofs: what is left are the sums of the draw itself."""
    swap(files)
    files["proofs.json"], files["checkpoint.txt"] = b"null", b""


def _in_roster(files: Files) -> None:
    """A drawn object is taken out of the committed roster, one that never was in it stands in its place."""
    out = drawn_of(files)[0].encode()
    into = out[:-1] + (b"0" if out[-1:] != b"0" else b"1")
    lines = files["roster.tsv"].replace(out, into).splitlines(keepends=True)
    files["roster.tsv"] = b"".join(sorted(lines))


def _twice(files: Files) -> None:
    """A drawn object gives way to another of the roster, which then stands there twice."""
    lines = files["roster.tsv"].splitlines(keepends=True)
    out = drawn_of(files)[0].encode()
    kept = [line for line in lines if not line.startswith(out)]
    files["roster.tsv"] = b"".join(sorted([*kept, kept[0]]))


def _committed_anew(files: Files) -> None:
    """The same, and the root of the new roster is put into the commitment."""
    _in_roster(files)
    rows = [line.decode().split("\t") for line in files["roster.tsv"].splitlines()]
    promise = json.loads(files["commitment.json"])
    entries = [roster.Entry(one, stratum, int(weight)) for one, stratum, weight in rows]
    promise["root"] = roster.roster_root(hashing.PROFILES[promise["profile"]], entries).hex()
    files["commitment.json"] = canonical.encode(promise)


def _opened(files: Files) -> None:
    """Another firm's code is put under an opened id."""
    first, second, *rest = files["opened.tsv"].decode().splitlines(keepends=True)
    one, two = first.split("\t"), second.split("\t")
    one[1], two[1] = two[1], one[1]
    files["opened.tsv"] = "".join(["\t".join(one), "\t".join(two), *rest]).encode()


FORGERIES = (
    Forgery("名册中换掉一个对象", "清单", _in_roster, mends_manifest=False),
    Forgery("名册中以另一对象顶替，并重算清单", "名单", _twice),
    Forgery("名册中换掉一个对象，并重算清单", "承诺", _in_roster),
    Forgery("名册中换掉一个对象，并重算名册根和清单", "存证", _committed_anew),
    Forgery("抽中结果中换掉一个对象，并重算清单", "存证", _selected),
    Forgery("抽中结果中换掉一个对象，并拿掉存证、重算清单", "抽取", lambda files: _unsealed(files, _selected)),
    Forgery("公开名称中换掉一个企业，并拿掉存证、重算清单", "名称", lambda files: _unsealed(files, _opened)),
)
