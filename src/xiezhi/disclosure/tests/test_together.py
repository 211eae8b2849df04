"""Several publications signed at once, and corrections that a signer prepares for another signer."""

import re

import pytest
from django.urls import reverse

from xiezhi.core.errors import Denied, Refused
from xiezhi.disclosure import gate, queries, services
from xiezhi.disclosure.codes import State
from xiezhi.disclosure.models import READ, Publication
from xiezhi.disclosure.tests import showing
from xiezhi.inspection.models import Task, TaskTarget
from xiezhi.inspection.tests import cases, staff
from xiezhi.record.models import Event

pytestmark = pytest.mark.django_db
PAGE = "disclosure:sign-together"


@pytest.fixture
def waiting():
    """A result and whatever else its draw made due, prepared; with the day on which it is."""
    row = showing.due()
    with showing.on_day(row):
        for one in Publication.objects.filter(state=State.DUE):
            services.prepare(showing.PREPARER, one.pk, rev=one.rev)
        yield list(Publication.objects.filter(state=State.PREPARED).order_by("due_on", "pk"))


@pytest.fixture
def signer():
    return staff.client(staff.account("马签", READ, gate.SIGN))


def key(row) -> str:
    return f"{row.pk}:{row.rev}"


def test_each_is_shown_masked_and_each_is_signed_by_an_event_of_its_own(waiting, signer):
    assert len(waiting) > 2
    page = signer.get(reverse(PAGE)).content.decode()
    task = Task.objects.select_related("target").get(
        pk=next(one for one in waiting if one.kind == "result").subject
    )
    assert task.target.name in page
    assert all(key(row) in page for row in waiting)
    before = Event.objects.filter(type="disclosure.signed").count()
    chosen = waiting[:2]
    done = signer.post(reverse(PAGE), {"chosen": [key(row) for row in chosen], "compared": "on"}, follow=True)
    assert "已签发并公示 2 项" in done.content.decode()
    assert Event.objects.filter(type="disclosure.signed").count() == before + 2
    states = dict(Publication.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in chosen] == [State.PUBLISHED] * 2
    assert {states[row.pk] for row in waiting[2:]} == {State.PREPARED}


def test_one_that_is_refused_is_named_and_stops_no_other(waiting, signer):
    result = next(row for row in waiting if row.kind == "result")
    TaskTarget.objects.filter(task=result.subject).update(name="示例改名有限公司")
    done = signer.post(reverse(PAGE), {"chosen": [key(row) for row in waiting], "compared": "on"})
    text = done.content.decode()
    assert done.status_code == 409
    assert "下列各项没有签发" in text
    assert "xz-disclosure-same" in text
    assert f"已签发并公示 {len(waiting) - 1} 项" in text
    states = dict(Publication.objects.values_list("pk", "state"))
    assert states[result.pk] == State.PREPARED
    assert {states[row.pk] for row in waiting if row != result} == {State.PUBLISHED}
    assert queries.to_sign(showing.SIGNER) != []


def test_a_scan_that_bars_is_told_for_its_own_row(waiting, signer):
    result = next(row for row in waiting if row.kind == "result")
    services.send_back(showing.SIGNER, result.pk, rev=result.rev, reason="请核对名称。")
    TaskTarget.objects.filter(task=result.subject).update(name="示例建设有限公司（13800000000）")
    result.refresh_from_db()
    result = services.prepare(showing.PREPARER, result.pk, rev=result.rev)
    others = [row for row in waiting if row.pk != result.pk]
    done = signer.post(reverse(PAGE), {"chosen": [key(result), key(others[0])], "compared": "on"})
    assert "xz-disclosure-scan" in done.content.decode()
    assert Publication.objects.get(pk=result.pk).state == State.PREPARED
    assert Publication.objects.get(pk=others[0].pk).state == State.PUBLISHED


@pytest.mark.parametrize("given", [{}, {"compared": "on"}, {"chosen": "all"}])
def test_nothing_is_signed_that_was_not_chosen_and_compared(given, waiting, signer):
    keys = [key(row) for row in waiting] if given.get("chosen") else []
    done = signer.post(reverse(PAGE), {**given, "chosen": keys})
    assert done.status_code == 422
    assert not Publication.objects.filter(state=State.PUBLISHED).exists()
    assert len(re.findall(r'id="id_chosen_\d+" checked', done.content.decode())) == len(keys)


def test_what_changed_since_the_page_was_read_is_not_signed(waiting, signer):
    row = waiting[0]
    services.send_back(showing.SIGNER, row.pk, rev=row.rev, reason="请核对。")
    done = signer.post(reverse(PAGE), {"chosen": [key(row)], "compared": "on"})
    assert done.status_code == 422
    assert "重新核对" in done.content.decode()


def test_ones_own_is_not_offered_and_who_may_not_sign_sees_no_page(waiting):
    maker = cases.officer("officer:sun", READ, gate.PREPARE, gate.SIGN)
    assert queries.to_sign(maker) == []
    assert len(queries.to_sign(showing.SIGNER)) == len(waiting)
    assert queries.to_sign(showing.PREPARER) == []
    reader = staff.client(staff.account("何读", READ, gate.PREPARE))
    assert reader.get(reverse(PAGE)).status_code == 403
    assert reverse(PAGE) not in reader.get(reverse("disclosure:publications")).content.decode()


def test_a_signer_prepares_a_correction_that_another_signs():
    row = showing.signed()
    second = cases.officer("officer:feng", READ, gate.SIGN)
    with showing.on_day(row):
        row = services.correct(showing.SIGNER, row.pk, rev=row.rev, reason="名称有误。")
        assert row.state == State.CORRECTING
        with pytest.raises(Refused) as caught:
            services.sign(showing.SIGNER, row.pk, rev=row.rev)
        assert caught.value.refusal.rule_id == "xz-disclosure-second-person"
        row.refresh_from_db()
        assert services.sign(second, row.pk, rev=row.rev).shown == 2
    with pytest.raises(Denied):
        services.correct(showing.READER, row.pk, rev=row.rev, reason="名称有误。")


def test_the_page_offers_a_signer_the_correction():
    row = showing.signed()
    for name, held, status in (
        ("马签", gate.SIGN, 200),
        ("孙拟", gate.PREPARE, 200),
        ("何读", gate.OBJECTIONS, 403),
    ):
        client = staff.client(staff.account(name, READ, held))
        page = client.get(reverse("disclosure:publication", args=[row.pk])).content.decode()
        address = reverse("disclosure:correct", args=[row.pk])
        assert (address in page) == (status == 200)
        assert client.get(address).status_code == status


def test_searching_the_published_keeps_the_filters_and_the_other_way_round(client):
    row = showing.signed()
    text = client.get(reverse("published-list"), {"kind": "result", "q": row.title[:6]}).content.decode()
    assert '<input type="hidden" name="kind" value="result">' in text
    assert f'<input type="hidden" name="q" value="{row.title[:6]}">' in text
