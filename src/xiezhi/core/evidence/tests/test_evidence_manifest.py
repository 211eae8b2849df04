"""Reading is exact, and the checker of the folder reads no looser than the house."""

from dataclasses import replace

import pytest

from xiezhi.core import canonical
from xiezhi.core.evidence import device, fields, manifest, receipts, statement, verify
from xiezhi.core.evidence.faults import Malformed, Refuted
from xiezhi.core.tlog import checkpoint, note

from . import evidence_cases as cases

ONE = canonical.decode(cases.manifest().encode())
NONE = object()
BAD = [
    ("item", "0193A000-0000-7000-8000-000000000001"), ("item", None), ("format", "ev-2/manifest"), ("seq", 0),
    ("seq", True), ("seq", "1"), ("seq", 10_001), ("prev", "0" * 64), ("prev", ""), ("kind", "photo"), ("kind", []),
    ("media_type", "image"), ("media_type", "Image/jpeg"), ("media_type", "text/plain; charset=utf-8"),
    ("media_type", "a/" + "b" * 126), ("size", -1), ("size", None), ("sha256", "0" * 63), ("sha256", "0" * 64 + "\n"),
    ("taken_at", "2026-11-24T02:00:00Z"), ("taken_at", "2026-02-30T02:00:00.000Z"),
    ("taken_at", "2026-11-24T24:00:00.000Z"), ("taken_at", "２026-11-24T02:00:00.000Z"),
    ("clock", {}), ("clock.offset_ms", "1"), ("clock.known_at", None), ("clock.more", 1), ("position", None),
    ("position", {}), ("position.none", "denied"), ("position", {"none": "lazy"}), ("position.lat_e7", 900_000_001),
    ("position.lon_e7", -1_800_000_001), ("position.accuracy_cm", -1), ("position.datum", "CGCS2000"),
    ("position.source", "gps"), ("officers", [cases.OFFICERS[0]]), ("officers", list(cases.OFFICERS[::-1])),
    ("officers", [cases.OFFICERS[0]] * 2), ("officers", "two"), ("derived_from", {}), ("app", ""), ("app", "a b"),
    ("derived_from", {"item": cases.item_id(1), "manifest": "0" * 64, "method": "watermark"}), ("more", 1), ("app", NONE),
]  # fmt: skip


@pytest.mark.parametrize(("way", "value"), BAD, ids=range(len(BAD)))
def test_what_is_not_of_the_form_is_refused_by_both_with_the_way_to_it(way, value):
    given = canonical.decode(canonical.encode(ONE))
    holder, (*steps, last) = given, way.split(".")
    for step in steps:
        holder = holder[step]
    holder[last] = value
    if value is NONE:
        del holder[last]
    data = canonical.encode(given)
    with pytest.raises(Malformed) as raised:
        manifest.parse(data)
    assert raised.value.field.startswith(way.partition(".")[0])
    with pytest.raises((verify.Wrong, TypeError, ValueError)):
        verify._manifest(data)


@pytest.mark.parametrize("one", cases.visit(), ids=lambda one: f"{one.device[-1]}{one.seq}")
def test_a_manifest_comes_back_as_it_was_written(one):
    assert manifest.parse(one.encode()) == one
    assert verify._manifest(one.encode())["item"] == one.item


def test_bytes_that_are_not_canonical_are_refused():
    data = cases.manifest().encode()
    for other in (
        data + b"\n",
        data.replace(b'"seq":1', b'"seq": 1'),
        data.replace(b'"seq":1', b'"seq":1.0'),
        b"[]",
    ):
        with pytest.raises(Malformed):
            manifest.parse(other)


def test_all_kinds_of_article_46_can_be_written():
    assert [manifest.parse(cases.manifest(kind=kind).encode()).kind for kind in manifest.KINDS] == list(
        manifest.KINDS
    )
    assert len(manifest.KINDS) == 8


def test_a_closing_is_read_as_written_and_no_manifest_passes_for_it():
    closing = cases.closing(cases.chain([1, 2]))
    assert device.parse_closing(closing.encode()) == closing
    with pytest.raises(Malformed):
        device.parse_closing(replace(closing, count=1, head=closing.head).encode() + b" ")
    with pytest.raises(Malformed, match="head"):
        replace(closing, head=None).encode()
    signature = cases.signed(closing)
    device.verify(cases.public(cases.FIRST), closing.format, closing.encode(), signature)
    with pytest.raises(Refuted):
        device.verify(cases.public(cases.FIRST), manifest.FORMAT, closing.encode(), signature)


def sealed():
    one = cases.manifest()
    signature = cases.signed(one)
    return one, signature, receipts.receipt(one, signature, "2026-11-24T04:00:00.000Z")


def test_a_receipt_is_opened_by_its_key_and_belongs_to_one_item():
    one, signature, receipt = sealed()
    opened = receipts.open_signed(receipts.sign(receipt, cases.LOG), [cases.LOG.verifier])
    assert opened == receipt
    receipts.check(opened, one, signature)
    for changed in ({"size": one.size + 1}, {"sha256": "0" * 64}, {"kind": "physical"}):
        with pytest.raises(Refuted, match="receipt-differs"):
            receipts.check(opened, replace(one, **changed), signature)
    with pytest.raises(Refuted, match="receipt-differs"):
        receipts.check(opened, one, "A" * 86)


def test_another_key_a_flipped_byte_and_two_signatures_are_refused():
    data = receipts.sign(sealed()[2], cases.LOG)
    other = note.SignerKey(cases.LOG.name, note.ED25519, bytes(32))
    with pytest.raises(Refuted, match="receipt-signature"):
        receipts.open_signed(data, [other.verifier])
    with pytest.raises(Refuted, match="receipt-signature"):
        receipts.open_signed(data.replace(b"04:00", b"03:00"), [cases.LOG.verifier])
    twice = note.sign(sealed()[2].text(), [cases.LOG, other]).encode()
    with pytest.raises(Malformed, match="one signature"):
        receipts.open_signed(twice, [cases.LOG.verifier])


def test_a_checkpoint_of_the_log_is_no_receipt_and_a_receipt_no_checkpoint():
    head = checkpoint.sign(checkpoint.Checkpoint("ev-1/receipt", 3, bytes(32)), [cases.LOG])
    with pytest.raises(Malformed):
        receipts.open_signed(head, [cases.LOG.verifier])
    with pytest.raises(ValueError, match="checkpoint"):
        checkpoint.Checkpoint.parse(sealed()[2].text())


def test_a_statement_names_each_chain_and_its_end():
    whole = cases.visit()
    data = cases.stated(whole[:3], [cases.closing(whole[3:])])
    opened = statement.open_signed(data, [cases.LOG.verifier])
    assert opened.chains == (
        statement.Chain(cases.FIRST, 3, whole[2].digest), statement.Chain(cases.SECOND, 0, None),
    )  # fmt: skip
    with pytest.raises(Refuted, match="statement-signature"):
        statement.open_signed(data.replace(b"05:00", b"06:00"), [cases.LOG.verifier])
    with pytest.raises(Malformed, match="ev-1/receipt"):
        receipts.open_signed(data, [cases.LOG.verifier])
    with pytest.raises(Malformed, match="sorted"):
        replace(opened, chains=opened.chains[::-1]).text()
    with pytest.raises(Malformed, match=r"chains\[0\].head"):
        replace(opened, chains=(replace(opened.chains[0], head=None),)).text()


def test_times_are_written_in_one_way():
    for text in ("2026-11-24T02:00:00.000Z", "0001-01-01T00:00:00.999Z"):
        assert fields.stamp(fields.instant(text)) == text
