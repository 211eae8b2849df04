"""The nightly check of the record: noted, and when it finds a fault, noticed by those who answer for it."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.jobs import queue, worker
from xiezhi.jobs.models import Job, State
from xiezhi.notify.models import Notification
from xiezhi.people.tests import house
from xiezhi.record import relay, sequencer, triggers, verification
from xiezhi.record.models import Event, EventBody
from xiezhi.record.tests.sample import happen

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 10, 18, 31, tzinfo=UTC)  # 02:31 in Shanghai


@pytest.fixture
def sealed(db):
    """A house with some sealed events; answers one of them."""
    with clock.fixed(house.NOW):
        house.build()
        event = happen(system("t"), value=5)
        sequencer.seal_all()
    return event


def one_night():
    queue.enqueue(system("schedule"), "record.monitor")
    worker.run_until_idle(loops=False)
    sequencer.seal_all()
    while relay.relay():
        pass
    return Job.objects.filter(name="record.monitor").latest("id")


def tamper(event):
    triggers.remove()
    body = EventBody.objects.get(pk=event.pk)
    EventBody.objects.filter(pk=event.pk).update(data=body.data.replace('"value":5', '"value":6'))
    triggers.install()


def told():
    return {(n.account, n.title) for n in Notification.objects.filter(kind="record.faults")}


def gauges():
    text = Client().get("/metrics").content.decode()
    return {name: float(value) for name, value in re.findall(r"^(xiezhi_\S+) (\S+)$", text, re.MULTILINE)}


def readiness():
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]["record"]


def test_a_whole_record_is_noted_and_nobody_is_troubled(sealed):
    assert readiness() == (200, "ok")
    assert one_night().state == State.DONE
    assert '"faults":0' in EventBody.objects.get(event__type="record.checked").data
    assert told() == set()
    assert readiness() == (200, "ok")
    assert gauges()["xiezhi_record_check_faults"] == 0


def test_a_fault_is_told_to_those_who_answer_for_it_and_shown_to_who_operates(sealed):
    tamper(sealed)
    with clock.fixed(house.NOW):
        night = one_night()
    assert night.state == State.FAILED
    assert "1 处不符" in night.error
    assert "tile/0/000" in night.error
    assert told() == {
        (str(house.account(name).id), "全过程记录核对发现 1 处不符")
        for name in ("admin", "dai")  # the administrator and the overseer
    }
    status, text = readiness()
    assert status == 200  # the office goes on working while people look into it
    assert "1 faults" in text
    assert "tile/0/000" in text
    assert gauges()["xiezhi_record_check_faults"] == 1
    assert abs(gauges()["xiezhi_record_check_timestamp_seconds"] - house.NOW.timestamp()) < 1


def test_both_nightly_tasks_are_ordered_by_the_clock(db):
    with clock.fixed(NIGHT - timedelta(days=1)):
        worker.order_scheduled()
    with clock.fixed(NIGHT + timedelta(hours=2)):
        worker.order_scheduled()
    assert {"record.monitor", "blobs.sweep"} <= set(Job.objects.values_list("name", flat=True))


def test_metrics_tell_how_the_house_stands(sealed, monkeypatch):
    monkeypatch.setitem(relay.FOLLOWERS, "t", relay.Follower("t", frozenset({"test.happened"}), lambda e: None))
    with clock.fixed(clock.now() - timedelta(minutes=3)):
        happen(system("t"))
    queue.enqueue(system("schedule"), "record.monitor")
    found = gauges()
    assert found['xiezhi_jobs{state="queued"}'] == 1
    assert found["xiezhi_events_pending"] == 1
    assert 170 < found["xiezhi_events_pending_seconds"] < 300
    assert found['xiezhi_relay_lag_events{follower="t"}'] == Event.objects.count() - 1
    sequencer.seal_all()
    while relay.relay():
        pass
    found = gauges()
    assert found["xiezhi_events_pending"] == found["xiezhi_events_pending_seconds"] == 0
    assert found['xiezhi_relay_lag_events{follower="t"}'] == 0


@pytest.mark.django_db(transaction=True)
def test_a_check_while_the_house_works_finds_no_fault_that_is_none():
    for _ in range(30):
        happen(system("t"))
    sequencer.seal_all()
    stop, grown = threading.Event(), threading.Event()

    def work():
        try:
            while not stop.is_set():
                happen(system("t"))
                if sequencer.seal_batch():
                    grown.set()
        finally:
            connection.close()

    def look():
        """Let the log grow between two looks of the check."""
        grown.clear()
        assert grown.wait(10)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        found = [verification.check(look) for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    assert [one.faults for one in found] == [(), (), ()]
    assert 30 <= found[0].size < found[1].size < found[2].size < Event.objects.count()
