"""The worker process: threads, schedules, loops, leases, SIGTERM, and two workers at one table."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.jobs import queue, registry, worker
from xiezhi.jobs.models import Job, LoopLease, ScheduleRun, State, Worker
from xiezhi.jobs.registry import Schedule, job, loop, periodic

LI = Actor("li", "officer", "/city/a/", "321200")
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    for name in ("JOBS", "LOOPS", "SCHEDULES"):
        fresh: dict = {}
        for module in (registry, queue, worker):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, fresh)
    monkeypatch.setattr(worker, "POLL", 0.02)


def wait_for(true, seconds=10.0):
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


def working(stop, **options):
    def body():
        try:
            worker.run_worker(stop, **options)
        finally:
            connections.close_all()

    thread = threading.Thread(target=body)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("schedule", "slot"),
    [
        (Schedule("t", every=timedelta(hours=1)), datetime(2026, 11, 24, 4, 0, tzinfo=UTC)),
        (Schedule("t", every=timedelta(seconds=90)), datetime(2026, 11, 24, 4, 0, tzinfo=UTC)),
        # 02:30 in Shanghai is 18:30 UTC of the day before
        (Schedule("t", daily=(2, 30)), datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        (Schedule("t", daily=(12, 0)), NOON),
        (Schedule("t", daily=(12, 1)), datetime(2026, 11, 23, 4, 1, tzinfo=UTC)),
    ],
)
def test_the_slot_is_the_latest_due_time(schedule, slot):
    assert schedule.slot(NOON) == slot


@pytest.mark.parametrize("when", [{}, {"every": timedelta(1), "daily": "02:30"}, {"every": timedelta(0)}])
def test_a_schedule_has_one_way_to_know_its_time(when):
    with pytest.raises(ValueError, match="schedule"):
        periodic("t.x", title="x", **when)


@pytest.mark.django_db
def test_each_slot_is_ordered_once_and_a_missed_one_is_made_up_once():
    periodic("t.hourly", title="每小时", every=timedelta(hours=1))(lambda ctx: None)
    with clock.fixed(NOON):
        assert [worker.order_scheduled() for _ in range(3)] == [1, 0, 0]
    with clock.fixed(NOON + timedelta(hours=5, minutes=2)):
        assert [worker.order_scheduled() for _ in range(2)] == [1, 0]
    assert Job.objects.count() == 2
    assert list(Job.objects.values_list("actor", flat=True).distinct()) == ["system:schedule"]


@pytest.mark.django_db
def test_a_daily_task_first_heard_of_at_noon_waits_for_its_next_time():
    periodic("t.nightly", title="每晚", daily="02:30")(lambda ctx: None)
    with clock.fixed(NOON):
        assert worker.order_scheduled() == 0
    with clock.fixed(NOON + timedelta(days=1)):
        assert worker.order_scheduled() == 1
    assert ScheduleRun.objects.filter(job=None).count() == 1


@pytest.mark.django_db
def test_a_loop_belongs_to_one_worker_until_its_lease_runs_out():
    loop("t.relay", interval=1)(lambda budget: 0)
    relay = registry.LOOPS["t.relay"]
    with clock.fixed(NOON):
        assert [worker.lease(relay, name) for name in ("w1", "w2", "w1")] == [True, False, True]
    with clock.fixed(NOON + timedelta(seconds=15)):
        assert worker.lease(relay, "w1")
    with clock.fixed(NOON + timedelta(seconds=31)):
        assert not worker.lease(relay, "w2")
    with clock.fixed(NOON + timedelta(seconds=60)):
        assert [worker.lease(relay, name) for name in ("w2", "w1")] == [True, False]


@pytest.mark.django_db
def test_running_until_idle_turns_loops_until_they_have_nothing_to_do():
    left = [3]

    def relay(budget):
        left[0] -= 1
        return left[0]

    loop("t.relay", interval=1)(relay)
    assert worker.run_until_idle() == 0
    assert left == [0]


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_jobs_turns_loops_and_ends_clean():
    turned, stop = [], threading.Event()
    loop("t.bad", interval=0.01)(lambda budget: 1 // 0)
    loop("t.relay", interval=0.01)(lambda budget: turned.append(1) or 0)
    job("t.work", title="x")(lambda ctx: {"ok": True})
    periodic("t.tick", title="x", every=timedelta(hours=1))(lambda ctx: None)
    thread = working(stop)
    ordered = queue.enqueue(LI, "t.work")
    wait_for(lambda: Job.objects.filter(state=State.DONE).count() == 2 and len(turned) > 2)
    assert Worker.objects.count() == 1
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    ordered.refresh_from_db()
    assert ordered.result == {"ok": True}
    assert not Worker.objects.exists()
    assert not LoopLease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_four_threads_run_every_job_once():
    ran: list[int] = []
    job("t.work", title="x")(lambda ctx, *, n: ran.append(n))
    for n in range(60):
        queue.enqueue(LI, "t.work", n=n)
    stop = threading.Event()
    threads = [working(stop, threads=2, loops=False) for _ in range(2)]
    wait_for(lambda: Job.objects.filter(state=State.DONE).count() == 60, 30)
    stop.set()
    for thread in threads:
        thread.join(10)
    assert sorted(ran) == list(range(60))


@pytest.mark.django_db(transaction=True)
def test_orders_with_one_key_from_many_threads_make_one_job():
    job("t.work", title="x")(lambda ctx: None)
    found = []

    def order():
        found.append(queue.enqueue(LI, "t.work", once="k").pk)
        connections.close_all()

    threads = [threading.Thread(target=order) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_stopping_worker_lets_a_job_reach_its_checkpoint():
    begun, stop = threading.Event(), threading.Event()

    def long(ctx):
        begun.set()
        while True:
            ctx.check_cancelled()
            time.sleep(0.01)

    job("t.long", title="x")(long)
    queue.enqueue(LI, "t.long")
    thread = working(stop, loops=False)
    assert begun.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert Job.objects.get().state == State.QUEUED


def test_the_worker_command_ends_on_sigterm(tmp_path):
    env = {**os.environ, "XIEZHI_HOME": str(tmp_path), "XIEZHI_DATABASE_URL": f"sqlite:///{tmp_path}/w.sqlite3"}
    env["DJANGO_SETTINGS_MODULE"] = "xiezhi.settings.run"
    env["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    program = [sys.executable, "-W", "ignore", "-m", "django"]
    subprocess.run([*program, "migrate", "-v0"], env=env, check=True, timeout=120)
    process = subprocess.Popen([*program, "worker"], env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "xiezhi worker: ready\n"
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, rest) == (0, "xiezhi worker: ended\n")
