"""``xiezhi run``: migrate, load what a first start needs, then supervise web, worker, sequencer and relay."""

import os
import socket
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from xiezhi.command import supervisor


class Command(BaseCommand):
    help = "Serve the whole system from one command."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="web processes")
        parser.add_argument("--demo", action="store_true", help="load synthetic demo data into an empty database")

    def handle(self, *args: Any, host: str, port: int, workers: int, demo: bool, **options: Any) -> None:
        _demand_writable(Path(settings.HOME))
        _demand_free(host, port)
        _name_site(f"http://{host}:{port}")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("lawbase", "load", verbosity=0)
        call_command("documents", "load", verbosity=0)
        parts = supervisor.parts(host, port, workers)
        if demo:
            parts = self._with_demo(parts)
        running = supervisor.Supervisor(parts)
        threading.Thread(target=self._announce, args=(host, port, running), daemon=True).start()
        code = running.run()
        self.stdout.write("獬豸已停止。")
        if code:
            raise SystemExit(code)

    def _with_demo(self, parts: list[supervisor.Part]) -> list[supervisor.Part]:
        """On the first start the data are written while pages already answer; later nothing is."""
        # Imported late: they need the apps, and the rest is looked at without them.
        from xiezhi.command import demo_data
        from xiezhi.command.demo import seeding

        fresh = demo_data.empty()
        self.stdout.write(demo_data.told(demo_data.PEOPLE if fresh else demo_data.standing()), ending="")
        if not fresh and not seeding.wanted():
            return parts
        self.stdout.write("正在写入示例数据：账号几秒后可用，计划、抽取、检查和公示约需一分钟；页面不必等它。")
        self.stdout.flush()
        return supervisor.first(supervisor.seeding(), parts, meanwhile="web")

    def _announce(self, host: str, port: int, running: supervisor.Supervisor) -> None:
        url = f"http://{host}:{port}/"
        while not running.stopping.is_set():
            try:
                with urllib.request.urlopen(f"{url}healthz", timeout=2):  # noqa: S310 - our own address
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        if not running.stopping.is_set():
            self.stdout.write(f"獬豸 Xiezhi: {url}   (Ctrl-C to stop)")
            self.stdout.flush()


def _name_site(url: str) -> None:
    """QR codes lead to where this very house is served, unless the operator says where citizens find it."""
    settings.SITE_URL = os.environ.setdefault("XIEZHI_SITE_URL", url)  # parts that are started inherit it


def _demand_writable(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CommandError(
            f"{home} can't be written to ({error.strerror}); choose another folder with XIEZHI_HOME=/path."
        ) from error


def _demand_free(host: str, port: int) -> None:
    if not 0 < port < 65536:
        raise CommandError(f"port {port} is none; choose one from 1 to 65535: make run PORT=8000")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"port {port} on {host} is taken ({error.strerror}); choose another: make run PORT={port + 1}"
            ) from error
