"""``xiezhi lawbase load``: take the law that comes with this version of the program into the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.core.actor import system
from xiezhi.lawbase.services import load_release


class Command(BaseCommand):
    help = "Load the catalogues, figures and calendars of this version; to load them again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["load"])

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_release(system("lawbase"))
        for counts in done if options["verbosity"] else ():
            self.stdout.write(
                f"{counts['kind']}: {counts['added']} added, {counts['changed']} changed, {counts['held']} held"
            )
