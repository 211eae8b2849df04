"""Draws over the API: everyone reads what is public, an act needs its ability and the ``rev`` that was read."""

import json
from contextlib import closing
from datetime import timedelta

import pytest
from django.test import Client

from xiezhi import clock
from xiezhi.inspection import gate
from xiezhi.inspection.models import READ, DrawnTarget
from xiezhi.inspection.tests import cases, staff
from xiezhi.record import sequencer

pytestmark = pytest.mark.django_db
START = cases.START


def at(hours: float):
    return clock.fixed(START + timedelta(hours=hours))


def get(client, path, **query):
    return client.get(f"/api/v1/draws{path}", query)


def post(client, path, payload=None, rev=None):
    headers = {} if rev is None else {"If-Match": f'"{rev}"'}
    return client.post(
        f"/api/v1/draws{path}", json.dumps(payload or {}), content_type="application/json", headers=headers
    )


def test_everyone_reads_public_draws_and_no_name_before_it_is_opened():
    draw = cases.published()
    cases.prepared(START + timedelta(days=1), roster=draw.roster)
    listed = get(Client(), "/public").json()["items"]
    assert [one["draw_id"] for one in listed] == [draw.draw_id]
    assert get(Client(), f"/public/{draw.pk}").json()["root"] == draw.root
    objects = get(Client(), f"/public/{draw.pk}/objects").json()["items"]
    assert {one["name"] for one in objects} == {""}
    bundle = get(Client(), f"/public/{draw.pk}/bundles").json()[0]
    with closing(Client().get(bundle["href"])) as sent:
        assert sent.status_code == 200


def test_lists_are_read_page_by_page():
    draw = cases.published()
    first = get(Client(), f"/public/{draw.pk}/objects", limit=5).json()
    second = get(Client(), f"/public/{draw.pk}/objects", limit=5, after=first["next"]).json()
    assert len(first["items"]) + len(second["items"]) == 8


def test_two_people_draw_over_the_api():
    organiser = staff.client(staff.account("张", READ, gate.PLAN, gate.DRAW, gate.PUBLISH, gate.OPEN_NAMES))
    witness = staff.client(staff.account("周", READ, gate.WITNESS))
    draw = cases.prepared()
    path, rev = f"/{draw.pk}", draw.rev
    with at(1):
        code = cases.targets(1)[0].code
        ground = {"reason": "FREQ_CAP", "document": "示监函〔2026〕3号"}
        rev = post(organiser, f"{path}/exclusions", {"code": code, **ground}, rev).json()["rev"]
        rev = post(organiser, f"{path}/commitment", rev=rev).json()["rev"]
        sequencer.seal_all()
    with at(13):
        value = {"label": cases.SOURCE, "value": cases.VALUE}
        published = (START + timedelta(hours=12)).isoformat()
        rev = post(organiser, f"{path}/source", {**value, "published_at": published}, rev).json()["rev"]
        alone = post(organiser, f"{path}/source/confirmation", value, rev)
        assert (alone.status_code, alone.json()["rule_id"]) == (409, "xz-draw-two-people")
        rev = post(witness, f"{path}/source/confirmation", value, rev).json()["rev"]
        answer = post(organiser, f"{path}/result", rev=rev)
        assert answer.json()["state"] == "drawn"
        out = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
        answer = post(organiser, f"{path}/replacements", {"opaque": out.opaque, **ground}, answer.json()["rev"])
        sequencer.seal_all()
        assert post(organiser, f"{path}/bundles", rev=answer.json()["rev"]).json()["stage"] == "published"
    with at(24 * 14):
        found = get(organiser, path)
        assert found["ETag"] == f'"{found.json()["rev"]}"'
        rev = post(organiser, f"{path}/names", rev=found.json()["rev"]).json()["rev"]
        void = {"reason": "示例", "explanation": "示例", "document": "示监函〔2026〕4号"}
        assert post(organiser, f"{path}/void", void, rev).json()["state"] == "void"


def test_an_act_without_the_rev_or_with_an_old_one_is_refused():
    organiser = staff.client(staff.account("张", READ, gate.DRAW))
    draw = cases.prepared()
    assert post(organiser, f"/{draw.pk}/commitment").status_code == 428
    assert post(organiser, f"/{draw.pk}/commitment", rev=draw.rev + 7).status_code == 412


def test_strangers_and_those_without_the_ability_are_turned_away():
    draw = cases.prepared()
    assert get(Client(), "").status_code == 401
    assert get(Client(), f"/public/{draw.pk}").status_code == 404
    nobody = staff.client(staff.account("无权"))
    assert get(nobody, "").status_code == 403
    reader = staff.client(staff.account("赵", READ))
    assert get(reader, "").json()["items"][0]["state"] == "prepared"
    assert post(reader, f"/{draw.pk}/commitment", rev=draw.rev).status_code == 403


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00", "2026-03-02T10:00:00"]
)
def test_a_time_that_cannot_be_is_invalid(moment):
    organiser = staff.client(staff.account("张", READ, gate.DRAW))
    draw = cases.committed()
    value = {"label": cases.SOURCE, "value": cases.VALUE, "published_at": moment}
    assert post(organiser, f"/{draw.pk}/source", value, draw.rev).status_code == 422


@pytest.mark.parametrize("field", ["reason", "explanation", "document"])
def test_what_is_published_holds_no_unseen_characters_by_whatever_door(field):
    organiser = staff.client(staff.account("张", READ, gate.DRAW))
    draw = cases.committed()
    void = {"reason": "示例", "explanation": "示例", "document": "示监函〔2026〕4号"}
    with at(2):
        answer = post(organiser, f"/{draw.pk}/void", void | {field: "示\u202e例"}, draw.rev)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
