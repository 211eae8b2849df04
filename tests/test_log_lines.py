"""No line of the log quotes an exception: a database's message holds the row that it is about."""

import io
import json
import logging

import pytest
import structlog
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import path

from xiezhi.command import urls
from xiezhi.core.actor import system
from xiezhi.jobs import queue, worker
from xiezhi.jobs.registry import JOBS, JobKind
from xiezhi.people.models import Account
from xiezhi.record import relay, sequencer
from xiezhi.record.tests.sample import happen
from xiezhi.settings.logging import logging as configuration

pytestmark = pytest.mark.django_db
PERSON = "示例甲 329901199001011234"


def fail(*_args, **_kwargs):
    """A unique constraint is hurt; PostgreSQL's message holds the value, and what answers it quotes it, too."""
    Account.objects.create_user(PERSON)
    try:
        with transaction.atomic():
            Account.objects.create_user(PERSON)
    except IntegrityError as error:
        raise ValueError(f"Key (username)=({PERSON}) already exists.") from error


urlpatterns = [path("failing/<str:name>/", fail), *urls.urlpatterns]
handler500 = "xiezhi.web.errors.server_error"


@pytest.fixture(params=["json", "text"])
def logged(request):
    """What the handler of the settings writes: a function that answers it."""
    given = configuration("INFO", request.param)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    form = dict(given["formatters"]["structlog"])
    handler.setFormatter(form.pop("()")(**form))
    for name in given["handlers"]["stderr"]["filters"]:
        handler.addFilter(given["filters"][name]["()"]())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written.getvalue
    root.removeHandler(handler)


def tells(text, *words):
    assert "ValueError" in text
    assert "IntegrityError" in text
    assert "test_log_lines.py" in text
    for word in words:
        assert word in text
    assert "329901199001011234" not in text
    assert "示例甲" not in text


def test_of_a_request_that_fails(logged, settings):
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get(f"/failing/{PERSON}/")
    assert answer.status_code == 500
    tells(logged(), "Internal Server Error", "django.request")


def test_of_a_follower_that_fails(logged, monkeypatch):
    monkeypatch.setitem(relay.FOLLOWERS, "t", relay.Follower("t", frozenset({"test.happened"}), fail))
    happen(system("t"))
    sequencer.seal_all()
    relay.relay()
    tells(logged(), "follower_failed")


def test_of_a_job_that_fails(logged, monkeypatch):
    monkeypatch.setitem(JOBS, "t.fails", JobKind("t.fails", fail, "测试", queue="t", retries=0))
    job = queue.enqueue(system("t"), "t.fails")
    worker.run_until_idle(loops=False)
    job.refresh_from_db()
    tells(logged(), job.error_id)


def test_of_a_thread_of_the_worker_that_ends(logged, capfd):
    def run():
        raise ValueError(PERSON)

    worker._start("loops", run).join()
    assert "loops ended: builtins.ValueError" in logged()
    assert "示例甲" not in logged() + capfd.readouterr().err


@pytest.mark.parametrize("kind", ["exception", "text and exception", "text", "value"])
@pytest.mark.parametrize("of", [logging.getLogger, structlog.get_logger], ids=["stdlib", "structlog"])
def test_whoever_writes_it(logged, of, kind):
    log = of("somebody.elses")
    try:
        fail()
    except ValueError as error:
        if kind == "exception":
            log.exception("failed")
        elif kind == "text and exception":
            log.error(f"failed: {error}", exc_info=True)
        elif kind == "text":
            log.error("failed: %s", error)
        else:
            log.error("failed", **({"extra": {"error": error}} if of is logging.getLogger else {"error": error}))
    text = logged()
    assert "failed" in text
    assert "示例甲" not in text
    assert kind == "value" or "ValueError" in text


def test_a_host_that_is_not_ours_is_one_warning(logged):
    answer = Client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    lines = [line for line in logged().splitlines() if "DisallowedHost" in line]
    assert len(lines) == 1
    assert "evil.example" not in logged()
    assert "Traceback" not in logged()
    assert ".py" not in logged()
    assert "warning" in lines[0]
    if lines[0].startswith("{"):
        assert json.loads(lines[0])["level"] == "warning"


@pytest.mark.parametrize("given", ["Bearer é", "Bearer 密", b"Bearer \xff\xfe".decode("latin-1")])
def test_metrics_for_a_strange_token_are_not_there(client, settings, given):
    settings.METRICS_TOKEN = "scrape"
    answer = client.get("/metrics", headers={"Authorization": given}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 404
