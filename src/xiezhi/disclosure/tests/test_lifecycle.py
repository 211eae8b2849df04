"""From a released result to a page that anyone can read, through HTTP: due, prepared, signed by another."""

import hashlib
import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi.core.errors import Denied, Refused, Stale
from xiezhi.disclosure import gate, kinds, services
from xiezhi.disclosure.codes import Kind, State
from xiezhi.disclosure.models import READ, Publication, PublicationVersion
from xiezhi.disclosure.tests import showing
from xiezhi.inspection.models import Task
from xiezhi.inspection.tests import staff
from xiezhi.lawbase import queries as law
from xiezhi.record.models import EventBody
from xiezhi.record.projections import replay
from xiezhi.record.queries import envelope

pytestmark = pytest.mark.django_db


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.refusal.rule_id


def test_a_released_result_is_due_twenty_working_days_later_and_says_that_the_limit_is_unverified():
    row = showing.due()
    assert row.state == State.DUE
    limit = law.due("disclose_inspection_result", row.due_from)
    assert (row.due_on, limit.length, limit.rule.verified) == (limit.due, 20, False)
    reader = staff.client(staff.account("何读", READ))
    with showing.on_day(row):
        page = reader.get(reverse("disclosure:publication", args=[row.pk])).content.decode()
    assert "待核" in page
    assert "20个工作日" in page


def test_the_news_may_come_twice_and_makes_one_row():
    row = showing.due()
    task = Task.objects.get(pk=row.subject)
    services.note_due(showing.jobs.ACTOR, kind="result", subject=task.pk, source=row.source_event)
    assert Publication.objects.filter(kind=Kind.RESULT).count() == 1


def test_the_item_the_plan_and_the_draws_of_the_result_are_due_too():
    showing.due()
    kinds_due = set(Publication.objects.values_list("kind", flat=True))
    assert kinds_due == {Kind.ITEM, Kind.PLAN, Kind.DRAW, Kind.RESULT}


def test_the_list_shows_limits_as_tags_and_counts_an_items_from_the_day_it_was_published():
    row = showing.due()
    reader = staff.client(staff.account("何读", READ))
    with showing.on_day(row):
        page = reader.get(reverse("disclosure:publications")).content.decode()
        item = Publication.objects.get(kind=Kind.ITEM)
    assert "&lt;span" not in page
    assert "xz-tag--unverified" in page
    assert str(item.due_from) == "2026-03-02"


def test_prepared_by_one_and_signed_by_another_through_the_pages():
    row = showing.due(outcome="rectify")
    task = Task.objects.select_related("target").get(pk=row.subject)
    maker = staff.client(staff.account("孙拟", READ, gate.PREPARE, gate.SIGN))
    signer = staff.client(staff.account("马签", READ, gate.SIGN))
    stranger = Client()
    page = reverse("disclosure:publication", args=[row.pk])
    public = reverse("published", args=[row.pk])
    with showing.on_day(row):
        assert task.target.name not in maker.get(page).content.decode()
        assert maker.post(reverse("disclosure:prepare", args=[row.pk]), {"rev": row.rev}).status_code == 302
        row.refresh_from_db()
        assert row.state == State.PREPARED
        assert stranger.get(public).status_code == 404
        own = maker.post(reverse("disclosure:sign", args=[row.pk]), {"rev": row.rev, "compared": "on"})
        assert own.status_code == 409
        assert "不能自己签发" in own.content.decode()
        form = signer.get(reverse("disclosure:sign", args=[row.pk])).content.decode()
        assert task.target.name in form
        unticked = signer.post(reverse("disclosure:sign", args=[row.pk]), {"rev": row.rev})
        assert unticked.status_code == 422
        done = signer.post(reverse("disclosure:sign", args=[row.pk]), {"rev": row.rev, "compared": "on"})
        assert done.status_code == 302
        shown = stranger.get(public)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert task.target.name in text
    assert task.target.code in text
    assert "发现问题，责令限期改正" in text
    assert "不是通报批评" in text


def test_what_was_found_who_went_and_the_notes_are_nowhere_in_public():
    row = showing.signed(outcome="rectify")
    task = Task.objects.get(pk=row.subject)
    text = Client().get(reverse("published", args=[row.pk])).content.decode()
    text += Client().get(reverse("published-content", args=[row.pk, 1])).content.decode()
    for hidden in ("擅自施工", "示例丙", *task.officers.values_list("officer__name", flat=True)):
        assert hidden not in text


def test_no_event_of_a_publication_says_a_name_or_code_in_public():
    row = showing.signed()
    task = Task.objects.select_related("target").get(pk=row.subject)
    bodies = EventBody.objects.filter(event__type__startswith="disclosure.").values_list("data", flat=True)
    assert bodies
    assert not [body for body in bodies if task.target.name in body or task.target.code in body]


def test_what_the_page_offers_hashes_to_what_the_signing_event_binds():
    row = showing.signed()
    version = row.versions.get()
    data = Client().get(reverse("published-content", args=[row.pk, 1])).content
    signed = envelope(version.signed_event)["data"]
    assert hashlib.sha256(data).hexdigest() == signed["digest"] == version.digest
    proof = Client().get(reverse("published-proof", args=[row.pk, 1]))
    assert proof.status_code == 200
    assert json.loads(proof.json()["event"])["data"]["digest"] == version.digest


def test_a_result_is_listed_found_and_filtered():
    row = showing.signed()
    stranger, page = Client(), reverse("published-list")
    assert row.title in stranger.get(page).content.decode()
    assert row.title in stranger.get(page, {"q": row.title[:6]}).content.decode()
    assert row.title in stranger.get(page, {"kind": "result", "outcome": "clean", "year": "2026"}).content.decode()
    assert row.title in stranger.get(page, {"agency": row.agency}).content.decode()
    for other in ({"kind": "plan"}, {"outcome": "stop"}, {"year": "2019"}, {"agency": "/zz/"}, {"q": "没有这个"}):
        assert row.title not in stranger.get(page, other).content.decode()


def test_a_new_field_of_the_source_never_appears(monkeypatch):
    """The whitelist is the means: what a source comes to hold later is not in it."""
    row = showing.prepared(outcome="rectify")
    names = {field["name"] for field in row.versions.get().fields}
    assert names <= {"name", "code", "items", "visited_on", "outcome", "agency", "draw"}
    monkeypatch.setattr(Task, "secret_note", "示例秘闻", raising=False)
    with showing.on_day(row):
        again = kinds.project("result", kinds.KINDS["result"].find(row.subject), date(2026, 3, 9))
    assert {field["name"] for field in again.fields} == names


@pytest.mark.parametrize(("who", "act"), [("READER", "prepare"), ("READER", "sign"), ("PREPARER", "sign")])
def test_who_lacks_the_ability_is_denied(who, act):
    row = showing.due()
    with showing.on_day(row), pytest.raises(Denied):
        getattr(services, act)(getattr(showing, who), row.pk, rev=row.rev)


def test_whoever_looked_at_an_older_page_signs_nothing():
    row = showing.prepared()
    with showing.on_day(row), pytest.raises(Stale):
        services.sign(showing.SIGNER, row.pk, rev=row.rev - 1)


def test_what_is_sent_back_is_prepared_anew_and_only_those_who_work_on_it_read_why():
    row = showing.prepared()
    with showing.on_day(row):
        row = services.send_back(showing.SIGNER, row.pk, rev=row.rev, reason="请核对检查日期。")
        assert row.state == State.DUE
        maker, reader = (staff.client(staff.account(n, *held)) for n, held in (
            ("孙拟", (READ, gate.PREPARE)), ("何读", (READ,))
        ))  # fmt: skip
        page = reverse("disclosure:publication", args=[row.pk])
        assert "请核对检查日期" in maker.get(page).content.decode()
        assert "请核对检查日期" not in reader.get(page).content.decode()
        row = services.prepare(showing.PREPARER, row.pk, rev=row.rev)
        services.sign(showing.SIGNER, row.pk, rev=row.rev)
    assert PublicationVersion.objects.filter(publication=row).count() == 1


def test_before_the_signature_a_reader_sees_no_name():
    row = showing.prepared()
    task = Task.objects.select_related("target").get(pk=row.subject)
    reader = staff.client(staff.account("何读", READ))
    with showing.on_day(row):
        page = reader.get(reverse("disclosure:publication", args=[row.pk])).content.decode()
        listed = reader.get(reverse("disclosure:publications")).content.decode()
    assert task.target.name not in page + listed
    assert task.target.code not in page + listed


def test_the_state_can_be_rebuilt_from_the_record():
    row = showing.signed()
    events = EventBody.objects.filter(event__stream=row.stream).order_by("event__recorded_at", "event_id")
    assert not list(replay(json.loads(body.data) for body in events))


def test_the_signature_is_refused_where_the_source_changed_since():
    row = showing.prepared()
    Task.objects.get(pk=row.subject).items.update(title="改过的事项")
    with showing.on_day(row):
        assert refused(lambda: services.sign(showing.SIGNER, row.pk, rev=row.rev)) == "xz-disclosure-same"
