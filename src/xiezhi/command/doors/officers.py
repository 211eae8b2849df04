"""``xiezhi draw officers``: the committed table of chances in, who is sent where out (docs/dr-1.md §6)."""

import argparse
import json
import sys
from typing import Any

from xiezhi.core.draw.hashing import BY_HASH, Coin, HashMissing
from xiezhi.core.draw.officers import LABEL, LEAST_TEAM, MILLION, Edge, round_edges

BAD_INPUT = 2
FORM = '[[target, officer, millionths], …] or {"table": [[target, officer, millionths], …]}'


class BadTable(ValueError):
    """The table can't be taken; the text names the edge, the first is 1."""


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", seed: Any) -> None:
    """Register the verb; ``seed`` reads the option of that name."""
    officers = verbs.add_parser("officers", help="the officers' table in JSON in, target<TAB>officer lines out")
    officers.add_argument("--seed", required=True, type=seed, help="the seed in hex")
    officers.add_argument("--hash", default="sha256", choices=sorted(BY_HASH))
    officers.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print ``target<TAB>officer``, sorted by the bytes of both, one a line. 0, or 2 with the reason on stderr."""
    try:
        edges = read(sys.stdin.buffer.read())
        chosen = round_edges(edges, Coin(BY_HASH[options.hash], options.seed, LABEL).hits)
    except (BadTable, HashMissing) as error:
        sys.stderr.write(f"xiezhi draw: {error}\n")
        return BAD_INPUT
    lines = sorted((target.encode(), officer.encode()) for target, officer in chosen)
    sys.stdout.flush()
    sys.stdout.buffer.write(b"".join(target + b"\t" + officer + b"\n" for target, officer in lines))
    sys.stdout.buffer.flush()
    return 0


def read(data: bytes) -> list[Edge]:
    """The edges in list order (target, officer); :class:`BadTable` names the first that is wrong."""
    try:
        given = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadTable(f"not JSON: {error}") from None
    rows = given.get("table") if isinstance(given, dict) else given
    if not isinstance(rows, list):
        raise BadTable(f"the table is {FORM}")
    edges = [_edge(number, row) for number, row in enumerate(rows, 1)]
    seen: dict[tuple[str, str], int] = {}
    sums: dict[str, int] = {}
    for number, edge in enumerate(edges, 1):
        if seen.setdefault(edge[:2], number) != number:
            raise BadTable(f"edge {number}: the same pair is edge {seen[edge[:2]]}")
        sums[edge.target] = sums.get(edge.target, 0) + edge.millionths
    for target, total in sums.items():
        if total % MILLION or total < LEAST_TEAM * MILLION:
            raise BadTable(f"target {target!r}: its millionths sum to {total}, not to a whole team of 2 or more")
    return sorted(edges)


def _edge(number: int, row: object) -> Edge:
    if not (isinstance(row, list) and len(row) == 3):
        raise BadTable(f"edge {number}: expected [target, officer, millionths]")
    target, officer, millionths = row
    for text in (target, officer):
        if not (isinstance(text, str) and text and _plain(text)):
            raise BadTable(f"edge {number}: ids are text, not empty, without control characters")
    if type(millionths) is not int or not 1 <= millionths <= MILLION:
        raise BadTable(f"edge {number}: millionths are a whole number from 1 to {MILLION}")
    return Edge(target, officer, millionths)


def _plain(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return not any(ord(one) < 0x20 or ord(one) == 0x7F for one in text)
