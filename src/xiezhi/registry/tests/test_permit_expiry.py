"""Permits run out by themselves, the night after their last day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.jobs import queue, worker
from xiezhi.jobs.models import Job
from xiezhi.jobs.registry import SCHEDULES
from xiezhi.record.models import Event
from xiezhi.registry import jobs, services
from xiezhi.registry.models import Permit
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import officer

pytestmark = pytest.mark.django_db
NAME = "registry.expire_permits"
# 00:30 of 1 January 2028 in Shanghai; the permits of the builders are valid until the day before.
NIGHT = datetime(2027, 12, 31, 16, 30, tzinfo=UTC)


def run(moment=NIGHT):
    with clock.fixed(moment):
        job = queue.enqueue(system("test"), NAME)
        worker.run_until_idle(loops=False)
    return Job.objects.get(pk=job.pk).result


def permits(*until):
    entity = builders.entity(number=77)
    return [
        builders.permit(number=f"示例{place}号", entity_id=entity.id, valid_until=day)
        for place, day in enumerate(until)
    ]


def states():
    return list(Permit.objects.order_by("number").values_list("state", flat=True))


def test_what_is_past_its_last_day_expires_and_nothing_else(monkeypatch):
    monkeypatch.setattr(jobs, "CHUNK", 2)
    permits(date(2027, 12, 31), date(2028, 1, 1), None, date(2027, 1, 1), date(2026, 6, 1))
    assert run() == {"expired": 3, "left": 0}
    assert states() == ["expired", "valid", "valid", "expired", "expired"]


def test_a_second_run_changes_nothing():
    permits(date(2027, 12, 31))
    run()
    events = Event.objects.count()
    assert run() == {"expired": 0, "left": 0}
    assert Event.objects.count() == events


def test_a_suspended_permit_runs_out_and_a_revoked_one_stays_revoked():
    suspended, revoked = permits(date(2027, 12, 31), date(2027, 12, 31))
    services.suspend_permit(officer(), suspended.pk, rev=1, on=date(2027, 6, 1), reason="示例")
    services.revoke_permit(officer(), revoked.pk, rev=1, on=date(2027, 6, 1), reason="示例")
    run()
    assert states() == ["expired", "revoked"]


def test_what_someone_changes_at_the_same_moment_waits_for_the_next_run(monkeypatch):
    first, _second = permits(date(2027, 12, 31), date(2027, 12, 31))
    expire = services.expire_permit

    def meanwhile(actor, pk, **given):
        if pk == first.pk:
            services.change_permit(officer(), pk, rev=1, on=date(2027, 12, 1), valid_until=date(2030, 1, 1))
        return expire(actor, pk, **given)

    monkeypatch.setattr(services, "expire_permit", meanwhile)
    assert run() == {"expired": 1, "left": 1}
    assert states() == ["valid", "expired"]


def test_it_is_ordered_every_night():
    slot = SCHEDULES[NAME].slot(NIGHT)
    assert slot == NIGHT - timedelta(minutes=20)
