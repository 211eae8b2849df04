"""The work list and what is public, through the API."""

import json

import pytest
from django.test import Client

from xiezhi.disclosure import gate
from xiezhi.disclosure.models import READ, Publication
from xiezhi.disclosure.tests import showing
from xiezhi.inspection.tests import staff

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/disclosure"


def post(client: Client, row: Publication, act: str, **body):
    address = f"{ROOT}/publications/{row.pk}/{act}"
    headers = {"If-Match": f'"{row.rev}"'}
    answer = client.post(address, json.dumps(body), "application/json", headers=headers)
    row.refresh_from_db()
    return answer


def test_a_result_from_the_work_list_to_the_public_and_back():
    row = showing.due(outcome="rectify")
    maker = staff.client(staff.account("孙拟", READ, gate.PREPARE))
    signer = staff.client(staff.account("马签", READ, gate.SIGN))
    stranger, public = Client(), f"{ROOT}/public/{row.pk}"
    with showing.on_day(row):
        listed = maker.get(f"{ROOT}/publications", {"kind": "result"}).json()["items"]
        assert [(one["id"], one["state"], one["fields"]) for one in listed] == [(str(row.pk), "due", [])]
        assert post(maker, row, "preparation").status_code == 200
        assert stranger.get(public).status_code == 404
        assert post(maker, row, "signature").status_code == 403
        assert post(signer, row, "return", reason="请核对。").json()["state"] == "due"
        assert post(maker, row, "preparation").status_code == 200
        done = post(signer, row, "signature")
        assert (done.json()["state"], done["ETag"]) == ("published", f'"{row.rev}"')
        shown = stranger.get(public).json()
        assert {one["name"] for one in shown["fields"]} >= {"name", "outcome", "visited_on"}
        assert stranger.get(f"{ROOT}/public", {"q": row.title[:4]}).json()["items"] == [shown]
        assert stranger.get(f"{ROOT}/public", {"q": row.working_title[:8]}).json()["items"] == []
        assert post(maker, row, "correction", reason="重新核对。").json()["state"] == "correcting"
        assert post(signer, row, "signature").json()["version"] == 2
        assert post(signer, row, "withdrawal", ground="wrong", text="有误。").json()["state"] == "withdrawn"
        assert stranger.get(public).status_code == 404


def test_who_only_reads_gets_no_content_before_the_signature():
    row = showing.prepared()
    reader = staff.client(staff.account("何读", READ))
    signer = staff.client(staff.account("马签", READ, gate.SIGN))
    address = f"{ROOT}/publications/{row.pk}"
    with showing.on_day(row):
        assert reader.get(address).json()["fields"] == []
        assert signer.get(address).json()["fields"] != []
        assert Client().get(f"{ROOT}/publications").status_code == 401
