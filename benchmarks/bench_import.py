"""Import of a roster on a file SQLite with ``synchronous=FULL`` while another user keeps writing.

``run(quick)`` answers rows of name, value, unit. The work is done in a process of its own, with its own home.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"


def run(quick: bool) -> list[dict[str, object]]:
    """Quick: 10,000 rows; in full: 100,000 rows."""
    rows = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory(prefix="xiezhi-bench-") as home:
        environment = {
            **os.environ,
            "XIEZHI_HOME": home,
            "XIEZHI_DATABASE_URL": f"sqlite:///{home}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "xiezhi.settings.run",
            "PYTHONPATH": str(SOURCE),
        }
        done = subprocess.run(
            [sys.executable, __file__, str(rows), home],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return list(json.loads(done.stdout.splitlines()[-1]))


def _measure(rows: int, home: Path) -> list[dict[str, object]]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from xiezhi.core.actor import system
    from xiezhi.registry import imports, synthetic

    actor = system("bench")
    roster = home / "roster.csv"
    figures: list[dict[str, object]] = []

    def timed(name: str, work, count: int = rows):
        began = time.monotonic()
        result = work()
        seconds = time.monotonic() - began
        figures.append({"name": name, "value": round(seconds, 2), "unit": "s"})
        return result, seconds

    def stage():
        return imports.stage_file(
            actor, path=roster, filename="roster.csv", source="登记", agency="/a/", district="321202"
        )

    synthetic.write_roster(roster, rows)
    stop, waits = threading.Event(), []
    writer = threading.Thread(target=_keep_writing, args=(stop, waits))
    writer.start()
    try:
        batch, staged = timed(f"stage {rows} rows", stage)
        batch, written = timed(f"write {rows} rows", lambda: imports.apply_batch(actor, batch.id))
    finally:
        stop.set()
        writer.join()
    counts = imports.preview(actor, batch.id).results
    if counts != {"new": rows}:
        raise RuntimeError(f"{counts} instead of {rows} new rows")
    figures.append({"name": f"stage and write {rows} rows", "value": round(staged + written, 2), "unit": "s"})
    waits.sort()
    figures += [
        {"name": "acts of the other writer", "value": len(waits), "unit": "acts"},
        {"name": "the other writer's act, median", "value": _ms(waits, 0.5), "unit": "ms"},
        {"name": "the other writer's act, p95", "value": _ms(waits, 0.95), "unit": "ms"},
        {"name": "the other writer's act, longest", "value": _ms(waits, 1), "unit": "ms"},
    ]
    timed(f"stage the same {rows} rows again", stage)
    synthetic.write_roster(roster, rows, seed=1)
    batch, _ = timed(f"stage {rows} changed rows", stage)
    timed(f"write {rows} changed rows", lambda: imports.apply_batch(actor, batch.id))
    timed(f"undo {rows} changed rows", lambda: imports.undo_batch(actor, batch.id))
    return figures


def _keep_writing(stop: threading.Event, waits: list[float]) -> None:
    from django.db import connection

    from xiezhi.core.actor import system
    from xiezhi.registry import services, synthetic

    number = 90_000_000
    while not stop.is_set():
        number += 1
        began = time.monotonic()
        services.register_entity(
            system("other"),
            agency="/b/",
            district="321202",
            code=synthetic.synthetic_code(number),
            name="示例另一用户有限公司",
        )
        waits.append(time.monotonic() - began)
        stop.wait(0.1)
    connection.close()


def _ms(waits: list[float], part: float) -> int:
    return round(waits[min(len(waits) - 1, int(len(waits) * part))] * 1000)


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]), Path(sys.argv[2])), ensure_ascii=False))
