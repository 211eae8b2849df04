"""People over the API: what the console can do, with the same rights, the version that was read, once an id."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import Max

from xiezhi import clock
from xiezhi.api.tests.asking import Asker
from xiezhi.core.actor import system
from xiezhi.people.models import Certificate, Officer, Role
from xiezhi.web import services as web
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db
READ, MANAGE = "people.read", "people.manage_officers"
CERTIFICATE = {
    "number": "示例000001",
    "scope": "住房和城乡建设",
    "authority": "示例省司法厅",
    "valid_from": "2026-01-01",
    "valid_to": "2029-12-31",
}


@pytest.fixture
def manager():
    return Asker(signing_in.account_with(READ, MANAGE, "people.manage_letters", "people.assign_roles"))


def registered(asker, name="示例新人"):
    status, made = asker.post("/people/officers", {"unit": "/tz/", "name": name, "skills": ["quality"]})
    assert status == 201, made
    return made


def test_an_officer_from_registration_to_release(manager):
    made = registered(manager)
    path = f"/people/officers/{made['id']}"
    assert manager.post(f"{path}/certificates", CERTIFICATE)[0] == 428, "an act names the version that was read"
    assert manager.post(f"{path}/certificates", CERTIFICATE, rev=made["rev"])[0] == 201
    assert manager.post(f"{path}/certificates", CERTIFICATE, rev=made["rev"])[0] == 412
    leave = {"kind": "annual", "valid_from": "2026-05-01", "valid_to": "2026-05-07"}
    status, taken = manager.post(f"{path}/leaves", leave, rev=made["rev"] + 1)
    assert status == 201
    _status, found = manager.get(path)
    assert manager.last["ETag"] == f'"{found["rev"]}"'
    assert [c["number"] for c in found["certificates"]] == [CERTIFICATE["number"]]
    assert [one["kind"] for one in found["leaves"]] == ["annual"]
    assert manager.post(f"/people/leaves/{taken['id']}/cancellation", rev=found["rev"])[1]["cancelled"]
    end = {"on": "2026-06-01", "reason": "换证"}
    revoked = f"/people/certificates/{found['certificates'][0]['id']}/revocation"
    assert manager.post(revoked, end, rev=found["rev"] + 1)[1]["revoked_on"] == "2026-06-01"
    status, changed = manager.post(path, {"name": "示例改名"}, rev=found["rev"] + 2, method="PATCH")
    assert (status, changed["name"], changed["skills"]) == (200, "示例改名", ["quality"])
    status, left = manager.post(f"{path}/release", {"reason": "调离"}, rev=changed["rev"])
    assert (status, left["state"]) == (200, "left")


def test_leave_is_only_for_those_who_read_private_matters(manager):
    made = registered(manager)
    reader = Asker(signing_in.account_with(READ, username="reader"))
    assert reader.get(f"/people/officers/{made['id']}")[1]["leaves"] is None
    assert reader.post("/people/officers", {"unit": "/tz/", "name": "示例"})[0] == 403


def test_a_neighbour_neither_sees_nor_touches_our_officers(manager):
    made = registered(manager)
    there = signing_in.agency("lx", name="示例邻县")
    neighbour = Asker(signing_in.account_with(READ, MANAGE, username="neighbour", unit=there))
    assert neighbour.get("/people/officers")[1]["items"] == []
    path = f"/people/officers/{made['id']}"
    assert neighbour.get(path)[0] == 404
    assert neighbour.post(f"{path}/release", {"reason": "x"}, rev=1)[0] == 404
    assert neighbour.post("/people/officers", {"unit": "/tz/", "name": "示例"})[0] == 403


def test_a_repeated_operation_id_registers_once(manager):
    operation, body = str(uuid.uuid4()), {"unit": "/tz/", "name": "示例一次"}
    first = manager.post("/people/officers", body, operation=operation)
    again = manager.post("/people/officers", body, operation=operation)
    assert first == again
    assert manager.last["Idempotent-Replay"] == "true"
    assert Officer.objects.filter(name="示例一次").count() == 1


def test_a_key_acts_within_its_scopes_and_its_agency(manager):
    expires = clock.now() + timedelta(days=1)
    key = {"name": "示例系统", "agency": "/tz/", "expires_at": expires}
    _key, reading = web.issue_key(system("test"), scopes=[READ], **key)
    made = registered(manager)
    status, problem = Asker(secret=reading).post("/people/officers", {"unit": "/tz/", "name": "示例由系统登记"})
    assert (status, problem["ability"]) == (403, MANAGE)
    assert [one["name"] for one in Asker(secret=reading).get("/people/officers")[1]["items"]] == [made["name"]]


def test_lists_are_read_page_by_page(manager):
    for number in range(5):
        registered(manager, f"示例{number}")
    first = manager.get("/people/officers", limit=3)[1]
    assert 'rel="next"' in manager.last["Link"]
    second = manager.get("/people/officers", limit=3, after=first["next"])[1]
    names = [one["name"] for one in first["items"] + second["items"]]
    assert names == [f"示例{number}" for number in range(5)]
    assert second["next"] == ""


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "示\x00例"}, {"name": "长" * 61}, {"unit": "/nowhere/"}, {"skills": ["x" * 61]}],
)
def test_what_does_not_fit_is_told_field_by_field_and_writes_nothing(manager, wrong):
    status, problem = manager.post("/people/officers", {"unit": "/tz/", "name": "示例"} | wrong)
    assert status in (403, 422), problem
    assert not Officer.objects.exists()


def test_a_certificates_number_is_taken_once(manager):
    first, second = registered(manager), registered(manager, "示例二")
    assert manager.post(f"/people/officers/{first['id']}/certificates", CERTIFICATE, rev=1)[0] == 201
    status, problem = manager.post(f"/people/officers/{second['id']}/certificates", CERTIFICATE, rev=1)
    assert (status, problem["errors"][0]["field"]) == (422, "number")
    assert Certificate.objects.count() == 1


def test_a_letter_holds_once_it_is_published(manager):
    signing_in.agency("dui", parent=signing_in.agency())
    body = {"principal": "/tz/", "delegate": "/tz/dui/", "number": "示委〔2026〕1号", "matters": "示例事项"}
    body |= {"valid_from": "2026-01-01", "valid_to": "2027-12-31"}
    status, letter = manager.post("/people/letters", body)
    assert (status, letter["published_on"]) == (201, None)
    path = f"/people/letters/{letter['id']}"
    where = {"published_at": "https://example.gov.cn/1", "published_on": "2026-01-02"}
    status, letter = manager.post(f"{path}/publication", where, rev=letter["rev"])
    assert (status, letter["published_at"]) == (200, where["published_at"])
    stranger = Asker(signing_in.account_with(username="stranger", unit=signing_in.agency("lx")))
    assert [one["number"] for one in stranger.get("/people/letters")[1]["items"]] == [body["number"]]
    assert stranger.post(f"{path}/revocation", {"on": "2026-06-01", "reason": "x"}, rev=letter["rev"])[0] == 403
    status, letter = manager.post(f"{path}/revocation", {"on": "2026-06-01", "reason": "到期"}, rev=letter["rev"])
    assert (status, letter["revoked_on"]) == (200, "2026-06-01")


def test_a_role_is_given_and_ended_and_never_given_to_oneself(manager):
    other = signing_in.account_with(READ, username="other")
    role = Role.objects.get(code="role-other")
    given = {"account": other.id, "role": role.code, "agency": "/tz/", "valid_from": "2026-01-01"}
    status, assignment = manager.post("/people/assignments", given)
    assert (status, assignment["name"]) == (201, other.name)
    own = manager.get("/me")[1]["id"]
    status, problem = manager.post("/people/assignments", given | {"account": own})
    assert (status, problem["rule_id"]) == (409, "xz-role-self")
    end = {"on": "2026-12-31", "reason": "轮岗"}
    assert manager.post(f"/people/assignments/{assignment['id']}/end", end)[1]["valid_to"] == "2026-12-31"
    assert assignment["id"] in [one["id"] for one in manager.get("/people/assignments")[1]["items"]]


def test_what_a_role_holds_is_changed_at_the_root_alone():
    chief = Asker(signing_in.account_with("people.manage_roles", username="chief", path="/"))
    local = Asker(signing_in.account_with("people.manage_roles", username="local"))
    role = Role.objects.create(code="示例", name="示例角色", abilities=[])
    body, path = {"name": "示例角色", "abilities": [READ]}, f"/people/roles/{role.pk}"
    assert local.post(path, body, rev=1, method="PUT")[0] == 403
    assert chief.post(path, body, rev=9, method="PUT")[0] == 412
    assert chief.post(path, body, rev=1, method="PUT")[1]["abilities"] == [READ]
    assert chief.get(path)[1]["rev"] == Role.objects.aggregate(Max("rev"))["rev__max"]
    assert {one["code"] for one in chief.get("/people/roles")[1]["items"]} == {"示例", "role-chief", "role-local"}
