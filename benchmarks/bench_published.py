"""The portal's published lists over HTTP, as anyone reads them without signing in; the 95th percentile.

Quick: 5,000 publications; in full: 50,000, of ten bodies and three years, each with its signed version. On the
configured database (SQLite, or PostgreSQL by XIEZHI_DATABASE_URL); rows go into a test database that is gone
afterwards.
"""

import json
import os
import random
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
FULL, QUICK = 50_000, 5_000
ASKS, BATCH = 20, 2_000
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DISTRICT = "329901"
BODIES, DAYS, FIRMS = 10, 1_000, 8_000
KINDS = (("result", 94), ("draw", 3), ("plan", 2), ("item", 1))
OUTCOMES = (("clean", 60), ("fixed", 20), ("rectify", 15), ("stop", 2), ("unreachable", 3))
# Most of what is published stays; some was withdrawn, some waits.
STATES = (("published", 92), ("withdrawn", 2), ("expired", 3), ("due", 3))


def run(quick: bool) -> list[dict[str, object]]:
    """The work is done in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, str(QUICK if quick else FULL)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "xiezhi.settings.test", "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError("the published lists could not be measured")
    return list(json.loads(done.stdout.splitlines()[-1]))


def fill(count: int) -> None:
    """Bodies, publications and their versions by bulk insert."""
    from django.db import transaction

    from xiezhi.disclosure.models import Publication, PublicationVersion
    from xiezhi.people.models import Agency, District

    chance = random.Random(20261124)
    District.objects.create(code=DISTRICT, name="示例区")
    Agency.objects.bulk_create(
        Agency(path=f"/b{n}/", code=f"b{n}", name=f"示例{n}支队", short=f"示{n}", kind="agency", district=DISTRICT)
        for n in range(BODIES)
    )
    for first in range(0, count, BATCH):
        rows = [_row(Publication, chance, n, count) for n in range(first, min(first + BATCH, count))]
        versions = [_version(PublicationVersion, row) for row in rows if row.published_at]
        with transaction.atomic():
            Publication.objects.bulk_create(rows)
            PublicationVersion.objects.bulk_create(versions)


def _row(model, chance: random.Random, n: int, count: int):
    kind, state, outcome = (chance.choices(*zip(*table, strict=True))[0] for table in (KINDS, STATES, OUTCOMES))
    at = None if state == "due" else NOW - timedelta(days=DAYS) + timedelta(seconds=n * DAYS * 86_400 // count)
    result, public = kind == "result", state != "due"
    firm = chance.randrange(FIRMS)
    return model(
        kind=kind, subject=uuid.UUID(int=n + 1), source_event=uuid.UUID(int=n + 1), working_title=f"示例事项{n}",
        title=f"示例{firm:04d}公司检查结果" if public else "", target_code=f"X{firm:08d}" if result and public else "",
        outcome=outcome if result and public else "", year=at.year if at else None, state=state,
        shown=int(state == "published"), published_at=at, changed_at=at, agency=f"/b{n % BODIES}/", district=DISTRICT,
    )  # fmt: skip


def _version(model, row):
    fields = [{"name": f"f{n}", "label": f"示例栏{n}", "value": "示例内容" * 5} for n in range(8)]
    return model(
        publication_id=row.pk, number=1, title=row.title, fields=fields, digest="0" * 64, signed_at=row.published_at,
        signed_event=uuid.uuid4(),
    )  # fmt: skip


LISTS = (
    ("the list", "published/", {}),
    *((f"of kind {kind}", "published/", {"kind": kind}) for kind in ("result", "plan")),
    ("of a body", "published/", {"agency": "/b3/"}),
    ("of this year", "published/", {"year": "2026"}),
    ("of the first year", "published/", {"year": "2024"}),
    ("of no year", "published/", {"year": "1999"}),
    ("with outcome clean", "published/", {"outcome": "clean"}),
    ("with outcome stop", "published/", {"outcome": "stop"}),
    (
        "by four filters",
        "published/",
        {"kind": "result", "agency": "/b3/", "year": "2024", "outcome": "stop"},
    ),
    ("open data, JSON", "opendata/publications.json", {}),
    ("open data, JSON of the first year", "opendata/publications.json", {"year": "2024"}),
    ("feed", "published/feed.atom", {}),
    ("API", "api/v1/disclosure/public", {}),
)


def _measure(count: int) -> list[dict[str, object]]:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from xiezhi import clock

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        fill(count)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        client = Client()
        with clock.fixed(NOW):
            deep = _deep(client)
            pages = [*LISTS, ("the hundredth page", f"published/{deep}", {})]
            return [
                _timed(name, count, lambda a=f"/{place}", p=given: client.get(a, p))
                for name, place, given in pages
            ]
    finally:
        teardown_databases(made, verbosity=0)


def _deep(client, pages: int = 100) -> str:
    following = ""
    for _ in range(pages):
        text = client.get(f"/published/{following}").content.decode()
        following = "?after=" + text.split("?after=", 1)[1].split('"', 1)[0]
    return following


def _timed(name: str, count: int, ask) -> dict[str, object]:
    from django.db import connection

    times, answer = [], ask()
    if answer.status_code != 200:
        raise RuntimeError(f"{name}: {answer.status_code}")
    for _ in range(ASKS):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    p95 = sorted(times)[int(ASKS * 0.95) - 1]
    print(f"{p95:8.0f} ms  {name}", file=sys.stderr, flush=True)
    return {"name": f"{count} publications on {connection.vendor}: {name}, p95", "value": round(p95), "unit": "ms"}


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1])), ensure_ascii=False))
