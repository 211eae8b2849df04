"""``xiezhi``: one program for serving, upkeep and the doors that outside testers use.

A door is a module in ``command.doors`` with ``add(subparsers)``; it works on plain text and imports no Django.
Everything else is handed to Django's own command runner.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

DOORS = ("draw", "uscc", "law", "record")


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``argv`` (default: the process's); the return value is the exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    if args and args[0] in DOORS:
        parser = argparse.ArgumentParser(prog="xiezhi")
        importlib.import_module(f"xiezhi.command.doors.{args[0]}").add(parser.add_subparsers(required=True))
        options = parser.parse_args(args)
        return int(options.run(options))
    if args and args[0] == "demo":
        # Before Django reads its settings: the demo runs in a house of its own.
        return int(importlib.import_module("xiezhi.command.demo").main(args[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.settings.run")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["xiezhi", *args])
    return 0


if __name__ == "__main__":
    sys.exit(main())
