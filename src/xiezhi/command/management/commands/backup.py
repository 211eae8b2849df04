"""``xiezhi backup FILE``: see ``command.backup``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xiezhi.command import backup


class Command(BaseCommand):
    help = "Write database, files and keys to one tar."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backup.backup(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"backup: {len(manifest['files'])} files, {file}")
