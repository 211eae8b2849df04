"""Sign-in, problems, idempotency, paging and versions of the API."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.record.models import Event
from xiezhi.web import services
from xiezhi.web.models import ApiKey, IdempotencyRecord
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/keys"


def issue(scopes=("registry.read",), agency="/tz/", days=30, name="示例系统"):
    signing_in.agency(agency.strip("/"))
    return services.issue_key(
        system("test"),
        name=name,
        agency=agency,
        scopes=list(scopes),
        expires_at=clock.now() + timedelta(days=days),
    )


def wanted(**changes):
    return {
        "name": "示例系统",
        "agency": "/tz/",
        "scopes": ["registry.read"],
        "expires_at": (clock.now() + timedelta(days=30)).isoformat(),
    } | changes


@pytest.fixture
def manager():
    return signing_in.browser_of(signing_in.account_with("api.manage_keys", "registry.read"))


def post(client, url, body, **headers):
    return client.post(url, json.dumps(body), content_type="application/json", headers=headers)


def test_a_stranger_is_told_how_to_sign_in(client):
    response = client.get("/api/v1/me")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["remedy"]


def test_a_session_reads_with_its_own_abilities(manager):
    assert manager.get("/api/v1/me").json()["abilities"] == [
        {"name": name, "path": "/tz/"} for name in ("api.manage_keys", "registry.read")
    ]


def test_a_session_writes_only_with_the_csrf_token():
    client = signing_in.browser_of(
        signing_in.account_with("api.manage_keys", "registry.read"), enforce_csrf_checks=True
    )
    response = post(client, KEYS, wanted())
    assert response.status_code == 403
    assert response.json()["type"] == "urn:xiezhi:problem:csrf"
    client.get("/console/")
    token = client.cookies["csrftoken"].value
    assert post(client, KEYS, wanted(), **{"X-CSRFToken": token}).status_code == 201


def test_a_key_holds_its_scopes_inside_its_agency_and_no_more(client):
    key, secret = issue()
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).json()
    assert me["id"] == f"key:{key.id}"
    assert me["abilities"] == [{"name": "registry.read", "path": "/tz/"}]
    assert client.get(KEYS, headers={"Authorization": f"Bearer {secret}"}).status_code == 403
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert secret not in json.dumps(list(ApiKey.objects.values()), default=str)


def test_a_key_opens_the_api_and_not_the_console(client):
    _key, secret = issue()
    assert client.get("/console/", headers={"Authorization": f"Bearer {secret}"}).status_code == 302


@pytest.mark.parametrize("change", ["expired", "revoked", "cut", "unknown", "basic"])
def test_a_key_that_is_none_opens_nothing(client, change):
    key, secret = issue(days=1)
    given = f"Bearer {secret}"
    if change == "revoked":
        services.revoke_key(system("test"), key_id=key.id)
    elif change == "cut":
        given = given[:-1]
    elif change == "unknown":
        given = "Bearer xz_00000000_nothing"
    elif change == "basic":
        given = "Basic eDp5"
    at = clock.now() + timedelta(days=2 if change == "expired" else 0)
    with clock.fixed(at):
        assert client.get("/api/v1/me", headers={"Authorization": given}).status_code == 401


def test_a_bad_key_beside_a_good_session_is_not_overlooked(manager):
    assert manager.get("/api/v1/me", headers={"Authorization": "Bearer xz_no_no"}).status_code == 401


def test_issuing_and_revoking_are_events(manager):
    created = post(manager, KEYS, wanted())
    assert created.status_code == 201
    assert created.json()["secret"].startswith(created.json()["prefix"])
    url = f"{KEYS}/{created.json()['id']}"
    assert "secret" not in manager.get(url).json()
    assert manager.delete(url).json()["revoked_at"] is not None
    assert manager.delete(url).status_code == 200
    assert list(Event.objects.order_by("id").values_list("type", flat=True)) == [
        "web.key_issued",
        "web.key_revoked",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": ["casework.serve"]}, "scopes"),
        ({"scopes": ["api.manage_keys"]}, "scopes"),
        ({"scopes": ["registry.edit"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"expires_at": "2000-01-01T00:00:00Z"}, "expires_at"),
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"expires_at": "soon"}, "expires_at"),
    ],
)
def test_a_key_that_should_not_be_is_refused_by_field(manager, change, field):
    response = post(manager, KEYS, wanted(**change))
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not ApiKey.objects.exists()


def test_no_key_outside_ones_agencies(manager):
    assert post(manager, KEYS, wanted(agency="/other/")).status_code == 403
    key, _secret = issue(agency="/other/")
    assert manager.get(f"{KEYS}/{key.id}").status_code == 404
    assert manager.delete(f"{KEYS}/{key.id}").status_code == 404


def test_a_repeated_operation_acts_once_and_is_the_cause_of_its_event(manager):
    operation, body = str(uuid.uuid4()), wanted()
    first = post(manager, KEYS, body, **{"Idempotency-Key": operation})
    again = post(manager, KEYS, body, **{"Idempotency-Key": operation})
    assert (first.status_code, again.status_code) == (201, 409)
    assert "密钥明文只在首次答复中给出一次" in again.json()["detail"]
    assert first.json()["secret"].encode() not in bytes(IdempotencyRecord.objects.get().body)
    assert ApiKey.objects.count() == 1
    assert str(Event.objects.get().cause) == operation


def test_another_body_under_the_same_operation_is_refused(manager):
    operation = str(uuid.uuid4())
    post(manager, KEYS, wanted(), **{"Idempotency-Key": operation})
    other = post(manager, KEYS, wanted(name="另一系统"), **{"Idempotency-Key": operation})
    assert other.status_code == 422
    assert other["Content-Type"] == "application/problem+json"
    assert ApiKey.objects.count() == 1


def test_operations_belong_to_their_actor(manager):
    operation, body = str(uuid.uuid4()), wanted()
    post(manager, KEYS, body, **{"Idempotency-Key": operation})
    other = signing_in.browser_of(signing_in.account_with("api.manage_keys", "registry.read", username="other"))
    assert "Idempotent-Replay" not in post(other, KEYS, body, **{"Idempotency-Key": operation})
    assert ApiKey.objects.count() == 2


def test_a_refused_operation_leaves_nothing_and_may_be_tried_again(manager):
    operation = str(uuid.uuid4())
    assert post(manager, KEYS, wanted(scopes=[]), **{"Idempotency-Key": operation}).status_code == 422
    assert not IdempotencyRecord.objects.exists()
    assert post(manager, KEYS, wanted(), **{"Idempotency-Key": operation}).status_code == 201


def test_an_operation_that_breaks_off_leaves_nothing(manager, monkeypatch):
    def break_off(*args, **kwargs):
        issue()
        raise ZeroDivisionError

    monkeypatch.setattr("xiezhi.api.operations.keys.services.issue_key", break_off)
    manager.raise_request_exception = False
    response = post(manager, KEYS, wanted(), **{"Idempotency-Key": str(uuid.uuid4())})
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert not ApiKey.objects.exists()
    assert not IdempotencyRecord.objects.exists()


def test_an_operation_id_is_a_uuid(manager):
    assert post(manager, KEYS, wanted(), **{"Idempotency-Key": "one"}).status_code == 422


def test_pages_lead_on_by_link_and_by_next(manager):
    for n in range(5):
        issue(name=f"系统{n}")
    seen, url = [], f"{KEYS}?limit=2"
    while url:
        response = manager.get(url)
        seen += [row["name"] for row in response.json()["items"]]
        link = response.headers.get("Link", "")
        assert bool(link) == bool(response.json()["next"])
        url = link.split(">")[0].lstrip("<") if link else ""
    assert sorted(seen) == [f"系统{n}" for n in range(5)]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x"])
def test_an_impossible_page_is_refused(manager, query):
    assert manager.get(f"{KEYS}?{query}").status_code == 422


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "\x00"])
def test_a_body_that_is_none_is_a_problem(manager, body):
    response = manager.post(KEYS, body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"


def test_anyone_reads_the_tree_of_agencies():
    signing_in.agency()
    assert Client().get("/api/v1/people/agencies").json()["items"][0]["path"] == "/tz/"


def test_the_check_of_the_document_fails_when_it_is_old(tmp_path):
    path = tmp_path / "openapi.yaml"
    with pytest.raises(CommandError, match="xiezhi openapi"):
        call_command("openapi", check=True, out=path)
    call_command("openapi", out=path)
    call_command("openapi", check=True, out=path)
    path.write_text(path.read_text() + " ")
    with pytest.raises(CommandError):
        call_command("openapi", check=True, out=path)
