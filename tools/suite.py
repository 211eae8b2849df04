"""Run all that this machine can: `make test`. Says what was left out and how to have it; ends with one line of counts.

Two runs: on SQLite in random order with coverage, and on PostgreSQL last to first under PYTHONOPTIMIZE=1, which is
spared what no database changes: looks, and tests that ask none.
Then the front end's own tests. XIEZHI_REQUIRE=all turns every gap into a failure (.ci/run).
"""

import contextlib
import getpass
import glob
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Axe, keys, sizes: no database changes what a page looks like, and the walk asks for each page on both.
LOOKS = ("tests/browser/test_access.py", "tests/browser/test_shell.py")
REQUIRE_ALL = os.environ.get("XIEZHI_REQUIRE") == "all"


@dataclass
class Tally:
    """What the runs came to; ``gaps`` are sentences: what was left out and how to have it."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    gaps: list[str] = field(default_factory=list)

    def gap(self, text: str) -> None:
        self.gaps.append(text)
        if REQUIRE_ALL:
            self.failed += 1


def main() -> int:
    tally = Tally()
    chosen = sys.argv[1:]
    started = time.monotonic()
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        tally.gap("browser tests: no chromium (Debian: apt-get install -y chromium fonts-noto-cjk)")
        chosen += ["-m", "not browser"]
    whole = not sys.argv[1:]
    spared = ["--spare", *(f"--deselect={path}" for path in LOOKS)] if whole else []
    without = ", spared what no database changes" if whole else ""
    seed = random.randrange(2**32)
    banner(f"SQLite, random order (seed {seed})")
    pytest(tally, [f"--randomly-seed={seed}", *coverage(), *chosen], {})
    with postgres() as url:
        if url:
            banner(f"PostgreSQL, last to first, PYTHONOPTIMIZE=1{without}")
            environment = {"XIEZHI_DATABASE_URL": url, "XIEZHI_TEST_SUFFIX": f"p{os.getpid()}"}
        else:
            tally.gap(
                "PostgreSQL: no server found (Debian: apt-get install -y postgresql, or set XIEZHI_TEST_PG=postgres://…)"
            )
            banner(f"SQLite, last to first, PYTHONOPTIMIZE=1{without}")
            environment = {}
        pytest(
            tally,
            ["-p", "no:randomly", "--reverse", *chosen, *spared],
            environment | {"PYTHONOPTIMIZE": "1"},
        )
    if whole:
        front_end(tally)
        floors(tally)
    banner(f"took {time.monotonic() - started:.0f} s")
    for text in tally.gaps:
        print(f"left out: {text}")
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 1 if tally.failed else 0


def banner(text: str) -> None:
    print(f"\n── {text} ──", flush=True)


def coverage() -> list[str]:
    return ["--cov", "--cov-report="]


def pytest(tally: Tally, options: list[str], environment: dict[str, str]) -> None:
    """One run; its counts come from the report, so that a crash can't pass for an empty success."""
    with tempfile.TemporaryDirectory(prefix="xiezhi-suite-") as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(os.environ.get("XIEZHI_TEST_WORKERS", "2"))]
        # A worker that has run out of tests takes over some of the other's, which may hold the slow ones.
        command += ["--dist", "worksteal", f"--junit-xml={report}", f"--basetemp={scratch}/tmp", *options]
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode
        if not report.exists():
            print(f"pytest ended with {code} and no report")
            tally.failed += 1
            return
        suite = ET.parse(report).getroot().find("testsuite")
        total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
        failed = int(suite.get("failures")) + int(suite.get("errors"))
        tally.passed += total - failed - skipped
        tally.skipped += skipped
        tally.failed += failed if failed or code == 0 else 1


@contextlib.contextmanager
def postgres() -> Iterator[str | None]:
    """A server to test on: the one named, the one that runs here, or a private one in a temporary folder."""
    for url in filter(None, [os.environ.get("XIEZHI_TEST_PG"), *_local_urls()]):
        if _answers(url):
            yield url
            return
    binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if not binaries:
        yield None
        return
    with _private_cluster(Path(binaries[-1]).parent) as url:
        yield url


def _local_urls() -> list[str]:
    user = getpass.getuser()
    return [
        f"postgres://{user}@/postgres?host=/var/run/postgresql",
        f"postgres://{user}@127.0.0.1:5432/postgres",
        "postgres://postgres@127.0.0.1:5432/postgres",
    ]


def _answers(url: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


@contextlib.contextmanager
def _private_cluster(binaries: Path) -> Iterator[str | None]:
    # initdb refuses to run as root; Debian's package brings the user postgres.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="xiezhi-pg-"))
    if prefix:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    try:
        subprocess.run(
            [
                *prefix,
                binaries / "initdb",
                "-D",
                data,
                "-A",
                "trust",
                "-U",
                "xiezhi",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            capture_output=True,
        )
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        subprocess.run(
            [*prefix, binaries / "pg_ctl", "-D", data, "-o", options, "-w", "-l", folder / "log", "start"],
            check=True,
            capture_output=True,
        )
        try:
            yield f"postgres://xiezhi@/postgres?host={folder}"
        finally:
            subprocess.run(
                [*prefix, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
                check=False,
                capture_output=True,
            )
    except subprocess.CalledProcessError as error:
        print(error.stderr.decode(errors="replace"))
        yield None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def front_end(tally: Tally) -> None:
    if not (ROOT / "frontend" / "package.json").exists():
        return
    banner("front end")
    # tools/prepare.sh puts a Node into .venv where the machine has none that will do.
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    if not shutil.which("npm", path=path):
        tally.gap("front-end tests: no npm on the path (tools/prepare.sh front brings one into .venv)")
        return
    for command in (["npm", "run", "--silent", "types"], ["npm", "run", "--silent", "test"]):
        done = subprocess.run(
            command,
            cwd=ROOT / "frontend",
            env={**os.environ, "PATH": path},
            check=False,
            capture_output=True,
            text=True,
        )
        text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
        print(text[-3000:], done.stderr[-2000:], sep="")
        counts = re.search(r"Tests\s+(?:(\d+) failed \| )?(\d+) passed", text)
        if counts:
            tally.failed += int(counts[1] or 0)
            tally.passed += int(counts[2])
        if done.returncode and not (counts and counts[1]):
            tally.failed += 1


# Branch coverage floors in per cent, by path.
FLOORS = {"src/xiezhi/core/*": 98, "src/xiezhi/*": 90}


def floors(tally: Tally) -> None:
    """The floors of branch coverage, read from the first run."""
    banner("coverage")
    for pattern, floor in FLOORS.items():
        command = [
            sys.executable,
            "-m",
            "coverage",
            "report",
            f"--include={pattern}",
            "--format=total",
            "--precision=1",
        ]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        reached = float(done.stdout.strip() or 0)
        print(f"{pattern}: {reached} % (floor {floor} %)")
        if reached < floor:
            tally.failed += 1
            low = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "coverage",
                    "report",
                    f"--include={pattern}",
                    "--skip-covered",
                    "--sort=cover",
                ],
                cwd=ROOT,
                check=False,
                capture_output=True,
                text=True,
            )
            print(low.stdout[:4000])
    for path in ROOT.glob(".coverage*"):
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())
