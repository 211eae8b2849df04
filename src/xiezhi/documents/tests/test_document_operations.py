"""Documents through the API: the same acts, the same refusals, versions by ETag."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from xiezhi.documents.models import Document
from xiezhi.documents.tests import desk
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import INSPECTION
from xiezhi.people.models import Approval
from xiezhi.people.tests import house
from xiezhi.record.models import Event

BASE = "/api/v1/documents"


def send(client, method, path, body=None, rev=None):
    more = {} if rev is None else {"headers": {"If-Match": f'"{rev}"'}}
    return client.generic(method, BASE + path, json.dumps(body or {}), "application/json", **more)


def draft(office, **values):
    return {
        "template": str(office.template().pk),
        "agency": desk.SQUAD,
        "title": "示例家园一期检查",
        "subject": "task:1",
        "values": values or office.sample(),
    }


def test_a_program_takes_a_document_from_draft_to_issue(office, browser):
    lin, fa = browser("lin"), browser("fa")
    made = send(lin, "POST", "", draft(office, party_name="示例建设〇一有限公司"))
    assert made.status_code == 201
    key, rev = made.json()["id"], made.json()["rev"]
    assert made.json()["missing"] > 0
    refused = send(lin, "POST", f"/{key}/signature", {}, rev)
    assert refused.status_code == 409
    assert refused.json()["rule_id"] == "xz-document-complete"
    assert send(lin, "PUT", f"/{key}", {"values": office.sample()}).status_code == 428
    assert send(lin, "PUT", f"/{key}", {"values": office.sample()}, 99).status_code == 412
    saved = send(lin, "PUT", f"/{key}", {"values": office.sample()}, rev)
    assert (saved.status_code, saved.json()["missing"]) == (200, 0)
    signed = send(lin, "POST", f"/{key}/signature", {}, saved.json()["rev"])
    assert signed.json()["number"] == "示例支队检通〔2026〕1号"
    assert signed["ETag"] == f'"{signed.json()["rev"]}"'
    asked = send(lin, "POST", f"/{key}/seal", {"purpose": "送达"}, signed.json()["rev"])
    entered = send(fa, "POST", f"/{key}/seal/registration", {"seal_name": "公章"}, asked.json()["rev"])
    scan = SimpleUploadedFile("件.pdf", desk.PDF)
    back = fa.post(f"{BASE}/{key}/seal/scan", {"scan": scan}, headers={"If-Match": f'"{entered.json()["rev"]}"'})
    assert back.json()["sealing"] == "sealed"
    out = send(lin, "POST", f"/{key}/issue", {}, back.json()["rev"])
    assert out.json()["state"] == "issued"
    file = lin.get(f"{BASE}/{key}/pdf")
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert lin.get(f"{BASE}/{key}/values").json()["values"] == office.sample()
    assert [one["id"] for one in lin.get(f"{BASE}?q=检通").json()["items"]] == [key]
    correction = send(lin, "POST", f"/{key}/correction", {}, out.json()["rev"])
    assert (correction.status_code, correction.json()["corrects"]) == (201, key)


def test_a_program_asks_for_the_approval_that_a_signature_waits_for(office, browser):
    people.adopt_route(
        desk.SETUP,
        kind=INSPECTION,
        agency=desk.BODY,
        steps=(flow.Step("支队长批准", ("detachment_head",)),),
        source="示例〔2026〕2号",
        valid_from=date(2026, 1, 1),
    )
    lin, row = browser("lin"), office.drafted("inspection_approval")
    assert send(lin, "POST", f"/{row.pk}/approval", {"text": ""}, row.rev).status_code == 422
    assert send(browser("mei"), "POST", f"/{row.pk}/approval", {"text": "请审批。"}, row.rev).status_code == 404
    asked = send(lin, "POST", f"/{row.pk}/approval", {"text": "请审批。"}, row.rev)
    assert asked.status_code == 200
    approval = Approval.objects.get(pk=asked.json()["approval"])
    twice = send(lin, "POST", f"/{row.pk}/approval", {"text": "请审批。"}, asked.json()["rev"])
    assert twice.json()["rule_id"] == "xz-approval-open"
    assert send(lin, "POST", f"/{row.pk}/signature", {}, asked.json()["rev"]).status_code == 409
    people.agree(desk.actor("zhi"), approval=approval.pk, text="同意。", rev=approval.rev)
    assert send(lin, "POST", f"/{row.pk}/signature", {}, asked.json()["rev"]).status_code == 200


def test_values_that_do_not_keep_the_contract_are_named_by_field(office, browser):
    answer = send(browser("lin"), "POST", "", draft(office, source="随便看看", nothing="x"))
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"source", "nothing"}
    assert not Document.objects.exists()


def test_control_characters_are_refused(office, browser):
    answer = send(browser("lin"), "POST", "", draft(office) | {"title": "示例\u0000"})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["title"]


def test_numbers_are_reserved_handed_out_returned_and_voided(office, browser):
    fa = browser("fa")
    kind = {"template": str(office.template().pk), "agency": desk.BODY}
    reserved = send(fa, "POST", "/numbers", kind | {"reason": "补录", "count": 2})
    assert [one["text"][-3:] for one in reserved.json()] == ["〕1号", "〕2号"]
    void = send(fa, "POST", f"/numbers/{reserved.json()[0]['id']}/void", {"reason": "不用"}, 0)
    assert void.json()["state"] == "void"
    blanks = send(fa, "POST", "/blanks", kind | {"holder": str(house.account("lin").pk)})
    (blank,) = blanks.json()
    scan = SimpleUploadedFile("手写.png", b"\x89PNG\r\n\x1a\n....")
    used = browser("lin").post(
        f"{BASE}/numbers/{blank['id']}/use",
        {"scan": scan, "title": "示例", "signed_on": "2026-03-10"},
        headers={"If-Match": '"0"'},
    )
    assert (used.status_code, used.json()["number"]) == (200, blank["text"])
    again = send(fa, "POST", f"/numbers/{blank['id']}/return", {}, 1)
    assert again.json()["rule_id"] == "xz-number-state"
    states = {one["serial"]: one["state"] for one in fa.get(f"{BASE}/numbers").json()["items"]}
    assert states == {1: "void", 2: "reserved", 3: "used"}


def test_no_event_of_a_document_tells_a_person_in_its_public_part(office, browser):
    office.signed("questioning_record")
    bodies = Event.objects.filter(type__startswith="documents.").values_list("body__data", flat=True)
    assert bodies
    assert not [text for text in bodies if "示例张" in text]


def test_what_rows_show_follows_from_the_record(office):
    office.sealed()
    row = office.signed()
    from xiezhi.documents import services

    services.correct_document(office.actor("lin"), row.id, rev=row.rev)
    services.return_blank(office.actor("fa"), office.blank().pk, rev=0)
    call_command("record", "replay")


@pytest.mark.parametrize("text", ["查\u202e阅", "查\x00阅"])
def test_a_purpose_is_read_as_it_is_typed(office, browser, text):
    lin = browser("lin")
    made = send(lin, "POST", "", draft(office))
    key, rev = made.json()["id"], made.json()["rev"]
    assert send(lin, "POST", f"/{key}/seal", {"purpose": text}, rev).status_code == 422
    assert send(lin, "POST", f"/{key}/values", {"purpose": text}).status_code == 422
    assert send(lin, "POST", "", draft(office) | {"title": text}).status_code == 422
