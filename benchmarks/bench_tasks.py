"""Lists of tasks, draws and plans over HTTP, as a user whose rights end at one division; the 95th percentile.

Quick: 20,000 tasks; in full: 200,000, in ten divisions, half of the user's among them; each released task has two
officers with their grants, so that the read gate costs what it costs. The user is an officer who was sent to 200
tasks, some of them of other divisions. On the configured database (SQLite, or PostgreSQL by XIEZHI_DATABASE_URL);
rows go into a test database that is gone afterwards.
"""

import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
FULL, QUICK = 200_000, 20_000
ASKS, BATCH, A_DRAW = 20, 2_000, 200
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
AGENCY, DISTRICT = "/a1/", "329901"
DIVISIONS = [f"{AGENCY}d{number}/" for number in range(10)]
# The user's division has as many tasks as all others together.
WEIGHTS = [9] + [1] * 9
STATES = (("sealed", 15), ("released", 10), ("filed", 10), ("returned", 2), ("done", 58), ("cancelled", 5))
OUTCOMES = (("clean", 60), ("fixed", 20), ("rectify", 15), ("stop", 2), ("unreachable", 3))
OFFICERS, OWN = 300, 200


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
        raise RuntimeError("the tasks could not be measured")
    return list(json.loads(done.stdout.splitlines()[-1]))


def fill(count: int):
    """Agencies, officers, draws, tasks, results and grants by bulk insert; answers the user's account."""
    from django.db import transaction

    from xiezhi import clock
    from xiezhi.inspection.models import Draw, InspectionItem, Plan, TargetRoster, Task, TaskOfficer, TaskResult
    from xiezhi.people.models import Account, Agency, District, Grant, Officer, Role, RoleAssignment

    chance = random.Random(20261124)
    District.objects.create(code=DISTRICT, name="示例区")
    top = Agency.objects.create(
        path=AGENCY, code="a1", name="示例支队", short="示监", kind="agency", district=DISTRICT
    )
    units = [
        Agency.objects.create(
            path=path, code=path.split("/")[2], name=f"示例{n}大队", short=f"示{n}", kind="division",
            district=DISTRICT, parent=top,
        )
        for n, path in enumerate(DIVISIONS)
    ]  # fmt: skip
    officers = Officer.objects.bulk_create(
        Officer(unit=units[n % 10], name=f"示例{n:03d}", agency=DIVISIONS[n % 10], district=DISTRICT)
        for n in range(OFFICERS)
    )
    accounts = Account.objects.bulk_create(
        Account(username=f"o{n}", name=row.name, unit=row.unit, officer=row, password="!")
        for n, row in enumerate(officers)
    )
    user = accounts[0]
    abilities = ["inspection.read", "inspection.read_released", "inspection.plan", "people.read"]
    role = Role.objects.create(code="division", name="示例科室", abilities=abilities)
    RoleAssignment.objects.create(account=user, role=role, agency=DIVISIONS[0], valid_from=date(2020, 1, 1))
    items = InspectionItem.objects.bulk_create(
        InspectionItem(
            code=f"ZJ-{n:03d}", version=1, title=f"示例事项{n}", basis="《建筑法》第七条", target_kind="project",
            valid_from=date(2024, 1, 1), agency=AGENCY, district=DISTRICT,
        )
        for n in range(20)
    )  # fmt: skip
    Plan.objects.bulk_create(
        Plan(
            kind="special", year=2024 + n % 3, title=f"示例专项{n}", begins=date(2026, 1, 1), ends=date(2026, 12, 31),
            state="published", agency=DIVISIONS[n % 10], district=DISTRICT,
        )
        for n in range(1_000)
    )  # fmt: skip
    draws = []
    for n in range(count // A_DRAW):
        path = chance.choices(DIVISIONS, WEIGHTS)[0]
        scope = {"agency": path, "district": DISTRICT}
        roster = TargetRoster.objects.create(
            item=items[n % 20], title=f"示例名录{n}", strata="all", size=1_000, frozen_at=NOW, **scope
        )
        begin = TODAY - timedelta(days=700) + timedelta(days=n * 720 // (count // A_DRAW))
        draws.append(
            Draw(
                draw_id=f"示监抽〔{begin.year}〕{n + 1}号", title=f"示例抽查{n}", roster=roster, window_from=begin,
                window_to=begin + timedelta(days=10), plan=[], sources=[], code_version="1", state="published",
                prepared_at=NOW - timedelta(days=900 - n * 720 // (count // A_DRAW)), drawn_count=A_DRAW, **scope,
            )
        )  # fmt: skip
    Draw.objects.bulk_create(draws, batch_size=BATCH)
    states, shares = zip(*STATES, strict=True)
    outcomes, parts = zip(*OUTCOMES, strict=True)
    sent_own = 0
    for draw in draws:
        tasks, through, sent, results, grants = [], [], [], [], []
        for number in range(1, A_DRAW + 1):
            future = draw.window_from > TODAY
            state = "sealed" if future else chance.choices(states, shares)[0]
            key = clock.new_id()
            scope = {"agency": draw.agency, "district": DISTRICT, "stream": f"task:{key}"}
            tasks.append(
                Task(
                    id=key, number=number, draw=draw, opaque=f"{draw.pk.hex}{number:04d}", dispatch=draw,
                    dispatched=f"{draw.pk.hex}{number:04d}", window_from=draw.window_from, state=state,
                    window_to=draw.window_to, made_at=NOW, **scope,
                )
            )  # fmt: skip
            through.append(Task.items.through(task_id=key, inspectionitem_id=draw.roster.item_id))
            if state in ("sealed", "cancelled"):
                continue
            pair = chance.sample(range(1, OFFICERS), 2)
            if sent_own < OWN and number % 50 == 0:
                pair[0], sent_own = 0, sent_own + 1
            for place, n in enumerate(pair, 1):
                duty = "leader" if place == 1 else "member"
                sent.append(TaskOfficer(task_id=key, officer=officers[n], duty=duty, place=1, **scope))
                grants.append(
                    Grant(stream=f"task:{key}", actor=str(accounts[n].pk), role="inspection", begins=NOW)
                )
            if state in ("filed", "returned", "done"):
                tasks[-1].outcome = outcome = chance.choices(outcomes, parts)[0]
                results.append(
                    TaskResult(task_id=key, visited_on=draw.window_from, outcome=outcome, filed_at=NOW, **scope)
                )
        with transaction.atomic():
            for model, rows in (
                (Task, tasks), (Task.items.through, through), (TaskOfficer, sent), (TaskResult, results), (Grant, grants),
            ):  # fmt: skip
                model.objects.bulk_create(rows, batch_size=BATCH)
    return user


PAGES = (
    ("tasks", "tasks/", {}),
    ("tasks, sorted by end", "tasks/", {"sort": "window_to"}),
    ("tasks of a draw by number", "tasks/", {"q": "〕3号"}),
    ("one task by number", "tasks/", {"q": "〕3号-7"}),
    ("no task by number", "tasks/", {"q": "无此编号"}),
    ("tasks by title", "tasks/", {"q": "示例抽查"}),
    *((f"tasks {state}", "tasks/", {"state": state}) for state, _share in STATES),
    ("tasks of this week", "tasks/", {"window_from": "2026-11-23", "window_to": "2026-11-29"}),
    ("tasks of two years", "tasks/", {"window_from": "2024-12-01", "window_to": "2026-11-29"}),
    ("tasks of an item", "tasks/", {"item": "ZJ-003"}),
    *((f"tasks with outcome {one}", "tasks/", {"outcome": one}) for one, _share in OUTCOMES[:1] + OUTCOMES[3:4]),
    ("tasks overdue", "tasks/", {"overdue": "1"}),
    ("tasks triggered (none)", "tasks/", {"rests": "trigger"}),
    ("tasks of mine", "tasks/", {"mine": "1"}),
    ("my tasks", "tasks/mine/", {}),
    ("tasks by four filters", "tasks/", {"state": "done", "item": "ZJ-003", "outcome": "stop", "overdue": "1"}),
    ("calendar, a month of the agency", "calendar/", {"whose": "agency"}),
    ("draws", "", {}),
    ("draws by title", "", {"q": "示例抽查7"}),
    ("plans", "plans/", {}),
)  # fmt: skip


def _measure(count: int) -> list[dict[str, object]]:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from xiezhi import clock

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    rows: list[dict[str, object]] = []
    try:
        begun = time.perf_counter()
        user = fill(count)
        print(f"filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        with clock.fixed(NOW):
            for name, address, params in PAGES:
                rows.append(_timed(name, count, lambda a=address, p=params: client.get(f"/console/draws/{a}", p)))
            second = _second_page(client)
            rows.append(
                _timed("tasks, the second page", count, lambda: client.get(f"/console/draws/tasks/{second}"))
            )
            export = {"export": "csv"}
            place = "/console/draws/tasks/?state=returned&window_from=2026-08-01"
            rows.append(_timed("export of some hundred rows", count, lambda: client.post(place, export)))
            rows.append(
                _timed("order an export of all", count, lambda: client.post("/console/draws/tasks/", export))
            )
    finally:
        teardown_databases(made, verbosity=0)
    return rows


def _second_page(client) -> str:
    text = client.get("/console/draws/tasks/").content.decode()
    return "?after=" + text.split("?after=", 1)[1].split('"', 1)[0]


def _timed(name: str, count: int, ask) -> dict[str, object]:
    from django.db import connection

    times, answer = [], ask()
    if answer.status_code not in (200, 302):
        raise RuntimeError(f"{name}: {answer.status_code}")
    for _ in range(ASKS):
        begun = time.perf_counter()
        answer = ask()
        if answer.streaming:
            b"".join(answer.streaming_content)
        times.append((time.perf_counter() - begun) * 1000)
    p95 = sorted(times)[int(ASKS * 0.95) - 1]
    print(f"{p95:8.0f} ms  {name}", file=sys.stderr, flush=True)
    return {"name": f"{count} tasks on {connection.vendor}: {name}, p95", "value": round(p95), "unit": "ms"}


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1])), ensure_ascii=False))
