"""`make bench`: run the benchmarks and print their figures; `--write` puts them into docs/benchmarks.md.

    python benchmarks/run.py            quick sizes of all
    python benchmarks/run.py draw       one, in full
    python benchmarks/run.py --full --write

A benchmark is a module ``bench_<name>.py`` with ``run(quick: bool) -> list[{"name", "value", "unit"}]``. Each runs in
a process of its own, so that peaks of memory are its own.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ONE = """
import importlib, json, sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/../src"]
rows = importlib.import_module("bench_" + sys.argv[2]).run(quick=sys.argv[3] == "quick")
print("\\n" + json.dumps(rows, ensure_ascii=False))
"""


def main() -> int:
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    parser = argparse.ArgumentParser(description="Measure.")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(names)}; named ones run in full")
    parser.add_argument("--full", action="store_true", help="all in full")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    if unknown := set(options.names) - set(names):
        parser.error(f"no benchmark {sorted(unknown)[0]!r}; there are {', '.join(names)}")
    size = "full" if options.full or options.names else "quick"
    results: dict[str, list[dict[str, object]]] = {}
    failed = 0
    for name in options.names or names:
        done = subprocess.run(
            [sys.executable, "-c", ONE, str(HERE), name, size], stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            print(f"{name}: failed with {done.returncode}")
            failed += 1
            continue
        results[name] = json.loads(done.stdout.rstrip().rsplit("\n", 1)[-1])
        for row in results[name]:
            print(f"{name:10} {row['value']!s:>14} {row['unit']:12} {row['name']}", flush=True)
    if options.write:
        write(results, size)
    return 1 if failed else 0


def machine() -> str:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"


def write(results: dict[str, list[dict[str, object]]], size: str) -> None:
    lines = ["# Benchmarks", ""]
    lines += [f"Measured {datetime.now(UTC):%Y-%m-%d} by `make bench`, {size} sizes, on {machine()}."]
    lines += ["The machine is shared: figures vary by a factor of up to two between runs.", ""]
    for name, rows in results.items():
        lines += [f"## {name}", "", "| what | value | unit |", "|---|---|---|"]
        lines += [f"| {row['name']} | {row['value']} | {row['unit']} |" for row in rows]
        lines += [""]
    (HERE.parent / "docs" / "benchmarks.md").write_text("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
