"""``xiezhi documents load``: take the national templates of this version of the program into the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.core.actor import system
from xiezhi.documents.services import load_builtin_templates


class Command(BaseCommand):
    help = "Load the national document templates of this version; to load them again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["load"])

    def handle(self, *args: Any, **options: Any) -> None:
        for row in load_builtin_templates(system("documents")):
            if options["verbosity"]:
                self.stdout.write(f"{row.code} v{row.version}")
