"""Numbers: in order, none twice, none lost; reserved, void, on blank forms; across New Year; by two at once."""

import io
import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Invalid, Refused
from xiezhi.documents import queries, services
from xiezhi.documents.codes import NumberState, State
from xiezhi.documents.models import Document, DocumentNumber, NumberSeries
from xiezhi.documents.tests import desk
from xiezhi.people.tests import house


def url(name, *args):
    return reverse(f"documents:{name}", args=args)


def texts():
    return sorted(DocumentNumber.objects.values_list("text", flat=True))


def test_each_body_type_and_year_counts_for_itself(office):
    assert office.signed().number == "示例支队检通〔2026〕1号"
    assert office.signed().number == "示例支队检通〔2026〕2号"
    assert office.signed("result_notice").number == "示例支队检告〔2026〕1号"
    assert office.signed("site_record").number == ""


def test_the_year_turns_at_midnight_in_shanghai(office):
    before = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    with clock.fixed(before):
        assert office.signed().number == "示例支队检通〔2026〕1号"
    with clock.fixed(before.replace(hour=16, minute=0, second=0)):
        assert office.signed().number == "示例支队检通〔2027〕1号"
    assert set(NumberSeries.objects.values_list("year", "last")) == {(2026, 1), (2027, 1)}


def test_a_draft_of_december_signed_in_january_bears_the_new_year(office):
    with clock.fixed(datetime(2026, 12, 30, 4, 0, tzinfo=UTC)):
        row = office.drafted()
    with clock.fixed(datetime(2027, 1, 4, 4, 0, tzinfo=UTC)):
        signed = services.sign_document(office.actor("lin"), row.id, rev=row.rev)
    assert signed.number == "示例支队检通〔2027〕1号"


def test_a_signature_that_fails_gives_no_number_away(office, settings):
    row = office.drafted()
    settings.PRESS_SECONDS = 0
    from xiezhi.documents import press

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(press, "_press", None)
        with pytest.raises(Invalid, match="排版"):
            services.sign_document(office.actor("lin"), row.id, rev=row.rev)
        press.press().close()
    assert not DocumentNumber.objects.exists()
    settings.PRESS_SECONDS = 20
    assert office.signed().number == "示例支队检通〔2026〕1号"


def test_a_reserved_number_is_used_once(office, browser):
    fa = browser("fa")
    sent = {"agency": desk.BODY, "template": str(office.template().pk), "count": 2, "reason": "纸质文书补录"}
    assert fa.post(url("reserve"), sent).status_code == 302
    assert office.signed().number == "示例支队检通〔2026〕3号"
    reserved = DocumentNumber.objects.get(serial=1)
    row = office.drafted()
    form = browser("lin").get(url("sign", row.pk)).content.decode()
    assert "示例支队检通〔2026〕1号" in form
    browser("lin").post(url("sign", row.pk), {"rev": row.rev, "number": str(reserved.pk)})
    row.refresh_from_db()
    assert row.number == "示例支队检通〔2026〕1号"
    other = office.drafted()
    with pytest.raises(Refused, match="已用"):
        services.sign_document(office.actor("lin"), other.id, rev=other.rev, number=reserved.pk)
    left = DocumentNumber.objects.get(serial=2)
    assert fa.post(url("number-void", left.pk), {"rev": left.rev, "reason": "不再补录"}).status_code == 302
    left.refresh_from_db()
    assert left.state == NumberState.VOID


def test_a_number_of_last_year_signs_nothing_this_year(office):
    given = {"template": office.template(), "agency": desk.BODY, "reason": "纸质文书补录"}
    (reserved,) = services.reserve_number(office.actor("fa"), **given)
    row = office.drafted()
    assert list(queries.reserved_for(row)) == [reserved]
    with clock.fixed(datetime(2027, 3, 1, 4, tzinfo=UTC)):
        assert not queries.reserved_for(row).exists()
        with pytest.raises(Refused, match="属于 2026 年"):
            services.sign_document(office.actor("lin"), row.pk, rev=row.rev, number=reserved.pk)


@pytest.mark.parametrize("holder", ["fa", "dai"])
def test_a_blank_form_goes_to_somebody_who_may_sign(office, holder):
    given = {"template": office.template(), "agency": desk.BODY, "holder": house.account(holder)}
    with pytest.raises(Invalid) as invalid:
        services.issue_blank(office.actor("fa"), **given)
    assert list(invalid.value.fields) == ["holder"]


def test_a_used_number_cannot_be_voided_apart_from_its_document(office, browser):
    row = office.signed()
    number = DocumentNumber.objects.get(document=row.pk)
    answer = browser("fa").post(url("number-void", number.pk), {"rev": number.rev, "reason": "误"})
    assert answer.status_code == 409


def test_blank_forms_are_accounted_for_one_by_one(office, browser):
    fa = browser("fa")
    sent = {
        "agency": desk.BODY,
        "template": str(office.template().pk),
        "count": 3,
        "holder": str(house.account("lin").pk),
    }
    from xiezhi.people import services as people

    officer = people.register_officer(desk.SETUP, unit=desk.SQUAD, name="示例林", skills=[])
    account = house.account("lin")
    account.officer_id = officer.pk
    account.save(update_fields=["officer"])
    answer = fa.post(url("blanks-new"), sent)
    assert answer.status_code == 302, answer.content.decode()
    used, returned, kept = DocumentNumber.objects.order_by("serial")
    assert {row.state for row in (used, returned, kept)} == {NumberState.HANDED}
    assert len({row.code for row in (used, returned, kept)}) == 3
    printed = fa.get(url("blank-pdf", used.pk))
    assert b"".join(printed.streaming_content).startswith(b"%PDF-")
    scan = io.BytesIO(desk.PDF)
    scan.name = "手写.pdf"
    come = {"rev": used.rev, "title": "示例现场检查", "signed_on": "2026-03-10", "scan": scan}
    lin = browser("lin")
    assert used.text in lin.get(url("numbers")).content.decode()
    assert browser("mei").post(url("blank-use", used.pk), come).status_code == 404
    assert lin.post(url("blank-return", used.pk), {"rev": used.rev}).status_code == 403
    scan.seek(0)
    assert lin.post(url("blank-use", used.pk), come).status_code == 302
    assert fa.post(url("blank-return", returned.pk), {"rev": returned.rev}).status_code == 302
    returned.refresh_from_db()
    assert fa.post(url("number-void", returned.pk), {"rev": returned.rev, "reason": "污损"}).status_code == 302
    document = Document.objects.get()
    assert (document.state, document.number, document.code) == (State.SIGNED, used.text, used.code)
    assert lin.get(url("document", document.pk)).status_code == 200
    states = [row.state for row in DocumentNumber.objects.order_by("serial")]
    assert states == [NumberState.USED, NumberState.VOID, NumberState.HANDED]
    page = fa.get(url("reckoning") + "?year=2026").content.decode()
    assert "行政检查通知书" in page
    (account_of,) = queries.accounts(office.actor("fa"), year=2026)
    assert account_of.gaps == []
    assert account_of.counts[NumberState.HANDED] == 1


def test_a_blank_form_is_not_used_before_it_was_handed_out_nor_twice(office):
    row = office.blank()
    given = {"rev": row.rev, "title": "示例", "scan": io.BytesIO(desk.PDF)}
    with pytest.raises(Invalid):
        services.use_blank(office.actor("fa"), row.pk, signed_on=date(2026, 3, 9), **given)
    services.use_blank(office.actor("fa"), row.pk, signed_on=date(2026, 3, 10), **given)
    with pytest.raises(Refused, match="已用"):
        services.use_blank(office.actor("fa"), row.pk, signed_on=date(2026, 3, 10), **given | {"rev": row.rev + 1})


def test_a_number_that_nothing_accounts_for_is_shown_as_a_gap(office, browser):
    office.signed()
    NumberSeries.objects.update(last=3)
    office.signed()
    (account,) = queries.accounts(office.actor("fa"), year=2026)
    assert account.gaps == [(2, 3)]
    assert "2–3" in browser("fa").get(url("reckoning") + "?year=2026").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_get_two_numbers():
    with clock.fixed(house.NOW):
        desk.build()
        rows = [desk.drafted(by="lin") for _ in range(6)]
        actor = desk.actor("lin")
    faults = []

    def sign(mine):
        try:
            with clock.fixed(house.NOW):
                for row in mine:
                    services.sign_document(actor, row.id, rev=row.rev)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign, args=(rows[n::2],)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(DocumentNumber.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert connection.vendor in {"sqlite", "postgresql"}
