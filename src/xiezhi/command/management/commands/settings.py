"""``xiezhi settings``: every environment variable that the code reads, with its text and default."""

from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.settings import env, transport  # noqa: F401 - declares what only the production profile reads


class Command(BaseCommand):
    help = "Print every setting, from the code that reads it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for setting in sorted(env.DECLARED.values(), key=lambda s: s.name):
            shown = "(secret)" if setting.secret else setting.default or "(empty)"
            self.stdout.write(f"{setting.name}\t{setting.kind}\t{shown}\t{setting.text}")
