"""Who asks too much in a minute waits for the next: over HTTP, counted together by two web processes."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from xiezhi import clock
from xiezhi.people.queries import actor_of
from xiezhi.web import rates, services
from xiezhi.web.models import CacheEntry
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db
MINUTE = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
ADDRESS = "203.0.113.77"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """A process that has counted nothing, twenty seconds into a minute."""
    monkeypatch.setattr(rates, "COUNTER", rates.Counter())
    with clock.fixed(MINUTE + timedelta(seconds=20)):
        yield


def stranger(address=ADDRESS, **more):
    return Client(REMOTE_ADDR=address, **more)


def codes(client, url, times, **more):
    return [client.get(url, **more).status_code for _ in range(times)]


def test_a_reader_of_the_portal_is_told_when_to_come_back(settings):
    settings.ANONYMOUS_RATE = 3
    client = stranger()
    assert codes(client, "/draws/", 3) == [200] * 3
    answer = client.get("/draws/")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "40"
    assert answer["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer
    text = answer.content.decode()
    assert "请求过于频繁" in text
    assert "每分钟最多 3 次请求" in text
    assert "请在 40 秒后再试。" in text
    with clock.fixed(MINUTE + timedelta(seconds=60)):
        assert client.get("/draws/").status_code == 200


def test_another_address_is_counted_for_itself(settings):
    settings.ANONYMOUS_RATE = 1
    assert codes(stranger(), "/about/", 2) == [200, 429]
    assert codes(stranger("203.0.113.78"), "/about/", 2) == [200, 429]


def test_a_household_of_ipv6_is_one_client(settings):
    settings.ANONYMOUS_RATE = 2
    found = [stranger(f"2001:db8:1:2::{n}").get("/about/").status_code for n in range(1, 4)]
    assert found == [200, 200, 429]
    assert stranger("2001:db8:1:3::1").get("/about/").status_code == 200


def test_searching_has_a_limit_of_its_own(settings):
    settings.ANONYMOUS_RATE, settings.SEARCH_RATE = 10, 2
    client = stranger()
    assert codes(client, "/draws/?q=示例", 3) == [200, 200, 429]
    assert client.get("/draws/").status_code == 200
    assert client.get("/draws/?q=").status_code == 200


def test_a_program_without_a_key_gets_a_problem(settings):
    settings.ANONYMOUS_RATE = 1
    client = stranger()
    assert client.get("/api/v1/draws/draws").status_code != 429
    answer = client.get("/api/v1/draws/draws")
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    told = answer.json()
    assert told["type"] == "urn:xiezhi:problem:too-many"
    assert told["remedy"] == "请在 40 秒后再试。"
    assert answer["Retry-After"] == "40"


def test_keys_and_accounts_are_counted_one_by_one_and_not_as_strangers(settings):
    settings.API_RATE, settings.ANONYMOUS_RATE = 2, 1
    account = signing_in.account_with("people.read", "api.manage_keys")
    issued = {"agency": "/tz/", "scopes": ["people.read"], "expires_at": MINUTE + timedelta(days=9)}
    tokens = [services.issue_key(actor_of(account), name=f"报表{n}", **issued)[1] for n in range(2)]
    for token in tokens:
        found = codes(stranger(), "/api/v1/me", 3, headers={"Authorization": f"Bearer {token}"})
        assert found == [200, 200, 429]
    browser = signing_in.browser_of(account, REMOTE_ADDR=ADDRESS)
    assert codes(browser, "/api/v1/me", 3) == [200, 200, 429]
    # Pages of the console are an officer's work and have no limit.
    assert codes(browser, "/console/", 5) == [200] * 5


def test_probes_and_the_sealed_log_are_not_limited(settings):
    settings.ANONYMOUS_RATE = 1
    client = stranger()
    assert codes(client, "/healthz", 5) == [200] * 5
    assert codes(client, "/log/keys", 5) == [200] * 5


def test_nothing_is_limited_where_the_limit_is_nought(settings):
    assert settings.ANONYMOUS_RATE == 0
    assert codes(stranger(), "/about/", 8) == [200] * 8
    assert not CacheEntry.objects.exists()


def test_two_processes_count_together(settings, as_process, monkeypatch):
    settings.ANONYMOUS_RATE = 5
    counters = [rates.Counter(), rates.Counter()]
    found = []
    for number in range(8):
        as_process(number)
        monkeypatch.setattr(rates, "COUNTER", counters[number % 2])
        found.append(stranger().get("/about/").status_code)
    assert found == [200] * 5 + [429] * 3


def test_large_limits_are_reported_by_the_share_and_held_to_it(settings):
    alone = rates.Counter()
    assert sum(alone.wait("a", 600) == 0 for _ in range(700)) == 600
    counters = [rates.Counter() for _ in range(4)]
    admitted = sum(counters[n % 4].wait("x", 600) == 0 for n in range(900))
    assert 600 <= admitted <= 600 + 4 * (600 // rates.SHARE)
    assert counters[0].wait("y", 600) == 0
    assert CacheEntry.objects.count() == 2  # who asks little is not written down


def test_no_address_is_kept_or_logged(settings, caplog):
    settings.ANONYMOUS_RATE = settings.SEARCH_RATE = 1
    with caplog.at_level(logging.DEBUG):
        assert codes(stranger(), "/draws/?q=a", 2) == [200, 429]
    kept = " ".join(f"{row.key} {row.value}" for row in CacheEntry.objects.all())
    assert "anonymous:" in kept
    assert ADDRESS not in kept + caplog.text
    assert ADDRESS not in Client().get("/metrics").content.decode()
    assert 'xiezhi_rate_limited_total{limit="search"}' in Client().get("/metrics").content.decode()


def test_a_cache_that_fails_closes_no_door(settings, monkeypatch, caplog):
    settings.ANONYMOUS_RATE = 1

    def fails(*args):
        raise ConnectionError(f"no route to {ADDRESS}")

    monkeypatch.setattr(rates.cache, "incr", fails)
    assert codes(stranger(), "/about/", 3) == [200] * 3
    assert "rates_not_counted" in caplog.text
    assert ADDRESS not in caplog.text


def test_the_limits_of_a_new_installation_are_on():
    from xiezhi.settings import base

    assert (base.API_RATE, base.ANONYMOUS_RATE, base.SEARCH_RATE) == (600, 300, 60)
