"""A draw's life through its services: what a stranger can check at each step, and what is refused."""

import io
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.draw.hashing import PROFILES
from xiezhi.core.draw.roster import Entry, entry_leaf, opaque_id
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.inspection import cycles, queries, services
from xiezhi.inspection.models import DrawExclusion, DrawnTarget
from xiezhi.inspection.tests import cases
from xiezhi.record import sequencer
from xiezhi.record.models import EventBody

pytestmark = pytest.mark.django_db
START = cases.START
DOCUMENT = "示监函〔2026〕9号"


def bundle_of(draw) -> bytes:
    with store.open(queries.latest_bundle(draw).sha256) as file:
        return file.read()


def checked(data: bytes, tmp_path) -> subprocess.CompletedProcess:
    """What a stranger does: take verify.py out of the bundle and run it bare."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    return subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify.py"), str(path)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def member(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def refused(service, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        service(*args, **kwargs)
    return caught.value.refusal.rule_id


# --- the whole way -------------------------------------------------------------------------------


def test_a_stranger_verifies_the_bundle_after_the_draw_and_again_with_names_opened(tmp_path):
    draw = cases.published()
    before = bundle_of(draw)
    answer = checked(before, tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert member(before, "opened.tsv") == ""
    with clock.fixed(START + timedelta(days=14)):
        draw = services.open_names(cases.LI, draw.id, rev=draw.rev)
        draw = cases.publish(draw)
    after = bundle_of(draw)
    answer = checked(after, tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert len(member(after, "opened.tsv").splitlines()) == draw.opened_count == 5
    assert member(before, "commitment.json") == member(after, "commitment.json")
    assert draw.state == "opened"


def test_between_commitment_and_draw_the_bundle_shows_the_commitment_alone(tmp_path):
    draw = cases.committed()
    with clock.fixed(START + timedelta(hours=2)):
        draw = cases.publish(draw)
    assert draw.state == "committed"
    answer = checked(bundle_of(draw), tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert "尚未抽取" in answer.stdout


def test_a_flipped_byte_is_caught(tmp_path):
    data = bytearray(bundle_of(cases.published()))
    at = data.index(b'"seed"') + 12
    data[at] ^= 1
    answer = checked(with_right_sums(data), tmp_path)
    assert answer.returncode == 1
    assert "✗" in answer.stdout


def with_right_sums(data: bytes) -> bytes:
    """The same zip with the check sums of its members set right, so that only the content is wrong."""
    raw, target = io.BytesIO(bytes(data)), io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w") as archive:
        for info in source.infolist():
            start = info.header_offset + 30 + len(info.filename.encode())
            archive.writestr(info.filename, bytes(data[start : start + info.file_size]))
    return target.getvalue()


def test_every_projected_column_is_what_the_record_leads_to(capsys):
    cases.opened()
    call_command("record", "replay")
    assert capsys.readouterr().out.startswith("ok")


# --- names stay sealed -----------------------------------------------------------------------------


def test_before_opening_no_code_or_name_stands_in_clear_beside_an_opaque_id():
    draw = cases.published()
    assert not DrawnTarget.objects.filter(draw=draw).exclude(code="", name="", salt="").exists()
    bodies = "".join(EventBody.objects.values_list("data", flat=True))
    assert not [target.code for target in cases.targets(40) if target.code in bodies]


def test_names_of_drawn_objects_need_their_own_ability():
    draw = cases.published()
    reader = cases.officer("officer:zhao", "inspection.read")
    with pytest.raises(Denied):
        queries.sealed_names(reader, draw)
    leader = cases.officer("officer:qian", "inspection.read", "inspection.read_names")
    names = queries.sealed_names(leader, draw)
    drawn = DrawnTarget.objects.filter(draw=draw, standing="drawn").values_list("opaque", flat=True)
    assert all(names[opaque][1].startswith("示例建设") for opaque in drawn)


def test_names_are_not_opened_while_visits_may_still_come():
    draw = cases.published()
    with clock.fixed(START + timedelta(days=11)):
        assert refused(services.open_names, cases.LI, draw.id, rev=draw.rev) == "xz-draw-names-sealed"


def test_only_drawn_removed_and_called_objects_are_opened():
    draw = cases.opened()
    opened = DrawnTarget.objects.filter(draw=draw).exclude(code="")
    assert {row.standing for row in opened} == {"drawn"}


def climbed(profile, entry) -> str:
    """The root that an entry handed out leads to, as RFC 9162 §2.1.3.2 computes it."""
    leaf = entry_leaf(
        Entry(opaque_id(profile, entry.code, bytes.fromhex(entry.salt)), entry.stratum, entry.weight)
    )
    found, place, last = profile.digest(b"\x00" + leaf), entry.index, entry.size - 1
    for sibling in map(bytes.fromhex, entry.path):
        if place % 2 or place == last:
            found = profile.digest(b"\x01" + sibling + found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = profile.digest(b"\x01" + found + sibling)
        place, last = place // 2, last // 2
    return found.hex()


@pytest.mark.parametrize("rows", [11, 16, 37])
@pytest.mark.parametrize("name", ["dr/1", "dr/1-sm3"])
def test_after_the_window_a_firm_gets_its_own_entry_and_proves_it_against_the_root(rows, name):
    draw = cases.published(rows=rows, profile=name)
    with clock.fixed(START + timedelta(days=5)):
        given = {"code": cases.targets(1)[0].code, "document": "申请", "rev": draw.rev}
        assert refused(services.hand_out_entry, cases.LI, draw.id, **given) == "xz-draw-names-sealed"
    with clock.fixed(START + timedelta(days=14)):
        for target in cases.targets(rows):
            given = {"code": target.code, "document": "申请", "rev": draw.rev}
            entry = services.hand_out_entry(cases.LI, draw.id, **given)
            assert climbed(PROFILES[name], entry) == draw.root
            draw.refresh_from_db()
        with pytest.raises(Invalid):
            services.hand_out_entry(cases.LI, draw.id, **given | {"code": "none", "rev": draw.rev})


# --- order and time --------------------------------------------------------------------------------


def test_a_source_announced_for_a_time_before_the_commitment_is_refused():
    draw = cases.prepared()
    with clock.fixed(START + timedelta(hours=12)):
        assert refused(services.commit_draw, cases.LI, draw.id, rev=draw.rev) == "xz-draw-source-later"


@pytest.mark.parametrize(
    ("published", "rule"),
    [
        (timedelta(minutes=59), "xz-draw-source-later"),
        (timedelta(hours=1), "xz-draw-source-later"),
        (timedelta(hours=11), "xz-draw-source-announced"),
        (timedelta(hours=14), "xz-draw-source-future"),
    ],
)
def test_a_source_must_come_out_between_commitment_and_now(published, rule):
    draw = cases.committed()
    with clock.fixed(START + timedelta(hours=13)):
        given = {"label": cases.SOURCE, "value": cases.VALUE, "published_at": START + published}
        assert refused(services.enter_source, cases.LI, draw.id, **given, rev=draw.rev) == rule


def test_a_commitment_that_was_sealed_after_the_source_does_not_count():
    draw = cases.committed(seal=False)
    with clock.fixed(START + timedelta(hours=13)):
        given = {"label": cases.SOURCE, "value": cases.VALUE, "published_at": START + timedelta(hours=12)}
        assert refused(services.enter_source, cases.LI, draw.id, **given, rev=draw.rev) == "xz-draw-sealed-first"
        sequencer.seal_all()
        assert refused(services.enter_source, cases.LI, draw.id, **given, rev=draw.rev) == "xz-draw-sealed-first"


def test_who_typed_the_source_cannot_confirm_it():
    draw = cases.entered()
    given = {"label": cases.SOURCE, "value": cases.VALUE, "rev": draw.rev}
    assert refused(services.confirm_source, cases.LI, draw.id, **given) == "xz-draw-two-people"


def test_a_second_typing_that_differs_is_refused_and_can_be_mended_by_the_first():
    draw = cases.entered()
    given = {"label": cases.SOURCE, "value": cases.VALUE[:-1] + "6", "rev": draw.rev}
    assert refused(services.confirm_source, cases.WANG, draw.id, **given) == "xz-draw-typed-alike"
    with clock.fixed(START + timedelta(hours=14)):
        again = {**given, "published_at": START + timedelta(hours=12)}
        draw = services.enter_source(cases.LI, draw.id, **again)
        draw = services.confirm_source(cases.WANG, draw.id, **given | {"rev": draw.rev})
    assert draw.state == "confirmed"


def test_a_draw_runs_once():
    draw = cases.drawn()
    assert refused(services.run_draw, cases.WANG, draw.id, rev=draw.rev) == "xz-draw-order"


def test_a_row_of_the_roster_changed_after_the_commitment_stops_the_draw():
    draw = cases.confirmed()
    draw.roster.entries.filter(pk=draw.roster.entries.first().pk).update(weight=9)
    with clock.fixed(START + timedelta(hours=15)):
        assert refused(services.run_draw, cases.WANG, draw.id, rev=draw.rev) == "xz-draw-roster-changed"


def test_an_unsealed_draw_cannot_be_published_yet():
    draw = cases.drawn()
    assert refused(services.publish_bundle, cases.LI, draw.id, rev=draw.rev) == "xz-draw-not-sealed"


def test_who_acts_on_an_old_page_is_told_so():
    draw = cases.prepared()
    with pytest.raises(Stale):
        services.commit_draw(cases.LI, draw.id, rev=draw.rev + 1)


def test_another_agency_does_not_see_the_draw_and_a_reader_may_not_act():
    draw = cases.prepared()
    with pytest.raises(NotFound):
        services.commit_draw(cases.officer("officer:sun", agency="/b1/"), draw.id, rev=draw.rev)
    with pytest.raises(Denied):
        services.commit_draw(cases.officer("officer:zhao", "inspection.read"), draw.id, rev=draw.rev)


# --- exclusions, replacements, void ---------------------------------------------------------------


def test_an_excluded_target_is_in_the_exclusions_and_not_in_the_roster(tmp_path):
    draw = cases.prepared()
    code = cases.targets(1)[0].code
    with clock.fixed(START):
        services.exclude_target(cases.LI, draw.id, code=code, reason="FREQ_CAP", document=DOCUMENT, rev=draw.rev)
        draw = services.commit_draw(cases.LI, draw.id, rev=draw.rev + 1)
        draw = cases.publish(draw)
    assert draw.objects_count == 39
    data = bundle_of(draw)
    assert member(data, "exclusions.tsv").endswith(f"\tFREQ_CAP\t{DOCUMENT}\n")
    assert checked(data, tmp_path).returncode == 0
    assert refused(
        services.exclude_target, cases.LI, draw.id, code=code, reason="FREQ_CAP", document=DOCUMENT, rev=draw.rev
    )


def test_an_exclusion_entered_by_mistake_is_taken_back():
    draw = cases.prepared()
    code = cases.targets(1)[0].code
    made = services.exclude_target(cases.LI, draw.id, code=code, reason="JOINT", document=DOCUMENT, rev=draw.rev)
    services.readmit_target(cases.LI, draw.id, exclusion=made.id, rev=draw.rev + 1)
    assert not DrawExclusion.objects.filter(draw=draw).exists()


@pytest.mark.parametrize("field", ["reason", "document", "code"])
def test_an_exclusion_names_its_ground(field):
    draw = cases.prepared()
    given = {"code": cases.targets(1)[0].code, "reason": "FREQ_CAP", "document": DOCUMENT} | {field: ""}
    with pytest.raises(Invalid) as caught:
        services.exclude_target(cases.LI, draw.id, **given, rev=draw.rev)
    assert field in caught.value.fields


def test_who_leaves_after_the_draw_is_followed_by_the_next_reserve_and_both_stay_visible(tmp_path):
    draw = cases.published()
    first, second = DrawnTarget.objects.filter(draw=draw, standing="drawn")[:2]
    reserves = list(DrawnTarget.objects.filter(draw=draw, standing="reserve").order_by("place"))
    for n, out in enumerate((first, second)):
        with clock.fixed(START + timedelta(days=3, minutes=n)):
            called = services.replace_drawn(
                cases.LI, draw.id, opaque=out.opaque, reason="CLOSED", document=DOCUMENT, rev=draw.rev
            )
        assert called.opaque == reserves[n].opaque
        draw.refresh_from_db()
    with clock.fixed(START + timedelta(days=14)):
        draw = cases.publish(draw)
        draw = services.open_names(cases.LI, draw.id, rev=draw.rev)
        draw = cases.publish(draw)
    answer = checked(bundle_of(draw), tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert draw.opened_count == 7
    first.refresh_from_db()
    assert (first.standing, first.reason, first.successor) == ("removed", "CLOSED", reserves[0].id)
    assert {row.standing for row in DrawnTarget.objects.filter(draw=draw).exclude(code="")} == {
        "drawn",
        "removed",
        "called",
    }


def test_when_no_reserve_is_left_the_place_stays_empty(tmp_path):
    draw = cases.drawn(plan=[cases.stratum(reserves=0)])
    out = DrawnTarget.objects.filter(draw=draw).first()
    with clock.fixed(START + timedelta(hours=16)):
        given = {"opaque": out.opaque, "reason": "CLOSED", "document": DOCUMENT, "rev": draw.rev}
        assert services.replace_drawn(cases.LI, draw.id, **given) is None
        draw = cases.publish(draw)
    assert checked(bundle_of(draw), tmp_path).returncode == 0


def test_a_void_draw_stays_with_its_reason_and_the_next_has_a_new_number(tmp_path):
    draw = cases.published()
    with clock.fixed(START + timedelta(days=1)):
        draw = services.void_draw(
            cases.LI,
            draw.id,
            reason="程序有误",
            explanation="随机源公布页面后被更正",
            document=DOCUMENT,
            rev=draw.rev,
        )
        draw = cases.publish(draw)
    assert draw.state == "void"
    answer = checked(bundle_of(draw), tmp_path)
    assert answer.returncode == 0
    assert "作废" in answer.stdout
    assert draw in queries.public_draws()
    with clock.fixed(START + timedelta(days=2)):
        following = cases.prepared(START + timedelta(days=2), roster=draw.roster)
    assert (draw.draw_id, following.draw_id) == ("抽〔2026〕1号", "抽〔2026〕2号")


def test_the_source_of_a_void_draw_does_not_serve_again():
    draw = cases.committed()
    with clock.fixed(START + timedelta(hours=2)):
        given = {"reason": "程序有误", "explanation": "示例", "document": DOCUMENT, "rev": draw.rev}
        services.void_draw(cases.LI, draw.id, **given)
    again = {"roster": draw.roster, "sources": [cases.source(START + timedelta(hours=12))]}
    assert refused(cases.prepared, START + timedelta(hours=3), **again) == "xz-draw-new-source"
    later = {"roster": draw.roster, "sources": [cases.source(START + timedelta(hours=36))]}
    assert cases.prepared(START + timedelta(hours=3), **later).state == "prepared"


# --- plans -----------------------------------------------------------------------------------------


def test_weights_ratios_and_districts_reach_the_bundle(tmp_path):
    with clock.fixed(START):
        listed = cases.roster(60, strata="district", weights={"A": 1, "C": 4})
    plan = [
        cases.stratum("329901", method="weighted", n=None, ratio=[7, 100]),
        cases.stratum("329902", n=None, ratio=[1, 9]),
    ]
    draw = cases.published(roster=listed, plan=plan)
    answer = checked(bundle_of(draw), tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert {line.split("\t")[2] for line in member(bundle_of(draw), "roster.tsv").splitlines()} == {"1", "4"}


def test_over_a_cycle_every_object_is_drawn_and_none_twice_by_coverage_alone(tmp_path):
    with clock.fixed(START):
        listed = cases.roster(20)
    reached = []
    for number in (1, 2, 3):
        start = START + timedelta(days=20 * number)
        cycle = {"name": "2026 年覆盖", "draws": 3, "number": number}
        draw = cases.published(start, roster=listed, plan=[cases.stratum(n=0, coverage=True)], cycle=cycle)
        assert checked(bundle_of(draw), tmp_path).returncode == 0
        names = cycles.drawn_names(draw)
        kept = DrawnTarget.objects.filter(draw=draw, standing="drawn").values_list("opaque", flat=True)
        reached += [names[opaque] for opaque in kept]
    assert sorted(reached) == [target.code for target in cases.targets(20)]


def test_small_strata_are_put_together_since_they_hide_nobody():
    with clock.fixed(START):
        listed = cases.roster(12, strata="district")
    assert set(listed.entries.values_list("stratum", flat=True)) == {"其他"}


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ([{"stratum": "全部", "n": 5, "ratio": [1, 2]}], "strata.全部"),
        ([{"stratum": "别的", "n": 5}], "plan"),
        ([{"stratum": "全部", "n": 5, "coverage": True}], "strata.全部"),
        ([], "strata"),
    ],
)
def test_a_plan_that_cannot_be_announced_names_its_field(plan, field):
    with pytest.raises(Invalid) as caught:
        cases.prepared(plan=plan)
    assert field in caught.value.fields


def test_more_than_there_are_is_refused_at_the_commitment():
    draw = cases.prepared(plan=[cases.stratum(n=41)])
    with clock.fixed(START), pytest.raises(Invalid):
        services.commit_draw(cases.LI, draw.id, rev=draw.rev)


def test_an_item_published_again_is_its_next_version():
    assert (cases.item().version, cases.item().version) == (1, 2)


def test_a_roster_lists_each_code_once_and_is_never_empty():
    with pytest.raises(Invalid):
        cases.roster(0)
    with pytest.raises(Invalid):
        services.freeze_roster(
            cases.LI,
            item=cases.item(),
            title="重复",
            agency=cases.AGENCY,
            district=cases.DISTRICT,
            targets=[*cases.targets(6), *cases.targets(1)],
            selection={},
        )
