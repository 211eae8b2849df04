"""Figures of the draw: ``python benchmarks/bench_draw.py [--full]`` prints ``name value unit`` lines.

Quick runs a tenth of the sizes; full runs those of the requirement (1,000,000 weighted, 10,000,000 equal), and one
draw of 1,000,000 through the services (:mod:`draw_services`), which takes about ten minutes.
Memory is the peak of a process of its own, its roster included.
"""

import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import draw_services

from xiezhi.core.draw import bundle, ceremony, officer_table, officers, targets
from xiezhi.core.draw.hashing import SHA256, Coin
from xiezhi.core.draw.roster import Entry, roster_root
from xiezhi.core.draw.rules import Rules, SourceRule, StratumRule

SEED = bytes(range(32))
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
Figures = list[tuple[str, float, str]]


def run(quick: bool = True) -> list[dict[str, Any]]:
    """[{"name", "value", "unit"}]; each benchmark in a fresh process."""
    scale = 10 if quick else 1
    context = multiprocessing.get_context("spawn")
    found = []
    for work in (weighted, equal, bundled, sent):
        with context.Pool(1) as pool:
            found += pool.apply(measured, (work, scale))
    if not quick:
        found += draw_services.run(1_000_000)
    return [{"name": name, "value": round(value, 3), "unit": unit} for name, value, unit in found]


def measured(work: Callable[[int], Figures], scale: int) -> Figures:
    """The figures of ``work`` and the peak memory of this process."""
    figures = work(scale)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*figures, (f"draw.{work.__name__}.peak", peak, "MB")]


def ids(count: int) -> Iterator[str]:
    return (SHA256.digest(b"%d" % at).hex() for at in range(count))


def weighted(scale: int) -> Figures:
    count = 1_000_000 // scale
    names, weights = list(ids(count)), [1 + at % 13 for at in range(count)]
    began = time.perf_counter()
    targets.weighted(SHA256, SEED, "A", names, weights, count // 20)
    drawn = time.perf_counter()
    roster_root(SHA256, (Entry(name, "A", weight) for name, weight in zip(names, weights, strict=True)))
    rooted = time.perf_counter()
    return [(f"draw.weighted.{count}", drawn - began, "s"), (f"draw.root.{count}", rooted - drawn, "s")]


def equal(scale: int) -> Figures:
    count = 10_000_000 // scale
    began = time.perf_counter()
    targets.equal(SHA256, SEED, "A", (f"{at:064x}" for at in range(count)), 50_000)
    return [(f"draw.equal.{count}", time.perf_counter() - began, "s")]


def bundled(scale: int) -> Figures:
    """Commit, draw, bundle; verify.py from the bundle in a bare interpreter."""
    count = 1_000_000 // scale
    roster = [Entry(name, "A", 1 + at % 13) for at, name in enumerate(ids(count))]
    rules = Rules(
        "bench", "bench", "bench", ("2026-01-06", "2026-01-07"),
        (StratumRule("A", "weighted", n=count // 20, reserves=10),),
        (SourceRule("lottery", "lottery", START + timedelta(hours=1)),), "bench",
    )  # fmt: skip
    began = time.perf_counter()
    commitment = ceremony.commit(roster, rules, committed_at=START)
    committed = time.perf_counter()
    source = ceremony.Source("lottery", "01 02 03", START + timedelta(hours=2), "a", "b")
    result = ceremony.draw(commitment, [source], drawn_at=START + timedelta(hours=3))
    drawn = time.perf_counter()
    files = bundle.bundle(commitment, result)
    packed = bundle.pack(files)
    written = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        script, archive = Path(folder, "verify.py"), Path(folder, "bundle.zip")
        script.write_bytes(files["verify.py"])
        archive.write_bytes(packed)
        opened = time.perf_counter()
        subprocess.run([sys.executable, "-I", script, archive], check=True, stdout=subprocess.DEVNULL)
        verified = time.perf_counter()
    return [
        (f"draw.commit.{count}", committed - began, "s"),
        (f"draw.draw.{count}", drawn - committed, "s"),
        (f"draw.bundle.{count}", written - drawn, "s"),
        (f"draw.verify.{count}", verified - opened, "s"),
    ]


def sent(scale: int) -> Figures:
    """Table and rounding for 2,000 × 200 and 5,000 × 400 with 16 candidates a target, teams of two."""
    figures: Figures = []
    for jobs, people in ((2_000 // scale, 200 // scale), (5_000 // scale, 400 // scale)):
        began = time.perf_counter()
        names = [f"{at:064x}" for at in range(jobs)]
        able = {name: [f"{at:064x}" for at in range(people)] for name in names}
        table = officer_table.even_table(SHA256, "bench", able)
        made = time.perf_counter()
        chosen = officers.round_edges(table, Coin(SHA256, SEED, officers.LABEL).hits)
        rounded = time.perf_counter()
        loads = dict.fromkeys({edge.officer for edge in table}, 0)
        for _, officer in chosen:
            loads[officer] += 1
        size = f"{jobs}x{people}"
        figures += [
            (f"draw.officers.table.{size}", made - began, "s"),
            (f"draw.officers.rounding.{size}", rounded - made, "s"),
            (f"draw.officers.spread.{size}", max(loads.values()) - min(loads.values()), "visits"),
        ]
    return figures


if __name__ == "__main__":
    for figure in run(quick="--full" not in sys.argv):
        print(figure["name"], figure["value"], figure["unit"])
