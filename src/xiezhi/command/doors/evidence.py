"""``xiezhi evidence verify``: an evidence export for anyone, on plain files and without a database."""

import argparse
import os
import sys

from xiezhi.core.evidence import verify as verifier

BAD_INPUT = 2


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``evidence`` with its verbs."""
    evidence = subparsers.add_parser("evidence", help="sealed evidence (contract ev-1)")
    verify = evidence.add_subparsers(required=True).add_parser("verify", help="what is missing or altered?")
    verify.add_argument("folder", metavar="DIR", help="a folder that was exported")
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        help="the record's public key (vkey) known from elsewhere; repeatable",
    )
    verify.add_argument(
        "--complete", action="store_true", help="an open chain, a missing receipt or proof is a fault too"
    )
    verify.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> int:
    """Print every fault and what is only told; 0 when all holds, 1 at any fault, 2 when DIR can't be read."""
    try:
        os.listdir(options.folder)
    except (OSError, ValueError) as error:
        print(f"xiezhi evidence: {options.folder!r} can't be read: {error}", file=sys.stderr)
        return BAD_INPUT
    keys = [word for key in options.key for word in ("--key", key)]
    return verifier.main([*keys, *(["--complete"] if options.complete else []), options.folder])
