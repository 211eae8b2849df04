"""``xiezhi demo_data``: load the synthetic house into an empty database and print its accounts.

With ``--inspections`` it walks as well what the house did, which takes a while and wants the record for itself:
``xiezhi run --demo`` starts it beside the pages, before anything that seals.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.command import demo_data
from xiezhi.command.demo import seeding


class Command(BaseCommand):
    help = "Load clearly synthetic demo data into an empty database; print the demo accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inspections", action="store_true", help="plan, draws, visits, publications too")

    def handle(self, *args: Any, inspections: bool = False, **options: Any) -> None:
        demo_data.load()
        if inspections:
            if seeding.seed():
                self.stdout.write("示例计划、抽取、检查和公示已写完（均为合成数据）。")
        else:
            self.stdout.write(demo_data.told(demo_data.standing()), ending="")
