"""``xiezhi openapi``: write openapi.yaml, or with ``--check`` tell whether it is still what the code says.

JSON is YAML too, so the file is written as JSON: sorted, indented, readable by either kind of reader.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xiezhi.api.root import api


class Command(BaseCommand):
    help = "Write openapi.yaml; --check compares it with the code and exits 1 where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, default=Path("openapi.yaml"))
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["out"]
        fresh = text()
        if not options["check"]:
            path.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"{path} written")
        elif not path.exists() or path.read_text(encoding="utf-8") != fresh:
            raise CommandError(f"{path} is not what the code says; run `xiezhi openapi` and commit the change.")
        else:
            self.stdout.write(f"{path} is up to date")


def text() -> str:
    """The document, the same for the same code."""
    # Through JSON once: status codes are numbers and words as keys, which don't sort together.
    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
