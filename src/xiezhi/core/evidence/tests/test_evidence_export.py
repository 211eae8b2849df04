"""The folder and the stand-alone checker: whatever is flipped, removed, doubled or swapped is named."""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezhi.core.evidence import export, fields, verify

from . import evidence_cases as cases

FILES = cases.folder()
SMALL = cases.folder(cases.chain([0x101, 0x102]))  # what bytes are flipped in: the pure curves are slow
PLACES = sorted(SMALL)
VISIT = cases.visit()


def checked(files, *, keys=(), complete=True):
    with tempfile.TemporaryDirectory() as path:
        f, faults = verify.check(cases.written(files, Path(path)), list(keys), complete)
        return f, [(code, where) for _, code, where, _ in faults]


def codes(files, **options):
    return {code for code, _ in checked(files, **options)[1]}


def test_a_whole_visit_holds_even_with_complete_and_the_key():
    found, faults = checked(FILES, keys=[cases.VKEY])
    assert faults == []
    told = {(code, where) for _, code, where, _ in found.found}
    assert ("clock-unknown", f"items/{cases.item_id(0x201)}") in told
    assert ("several-devices", f"设备 {cases.SECOND}") in told


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES), st.data())
def test_any_flipped_byte_is_named(name, data):
    place = data.draw(st.integers(0, len(SMALL[name]) - 1))
    flipped = bytearray(SMALL[name])
    flipped[place] ^= data.draw(st.integers(1, 255))
    _, faults = checked(SMALL | {name: bytes(flipped)})
    assert faults
    if name != export.INDEX:
        assert ("file-altered", name) in faults


BOUND = [name for name in PLACES if name.startswith(("items/", "closings/", "statement"))]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(BOUND), st.data())
def test_any_flipped_byte_is_named_though_the_index_was_written_anew(name, data):
    place = data.draw(st.integers(0, len(SMALL[name]) - 1))
    flipped = bytearray(SMALL[name])
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    _, faults = checked(cases.reindexed(SMALL | {name: bytes(flipped)}))
    assert any(where.startswith(name.rpartition("/")[0] or name) for _, where in faults)


@pytest.mark.parametrize("name", BOUND)
def test_any_removed_file_is_named(name):
    left = {other: data for other, data in SMALL.items() if other != name}
    assert ("file-missing", name) in checked(left)[1]
    faults = checked(cases.reindexed(left))[1]
    assert faults


@pytest.mark.parametrize("one", VISIT, ids=lambda one: f"{one.device[-1]}{one.seq}")
def test_any_removed_item_is_named_though_the_index_was_written_anew(one):
    found, faults = checked(cases.reindexed(cases.without(FILES, one.item)))
    assert ("gap", f"设备 {one.device}") in faults
    assert (5, "gap", f"设备 {one.device}", f"第 {one.seq} 项") in found.found


def test_a_tail_removed_with_its_closing_leaves_an_open_chain_which_complete_refuses():
    left = cases.without(FILES, VISIT[-1].item)
    left = cases.reindexed({name: data for name, data in left.items() if cases.SECOND not in name})
    assert codes(left) == {"chain-open", "statement-differs"}
    left = cases.reindexed({name: data for name, data in left.items() if name != "statement.txt"})
    assert codes(left) == {"chain-open", "statement-missing"}
    found, faults = checked(left, complete=False)
    assert faults == []
    assert any(code == "chain-open" for _, code, _, _ in found.found)


def test_a_device_left_out_whole_is_named_by_the_statement():
    first = [one for one in VISIT if one.device == cases.FIRST]
    said = cases.stated(VISIT, cases.closings(VISIT))
    _, faults = checked(cases.folder(first, said=said), complete=False)
    assert faults == [("statement-differs", f"设备 {cases.SECOND}")]


def test_a_missing_statement_is_told_and_a_false_one_named():
    bare = cases.reindexed({name: data for name, data in FILES.items() if name != "statement.txt"})
    assert codes(bare) == {"statement-missing"}
    assert codes(bare, complete=False) == set()
    said = FILES["statement.txt"]
    assert codes(cases.reindexed(FILES | {"statement.txt": said.replace(b"05:00", b"06:00")})) == {
        "statement-signature"
    }
    receipt = FILES[f"items/{VISIT[0].item}/receipt.txt"]
    assert codes(cases.reindexed(FILES | {"statement.txt": receipt})) == {"statement-malformed"}
    assert "receipt-malformed" in codes(cases.reindexed(FILES | {f"items/{VISIT[0].item}/receipt.txt": said}))


def test_a_doubled_item_is_named():
    first = f"items/{VISIT[0].item}/"
    other = f"items/{cases.item_id(0x999)}/"
    more = {name.replace(first, other): data for name, data in FILES.items() if name.startswith(first)}
    _, faults = checked(cases.reindexed(FILES | more))
    assert {"item-misplaced", "item-doubled", "fork"} <= {code for code, _ in faults}
    assert ("item-misplaced", other[:-1]) in faults


@pytest.mark.parametrize("what", ["", "original", "manifest.json", "signature.txt", "receipt.txt", "proof.json"])
def test_swapped_items_and_parts_of_items_are_named(what):
    here, there = (f"items/{one.item}/" for one in VISIT[:2])
    swapped = {}
    for name, data in FILES.items():
        for one, other in ((here, there), (there, here)):
            if name.startswith(one + what):
                swapped[name.replace(one, other)] = data
    _, faults = checked(cases.reindexed(FILES | swapped))
    assert {here[:-1], there[:-1]} <= {where for _, where in faults}


def test_an_extra_file_a_link_and_an_odd_index_are_named(tmp_path):
    assert ("file-unlisted", "more.txt") in checked(FILES | {"more.txt": b""})[1]
    path = cases.written(FILES, tmp_path)
    (path / "link").symlink_to("visit.json")
    assert (1, "not-a-file", "link", "") in verify.check(path, [], False)[1]
    assert "index-malformed" in codes(FILES | {export.INDEX: b"{}"})
    assert "index-malformed" in codes({name: data for name, data in FILES.items() if name != export.INDEX})


def test_the_high_s_twin_of_a_signature_is_named_by_the_receipt():
    name = f"items/{VISIT[0].item}/signature.txt"
    raw = verify.b64url(FILES[name].decode())
    twin = raw[:32] + (verify.N - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    assert codes(cases.reindexed(FILES | {name: fields.b64url(twin).encode()})) == {"receipt-differs"}


def test_receipts_and_proofs_to_come_are_told_and_refused_only_when_all_must_be_complete():
    entries = [replace(one, receipt=None, proof=None) for one in cases.entries(VISIT)]
    files = cases.folder(VISIT, made=entries)
    assert codes(files) == {"receipt-missing", "proof-missing"}
    assert codes(files, complete=False) == set()


def test_a_proof_without_its_receipt_and_one_of_another_item_are_named():
    made = cases.entries(VISIT)
    bare = [replace(made[0], receipt=None), *made[1:]]
    assert "proof-alone" in codes(cases.folder(VISIT, made=bare), complete=False)
    other = [replace(made[0], proof=made[1].proof), *made[1:]]
    assert codes(cases.folder(VISIT, made=other)) == {"proof-differs"}


def test_another_key_than_the_known_one_is_named():
    assert codes(FILES, keys=["record.example.org/log+00000000+AAAA"]) == {"key-not-given"}


def test_an_idle_device_or_log_key_in_the_index_is_named():
    files = export.files(cases.VISIT, [], [], keys={cases.FIRST: cases.public(cases.FIRST)}, log_keys=[cases.VKEY])
    assert codes(files, complete=False) == {"index-differs"}


def test_a_clock_wrong_by_three_hours_is_told_and_holds():
    wrong = cases.chain([1, 2], clock=replace(cases.SYNCED, offset_ms=3 * 3600 * 1000))
    found, faults = checked(cases.folder(wrong))
    assert faults == []
    assert (8, "clock-off", f"items/{wrong[0].item}", "10800 秒") in found.found


@pytest.mark.parametrize("arguments", [[], ["--complete", "--key", cases.VKEY]])
def test_a_bare_python_runs_the_script_of_the_folder(tmp_path, arguments):
    path = cases.written(FILES, tmp_path)

    def run():
        command = [sys.executable, "-I", str(path / "verify.py"), *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    assert (run().returncode, run().stderr) == (0, "")
    (path / export.original(VISIT[0].item)).write_bytes(b"another photo")
    again = run()
    assert again.returncode == 1
    assert f"✗ 3 original-differs items/{VISIT[0].item}" in again.stdout
