"""``xiezhi search rebuild``: index every declared kind anew, then write the engine's tables anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xiezhi.search import fulltext, sources


class Command(BaseCommand):
    """For after an upgrade that indexes more, or damage to the index; others may go on working."""

    help = "Make the full-text index anew from what it is an index of."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("step", choices=["rebuild"])

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in sorted(sources.SOURCES):
            self.stdout.write(f"{kind}\t{sources.refill(kind)}")
        self.stdout.write(f"index\t{fulltext.rebuild()}")
