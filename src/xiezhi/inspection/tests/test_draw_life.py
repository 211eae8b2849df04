"""A draw's life through its services: what a stranger can check at each step, and what is refused."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command

from xiezhi import clock
from xiezhi.core.draw.hashing import PROFILES
from xiezhi.core.draw.roster import Entry, entry_leaf, opaque_id
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.inspection import queries, services
from xiezhi.inspection.models import Draw, DrawnTarget
from xiezhi.inspection.tests import cases
from xiezhi.inspection.tests.strangers import bundle_of, checked, member, refused
from xiezhi.record import sequencer
from xiezhi.record.models import EventBody

pytestmark = pytest.mark.django_db
START = cases.START
DOCUMENT = "示监函〔2026〕9号"


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


def test_at_the_preparation_a_past_source_is_chosen_anew_and_nothing_is_voided():
    with pytest.raises(Refused) as caught:
        cases.prepared(sources=[cases.source(START - timedelta(hours=1))])
    assert "请另选以后一期" in caught.value.refusal.remedy
    assert "作废" not in caught.value.refusal.remedy


@pytest.mark.parametrize("hours", [39, 240])
def test_visits_begin_on_the_day_after_the_source_by_the_calendar_of_shanghai(hours):
    """The window begins on 4 March; 39 hours after the start it is midnight of that day in Shanghai."""
    draw = cases.prepared(sources=[cases.source(START + timedelta(hours=38, minutes=59))])
    late = cases.source(START + timedelta(hours=hours))
    assert refused(cases.prepared, roster=draw.roster, sources=[late]) == "xz-draw-window"
    Draw.objects.filter(pk=draw.pk).update(window_from=draw.window_from - timedelta(days=1))
    with clock.fixed(START):
        assert refused(services.commit_draw, cases.LI, draw.id, rev=draw.rev) == "xz-draw-window"


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
