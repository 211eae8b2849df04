"""Correction and withdrawal reach every channel; each acknowledges by hash, or is tried again."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Invalid
from xiezhi.disclosure import channels, content, gate, jobs, services
from xiezhi.disclosure.codes import DeliveryState, State
from xiezhi.disclosure.models import READ, Delivery, Publication
from xiezhi.disclosure.tests import showing
from xiezhi.inspection.models import TaskTarget
from xiezhi.inspection.tests import staff
from xiezhi.lawbase import services as law
from xiezhi.lawbase.tests.acts_scenarios import FIGURE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def drop(settings, tmp_path):
    settings.DISCLOSURE_DROP = tmp_path / "drop"
    return settings.DISCLOSURE_DROP


def corrected(row: Publication) -> Publication:
    TaskTarget.objects.filter(task=row.subject).update(name="示例更名后有限公司")
    with showing.on_day(row, 5):
        row = services.correct(showing.PREPARER, row.pk, rev=row.rev, reason="单位名称登记有误。")
        return services.sign(showing.SIGNER, row.pk, rev=row.rev)


def withdrawn(row: Publication) -> Publication:
    with showing.on_day(row, 6):
        return services.withdraw(showing.SIGNER, row.pk, rev=row.rev, ground="wrong", text="检查对象有误。")


def carried(row: Publication, days: int) -> dict[str, Delivery]:
    """Channel → its newest delivery, after the job ran."""
    with showing.on_day(row, days):
        for key in jobs._due():
            jobs.carry(key)
    return {one.channel: one for one in reversed(Delivery.objects.filter(publication=row))}


def test_a_signed_result_goes_to_every_channel_and_each_acknowledges_its_hash(drop):
    row = showing.signed()
    found = carried(row, 4)
    version = row.versions.get()
    assert {name: one.state for name, one in found.items()} == {
        "portal": DeliveryState.DELIVERED,
        "folder": DeliveryState.DELIVERED,
        "national": DeliveryState.MANUAL,
    }
    assert {one.digest for one in found.values()} == {version.digest}
    data = (drop / f"result-{row.pk}.json").read_bytes()
    assert hashlib.sha256(data).hexdigest() == version.digest
    assert row.title in (drop / f"result-{row.pk}.csv").read_text("utf-8-sig")


def test_a_correction_keeps_the_old_version_public_until_it_is_signed_and_then_replaces_it_everywhere(drop):
    row = showing.signed()
    carried(row, 4)
    old = row.title
    TaskTarget.objects.filter(task=row.subject).update(name="示例更名后有限公司")
    page = reverse("published", args=[row.pk])
    with showing.on_day(row, 5):
        row = services.correct(showing.PREPARER, row.pk, rev=row.rev, reason="单位名称登记有误。")
        assert row.state == State.CORRECTING
        assert old in Client().get(page).content.decode()
        row = services.sign(showing.SIGNER, row.pk, rev=row.rev)
    text = Client().get(page).content.decode()
    assert "示例更名后有限公司" in text
    assert "单位名称登记有误" in text
    assert Client().get(reverse("published-content", args=[row.pk, 1])).status_code == 200
    found = carried(row, 6)
    assert (found["portal"].state, found["folder"].state) == (DeliveryState.DELIVERED,) * 2
    assert json.loads((drop / f"result-{row.pk}.json").read_bytes())["version"] == 2


def test_a_withdrawal_reaches_every_channel_and_leaves_no_word_behind(drop):
    row = showing.signed()
    carried(row, 4)
    title, code = row.title, row.target_code
    row = withdrawn(row)
    found = carried(row, 7)
    assert {one.action for one in found.values()} == {"withdraw"}
    assert (found["portal"].state, found["folder"].state) == (DeliveryState.DELIVERED,) * 2
    assert found["national"].state == DeliveryState.MANUAL
    for path in drop.iterdir():
        text = path.read_text("utf-8-sig")
        assert title not in text
        assert code not in text
    stranger = Client()
    gone = stranger.get(reverse("published", args=[row.pk]))
    assert gone.status_code == 410
    assert "检查对象有误" in gone.content.decode()
    assert stranger.get(reverse("published-content", args=[row.pk, 1])).status_code == 404
    assert stranger.get(reverse("published-proof", args=[row.pk, 1])).status_code == 404
    everywhere = gone.content.decode() + stranger.get(reverse("published-list")).content.decode()
    everywhere += stranger.get(reverse("published-list"), {"q": title}).content.decode().replace(f'"{title}"', "")
    assert title not in everywhere
    assert code not in everywhere


def test_what_waited_is_overtaken_by_a_later_message():
    row = showing.signed()
    row = withdrawn(row)
    states = list(Delivery.objects.filter(publication=row).values_list("action", "state"))
    assert states.count(("publish", DeliveryState.OVERTAKEN)) == 3
    assert states.count(("withdraw", DeliveryState.WAITING)) == 2


def test_a_channel_that_fails_is_tried_again_later_and_says_so(drop):
    row = showing.signed()
    drop.parent.mkdir(exist_ok=True)
    drop.write_text("a file stands where the folder should be")
    found = carried(row, 4)
    assert (found["folder"].state, found["folder"].tries) == (DeliveryState.WAITING, 1)
    assert found["folder"].error
    drop.unlink()
    assert carried(row, 4)["folder"].tries == 1
    assert carried(row, 5)["folder"].state == DeliveryState.DELIVERED


def test_a_channel_that_acknowledges_something_else_has_not_delivered(monkeypatch):
    row = showing.signed()
    wrong = channels.Channel("folder", "x", "x", lambda _delivery, _data: channels.Receipt("0" * 64, "x"))
    monkeypatch.setitem(channels.CHANNELS, "folder", wrong)
    found = carried(row, 4)
    assert (found["folder"].state, found["folder"].error) == (DeliveryState.WAITING, "digest")
    with pytest.raises(Invalid):
        services.note_delivered(jobs.ACTOR, found["folder"].pk, digest="0" * 64, receipt="x")


def test_a_channel_without_interface_says_so_and_waits_for_a_persons_receipt():
    row = showing.signed()
    national = carried(row, 4)["national"]
    maker = staff.client(staff.account("孙拟", READ, gate.PREPARE))
    page = reverse("disclosure:publication", args=[row.pk])
    with showing.on_day(row, 5):
        assert "尚未接入" in maker.get(page).content.decode()
        form = reverse("disclosure:report", args=[row.pk, national.pk])
        assert maker.get(form).status_code == 200
        assert maker.post(form, {"receipt": "示公示〔2026〕7号"}).status_code == 302
        assert "示公示〔2026〕7号" in maker.get(page).content.decode()
        assert maker.post(form, {"receipt": "又一次"}).status_code == 422
    national.refresh_from_db()
    assert (national.state, national.receipt) == (DeliveryState.DELIVERED, "示公示〔2026〕7号")


def test_a_cell_that_would_start_a_formula_is_guarded(drop):
    row = showing.due()
    TaskTarget.objects.filter(task=row.subject).update(name="=示例有限公司")
    with showing.on_day(row):
        row = services.prepare(showing.PREPARER, row.pk, rev=row.rev)
        row = services.sign(showing.SIGNER, row.pk, rev=row.rev)
    carried(row, 4)
    assert "'=示例有限公司" in (drop / f"result-{row.pk}.csv").read_text("utf-8-sig")


def test_without_a_figure_no_term_is_set_and_with_one_the_publication_ends_by_itself():
    row = showing.signed()
    assert row.expires_on is None
    actor = jobs.ACTOR
    law.load_release(actor)
    law.set_figure(
        actor,
        **{**FIGURE, "key": "disclosure.result_years", "value": 1, "unit": "year", "scope": row.agency}
        | {"valid_from": clock.day(row.published_at)},
    )
    row = corrected(row)
    assert row.expires_on == row.published_at.date().replace(year=2027)
    with showing.on_day(row, 100):
        assert jobs.expire(None) == {"expired": 0}
        row.refresh_from_db()
        assert row.state == State.PUBLISHED
    with showing.on_day(row, 0), clock.fixed(row.published_at + timedelta(days=367)):
        assert jobs.expire(None) == {"expired": 1}
    row.refresh_from_db()
    assert (row.state, row.shown) == (State.EXPIRED, 0)
    assert Client().get(reverse("published", args=[row.pk])).status_code == 410


def test_the_loop_carries_what_is_due():
    row = showing.signed()
    with showing.on_day(row, 4):
        assert jobs.deliver(jobs.Budget.of(5)) == 2
        assert jobs.deliver(jobs.Budget.of(5)) == 0


def test_a_notice_of_withdrawal_holds_no_word_of_what_it_takes_down():
    row = withdrawn(showing.signed())
    told = json.loads(content.notice_of_withdrawal(row))
    assert set(told) == {"format", "id", "kind", "withdrawn", "ground"}
