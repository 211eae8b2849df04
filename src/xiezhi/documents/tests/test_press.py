"""The press: the same bytes again, Chinese embedded, data as text, an end to what takes too long."""

import io
import subprocess
import sys

import pypdf
import pytest

from xiezhi.blobs import store
from xiezhi.documents import press, previews, queries
from xiezhi.documents.models import Document
from xiezhi.documents.press import CHILD, FAMILIES, NoFonts, Press, Unset
from xiezhi.documents.tests import desk


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def stored(row: Document) -> bytes:
    with store.open(str(row.pdf_id)) as file:
        return file.read()


def test_a_signed_document_can_be_made_again_byte_by_byte(office):
    row = office.signed()
    assert press.pdf(queries.printed(row), row.signed_at) == stored(row)
    assert row.pdf_id == store.put(stored(row)).sha256


def test_fonts_are_embedded_and_the_number_code_and_pages_stand_in_the_file(office):
    row = office.signed()
    content = stored(row)
    reader = pypdf.PdfReader(io.BytesIO(content))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(one.get_object()) for one in descriptors)
    text = words(content)
    assert row.code in text
    assert "第 1 页" in text
    assert "检通〔2026〕1 号" in text or "检通〔2026〕1号" in text


def test_what_is_typed_is_text_whatever_it_looks_like(office):
    evil = '#read("/etc/passwd") #sys.inputs $x$ */_ \\ `raw` #import "@preview/a:0.1.0"'
    row = office.signed(values=office.sample() | {"materials": evil})
    text = words(stored(row)).replace("\n", "")
    assert '#read("/etc/passwd")' in text
    assert "root:" not in text


def test_synthetic_pages_say_so_and_real_ones_do_not(office, settings):
    assert "样例" not in words(stored(office.signed()))
    settings.DEMO = True
    row = office.signed()
    assert row.synthetic
    assert "样例" in words(stored(row))


def test_a_draft_is_marked_as_one(office):
    assert "草稿" in words(press.pdf(previews.of_draft(office.drafted()), previews.MOMENT))


def test_a_page_that_takes_too_long_is_ended_and_the_next_one_is_set(office, settings):
    own = Press()
    page = previews.page(office.template())
    asked = {"input": page, "timestamp": 0, "format": "pdf", "page": 1, "ppi": 0}
    own.make(asked)
    settings.PRESS_SECONDS = 0.2
    endless = {**page, "blocks": page["blocks"] * 3000}
    with pytest.raises(Unset, match="已停止"):
        own.make({**asked, "input": endless})
    settings.PRESS_SECONDS = 20
    assert own.make(asked)[0].startswith(b"%PDF-")
    own.close()


def test_a_character_that_no_font_has_is_named(office):
    page = previews.page(office.template())
    strange = {**page, "blocks": [["par", [["t", "\U000e0000\U0001f9ff", False]]]]}
    with pytest.raises(Unset, match="could not be displayed"):
        press.pdf(strange, previews.MOMENT)


def test_without_a_chinese_font_the_sentence_says_what_to_do(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(press, "FAMILIES", ("No Such Face",))
    own = Press()
    with pytest.raises(NoFonts, match="fonts-noto-cjk"):
        own.engine()
    own.close()


def test_the_child_reads_nothing_beside_its_own_folder(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    source = CHILD.with_name("page.typ").read_text()
    assert "eval(" not in source
    assert "read(" not in source
    started = subprocess.run(
        [sys.executable, "-P", str(CHILD), "--", *FAMILIES], input=b"", capture_output=True, timeout=60, check=True
    )
    assert b'"families"' in started.stdout


def test_every_national_form_is_set(office):
    for code in (
        "inspection_approval",
        "site_record",
        "sampling_record",
        "questioning_record",
        "inspection_feedback",
    ):
        assert desk.template(code).title.replace("行政", "") in words(
            previews.sample(desk.template(code))
        ).replace("行政", "")
