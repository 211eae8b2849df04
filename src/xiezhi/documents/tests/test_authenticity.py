"""The public page that the QR leads to: what the number is, when signed, the hash, the proof; no party, no case."""

import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi.blobs import store
from xiezhi.core.tlog import check_event
from xiezhi.documents import services
from xiezhi.documents.models import Document
from xiezhi.documents.tests import desk
from xiezhi.record import queries, sequencer


def page(code):
    return Client().get(reverse("document-authenticity", args=[code]))


def test_the_page_tells_number_type_time_and_hash_but_neither_party_nor_case(office):
    row = office.signed()
    text = page(row.code).content.decode()
    for said in (row.number, "行政检查通知书", "示例市城建监察支队", row.pdf_id, "2026-03-10 12:00"):
        assert said in text
    for hidden in ("示例建设〇一有限公司", row.title, "示例家园"):
        assert hidden not in text


def test_the_code_may_be_typed_in_small_letters_and_an_unknown_one_is_not_found(office):
    row = office.signed()
    assert page(row.code.lower()).status_code == 200
    assert page("ABCDEFGH23456789").status_code == 404
    assert page(office.drafted().code).status_code == 404


@pytest.mark.parametrize(("change", "said"), [(b"", "一致"), (b" ", "不一致")])
def test_a_file_is_compared_and_not_kept(office, change, said):
    row = office.signed()
    with store.open(row.pdf_id) as file:
        content = io.BytesIO(file.read() + change)
    content.name = "文书.pdf"
    answer = Client().post(reverse("document-authenticity", args=[row.code]), {"file": content})
    assert answer.status_code == 200
    assert f"<p>{said}：" in answer.content.decode()
    assert store.exists(row.pdf_id)
    content.seek(0)
    import hashlib

    digest = hashlib.sha256(content.read()).hexdigest()
    assert store.exists(digest) == (not change)


def test_a_sealed_scan_counts_as_the_document_too(office):
    row = office.sealed()
    scan = io.BytesIO(desk.PDF)
    scan.name = "扫描.pdf"
    answer = Client().post(reverse("document-authenticity", args=[row.code]), {"file": scan})
    assert "<p>一致：" in answer.content.decode()


def test_the_proof_shows_the_signature_in_the_sealed_record(office):
    row = office.signed()
    assert Client().get(reverse("document-proof", args=[row.code])).status_code == 404
    sequencer.seal_all()
    given = Client().get(reverse("document-proof", args=[row.code])).json()
    assert json.loads(given["event"])["data"]["sha256"] == row.pdf_id
    assert list(check_event.check(given, queries.public_keys()[-1]))
    with pytest.raises(ValueError, match="不在检查点之下"):
        list(check_event.check({**given, "event": given["event"].replace(row.number, "示例〔2026〕9号")}))
    assert "下载证明" in page(row.code).content.decode()


def test_void_and_corrected_documents_say_so(office):
    void = office.signed()
    services.void_document(office.actor("lin"), void.id, rev=void.rev, reason="写错对象")
    text = page(void.code).content.decode()
    assert "已作废" in text
    assert "写错对象" not in text
    old = office.signed()
    fresh = services.correct_document(office.actor("lin"), old.id, rev=old.rev)
    services.sign_document(office.actor("lin"), fresh.id, rev=fresh.rev)
    fresh.refresh_from_db()
    assert f"已由 {fresh.number} 更正" in page(old.code).content.decode()


def test_a_blank_form_is_told_as_what_it_is(office):
    row = office.blank()
    assert "预编号的空白文书" in page(row.code).content.decode()


def test_a_sample_is_told_as_one(office, settings):
    settings.DEMO = True
    assert "没有法律效力" in page(office.signed().code).content.decode()


def test_a_sample_that_is_void_says_both(office, settings):
    row = office.signed()
    Document.objects.filter(pk=row.pk).update(synthetic=True)
    services.void_document(office.actor("lin"), row.id, rev=row.rev, reason="写错对象")
    text = page(row.code).content.decode()
    assert "已作废" in text
    assert "样例" in text
