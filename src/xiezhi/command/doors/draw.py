"""``xiezhi draw select``, ``verify``, ``officers``: the draw for anyone, on plain text and without a database."""

import argparse
import re
import sys
from pathlib import Path

from xiezhi.core.draw import verify as verifier
from xiezhi.core.draw.hashing import BY_HASH, HashMissing
from xiezhi.core.draw.targets import TooFew, equal, weighted

from . import officers
from .given import LONGEST_NUMBER, whole

BAD_INPUT = 2
BOM = b"\xef\xbb\xbf"
PLAIN = re.compile(r"[^\x00-\x1f\x7f]+").fullmatch


class BadInput(ValueError):
    """Something in the input can't be taken; the text names the line."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``draw`` with its verbs."""
    verbs = subparsers.add_parser("draw", help="run or verify a draw (profile dr/1)").add_subparsers(required=True)
    select = verbs.add_parser("select", help="id<TAB>weight lines in, the selected ids out")
    select.add_argument("--seed", required=True, type=_seed, help="the seed in hex")
    select.add_argument("--stratum", required=True, type=_text, help="the stratum's name")
    select.add_argument("--n", required=True, type=whole, help="how many to draw")
    select.add_argument("--method", required=True, choices=("equal", "weighted"))
    select.add_argument("--hash", default="sha256", choices=sorted(BY_HASH))
    select.add_argument("files", nargs="*", metavar="FILE", help="files to read (default: standard input)")
    select.set_defaults(run=run_select)
    verify = verbs.add_parser("verify", help="verify a published bundle")
    verify.add_argument("bundle", metavar="FOLDER|ZIP")
    verify.add_argument("--key", default="", help="the log's public key (vkey) known from elsewhere")
    verify.set_defaults(run=run_verify)
    officers.add(verbs, _seed)


def run_select(options: argparse.Namespace) -> int:
    """Print the selected ids, sorted by their UTF-8 bytes, one a line. 0, or 2 with the reason on stderr."""
    try:
        ids, weights = read_objects(_input(options.files))
        selected = _select(options, ids, weights)
    except BadInput as error:
        return _refuse(str(error))
    except TooFew as error:
        there = f"{error.there} objects that can be drawn"
        return _refuse(f"line {max(len(ids), 1)}: the input ends here with {there}, --n is {options.n}")
    except HashMissing as error:
        return _refuse(str(error))
    out = sorted(one.encode("utf-8") for one in selected)
    sys.stdout.flush()
    sys.stdout.buffer.write(b"".join(one + b"\n" for one in out))
    sys.stdout.buffer.flush()
    return 0


def _select(options: argparse.Namespace, ids: list[str], weights: list[int]) -> list[str]:
    profile = BY_HASH[options.hash]
    if options.method == "equal":
        return equal(profile, options.seed, options.stratum, ids, options.n)
    return weighted(profile, options.seed, options.stratum, ids, weights, options.n)


def run_verify(options: argparse.Namespace) -> int:
    """Print each step; 0 when all hold, 1 at the first that fails, 2 when the path can't be read."""
    path = Path(options.bundle)
    try:
        if not path.is_dir():
            with path.open("rb"):
                pass
    except (OSError, ValueError) as error:
        return _refuse(f"{options.bundle!r} can't be read: {error}")
    return verifier.main([options.bundle, *(["--key", options.key] if options.key else [])])


def read_objects(data: bytes) -> tuple[list[str], list[int]]:
    """``id<TAB>weight`` lines as (ids, weights); :class:`BadInput` names the first bad line.

    Lines end with LF or CRLF (the last may lack it); a byte order mark before the first line is dropped.
    Ids are taken as given, without normalisation (docs/dr-1.md §1).
    """
    ids: list[str] = []
    weights: list[int] = []
    first: dict[str, int] = {}
    lines = data.removeprefix(BOM).split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, 1):
        one, weight = _object(number, line.removesuffix(b"\r"))
        if first.setdefault(one, number) != number:
            raise BadInput(f"line {number}: id {one!r} is already on line {first[one]}")
        ids.append(one)
        weights.append(weight)
    return ids, weights


def _object(number: int, line: bytes) -> tuple[str, int]:
    fields = line.split(b"\t")
    if len(fields) != 2 or not fields[0]:
        raise BadInput(f"line {number}: expected id<TAB>weight, found {line[:80].decode('utf-8', 'replace')!r}")
    try:
        one = fields[0].decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"line {number}: the id is not UTF-8") from None
    weight = fields[1]
    if not (weight.isdigit() and len(weight) <= LONGEST_NUMBER):
        shown = weight[:40].decode("utf-8", "replace")
        raise BadInput(f"line {number}: the weight must be a whole number ≥ 0 in ASCII digits, found {shown!r}")
    if weight.startswith(b"0") and weight != b"0":
        shown = weight[:40].decode("ascii")
        raise BadInput(f"line {number}: the weight {shown!r} has a leading zero; write it as a plain decimal")
    return one, int(weight)


def _input(files: list[str]) -> bytes:
    if not files:
        return sys.stdin.buffer.read()
    parts = []
    for name in files:
        try:
            data = Path(name).read_bytes()
        except (OSError, ValueError) as error:
            raise BadInput(f"{name!r} can't be read: {error}") from None
        data = data.removeprefix(BOM)
        parts.append(data if data.endswith(b"\n") or not data else data + b"\n")
    return b"".join(parts)


def _seed(text: str) -> bytes:
    if not re.fullmatch(r"(?:[0-9a-fA-F]{2})+", text):
        raise argparse.ArgumentTypeError("the seed must be pairs of hex digits")
    return bytes.fromhex(text)


def _text(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("the stratum is not UTF-8") from None
    if not PLAIN(text):
        raise argparse.ArgumentTypeError(
            "the stratum must be plain text: not empty, no TAB or other control character"
        )
    return text


def _refuse(reason: str) -> int:
    sys.stderr.flush()
    sys.stderr.buffer.write(f"xiezhi draw: {reason}\n".encode("utf-8", "backslashreplace"))
    sys.stderr.buffer.flush()
    return BAD_INPUT
