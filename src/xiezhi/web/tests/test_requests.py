"""What surrounds every request: its id, its log line, its headers, health, metrics, 关怀模式."""

import json
import logging
from contextlib import closing

import pytest
from django.test import Client

from xiezhi.record import triggers
from xiezhi.web.models import Preference
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="xiezhi.request")
    return lambda: [record.msg for record in caplog.records if record.name == "xiezhi.request"]


def test_a_given_request_id_is_kept_and_a_strange_one_replaced(client):
    assert client.get("/healthz", headers={"X-Request-ID": "proxy-12345"})["X-Request-ID"] == "proxy-12345"
    for strange in ("short", "a" * 65, "with space here", 'x"<script>'):
        assert client.get("/healthz", headers={"X-Request-ID": strange})["X-Request-ID"] != strange


def test_the_log_names_the_route_and_nothing_that_was_asked(client, lines):
    client.get("/about/?q=张三&id=11010519491231002X")
    client.get("/nobody/named/张三/")
    text = json.dumps(lines(), ensure_ascii=False)
    assert "about/" in text
    assert "张三" not in text
    assert "11010519491231002X" not in text


def test_security_headers(client):
    response = client.get("/")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "camera=(self)" in response["Permissions-Policy"]
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_a_signed_in_reader_sees_is_not_cached():
    client = signing_in.browser_of(signing_in.account_with())
    assert "no-store" in client.get("/console/")["Cache-Control"]
    assert "no-store" not in Client().get("/").headers.get("Cache-Control", "")


def test_an_account_of_no_unit_may_sign_in_and_do_nothing():
    from xiezhi.people.models import Account

    client = signing_in.browser_of(Account.objects.create_user("nobody", "a-long-password"))
    assert client.get("/console/").status_code == 200
    assert client.get("/console/components/").status_code == 403


def test_alive_and_ready(client):
    assert client.get("/healthz").content == b"ok\n"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert set(response.json()["checks"]) >= {"database", "migrations", "triggers", "storage"}


def test_not_ready_without_the_triggers_of_the_record(client):
    triggers.remove()
    try:
        response = client.get("/readyz")
    finally:
        triggers.install()
    assert response.status_code == 503
    assert "triggers missing" in response.json()["checks"]["triggers"]


def test_not_ready_where_files_cannot_be_kept(client, settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.BLOBS = f"file://{tmp_path}/file"
    assert client.get("/readyz").json()["checks"]["storage"] != "ok"


def test_metrics_are_for_the_machine_itself_or_the_holder_of_the_token(client, settings):
    client.get("/about/")
    assert b'route="about/"' in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    settings.METRICS_TOKEN = "scrape"
    allowed = client.get("/metrics", headers={"Authorization": "Bearer scrape"}, REMOTE_ADDR="203.0.113.9")
    assert allowed.status_code == 200


def test_care_mode_is_remembered_by_browser_and_by_account():
    account = signing_in.account_with()
    client = signing_in.browser_of(account)
    response = client.post("/care/", {"on": "1", "next": "/console/"})
    assert response["Location"] == "/console/"
    assert "data-care" in client.get("/console/").content.decode()
    assert Preference.objects.get().care
    elsewhere = signing_in.browser_of(account)
    assert "data-care" in elsewhere.get("/console/").content.decode()
    elsewhere.post("/care/", {"on": "0"})
    assert "data-care" not in elsewhere.get("/console/").content.decode()


def test_care_mode_leads_nowhere_else(client):
    assert client.post("/care/", {"on": "1", "next": "https://evil.example/"})["Location"] == "/"
    assert client.get("/care/").status_code == 405


@pytest.mark.parametrize("path", ["/", "/about/", "/about/accessibility/", "/about/privacy/"])
def test_the_portal_needs_no_front_end(client, path, monkeypatch):
    monkeypatch.setattr("xiezhi.web.frontend.tags", lambda entry: "")
    response = client.get(path)
    assert response.status_code == 200
    assert "npm run build" in response.content.decode()


def test_the_icon_is_there_where_pages_link_to_it_and_where_browsers_ask_unasked(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/x-icon")
    assert answer.content[:4] == b"\x00\x00\x01\x00"
    for page in ("/", "/accounts/login/"):
        assert '<link rel="icon" href="/static/web/favicon.svg" type="image/svg+xml">' in (
            client.get(page).content.decode()
        )
    with closing(client.get("/static/web/favicon.svg")) as drawn:
        assert drawn["Content-Type"] == "image/svg+xml"
