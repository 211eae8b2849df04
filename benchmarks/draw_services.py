"""One draw through the services on a file SQLite: ``run(rows)`` answers seconds and peak memory of each step.

Every step is a process of its own on the same database, so that its peak is its own (Django's part included).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src"
AGENCY, DISTRICT = "/a/", "329900"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LABEL, VALUE = "bench", "9f86d081884c7d659a2feaa0c55ad015"


def run(rows: int) -> list[tuple[str, float, str]]:
    """(name, value, unit) of each step on ``rows`` synthetic targets, a twentieth of them drawn by weight."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="xiezhi-bench-") as home:
        environment = {
            **os.environ,
            "XIEZHI_HOME": home,
            "XIEZHI_DATABASE_URL": f"sqlite:///{home}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "xiezhi.settings.run",
            "PYTHONPATH": str(SOURCE),
        }
        for step in STEPS:
            command = [sys.executable, __file__, step, str(rows)]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            seconds, peak = json.loads(done.stdout.splitlines()[-1])
            figures += [
                (f"services.{step}.{rows}", seconds, "s"),
                (f"services.{step}.{rows}.peak", peak, "MB"),
            ]
            print(step, round(seconds, 2), "s", round(peak), "MB", file=sys.stderr, flush=True)
    return figures


def migrate(rows: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def freeze(rows: int) -> None:
    from xiezhi.inspection import services
    from xiezhi.inspection.targets import Target

    def targets() -> Iterator[Target]:
        for at in range(rows):
            yield Target(f"91329900{at:010d}", f"示例建设{at:07d}有限公司", grade="ABCD"[at % 4])

    with _at(0):
        item = services.publish_item(
            _actor(), code="BENCH", title="bench", basis="bench", target_kind="entity",
            valid_from=date(2026, 1, 1), agency=AGENCY, district=DISTRICT,
        )  # fmt: skip
        _publish_plan(item)
        services.freeze_roster(
            _actor(), item=item, title="bench", agency=AGENCY, district=DISTRICT, targets=targets(),
            selection={}, weights={"A": 1, "B": 2, "C": 4, "D": 8},
        )  # fmt: skip


def prepare(rows: int) -> None:
    from xiezhi.inspection import services
    from xiezhi.inspection.models import PlanLine, TargetRoster

    with _at(0):
        services.prepare_draw(
            _actor(), roster=TargetRoster.objects.get(), plan_line=PlanLine.objects.get(), title="bench",
            window_from=date(2026, 3, 4), window_to=date(2026, 3, 14),
            plan=[{"stratum": "全部", "method": "weighted", "n": rows // 20, "reserves": rows // 200}],
            sources=[{"label": LABEL, "describes": "bench", "not_before": START + timedelta(hours=12),
                      "encoding": "hex"}],
        )  # fmt: skip


def commit(rows: int) -> None:
    from xiezhi.inspection import services

    with _at(1):
        services.commit_draw(_actor(), **_draw())


def sources(rows: int) -> None:
    from xiezhi.inspection import services

    with _at(1):
        _seal()
    with _at(13):
        given = {"label": LABEL, "value": VALUE}
        services.enter_source(_actor(), **_draw(), **given, published_at=START + timedelta(hours=12))
        services.confirm_source(_actor("second"), **_draw(), **given)


def draw(rows: int) -> None:
    from xiezhi.inspection import services

    with _at(14):
        services.run_draw(_actor(), **_draw())


def publish(rows: int) -> None:
    from xiezhi.inspection import services

    with _at(15):
        _seal()
        services.publish_bundle(_actor(), **_draw())


def replace(rows: int) -> None:
    from xiezhi.inspection import services
    from xiezhi.inspection.models import DrawnTarget

    with _at(16):
        out = DrawnTarget.objects.filter(standing="drawn").first()
        services.replace_drawn(_actor(), **_draw(), opaque=out.opaque, reason="CLOSED", document="bench")


def opening(rows: int) -> None:
    from xiezhi.inspection import services

    with _at(24 * 14):
        services.open_names(_actor(), **_draw())


def republish(rows: int) -> None:
    from xiezhi.inspection import services

    with _at(24 * 14):
        _seal()
        services.publish_bundle(_actor(), **_draw())


def verify(rows: int) -> None:
    from xiezhi.blobs import store
    from xiezhi.inspection import queries
    from xiezhi.inspection.models import Draw

    made = queries.latest_bundle(Draw.objects.get())
    with tempfile.TemporaryDirectory() as folder, store.open(made.sha256) as stream:
        path = Path(folder, "bundle.zip")
        path.write_bytes(stream.read())
        subprocess.run([sys.executable, "-m", "xiezhi.core.draw.verify", path], check=True, stdout=sys.stderr)


STEPS: dict[str, Callable[[int], None]] = {
    work.__name__: work
    for work in (migrate, freeze, prepare, commit, sources, draw, publish, replace, opening, republish, verify)
}


def _actor(name: str = "bench") -> Any:
    from xiezhi.core.actor import system

    return system(name)


def _at(hours: int) -> AbstractContextManager[None]:
    from xiezhi import clock

    return clock.fixed(START + timedelta(hours=hours))


def _publish_plan(item: Any) -> None:
    """The line that the draw rests on, in a plan that its agency's head approved."""
    from xiezhi.command.demo.planning import published_plan
    from xiezhi.people import services as people
    from xiezhi.people.approval_kinds import PLAN
    from xiezhi.people.flow import Step
    from xiezhi.people.queries import actor_of

    actor, roles = _actor(), ("draw_organiser", "detachment_head")
    people.create_agency(
        actor, parent="/", code="a", name="bench", short="bench", kind="agency", district=DISTRICT
    )
    people.install_default_roles(actor)
    people.adopt_route(
        actor, kind=PLAN, agency=AGENCY, steps=[Step("bench", (roles[1],))], source="bench",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    accounts = {}
    for role in roles:
        made = people.create_account(actor, username=role, name=role, unit=AGENCY, password="bench" * 5)
        people.assign_role(actor, account=made.id, role=role, agency=AGENCY)
        made.refresh_from_db()
        accounts[role] = actor_of(made)
    published_plan(
        accounts[roles[0]], accounts, items=[item], year=START.year, title="bench", document="bench",
        agency=AGENCY, district=DISTRICT,
    )  # fmt: skip


def _draw() -> dict[str, Any]:
    from xiezhi.inspection.models import Draw

    row = Draw.objects.get()
    return {"draw": row.id, "rev": row.rev}


def _seal() -> None:
    from xiezhi.record import sequencer

    sequencer.seal_all()


def _measured(step: str, rows: int) -> tuple[float, float]:
    import django

    django.setup()
    began = time.perf_counter()
    STEPS[step](rows)
    seconds = time.perf_counter() - began
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return seconds, max(resource.getrusage(one).ru_maxrss for one in whose) / 1024


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(_measured(sys.argv[1], int(sys.argv[2]))))
    else:
        for figure in run(int(sys.argv[1])):
            print(*figure)
