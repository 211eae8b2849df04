"""``xiezhi worker``: take jobs and turn loops until SIGTERM or SIGINT."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.jobs.worker import run_worker


class Command(BaseCommand):
    help = "Run background jobs, schedules and loops until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queues", default="", help="queues to serve, separated by commas; default all")
        parser.add_argument("--threads", type=int, default=1, help="jobs at a time (default 1)")
        parser.add_argument("--no-loops", action="store_true", help="jobs only, no loops or schedules")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        queues = [name.strip() for name in options["queues"].split(",") if name.strip()] or None
        self.stdout.write("xiezhi worker: ready")
        run_worker(stop, queues=queues, threads=max(1, options["threads"]), loops=not options["no_loops"])
        self.stdout.write("xiezhi worker: ended")
