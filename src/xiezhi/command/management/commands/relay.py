"""``xiezhi relay``: hand sealed events to the apps that follow them."""

from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.command.looping import loop
from xiezhi.record import relay


class Command(BaseCommand):
    help = "Hand sealed events to their followers, until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        loop("relay", relay.relay, idle=1.0)
