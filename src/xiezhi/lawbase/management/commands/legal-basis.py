"""``xiezhi legal-basis``: print, write or check the table from rule to article to code to test."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xiezhi.lawbase.legal_basis import document


class Command(BaseCommand):
    help = "Write docs/legal-basis.md: rule, article, code, test."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, help="file to write; default standard output")
        parser.add_argument(
            "--check",
            type=Path,
            nargs="?",
            const=Path("docs/legal-basis.md"),
            help="fail if this file (docs/legal-basis.md) is not what would be written",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = document()
        if options["check"] is not None:
            path: Path = options["check"]
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{path} is out of date; run `xiezhi legal-basis --out {path}`")
        elif options["out"] is not None:
            options["out"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
