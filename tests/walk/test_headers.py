"""Headers and cookies that every answer carries, pages of refusal and of failure included."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import path

from xiezhi.command import urls as ours
from xiezhi.web.tests import signing_in

from .test_walk import check_headers

ROOT = Path(__file__).resolve().parents[2]


def failing(request):
    raise RuntimeError("示例故障")


urlpatterns = [*ours.urlpatterns, path("console/failing", failing), path("api/v1/failing", failing)]
handler400, handler403, handler404, handler500 = (
    ours.handler400,
    ours.handler403,
    ours.handler404,
    ours.handler500,
)


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["testserver", "not-ours.example"])
@pytest.mark.parametrize("address", ["/nowhere", "/console/nowhere", "/api/v1/nowhere", "/log/tile/nowhere"])
def test_what_is_not_there_is_told_with_every_header(address, host):
    response = Client(HTTP_HOST=host).get(address)
    assert response.status_code == (404 if host == "testserver" else 400)
    check_headers(response)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/console/failing", "/api/v1/failing"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_is_told_with_every_header(address):
    client = signing_in.browser_of(signing_in.account_with("people.read"), raise_request_exception=False)
    response = client.get(address)
    assert response.status_code == 500
    check_headers(response)
    assert "示例故障" not in response.content.decode()


@pytest.mark.django_db
def test_a_page_without_its_token_is_refused_with_every_header():
    response = Client(enforce_csrf_checks=True).post("/care/", {"on": "1"})
    assert response.status_code == 403
    check_headers(response)


@pytest.mark.django_db
def test_a_refusal_is_a_page_for_a_person_and_a_problem_for_a_program():
    client = signing_in.browser_of(signing_in.account_with())
    page = client.get("/console/keys/", HTTP_ACCEPT="text/html")
    assert page.status_code == 403
    assert "无权进行此操作" in page.content.decode()
    assert client.get("/api/v1/keys").json()["status"] == 403


@pytest.mark.django_db
def test_a_proxy_s_request_id_is_kept_and_a_made_up_one_is_not():
    assert Client().get("/healthz", HTTP_X_REQUEST_ID="proxy-0001")["X-Request-ID"] == "proxy-0001"
    assert Client().get("/healthz", HTTP_X_REQUEST_ID="<b>bad</b>")["X-Request-ID"] != "<b>bad</b>"


@pytest.mark.django_db
def test_what_a_signed_in_person_reads_is_not_kept_by_caches():
    client = signing_in.browser_of(signing_in.account_with("people.read"))
    assert client.get("/console/")["Cache-Control"] == "private, no-store"


PROBE = """
import django, json
django.setup()
from django.conf import settings
names = ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SECURE",
         "CSRF_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_in_production_cookies_travel_over_https_only(folder):
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "xiezhi.settings.production",
        "XIEZHI_SECRET_KEY": "0123456789-abcdefghij-" * 3,
        "XIEZHI_LOG_ORIGIN": "xiezhi.example/house",
        "XIEZHI_HOSTS": "xiezhi.example",
        "XIEZHI_HOME": str(folder),
    }
    done = subprocess.run([sys.executable, "-c", PROBE], env=env, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "DEBUG": False,
    }


@pytest.mark.django_db
@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_the_cookies_themselves_carry_the_flags():
    account = signing_in.account_with("people.read")
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": account.username, "password": "a-long-password"}, secure=True)
    assert {"sessionid", "csrftoken"} <= set(client.cookies)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name
    assert client.cookies["sessionid"]["httponly"]
