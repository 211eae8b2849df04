"""``tests/walk.csv``: what every walker gets at every stop, for a person to read."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from .addresses import Stop
from .house import WALKERS

PATH = Path(__file__).resolve().parents[1] / "walk.csv"
HEADER = ["address", "method", "object", *WALKERS]
Table = dict[Stop, dict[str, str]]


def read() -> Table:
    """The committed table."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return {
            Stop(row["address"], row["method"], row["object"]): {name: row[name] for name in WALKERS}
            for row in csv.DictReader(file)
        }


def write(rows: Iterable[tuple[Stop, Mapping[str, str]]]) -> None:
    """A new table; ``git diff`` shows what changed, and a person judges it."""
    with PATH.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEADER)
        for stop, found in sorted(rows, key=lambda pair: pair[0]):
            out.writerow([stop.address, stop.method, stop.things, *(found[name] for name in WALKERS)])
