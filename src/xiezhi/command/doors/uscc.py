"""``xiezhi uscc check``: one line a code in, ``code<TAB>ok|reason`` out. No database, no Django."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

from xiezhi.core.ids.uscc import MEANINGS, organisation_code_holds, uscc_reason

BOM = b"\xef\xbb\xbf"
EXIT_OK, EXIT_UNREADABLE = 0, 2
ORGANISATION_CODE = "organisation-code"


class Unreadable(Exception):
    """An input can't be read; the text says why."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Hang ``uscc`` with its one act ``check`` under the program's parser."""
    uscc = subparsers.add_parser("uscc", help="unified social credit codes (GB 32100-2015)")
    acts = uscc.add_subparsers(required=True, metavar="check")
    check = acts.add_parser(
        "check",
        help="say of each code whether it holds",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Reads codes, one a line; writes code<TAB>ok or code<TAB>reason for each, in order.",
        epilog=_epilog(),
    )
    check.add_argument("files", nargs="*", metavar="FILE", help="read these in turn (- or none: standard input)")
    check.add_argument(
        "--strict",
        action="store_true",
        help=f"also give {ORGANISATION_CODE} where places 9-17 fail GB 11714 (some codes in use do)",
    )
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check every line of the inputs; the exit code is 0 once all of them were read."""
    out = sys.stdout.buffer
    for name in options.files or ["-"]:
        try:
            for line in _read(name):
                out.write(line + b"\t" + _verdict(line, options.strict).encode("ascii") + b"\n")
        except Unreadable as error:
            out.flush()
            print(f"xiezhi uscc check: cannot read {name}: {error}", file=sys.stderr)
            return EXIT_UNREADABLE
    out.flush()
    return EXIT_OK


def _read(name: str) -> Iterator[bytes]:
    """The lines of one input; trouble in writing is not taken for trouble in reading."""
    try:
        with _open(name) as stream:
            yield from _lines(stream)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error


def _open(name: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if name == "-" else open(name, "rb")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines without their terminators (LF or CRLF) and without the signature of the encoding."""
    for number, line in enumerate(stream):
        text = line.removeprefix(BOM) if number == 0 else line
        yield (text.removesuffix(b"\n").removesuffix(b"\r") if text.endswith(b"\n") else text.removesuffix(b"\r"))


def _verdict(line: bytes, strict: bool) -> str:
    # Bytes that are no UTF-8 become lone surrogates, which are bad characters.
    code = line.decode("utf-8", "surrogateescape")
    reason = uscc_reason(code)
    if reason is not None:
        return str(reason)
    return ORGANISATION_CODE if strict and not organisation_code_holds(code) else "ok"


def _epilog() -> str:
    width = max(len(reason) for reason in MEANINGS)
    rows = [f"  {reason:<{width}}  {meaning}" for reason, meaning in MEANINGS.items()]
    return "\n".join(
        ["reasons (the first that applies is given):", *rows, "", "exit 0 once read, 2 if a file cannot be."]
    )
