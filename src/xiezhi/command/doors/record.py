"""Door ``record``: roots and proofs of the log from plain text; what reads the database is handed to Django.

    xiezhi record root [FILE]                 hex of leaf data, one a line   → root in lower-case hex
    xiezhi record check-inclusion [FILE]      one JSON object                → exit 0 holds, 1 does not
    xiezhi record check-consistency [FILE]    one JSON object                → exit 0 holds, 1 does not
    xiezhi record verify|replay|seal|keys|…   Django's command ``record``

The JSON objects have the fields of transparency-dev/merkle's test vectors: ``leafIdx, treeSize, leafHash,
proof, root`` and ``size1, size2, root1, root2, proof``; hashes in standard base64; other keys are ignored.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any, NoReturn

from xiezhi.core.tlog import merkle, note
from xiezhi.core.tlog.faults import Malformed, TlogError

_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2})*")
_MAX_JSON = 16 * 1024 * 1024
_DIGITS = 20  # of 2**64 - 1


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Hang the door into the command line."""
    record = subparsers.add_parser("record", help="roots, proofs and checks of the whole-process record")
    actions = record.add_subparsers(required=True, metavar="ACTION")
    for name, run, help_ in (
        ("root", root, "the Merkle root over leaves given as hex, one a line"),
        ("check-inclusion", check_inclusion, "does a leaf belong to a tree? (JSON)"),
        ("check-consistency", check_consistency, "is a tree a prefix of another? (JSON)"),
    ):
        action = actions.add_parser(name, help=help_)
        action.add_argument("file", nargs="?", default="-", help="read this instead of standard input")
        action.set_defaults(run=run)
    for name, help_ in (
        ("verify", "recompute the log from the rows and hold it against tiles and checkpoint"),
        ("replay", "rebuild what is derived from the events and name each difference; --repair mends it"),
        ("seal", "seal what waits"),
        ("keys", "print the log's public keys"),
        ("rotate-wrapping-key", "put all private parts under a new key"),
        ("forget-wrapping-keys", "destroy the old ones, an hour later at the earliest"),
        ("rotate-signing-key", "let a new key sign from now on"),
    ):
        # add_help=False and REMAINDER: every option, --help too, is the Django command's own.
        action = actions.add_parser(name, help=help_, add_help=False, prefix_chars="\0")
        action.add_argument("rest", nargs=argparse.REMAINDER)
        action.set_defaults(run=_handed_over, action=name)


def root(options: argparse.Namespace) -> int:
    """Print the root; exit 2 and the number of the line for one that is not hex."""
    frontier = merkle.Frontier()
    try:
        for number, line in enumerate(_lines(options.file), start=1):
            if _HEX.fullmatch(line) is None:
                return _complain(f"line {number}: not an even number of hex digits")
            frontier.append(merkle.leaf_hash(bytes.fromhex(line.decode("ascii"))))
    except OSError as error:
        return _complain(f"{options.file}: {error.strerror}")
    print(frontier.root().hex())
    return 0


def check_inclusion(options: argparse.Namespace) -> int:
    """Exit 0 if the leaf is in the tree, else 1 with the reason on standard error."""
    return _judge(options.file, _inclusion)


def check_consistency(options: argparse.Namespace) -> int:
    """Exit 0 if the first tree is a prefix of the second, else 1 with the reason on standard error."""
    return _judge(options.file, _consistency)


def _inclusion(given: dict[str, Any]) -> None:
    merkle.check_inclusion(
        _size(given, "leafIdx"),
        _size(given, "treeSize"),
        _hash(given, "leafHash"),
        _proof(given),
        _hash(given, "root"),
    )


def _consistency(given: dict[str, Any]) -> None:
    merkle.check_consistency(
        _size(given, "size1"),
        _size(given, "size2"),
        _proof(given),
        _hash(given, "root1"),
        _hash(given, "root2"),
    )


def _judge(file: str, check: Callable[[dict[str, Any]], None]) -> int:
    try:
        check(_object(file))
    except TlogError as error:
        return _complain(str(error), 1)
    except OSError as error:
        return _complain(f"{file}: {error.strerror}", 1)
    return 0


def _object(file: str) -> dict[str, Any]:
    with _opened(file) as stream:
        data = stream.read(_MAX_JSON + 1)
    if len(data) > _MAX_JSON:
        raise Malformed(f"the JSON is over {_MAX_JSON} bytes")
    try:
        given = json.loads(data.decode("utf-8"), parse_int=_whole, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from error
    if not isinstance(given, dict):
        raise Malformed("the JSON is not an object")
    return given


def _whole(text: str) -> int | None:
    """A number that can be a size; a negative or overlong one is none, wherever it stands."""
    return None if text.startswith("-") or len(text) > _DIGITS else int(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _size(given: dict[str, Any], key: str) -> int:
    value = given.get(key)
    if type(value) is not int or value > merkle.MAX_SIZE:
        raise Malformed(f"{key} is not a whole number from 0 to 2**64 - 1")
    return value


def _hash(given: dict[str, Any], key: str) -> bytes:
    return _decoded(given.get(key), key)


def _proof(given: dict[str, Any]) -> list[bytes]:
    value = given.get("proof")
    if value is None:
        return []
    if not isinstance(value, list):
        raise Malformed("proof is not a list")
    return [_decoded(item, f"proof[{index}]") for index, item in enumerate(value)]


def _decoded(value: object, where: str) -> bytes:
    if not isinstance(value, str):
        raise Malformed(f"{where} is not text")
    try:
        data = note.decode64(value)
    except Malformed as error:
        raise Malformed(f"{where}: {error}") from error
    if not data:  # other wrong lengths are for the check: trees of equal size may have any equal roots
        raise Malformed(f"{where} is empty")
    return data


def _lines(file: str) -> Iterator[bytes]:
    """The lines without their ends (LF or CRLF); a last one needs no end."""
    with _opened(file) as stream:
        for line in stream:
            yield line.removesuffix(b"\n").removesuffix(b"\r")


def _opened(file: str) -> "AbstractContextManager[IO[bytes]]":
    return nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")


def _complain(reason: str, code: int = 2) -> int:
    print(f"xiezhi record: {reason}", file=sys.stderr)
    return code


def _handed_over(options: argparse.Namespace) -> int:
    """Run Django's management command ``record`` with the rest of the line as it was given."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.settings.run")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import Error

    try:
        django.setup()
        call_command("record", options.action, *options.rest)
    except CommandError as error:
        return _complain(str(error), error.returncode)
    except (ImproperlyConfigured, ModuleNotFoundError) as error:
        return _complain(f"the program is not set up: {error}. See `xiezhi settings`.")
    except Error as error:
        return _complain(f"the database cannot be read: {error}. Is it there, and is `xiezhi migrate` done?")
    return 0
