"""``xiezhi restore FILE``: see ``command.backup``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from xiezhi.command import backup


class Command(BaseCommand):
    help = "Bring back a backup into an empty installation, then check the record."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backup.restore(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        call_command("record", "verify", stdout=self.stdout)
        self.stdout.write(f"restore: {len(manifest['files'])} files, {file}")
