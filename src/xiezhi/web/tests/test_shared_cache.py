"""Web processes count together: two caches that share no memory, over the database's table and over a real Redis."""

import threading
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.db import connections
from django.test import Client

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.jobs import queue, worker
from xiezhi.people import services
from xiezhi.people.tests import house
from xiezhi.record.models import Event
from xiezhi.settings import env
from xiezhi.web import health
from xiezhi.web.models import CacheEntry
from xiezhi.web.shared_cache import TableCache
from xiezhi.web.tests.caches_made import cache_of

PASSWORD = "Shilifu-2026-mima"


def test_one_sees_what_the_other_has_put_there(processes):
    first, second = processes
    first.set("a", [1.5, "文"], 60)
    assert second.get("a") == [1.5, "文"]
    assert not second.add("a", 1, 60)
    assert second.delete("a")
    assert first.get("a", "nothing") == "nothing"
    assert first.add("a", True, 60)
    second.set("a", False, 60)
    assert first.get("a") is False
    assert first.touch("a", 60)
    assert not first.touch("b", 60)


def test_they_count_together_and_the_count_ends_in_time(processes):
    first, second = processes
    with pytest.raises(ValueError, match="not found"):
        first.incr("n")
    first.add("n", 0, 1)
    assert [first.incr("n"), second.incr("n", 5), first.incr("n")] == [1, 6, 7]
    time.sleep(1.1)
    assert second.get("n") is None
    with pytest.raises(ValueError, match="not found"):
        second.incr("n")
    assert second.add("n", 0, 60)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_count_at_once_none_is_lost(processes):
    processes[0].add("n", 0, 60)
    added = []

    def work(cache, number):
        try:
            for _ in range(10):
                cache.incr("n")
            added.append(cache.add("first", number, 60))
        finally:
            cache.close()
            connections.close_all()

    threads = [threading.Thread(target=work, args=(processes[n % 2], n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert processes[0].get("n") == 40
    assert sorted(added) == [False, False, False, True]


def test_codes_can_not_be_tried_on_at_the_next_process(as_process):
    services.create_agency(
        house.SETUP, parent="/", code="sl", name="示例局", short="示例局", kind="agency", district="329901"
    )
    lin = services.create_account(house.SETUP, username="lin", name="示例林", unit="/sl/", password=PASSWORD)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lin, secret)
    client = Client()
    as_process(0)
    client.post("/accounts/login/", {"login": "lin", "password": PASSWORD})
    for number in range(10):
        as_process(number)
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    as_process(1)
    right = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    client.post("/accounts/2fa/authenticate/", {"code": right})
    assert client.get("/console/").status_code == 302


def test_a_lock_out_is_one_for_all_processes_and_one_event(as_process):
    client, found = Client(), []
    for number in range(7):
        as_process(number)
        found.append(client.post("/accounts/login/", {"login": "nobody", "password": "x"}).status_code)
    assert found == [200, 200, 200, 200, 429, 429, 429]
    assert Event.objects.filter(type="people.sign_in_locked").count() == 1


def test_what_has_expired_is_cleared_at_night(db):
    cache = TableCache("", {})
    cache.set("old", 1, 1)
    cache.set("kept", 1, None)
    with clock.fixed(clock.now() + timedelta(days=2)):
        queue.enqueue(system("schedule"), "web.clear")
        worker.run_until_idle(loops=False)
    assert [row.key for row in CacheEntry.objects.all()] == [cache.make_key("kept")]


@pytest.mark.parametrize("url", ["memcached://a", "127.0.0.1:6379"])
def test_another_kind_of_address_is_refused_without_showing_it(url):
    with pytest.raises(env.BadSetting, match="XIEZHI_CACHE_URL") as refused:
        env.cache(url)
    assert "6379" not in str(refused.value).partition("is not")[0]


def test_not_ready_where_the_shared_cache_does_not_answer(client, db):
    own = caches["default"]
    caches["default"] = cache_of(env.cache("redis://127.0.0.1:9/0"))
    health._answers.clear()
    try:
        answer = client.get("/readyz")
    finally:
        caches["default"] = own
    assert answer.status_code == 503
    assert answer.json()["checks"]["shared cache"] == "ConnectionError"
    assert client.get("/readyz").status_code == 200
