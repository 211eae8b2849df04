"""Levels of the ceremony: who must witness, when he reveals, and that every byte of what he says is bound."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from xiezhi.core.draw import bundle, ceremony, levels, verify
from xiezhi.core.draw.hashing import PROFILES
from xiezhi.core.errors import Invalid

from . import draw_cases as cases
from . import level_cases
from .level_cases import DISCIPLINE, JUSTICE, LEVELS, NOTARY, OWN, REVEALED, given, published, reveal, witness
from .sealed_log import sealed_events

LOTTERY = cases.SOURCES[0]
Files = dict[str, bytes]


def failed(files: Files) -> str:
    *_, (holds, step, _) = verify.run(files)
    return "" if holds else step


def texts(files: Files) -> dict[str, str]:
    return {step: text for _, step, text in verify.run(files)}


@pytest.mark.parametrize(
    ("level", "announced", "holds"),
    [
        ("routine", [LOTTERY], True),
        ("routine", [LOTTERY, witness(DISCIPLINE)], False),
        ("routine", [witness(OWN)], False),
        ("joint", [LOTTERY], False),
        ("joint", [witness(DISCIPLINE)], False),
        ("joint", [witness(DISCIPLINE), LOTTERY], True),
        ("joint", [LOTTERY, witness(NOTARY)], True),
        ("joint", [LOTTERY, witness(DISCIPLINE), witness(OWN)], False),
        ("contested", [LOTTERY, witness(NOTARY)], False),
        ("contested", [LOTTERY, witness(DISCIPLINE), witness(JUSTICE)], False),
        ("contested", [LOTTERY, witness(DISCIPLINE), witness(NOTARY)], True),
        ("quick", [witness(OWN)], True),
        ("quick", [LOTTERY], False),
        ("quick", [witness(OWN), LOTTERY], False),
        ("quick", [witness(OWN), witness(DISCIPLINE)], False),
    ],
)
def test_what_each_level_needs(level, announced, holds):
    rules = cases.rules(level=level, sources=tuple(announced))
    if holds:
        rules.check()
        return
    with pytest.raises(Invalid) as caught:
        rules.check()
    assert set(caught.value.fields) == {"sources"}


@pytest.mark.parametrize(
    "changed",
    [
        {"commitment": ""},
        {"commitment": "A" * 64},
        {"not_before": LOTTERY.not_before},
        {"encoding": "utf8"},
    ],
)
def test_a_witness_is_announced_with_his_hash_and_reveals_before_the_source(changed):
    with pytest.raises(Invalid) as caught:
        cases.rules(level="joint", sources=(replace(witness(DISCIPLINE), **changed), LOTTERY)).check()
    assert set(caught.value.fields) == {f"sources.{DISCIPLINE}"}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_verifies(level, profile):
    assert failed(published(level, profile)) == ""


def test_a_reveal_changes_the_seed_and_a_missing_one_is_left_out_and_said():
    commitment = level_cases.committed("contested")
    full = ceremony.draw(commitment, given("contested"), drawn_at=cases.DRAWN)
    less = ceremony.draw(commitment, given("contested", [JUSTICE]), drawn_at=cases.DRAWN)
    assert full.seed != less.seed
    files = published("contested", missing=[JUSTICE])
    assert failed(files) == ""
    assert "见证人 3 名，其中 1 名未揭示" in texts(files)["随机源"]


def test_the_seed_takes_the_reveals_as_the_text_says():
    """docs/dr-1.md §2 and §4, written out."""
    commitment = level_cases.committed("joint")
    result = ceremony.draw(commitment, given("joint"), drawn_at=cases.DRAWN)
    framed = verify.L
    secret, nonce = level_cases.secret(DISCIPLINE)
    mixed = framed(framed(DISCIPLINE) + framed(framed(secret) + framed(nonce)))
    mixed += framed(framed("彩票") + framed("03 11 19 22 28 30 + 07"))
    head = framed(commitment.rules.draw_id) + framed(commitment.root) + framed(commitment.rules_hash)
    assert result.seed == PROFILES["dr/1"].digest(b"dr/1/seed" + head + mixed)


@pytest.mark.parametrize(
    "changed",
    [
        {"value": levels.written(bytes(16), bytes(32))},
        {"value": "00:00"},
        {"value": reveal(DISCIPLINE).value.upper()},
        {"published_at": cases.COMMITTED},
        {"published_at": cases.COMMITTED + timedelta(minutes=59)},
        {"published_at": LOTTERY.not_before},
        {"confirmed_by": "officer:31"},
        {"entered_by": ""},
        {"published_at": None},
    ],
)
def test_a_reveal_that_does_not_match_or_comes_at_the_wrong_time_is_refused(changed):
    commitment, (first, second) = level_cases.committed("joint"), given("joint")
    wrong = replace(first, **changed)
    with pytest.raises(Invalid) as caught:
        ceremony.draw(commitment, [wrong, second], drawn_at=cases.DRAWN)
    assert set(caught.value.fields) == {f"sources.{DISCIPLINE}"}
    with pytest.raises(Invalid):
        ceremony.check_reveal(commitment, wrong)


def test_a_reveal_is_checked_before_the_draw_too():
    ceremony.check_reveal(level_cases.committed("joint"), reveal(DISCIPLINE))
    for stranger in (replace(reveal(DISCIPLINE), label="甲"), cases.sources()[0]):
        with pytest.raises(Invalid):
            ceremony.check_reveal(level_cases.committed("joint"), stranger)


def test_the_systems_own_number_is_never_missing_and_takes_two_people():
    commitment = level_cases.committed("quick")
    for wrong in (ceremony.Source.missing(OWN), replace(reveal(OWN), confirmed_by="officer:12")):
        with pytest.raises(Invalid):
            ceremony.draw(commitment, [wrong], drawn_at=cases.DRAWN)


def test_a_quick_draw_says_plainly_what_it_proves():
    assert "本次抽取采用系统自身随机数，仅能证明" in texts(published("quick"))["规则"]


def test_before_the_draw_the_bundle_shows_who_revealed():
    files = published("contested", missing=[JUSTICE], drawn=False)
    assert failed(files) == ""
    assert texts(files)["随机源"] == "尚未抽取，2 项承诺已揭示"
    assert texts(published("contested", missing=LEVELS["contested"], drawn=False))["随机源"] == "尚未抽取"


def test_a_public_value_before_the_draw_or_a_reveal_that_no_event_tells_fails():
    commitment = level_cases.committed("joint")
    for told in ([reveal(DISCIPLINE), cases.sources()[0]], [cases.sources()[0]]):
        assert failed(bundle.bundle(commitment, reveals=told)) == "随机源"
    seal = sealed_events([level_cases.commitment_event(commitment)])
    assert failed(bundle.bundle(commitment, reveals=[reveal(DISCIPLINE)], seal=seal)) == "随机源"
    other = replace(reveal(DISCIPLINE), published_at=REVEALED + timedelta(seconds=1))
    for events in (
        [level_cases.commitment_event(commitment), level_cases.reveal_event(other)],
        [level_cases.reveal_event(reveal(DISCIPLINE)), level_cases.commitment_event(commitment)],
    ):
        found = failed(bundle.bundle(commitment, reveals=[reveal(DISCIPLINE)], seal=sealed_events(events)))
        assert found in ("随机源", "存证")


@pytest.mark.parametrize(("level", "missing", "drawn"), [
    ("joint", (), True), ("contested", (JUSTICE,), True), ("quick", (), True), ("contested", (JUSTICE,), False),
])  # fmt: skip
def test_every_byte_of_every_data_file_is_bound(level, missing, drawn):
    files, rng = published(level, missing=missing, drawn=drawn), random.Random(level)
    for name in (*bundle.FILES, "manifest.json"):
        data = files[name]
        # What a level changes is tried byte by byte; the rest is spread over as test_draw_bundle does.
        step = 1 if name in ("sources.json", "void.json") else max(1, len(data) // 60)
        for at in range(0, len(data), step):
            changed = data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]
            assert failed({**files, name: changed}) != "", (name, at)


def test_a_forger_who_remakes_the_manifest_cannot_touch_a_reveal():
    """All of a reveal's entry but who typed it is bound by hash, seed, and the sealed event."""
    files, rng = published("joint"), random.Random(11)
    entry = bundle.sources_document(given("joint"))[0]
    for name in ("value", "published_at", "label", "confirmed_by"):
        start = files["sources.json"].index(f'"{name}":"{entry[name]}'.encode()) + len(name) + 4
        for at in range(start, start + len(entry[name].encode())):
            data = files["sources.json"]
            changed = data[:at] + bytes([data[at] ^ 1 << rng.randrange(7)]) + data[at + 1 :]
            forged = {**files, "sources.json": changed}
            assert failed({**forged, "manifest.json": bundle.manifest(forged)}) != "", (name, at)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_witness_makes_his_commitment_with_verify_py_alone(profile, capsys):
    assert verify.main(["--witness", NOTARY, profile]) == 0
    commitment, value = (line.split("：")[-1] for line in capsys.readouterr().out.splitlines()[1:])
    assert levels.witness_hash(PROFILES[profile], NOTARY, *levels.revealed(value)) == commitment
    assert verify.witnessed(NOTARY, profile)[1] != value
