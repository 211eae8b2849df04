"""What programs and firms read: the feed, the open data, a firm's own page, objections and their answers."""

import csv
import io
from datetime import date
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from jsonschema_rs import Draft202012Validator

from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import Invalid, NotFound, Refused
from xiezhi.disclosure import gate, jobs, services
from xiezhi.disclosure.codes import Kind, ObjectionState, State
from xiezhi.disclosure.models import READ, Objection, Publication
from xiezhi.disclosure.tests import showing
from xiezhi.disclosure.views import firms, opendata
from xiezhi.inspection import services as inspection
from xiezhi.inspection.codes import TargetKind
from xiezhi.inspection.models import Task, TaskTarget
from xiezhi.inspection.tests import cases, sending, staff
from xiezhi.record.models import Event, EventBody
from xiezhi.web.rates import Counter

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def counts_anew(monkeypatch):
    monkeypatch.setattr(firms, "COUNTER", Counter())


def feed(**params) -> ElementTree.Element:
    response = Client().get(reverse("published-feed"), params)
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def withdrawn(row: Publication) -> Publication:
    with showing.on_day(row, 6):
        return services.withdraw(showing.SIGNER, row.pk, rev=row.rev, ground="wrong", text="检查对象有误。")


@pytest.mark.parametrize("way", ["{name}已注销。", "{spaced}已注销。", "代码 {code} 有误。"])
def test_words_on_a_withdrawal_do_not_name_whom_it_was_about(way):
    row = showing.signed()
    target = TaskTarget.objects.get(task=row.subject)
    given = {"name": target.name, "spaced": " ".join(target.name), "code": target.code.lower()}
    with showing.on_day(row, 6), pytest.raises(Invalid) as caught:
        services.withdraw(showing.SIGNER, row.pk, rev=row.rev, ground="wrong", text=way.format(**given))
    assert "检查对象的名称或代码" in caught.value.fields["text"][0]
    assert withdrawn(row).state == State.WITHDRAWN


def test_the_feed_tells_what_became_public_by_filter_and_that_it_was_taken_down():
    row = showing.signed()
    titles = [one.text for one in feed().findall("a:entry/a:title", ATOM)]
    assert titles == [row.title]
    assert feed(kind="plan").findall("a:entry", ATOM) == []
    assert len(feed(kind="result", outcome="clean").findall("a:entry", ATOM)) == 1
    withdrawn(row)
    gone = feed().find("a:entry", ATOM)
    text = ElementTree.tostring(gone, encoding="unicode")
    assert gone.find("a:id", ATOM).text == f"urn:uuid:{row.pk}"
    assert row.title not in text
    assert "已撤下" in text


def test_a_title_with_markup_and_control_characters_makes_no_broken_feed():
    row = showing.signed()
    Publication.objects.filter(pk=row.pk).update(title='<b>&"示例\x0b\x01')
    assert feed().find("a:entry/a:title", ATOM).text == '<b>&"示例'


def test_the_open_data_fit_their_schema_and_tell_only_what_is_whitelisted():
    row = showing.signed(outcome="rectify")
    stranger = Client()
    schema = stranger.get(reverse("opendata-schema")).json()
    data = stranger.get(reverse("opendata-json")).json()
    Draft202012Validator(schema).validate(data)
    assert [one["id"] for one in data["items"]] == [str(row.pk)]
    data["items"][0]["fields"].append({"name": "findings", "label": "问题", "value": "示例"})
    assert not Draft202012Validator(schema).is_valid(data)
    withdrawn(row)
    assert stranger.get(reverse("opendata-json")).json()["items"] == []


def test_the_csv_guards_formulas_and_has_a_column_a_field():
    row = showing.due()
    TaskTarget.objects.filter(task=row.subject).update(name="=示例有限公司")
    with showing.on_day(row):
        row = services.prepare(showing.PREPARER, row.pk, rev=row.rev)
        row = services.sign(showing.SIGNER, row.pk, rev=row.rev)
    response = Client().get(reverse("opendata-csv"), {"kind": "result", "year": "2026"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(text))
    assert line["检查对象"] == "'=示例有限公司"
    assert line["抽查结果"] == "未发现问题"
    other = Client().get(reverse("opendata-csv"), {"kind": "result", "year": "2025"})
    assert len(b"".join(other.streaming_content).decode("utf-8-sig").splitlines()) == 1


def test_what_is_shown_has_the_day_on_which_it_was_published():
    row = showing.signed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(published_at=None)


def test_a_long_csv_comes_in_pages_and_each_leads_to_the_next(monkeypatch):
    monkeypatch.setattr(opendata, "CSV_PAGE", 1)
    first = showing.signed()
    other = Publication.objects.get(kind=Kind.DRAW, subject=Task.objects.get(pk=first.subject).draw_id)
    Publication.objects.filter(pk=other.pk).update(
        kind="result", shown=1, published_at=first.published_at, year=2026
    )
    Publication.objects.filter(pk=other.pk).update(changed_at=first.published_at)
    response = Client().get(reverse("opendata-csv"), {"year": "2026"})
    found = [b"".join(response.streaming_content).decode("utf-8-sig")]
    following = response["Link"].split(">")[0][1:]
    response = Client().get(following[following.index("/opendata") :])
    found.append(b"".join(response.streaming_content).decode("utf-8-sig"))
    assert "Link" not in response
    assert [len(one.splitlines()) for one in found] == [2, 2]
    assert found[0] != found[1]


def test_a_bad_place_in_the_open_data_is_said_and_not_taken_for_the_first_page():
    assert Client().get(reverse("opendata-json"), {"after": "x"}).status_code == 422


def test_the_page_about_open_data_names_every_field():
    text = Client().get(reverse("opendata")).content.decode()
    assert "抽查结果" in text
    assert "schema.json" in text


def test_a_firm_finds_its_own_page_by_its_code_and_no_address_holds_the_code():
    row = showing.signed()
    stranger = Client()
    form = reverse("published-firm-search")
    assert stranger.get(form).status_code == 200
    found = stranger.post(form, {"code": f" {row.target_code.lower()} "})
    assert found.status_code == 302
    assert row.target_code not in found["Location"]
    page = stranger.get(found["Location"]).content.decode()
    assert row.target_code in page
    assert reverse("published-object", args=[row.pk]) in page
    assert stranger.post(form, {"code": "91329900MA00000000"}).status_code == 422
    withdrawn(row)
    assert stranger.get(found["Location"]).status_code == 404
    assert stranger.post(form, {"code": row.target_code}).status_code == 422


def test_an_objection_is_sealed_answered_and_read_by_its_number():
    row = showing.signed()
    stranger = Client()
    handler = staff.client(staff.account("马签", READ, gate.SIGN, gate.OBJECTIONS))
    with showing.on_day(row, 5):
        form = reverse("published-object", args=[row.pk])
        assert stranger.get(form).status_code == 200
        assert stranger.post(form, {"name": "示例甲"}).status_code == 422
        page = stranger.post(form, showing.OBJECTION)
        made = Objection.objects.get()
        assert made.number in page.content.decode()
        assert "待核" in page.content.decode()
        body = EventBody.objects.get(event=made.received_event).data
        assert not [text for text in showing.OBJECTION.values() if text in body]
        listed = handler.get(reverse("disclosure:objections")).content.decode()
        assert made.number in listed
        address = reverse("disclosure:objection", args=[made.pk])
        assert showing.OBJECTION["contact"] not in handler.get(address).content.decode()
        assert showing.OBJECTION["contact"] in handler.post(address).content.decode()
        assert Event.objects.filter(type="record.sensitive_read", subject=f"objection:{made.pk}").count() == 1
        answer = reverse("disclosure:answer", args=[made.pk])
        assert handler.get(answer).status_code == 200
        given = {"rev": made.rev, "state": "upheld", "text": "经核实，检查日期有误，将予更正。"}
        assert handler.post(answer, given).status_code == 302
        assert "撤下公示" in handler.get(address).content.decode()
    look_up = reverse("published-objection")
    assert "经核实，检查日期有误" in stranger.post(look_up, {"number": made.number.lower()}).content.decode()
    assert stranger.post(look_up, {"number": "YY20260101-AAAAAAAAAA"}).status_code == 422


def test_an_answered_objection_is_not_answered_again():
    row = showing.signed()
    made = services.object_to(PUBLIC, row.pk, **showing.OBJECTION)
    made = services.answer(showing.SIGNER, made.pk, rev=made.rev, state="rejected", text="经核实无误。")
    assert made.state == ObjectionState.REJECTED
    with pytest.raises(Refused):
        services.answer(showing.SIGNER, made.pk, rev=made.rev, state="upheld", text="又核实。")


@pytest.mark.parametrize("wrong", [{"state": "received"}, {"text": " "}, {"text": "长" * 2001}])
def test_an_answer_says_something(wrong):
    made = services.object_to(PUBLIC, showing.signed().pk, **showing.OBJECTION)
    with pytest.raises(Invalid):
        services.answer(showing.SIGNER, made.pk, rev=made.rev, **{"state": "rejected", "text": "无误。"} | wrong)


def test_nobody_objects_to_what_is_not_public():
    row = showing.prepared()
    with pytest.raises(NotFound):
        services.object_to(PUBLIC, row.pk, **showing.OBJECTION)
    assert Client().get(reverse("published-object", args=[row.pk])).status_code == 404
    gone = withdrawn(signed_again(row))
    assert Client().get(reverse("published-object", args=[gone.pk])).status_code == 404


def signed_again(row: Publication) -> Publication:
    with showing.on_day(row):
        return services.sign(showing.SIGNER, row.pk, rev=row.rev)


def test_an_address_that_objects_again_and_again_is_asked_to_wait():
    row = showing.signed()
    stranger, form = Client(), reverse("published-object", args=[row.pk])
    with showing.on_day(row, 5):
        answers = [stranger.post(form, showing.OBJECTION).status_code for _again in range(4)]
    assert answers == [200, 200, 200, 429]
    assert Objection.objects.count() == 3


def test_a_newer_version_of_an_item_takes_the_place_of_the_older_once_it_is_public_and_in_force():
    def published(version_from: date) -> Publication:
        item = inspection.publish_item(
            cases.LI, code="ZJ-009", title="示例事项", basis="《建筑法》第七条", target_kind=TargetKind.ENTITY,
            valid_from=version_from, agency=cases.AGENCY, district=cases.DISTRICT,
        )  # fmt: skip
        showing.news()
        row = Publication.objects.get(kind=Kind.ITEM, subject=item.pk)
        row = services.prepare(showing.PREPARER, row.pk, rev=row.rev)
        return services.sign(showing.SIGNER, row.pk, rev=row.rev)

    with sending.day(date(2026, 3, 2)):
        old = published(date(2026, 1, 1))
        new = published(date(2026, 4, 1))
        assert jobs.expire(None) == {"expired": 0}
    old.refresh_from_db()
    print(
        old.state,
        old.source_change,
        old.source_change_event,
        new.state,
        new.shown,
        Event.objects.values_list("type", flat=True),
    )
    with sending.day(date(2026, 4, 2)):
        assert jobs.expire(None) == {"expired": 1}
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == (State.EXPIRED, State.PUBLISHED)
    assert "事项已有新版本" in Client().get(reverse("published", args=[old.pk])).content.decode()
