"""``xiezhi sequencer``: seal what was committed, within two seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.command.looping import loop
from xiezhi.record import sequencer


class Command(BaseCommand):
    help = "Give committed events their place in the sealed record, until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        loop("sequencer", sequencer.seal_batch, idle=1.0)
