"""One rendering of errors: a page for a person, problem+json for a program."""

import json

import pytest
from django.test import Client

from xiezhi.web.tests import signing_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("xiezhi.web.tests.pages_under_test")]

STATUS = {"refused": 409, "denied": 403, "missing": 404, "invalid": 422, "stale": 412}


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_a_program_gets_problem_json(client, kind, status):
    response = client.get(f"/api/test/fail/{kind}/")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    problem = json.loads(response.content)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["instance"] == response["X-Request-ID"]


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_a_person_gets_a_page_that_says_what_to_do(client, kind, status):
    response = client.get(f"/fail/{kind}/")
    assert response.status_code == status
    assert "可以这样办" in response.content.decode()


def test_a_refusal_cites_rule_article_and_remedy(client):
    html = client.get("/fail/refused/").content.decode()
    problem = client.get("/api/test/fail/refused/").json()
    for text in (
        "xz-test-1",
        "《行政处罚法》第六十二条",
        "尚未告知 示例建设〇一有限公司",
        "请先向 示例建设〇一有限公司",
    ):
        assert text in html
    assert problem["rule_id"] == "xz-test-1"
    assert problem["article"] == "《行政处罚法》第六十二条"
    assert problem["remedy"].startswith("请先向")


def test_invalid_names_its_fields(client):
    assert client.get("/api/test/fail/invalid/").json()["errors"] == [
        {"field": "name", "messages": ["名称过长。"]}
    ]


def test_whoever_asks_for_json_outside_the_api_gets_it(client):
    response = client.get("/fail/missing/", headers={"Accept": "application/json"})
    assert response["Content-Type"] == "application/problem+json"


def test_an_error_inside_the_console_keeps_its_frame():
    client = signing_in.browser_of(signing_in.account_with("people.read"))
    response = client.get("/console/test/fail/refused/")
    assert response.status_code == 409
    assert 'id="xz-nav"' in response.content.decode()


def test_an_unknown_address_is_a_page_or_a_problem(client):
    assert "没有找到" in client.get("/no/such/page/").content.decode()
    assert client.get("/api/v1/none").json()["type"] == "urn:xiezhi:problem:not-found"


@pytest.mark.parametrize("path", ["/fail/bug/", "/api/test/fail/bug/"])
def test_a_bug_shows_nothing_of_itself(path):
    client = Client(raise_request_exception=False)
    response = client.get(path)
    text = json.loads(response.content)["title"] if path.startswith("/api") else response.content.decode()
    assert response.status_code == 500
    assert "系统出现故障" in text
    assert "ZeroDivisionError" not in response.content.decode()
    assert response["X-Request-ID"] in response.content.decode()


def test_a_form_without_its_token_says_that_the_page_is_old():
    response = Client(enforce_csrf_checks=True).post("/care/", {"on": "1"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()
