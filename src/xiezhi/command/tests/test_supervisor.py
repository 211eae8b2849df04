"""The supervisor restarts what dies, ends everything in order, and kills what will not end."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from xiezhi import clock
from xiezhi.command import demo_data, supervisor
from xiezhi.command.management.commands import run
from xiezhi.core.actor import system
from xiezhi.inspection import services
from xiezhi.inspection.codes import TargetKind
from xiezhi.people.models import Account
from xiezhi.people.queries import actor_of
from xiezhi.people.services import create_agency

STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""
SLEEPER = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""
PARENT = """
import sys
from xiezhi.command import supervisor
from xiezhi.command.management.commands import run
part = supervisor.Part("sleeper", [sys.executable, "-c", sys.argv[1], sys.argv[2]])
sys.exit(supervisor.Supervisor([part]).run())
"""


def part(name: str, code: str, *arguments: str) -> supervisor.Part:
    return supervisor.Part(name, [sys.executable, "-c", code, *arguments])


@pytest.fixture
def no_signals(monkeypatch):
    monkeypatch.setattr(supervisor.signal, "signal", lambda *_: None)


def run_for(supervised, until, limit=15.0):
    thread = threading.Thread(target=supervised.run)
    thread.start()
    deadline = time.monotonic() + limit
    while not until() and time.monotonic() < deadline:
        time.sleep(0.05)
    reached = until()
    supervised.stop()
    thread.join(timeout=30)
    assert not thread.is_alive()
    return reached


def test_a_part_that_dies_is_started_again(tmp_path, no_signals):
    marks = tmp_path / "marks"
    dying = part("dying", f"open({str(marks)!r}, 'a').write('x')")
    assert run_for(supervisor.Supervisor([dying]), lambda: marks.exists() and len(marks.read_text()) >= 2)
    assert dying.restarts >= 1


def test_a_part_that_will_not_end_is_killed(monkeypatch, no_signals, capfd, tmp_path):
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    stubborn = part("stubborn", STUBBORN, str(tmp_path / "up"))
    assert run_for(supervisor.Supervisor([stubborn]), (tmp_path / "up").exists)
    assert stubborn.process.wait(timeout=5) == -signal.SIGKILL
    assert "killed" in capfd.readouterr().err


def test_sigterm_ends_the_program_and_its_parts(tmp_path):
    mark = tmp_path / "pid"
    environment = {**os.environ, "PYTHONPATH": str(Path(settings.PACKAGE).parent)}
    running = subprocess.Popen([sys.executable, "-c", PARENT, SLEEPER, str(mark)], env=environment)
    deadline = time.monotonic() + 15
    while not (mark.exists() and mark.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    child = int(mark.read_text())
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=20) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.parametrize("code", [0, 3])
def test_what_runs_once_comes_first_and_is_not_started_again(code, tmp_path, no_signals, capfd):
    seeded, up, rest = (tmp_path / name for name in ("seeded", "up", "rest"))
    # It ends only once the pages are up: these do not wait for it.
    wait = f"import pathlib, sys, time\nwhile not pathlib.Path({str(up)!r}).exists(): time.sleep(0.02)\n"
    once = part("seed", wait + f"open({str(seeded)!r}, 'a').write('x'); sys.exit({code})")
    once.once = True
    web = part("web", f"import time; open({str(up)!r}, 'w').write('x'); time.sleep(60)")
    follower = part(
        "rest",
        f"import os, time; open({str(rest)!r}, 'w').write(str(os.path.exists({str(seeded)!r}))); time.sleep(60)",
    )
    ordered = supervisor.first(once, [web, follower], meanwhile="web")
    assert run_for(supervisor.Supervisor(ordered), lambda: rest.exists() and rest.read_text() != "")
    assert rest.read_text() == "True"
    assert seeded.read_text() == "x"
    assert ("goes on without it" in capfd.readouterr().err) == bool(code)


def test_the_house_has_four_parts():
    assert [p.name for p in supervisor.parts("127.0.0.1", 8000, 1)] == ["web", "worker", "sequencer", "relay"]


def test_qr_codes_lead_to_where_the_house_is_served(monkeypatch, settings):
    monkeypatch.setenv("XIEZHI_SITE_URL", "")
    monkeypatch.delenv("XIEZHI_SITE_URL")
    run._name_site("http://127.0.0.1:8341")
    assert settings.SITE_URL == os.environ["XIEZHI_SITE_URL"] == "http://127.0.0.1:8341"
    monkeypatch.setenv("XIEZHI_SITE_URL", "https://example.cn")
    run._name_site("http://127.0.0.1:8342")
    assert os.environ["XIEZHI_SITE_URL"] == "https://example.cn"


@pytest.mark.parametrize("port", [-1, 0, 65536, 99999])
def test_a_port_that_is_none_is_one_sentence(port):
    with pytest.raises(CommandError, match="choose one from 1 to 65535"):
        run._demand_free("127.0.0.1", port)


@pytest.mark.django_db
def test_the_demonstrations_data_are_written_on_the_first_start_only(capsys):
    def started() -> list[str]:
        parts = run.Command()._with_demo(supervisor.parts("127.0.0.1", 8000, 1))
        told = capsys.readouterr().out
        assert all(person.username in told for person in demo_data.PEOPLE)
        return [part.name for part in parts if part.after is None]

    assert started() == ["demo data", "web"]
    demo_data.load()
    # Stopped before anything was planned: it goes on from there.
    assert started() == ["demo data", "web"]
    published_item(demo_data.DETACHMENT)
    assert started() == ["web", "worker", "sequencer", "relay"]


@pytest.mark.django_db
def test_a_real_house_is_given_no_demonstration(capsys):
    create_agency(system("setup"), parent="/", code="a", name="甲", short="甲", kind="agency", district="009999")
    parts = run.Command()._with_demo(supervisor.parts("127.0.0.1", 8000, 1))
    assert [part.name for part in parts if part.after is None] == ["web", "worker", "sequencer", "relay"]
    assert capsys.readouterr().out == ""


def published_item(agency: str) -> None:
    services.publish_item(
        actor_of(Account.objects.get(username="drawer1")),
        code="A-1",
        title="示例事项",
        basis="《建筑法》第七条",
        target_kind=TargetKind.ENTITY,
        valid_from=clock.today(),
        agency=agency,
        district="009999",
    )
