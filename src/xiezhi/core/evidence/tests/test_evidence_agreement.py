"""Chains that are signed well and linked wrong: the folder's checker names what the house names."""

from dataclasses import replace

import pytest

from xiezhi.core.evidence import chain, export, verify

from . import evidence_cases as cases

ONE, TWO, THREE = cases.chain([1, 2, 3])
OTHER = cases.item_id(9)
END = cases.closing([ONE, TWO])
WRONG = {
    "gap": ([ONE, THREE], []),
    "fork": ([ONE, TWO, cases.manifest(4, cases.FIRST, 2, ONE.digest)], []),
    "reordered": ([ONE, TWO, replace(THREE, prev=ONE.digest)], []),
    "prev-differs": ([ONE, replace(TWO, prev="0" * 64)], []),
    "after-closing": ([ONE, TWO], [cases.closing([ONE])]),
    "head-differs": ([ONE, TWO], [replace(END, head=ONE.digest)]),
    "wrong-visit": ([replace(ONE, visit=OTHER)], []),
    "key-changed": ([ONE, replace(TWO, key="0" * 64)], []),
    "parent-missing": ([ONE, replace(cases.visit()[2], seq=2, prev=ONE.digest)], []),
}


@pytest.mark.parametrize("code", WRONG)
def test_both_name_the_same(code, tmp_path):
    manifests, ends = WRONG[code]
    ours = {one.code for one in chain.faults(cases.VISIT, manifests, ends)}
    _, faults = verify.check(cases.written(cases.folder(manifests, ends), tmp_path), [], False)
    assert code in ours
    assert {found for step, found, _, _ in faults if step == 5} == ours


def test_a_listed_key_that_is_not_the_devices_is_named(tmp_path):
    files = cases.folder([ONE])
    swapped = files["visit.json"].replace(
        verify.base64.urlsafe_b64encode(cases.public(cases.FIRST)).rstrip(b"="),
        verify.base64.urlsafe_b64encode(cases.public(cases.SECOND)).rstrip(b"="),
    )
    assert swapped != files["visit.json"]
    path = cases.written(files | {"visit.json": swapped}, tmp_path)
    assert ("key-unknown", f"items/{ONE.item}") in {(one[1], one[2]) for one in verify.check(path, [], False)[1]}


def test_an_event_that_is_not_under_the_checkpoint_is_named(tmp_path):
    files = cases.folder([ONE, TWO])
    name = f"items/{ONE.item}/proof.json"
    salted = files[name].replace(b'"salt":"00', b'"salt":"01')
    assert salted != files[name]
    path = cases.written(cases.reindexed(files | {name: salted}), tmp_path)
    assert [one[:3] for one in verify.check(path, [], False)[1]] == [(7, "proof-fails", f"items/{ONE.item}")]


@pytest.mark.parametrize(
    ("keys", "log_keys"),
    [({}, [cases.VKEY]), ({cases.FIRST: cases.public(cases.FIRST)}, [])],
    ids=["log", "device"],
)
def test_a_listed_key_that_signed_nothing_is_named(keys, log_keys, tmp_path):
    path = cases.written(export.files(cases.VISIT, [], [], keys=keys, log_keys=log_keys), tmp_path)
    assert [one[1] for one in verify.check(path, [], False)[1]] == ["index-differs"]
