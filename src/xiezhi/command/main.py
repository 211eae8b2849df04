"""``xiezhi``: one program for serving, upkeep and the doors that outside testers use.

A door is a module in ``command.doors`` with ``add(subparsers)``; it works on plain text and imports no Django.
Everything else is handed to Django's own command runner.
"""

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

from xiezhi.command import overview
from xiezhi.command.pipes import pipe_closed

DOORS = ("draw", "uscc", "law", "record", "evidence")


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``argv`` (default: the process's); the return value is the exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    if args in overview.ASKED:
        return _through(argparse.Namespace(run=_overview))
    if args and args[0] in DOORS:
        parser = argparse.ArgumentParser(prog="xiezhi")
        importlib.import_module(f"xiezhi.command.doors.{args[0]}").add(parser.add_subparsers(required=True))
        return _through(parser.parse_args(args))
    if args and args[0] == "demo":
        # Before Django reads its settings: the demo runs in a house of its own.
        return int(importlib.import_module("xiezhi.command.demo").main(args[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.settings.run")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["xiezhi", *args])
    return 0


def _overview(_: argparse.Namespace) -> int:
    sys.stdout.write(overview.text())
    return 0


def _through(options: argparse.Namespace) -> int:
    """Run a door; where its output can't be written, a sentence and 2 (141 where the reader left) instead of a trace."""
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        print("xiezhi: standard output is closed", file=sys.stderr)
        return 2
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        return pipe_closed()
    except OSError as error:
        pipe_closed()
        print(f"xiezhi: the answer can't be written: {error.strerror or error}", file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
