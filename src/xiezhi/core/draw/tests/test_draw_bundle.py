"""The published bundle: what a stranger's verify.py accepts, and everything that it must not."""

import io
import json
import math
import random
import subprocess
import sys
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezhi.core import canonical
from xiezhi.core.draw import bundle as bundles
from xiezhi.core.draw import ceremony, verify
from xiezhi.core.draw.bundle import Void
from xiezhi.core.draw.hashing import SHA256, SM3, Profile
from xiezhi.core.draw.roster import Entry, opaque_id
from xiezhi.core.draw.rules import Cycle, StratumRule
from xiezhi.core.draw.tests import draw_cases as cases
from xiezhi.core.draw.tests.sealed_log import ORIGIN, sealed, vkey
from xiezhi.core.errors import Invalid

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def result() -> ceremony.Result:
    return cases.result(officers=True)


@pytest.fixture(scope="module")
def files(result: ceremony.Result) -> Files:
    names = ceremony.opened(result.commitment, {cases.code(at): cases.salt(at) for at in (0, 3, 60)})
    first = bundles.replacement(
        result, (), out=result.drawn[0], at=cases.DRAWN, reason="CLOSED", document="泰〔1〕"
    )
    second = bundles.replacement(result, [first], out=first.into or "", at=cases.DRAWN + timedelta(days=1),
                                 reason="COURT", document="泰〔2〕")  # fmt: skip
    return bundles.bundle(
        result.commitment, result, opened=names, changes=[first, second], seal=sealed(result.commitment)
    )


def failed(files: Files, key: str = "") -> str:
    """The step that fails, or '' when all hold."""
    *_, (holds, step, _) = verify.run(files, key)
    return "" if holds else step


def remade(files: Files, **changed: bytes) -> Files:
    """As a forger would: files replaced and the manifest made anew. ``rules_json`` names rules.json."""
    forged = {**files, **{name.replace("_", "."): data for name, data in changed.items()}}
    return {**forged, "manifest.json": bundles.manifest(forged)}


def edited(files: Files, name: str, edit: object) -> Files:
    value = json.loads(files[name])
    edit(value)  # type: ignore[operator]
    return remade({**files, name: canonical.encode(value)})


def test_a_bare_python_verifies_zip_and_folder(files: Files, tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(bundles.pack(files))
    folder = tmp_path / "open"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for argument in (["../bundle.zip"], ["."], []):
        done = subprocess.run(
            [sys.executable, "-I", "verify.py", *argument],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.count("✓") == len(verify.STEPS)
    (folder / "roster.tsv").write_bytes(files["roster.tsv"].replace(b"\t1\n", b"\t2\n", 1))
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "."], cwd=folder, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert "✗  1 清单：roster.tsv" in done.stdout


@pytest.mark.parametrize("profile", [SHA256, SM3], ids=lambda p: p.name)
def test_both_profiles_verify(profile: object) -> None:
    result = cases.result(profile=profile)
    assert failed(bundles.bundle(result.commitment, result)) == ""


def test_same_draw_same_bytes(files: Files) -> None:
    again = cases.result(officers=True)
    fresh = bundles.bundle(again.commitment, again)
    assert fresh["selection.json"] == files["selection.json"]
    assert bundles.pack(fresh) == bundles.pack(bundles.bundle(again.commitment, again))


def test_any_changed_byte_of_any_data_file_is_named(files: Files) -> None:
    rng = random.Random(2026)
    for name in (*bundles.FILES, "manifest.json"):
        data = files[name]
        step = max(1, len(data) // 150)
        for at in range(0, len(data), step):
            changed = data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]
            assert failed({**files, name: changed}) != "", (name, at)
        assert failed({**files, name: data + b"\n"}) != "", name


def test_a_forger_who_remakes_the_manifest_is_named_too(files: Files) -> None:
    """What the seal, a root, the seed or a recomputation binds needs no manifest."""
    rng = random.Random(7)
    free = {
        "changes.json",
        "sources.json",
        "void.json",
    }  # people, reasons and times: bound by manifest and event
    for name in sorted(set(bundles.FILES) - free):
        data = files[name]
        for _ in range(60):
            at = rng.randrange(len(data))
            changed = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
            assert failed(remade({**files, name: changed})) != "", (name, at, data[at : at + 1])


def test_readme_and_script_are_free_but_nothing_unlisted_is(files: Files) -> None:
    assert failed({**files, "README.md": b"anything"}) == ""
    assert failed({**files, "notes.txt": b""}) == "清单"
    assert failed({**files, "more.html": b""}) == "清单"
    assert failed({name: data for name, data in files.items() if name != "void.json"}) == "清单"


@pytest.mark.parametrize(
    ("name", "edit", "step"),
    [
        ("sources.json", lambda v: v[0].update(value="03 11 19 22 28 30 + 08"), "抽取"),
        ("sources.json", lambda v: v[0].update(published_at="2026-11-24T08:00:00Z"), "随机源"),
        ("sources.json", lambda v: v[0].update(confirmed_by=v[0]["entered_by"]), "随机源"),
        ("sources.json", lambda v: v.reverse(), "随机源"),
        ("sources.json", lambda v: v.clear(), "随机源"),
        ("commitment.json", lambda v: v.update(committed_at="2026-11-24T07:59:59Z"), "存证"),
        ("commitment.json", lambda v: v.update(extra=1), "承诺"),
        ("rules.json", lambda v: v.update(title="另一次"), "承诺"),
        ("rules.json", lambda v: v.update(level="quick"), "规则"),
        ("selection.json", lambda v: v["strata"][0]["streams"][0]["reserves"].pop(), "抽取"),
        ("assignment.json", lambda v: v.pop(), "派遣"),
        ("changes.json", lambda v: v.pop(0), "替换"),
        ("changes.json", lambda v: v[0].update({"in": v[1]["in"]}), "替换"),
        ("void.json", lambda v: None, ""),
        ("proofs.json", lambda v: v.update(events=[]), "存证"),
        ("proofs.json", lambda v: v["events"][0].update(index=5), "存证"),
        ("proofs.json", lambda v: v["events"][0]["proof"].append("00" * 32), "存证"),
    ],
)
def test_each_forgery_fails_at_its_step(files: Files, name: str, edit: object, step: str) -> None:
    assert failed(edited(files, name, edit)) == step


@pytest.mark.parametrize(
    ("name", "data", "step"),
    [
        ("rules.json", b"[" * 100_000, "规则"),
        ("rules.json", b"{}", "规则"),
        ("rules.json", b"\xff", "规则"),
        ("sources.json", b"[1]", "随机源"),
        ("sources.json", b"1e5", "随机源"),
        ("selection.json", b"{}", "随机源"),
        ("roster.tsv", b"", "名单"),
        ("opened.tsv", b"a\tb\n", "名称"),
        ("checkpoint.txt", b"", "存证"),
        ("proofs.json", b"null", "存证"),
        ("changes.json", b"{}", "替换"),
        ("void.json", b"0", "作废"),
        ("manifest.json", b"null", "清单"),
    ],
)
def test_malformed_files_fail_without_a_traceback(files: Files, name: str, data: bytes, step: str) -> None:
    forged = {**files, name: data}
    assert failed(forged if name == "manifest.json" else remade(forged)) == step


def test_a_name_that_was_not_committed_is_caught(files: Files, result: ceremony.Result) -> None:
    line = files["opened.tsv"].split(b"\n")[0]
    one, code, salt = line.split(b"\t")
    for forged in (
        b"\t".join([one, code.replace(b"99", b"98", 1), salt]),
        b"\t".join([one, code, salt[:-2] + b"ff"]),
        b"\t".join(
            [
                SHA256.digest(b"dr/1/id" + b"\0\0\0\x10" + bytes(16) + b"\0\0\0\x01Z").hex().encode(),
                b"Z",
                b"00" * 16,
            ]
        ),
        b"\t".join([one, code, salt.upper()]),
    ):
        assert failed(remade({**files, "opened.tsv": forged + b"\n"})) == "名称"
    with pytest.raises(Invalid):
        ceremony.opened(result.commitment, {cases.code(0): bytes(16)})


def test_a_key_known_from_elsewhere_is_compared(files: Files, result: ceremony.Result) -> None:
    assert failed(files, vkey()) == ""
    assert failed(files, vkey().replace(ORIGIN, "other.example.org/log")) == "存证"
    assert failed(bundles.bundle(result.commitment, result), vkey()) == "存证"


def test_cosignatures_may_follow_the_logs_own(files: Files) -> None:
    line = f"— witness.example.org {b64encode(bytes(80)).decode()}\n".encode()
    assert failed(remade({**files, "checkpoint.txt": files["checkpoint.txt"] + line})) == ""


def test_a_void_draw_stays_readable_and_says_so(result: ceremony.Result) -> None:
    void = Void(cases.DRAWN, "SOURCE_LATE", "随机源公布推迟", "泰住建〔2026〕9号")
    before = bundles.bundle(result.commitment, None, void=void)
    after = bundles.bundle(result.commitment, result, void=void)
    for files in (before, after):
        steps = {step: (holds, text) for holds, step, text in verify.run(files)}
        assert all(holds for holds, _ in steps.values())
        assert "SOURCE_LATE" in steps["作废"][1]


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_odd_containers(files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = list(files.items())
    odd = {
        "repacked": (zipped(members), 0),
        "duplicate name": (zipped([*members, ("rules.json", files["rules.json"])]), 1),
        "extra member": (zipped([*members, ("sub/rules.json", b"")]), 1),
        "directory": (zipped([*members, ("sub/", b"")]), 1),
        "climbing": (zipped([*members, ("../rules.json", b"")]), 1),
        "name cut by a zero": (zipped([*members, ("rules.jsonQx", b"")]).replace(b"jsonQx", b"json\0x"), 1),
        "folder inside": (zipped([("bundle/" + name, data) for name, data in members]), 1),
        "truncated": (zipped(members)[:-30], 1),
        "not a zip": (b"PK nothing", 1),
        "empty": (b"", 1),
    }
    for name, (data, code) in odd.items():
        (tmp_path / "b.zip").write_bytes(data)
        assert verify.main([str(tmp_path / "b.zip")]) == code, name
        assert ("✗" in capsys.readouterr().out) == (code == 1), name
    assert verify.main([str(tmp_path / "none.zip")]) == 2


def test_replacements_take_the_next_reserve_and_never_a_drawn_one(result: ceremony.Result) -> None:
    part = result.strata[1]
    done: list[bundles.Change] = []
    for out in part.drawn:
        done.append(bundles.replacement(result, done, out=out, at=cases.DRAWN, reason="CLOSED", document="号"))
    assert [change.into for change in done] == [one for one, _ in part.streams[0].reserves] + [None]
    assert set(bundles.standing(result, done)).isdisjoint(part.drawn)
    assert failed(bundles.bundle(result.commitment, result, changes=done)) == ""
    with pytest.raises(Invalid):
        bundles.replacement(result, done, out=part.drawn[0], at=cases.DRAWN, reason="CLOSED", document="号")


def test_the_ceremony_refuses_a_source_that_is_not_later(result: ceremony.Result) -> None:
    good = cases.sources()
    for wrong in (
        {"published_at": cases.COMMITTED},
        {"published_at": cases.COMMITTED + timedelta(hours=2)},
        {"published_at": cases.DRAWN + timedelta(seconds=1)},
        {"confirmed_by": good[0].entered_by},
        {"value": ""},
    ):
        with pytest.raises(Invalid):
            ceremony.draw(result.commitment, [replace(good[0], **wrong), good[1]], drawn_at=cases.DRAWN)
    for values in (
        good[:1],
        good[::-1],
        [good[0], replace(good[1], value="C0FFEE")],
        [good[0], replace(good[1], value="xy")],
    ):
        with pytest.raises(Invalid):
            ceremony.draw(result.commitment, values, drawn_at=cases.DRAWN)


def test_the_pure_python_sm3_agrees() -> None:
    for size in (0, 3, 55, 56, 63, 64, 65, 200):
        data = bytes(range(256))[:size]
        assert verify.SM3(data).digest() == SM3.digest(data)


def test_a_flipped_byte_of_the_zip_never_passes_with_other_data(files: Files, tmp_path: Path) -> None:
    packed, rng = bundles.pack(files), random.Random(3)
    bound = {name: data for name, data in files.items() if name not in bundles.UNBOUND}
    for _ in range(300):
        at = rng.randrange(len(packed))
        (tmp_path / "b.zip").write_bytes(
            packed[:at] + bytes([packed[at] ^ rng.randrange(1, 256)]) + packed[at + 1 :]
        )
        try:
            found = verify.read(tmp_path / "b.zip")
        except Exception:  # noqa: BLE001 - an unreadable container is caught, however zipfile says it
            continue
        assert failed(found) != "" or bound.items() <= found.items(), at


shares = st.fractions(0, 1, max_denominator=12)
one_stratum = st.tuples(
    st.sampled_from(["equal", "weighted"]), shares, st.booleans(), st.booleans(), st.integers(0, 4)
)


@given(st.lists(one_stratum, min_size=1, max_size=4), st.lists(st.integers(0, 9), max_size=30),
       st.integers(1, 3), st.booleans(), st.sampled_from([SHA256, SM3]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_whatever_can_be_drawn_verifies(
    designs: list[tuple[str, Fraction, bool, bool, int]], weights: list[int], left: int, has_officers: bool,
    profile: Profile,
) -> None:  # fmt: skip
    strata = [f"层{number}" for number in range(len(designs))]
    roster = [
        Entry(opaque_id(profile, cases.code(at), cases.salt(at)), strata[at % len(strata)], weight)
        for at, weight in enumerate(weights)
    ]
    announced = []
    for name, (method, share, whole, coverage, reserves) in zip(strata, designs, strict=True):
        some = [entry.weight for entry in roster if entry.stratum == name]
        able = len(some) - some.count(0) if method == "weighted" else len(some)
        share = share * able / max(1, len(some))
        n = int(share * len(some)) if whole else None
        announced.append(StratumRule(name, method, n, None if whole else share, coverage, reserves))
    commitment = ceremony.commit(
        roster,
        cases.rules(profile=profile, strata=tuple(announced), cycle=Cycle("周期", 3, 4 - left)),
        committed_at=cases.COMMITTED,
        coverage=[entry.id for entry in roster[::3]],
        officers=cases.table(roster) if has_officers else [],
    )
    result = ceremony.draw(commitment, cases.sources(), drawn_at=cases.DRAWN)
    assert failed(bundles.bundle(commitment, result)) == ""
    for rule, part in zip(announced, result.strata, strict=True):
        drawn, wanted = part.streams[-1].drawn, rule.wanted(part.objects)
        assert math.floor(wanted) - 1 <= len(drawn) <= math.ceil(wanted) + 1
        assert wanted.denominator > 1 or len(drawn) == wanted
    whole = sum(count * chance for _, _, _, count, chance in ceremony.chances(commitment))
    assert whole <= len(roster)
