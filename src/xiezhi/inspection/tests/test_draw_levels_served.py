"""Levels of the ceremony through the services and pages: witnesses in time, quick draws on 专项 alone."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.draw import levels, verify
from xiezhi.core.draw.hashing import SHA256
from xiezhi.core.errors import Denied, Invalid, Refused
from xiezhi.inspection import gate, routine, services
from xiezhi.inspection.codes import State
from xiezhi.inspection.fixed_words import OWN_LABEL
from xiezhi.inspection.models import READ, Draw
from xiezhi.inspection.tests import cases, leveled, sending, staff
from xiezhi.inspection.tests.leveled import DISCIPLINE, NOTARY
from xiezhi.record import queries as record
from xiezhi.record import relay, sequencer
from xiezhi.record.models import EventBody

pytestmark = pytest.mark.django_db
BOTH = (DISCIPLINE, NOTARY)
SAYS = "本次抽取采用系统自身随机数，仅能证明"


def files_of(draw: Draw) -> dict[str, bytes]:
    with store.open(draw.bundles.first().sha256) as file, zipfile.ZipFile(io.BytesIO(file.read())) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def steps(draw: Draw) -> dict[str, str]:
    found = list(verify.run(files_of(draw)))
    assert all(holds for holds, _name, _text in found), found
    return {name: text for _holds, name, text in found}


def rule(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.rule_id


def test_a_joint_draw_with_its_witness_verifies_from_its_bundle():
    draw, values = leveled.witnessed()
    leveled.reveal(draw, DISCIPLINE, values[DISCIPLINE])
    draw = leveled.drawn(draw)
    with clock.fixed(cases.START + timedelta(hours=16)):
        draw = cases.publish(draw)
    said = steps(draw)
    assert "联合、年度级" in said["规则"]
    assert "见证人 1 名，其中 0 名未揭示" in said["随机源"]
    assert said["存证"].startswith("3 个事件")


def test_a_reveal_is_published_before_the_source_where_the_commitment_was():
    draw, values = leveled.witnessed()
    with clock.fixed(cases.START + timedelta(hours=2)):
        cases.publish(draw)
    leveled.reveal(draw, DISCIPLINE, values[DISCIPLINE])
    with clock.fixed(cases.START + timedelta(hours=10)):
        while relay.relay():
            pass
    assert draw.bundles.count() == 2
    assert steps(draw)["随机源"] == "尚未抽取，1 项承诺已揭示"


def test_a_missing_reveal_is_recorded_and_left_out():
    draw, values = leveled.witnessed(level="contested", labels=BOTH)
    leveled.reveal(draw, NOTARY, values[NOTARY])
    draw = leveled.drawn(draw)
    with clock.fixed(cases.START + timedelta(hours=16)):
        draw = cases.publish(draw)
    assert "见证人 2 名，其中 1 名未揭示" in steps(draw)["随机源"]
    page = Client().get(reverse("portal:draw", args=[draw.pk])).content.decode()
    assert "未揭示：如实记录，不计入种子" in page
    assert "未揭示 1 名" in page
    assert values[NOTARY] in page


def test_a_reveal_that_is_not_what_was_committed_is_refused():
    draw, _values = leveled.witnessed()
    for wrong in (levels.written(bytes(16), bytes(16)), "00:11", "随便"):
        with pytest.raises(Refused) as refused:
            leveled.reveal(draw, DISCIPLINE, wrong)
        assert rule(refused) == "xz-draw-reveal-opens"


@pytest.mark.parametrize("after", [timedelta(hours=2), timedelta(hours=12), timedelta(hours=14)])
def test_a_reveal_before_its_time_or_once_the_source_is_due_is_refused(after):
    draw, values = leveled.witnessed()
    with pytest.raises(Refused) as refused:
        leveled.reveal(draw, DISCIPLINE, values[DISCIPLINE], after=after)
    assert rule(refused) == "xz-draw-reveal-time"


def test_a_witness_reveals_once_and_only_a_witnessing_officer_enters_it():
    draw, values = leveled.witnessed()
    with clock.fixed(cases.START + leveled.AT_NINE), pytest.raises(Denied):
        services.reveal_witness(cases.LI, draw.id, label=DISCIPLINE, value=values[DISCIPLINE], rev=draw.rev)
    leveled.reveal(draw, DISCIPLINE, values[DISCIPLINE])
    for label in (DISCIPLINE, "某人", cases.SOURCE):
        with pytest.raises(Invalid):
            leveled.reveal(draw, label, values[DISCIPLINE], after=timedelta(hours=10))


def test_a_reveal_that_was_not_sealed_before_the_source_voids_the_draw():
    draw, values = leveled.witnessed()
    leveled.reveal(draw, DISCIPLINE, values[DISCIPLINE], seal=False)
    with clock.fixed(cases.START + timedelta(hours=13)):
        sequencer.seal_all()
    with pytest.raises(Refused) as refused:
        leveled.drawn(draw)
    assert rule(refused) == "xz-draw-sealed-first"


def test_a_commitment_serves_one_draw():
    source, _value = leveled.witness(DISCIPLINE)
    cases.committed(level="joint", sources=[source, cases.source(cases.OUT)])
    later = cases.START + timedelta(hours=1)
    with pytest.raises(Refused) as refused:
        cases.prepared(
            later,
            rows=30,
            level="joint",
            sources=[source, cases.source(later + timedelta(hours=13))],
            roster=Draw.objects.get().roster,
        )
    assert rule(refused) == "xz-draw-witness-new"


def test_two_draws_may_have_one_witness_who_reveals_at_one_time():
    first, _value = leveled.witness(DISCIPLINE)
    second, _value = leveled.witness(DISCIPLINE)
    one = cases.committed(level="joint", sources=[first, cases.source(cases.OUT)])
    other = cases.prepared(
        level="joint", sources=[second, cases.source(cases.OUT + timedelta(hours=1))], roster=one.roster
    )
    assert other.state == State.PREPARED


@pytest.mark.parametrize(
    ("level", "labels"),
    [("routine", (DISCIPLINE,)), ("joint", ()), ("contested", (DISCIPLINE,)), ("quick", (NOTARY,))],
)
def test_sources_that_do_not_make_the_level_are_refused(level, labels):
    with pytest.raises(Invalid):
        leveled.witnessed(level=level, labels=labels)
    with pytest.raises(Invalid):
        cases.prepared(level="secret")


def test_a_quick_draw_takes_two_people_and_minutes_and_says_what_it_proves():
    draw = leveled.quick()
    with clock.fixed(cases.START + timedelta(minutes=6)), pytest.raises(Refused) as refused:
        services.release_number(cases.LI, draw.id, rev=draw.rev)
    assert rule(refused) == "xz-draw-two-people"
    with clock.fixed(cases.START + timedelta(minutes=6)):
        draw = services.release_number(cases.WANG, draw.id, rev=draw.rev)
        assert draw.state == State.CONFIRMED
    with clock.fixed(cases.START + timedelta(minutes=7)):
        draw = services.run_draw(cases.LI, draw.id, rev=draw.rev)
        draw = cases.publish(draw)
    assert SAYS in steps(draw)["规则"]
    value = draw.values.get()
    assert (value.entered_by, value.confirmed_by) == (cases.LI.person, cases.WANG.person)
    portal = Client().get(reverse("portal:draw", args=[draw.pk])).content.decode()
    desk = (
        staff.client(staff.account("赵查阅", READ))
        .get(reverse("inspection:draw", args=[draw.pk]))
        .content.decode()
    )
    assert SAYS in portal
    assert SAYS in desk


def test_the_number_of_a_quick_draw_is_not_used_before_the_commitment_is_sealed():
    draw = cases.prepared(level="quick", sources=[])
    with clock.fixed(cases.START + timedelta(minutes=5)):
        draw = services.commit_draw(cases.LI, draw.id, rev=draw.rev)
    with clock.fixed(cases.START + timedelta(minutes=6)), pytest.raises(Refused) as refused:
        services.release_number(cases.WANG, draw.id, rev=draw.rev)
    assert rule(refused) == "xz-draw-sealed-first"


def test_the_number_is_made_with_the_commitment_and_stands_in_no_public_event_before_its_release():
    draw = leveled.quick()
    (made,) = gate.events_of(draw, "inspection.own_number_made")
    value = record.private_part(made.id)["value"]
    assert not EventBody.objects.filter(data__contains=value).exists()
    assert levels.witness_hash(SHA256, OWN_LABEL, *levels.revealed(value)) == draw.sources[0]["commitment"]
    with clock.fixed(cases.START + timedelta(minutes=6)):
        services.release_number(cases.WANG, draw.id, rev=draw.rev)
    assert EventBody.objects.filter(data__contains=value).exists()


def test_only_a_special_plan_is_drawn_quickly():
    roster = cases.roster()
    line = cases.plan_line(roster.item, kind="yearly", title="年度计划")
    with pytest.raises(Refused) as refused:
        cases.prepared(level="quick", sources=[], roster=roster, plan_line=line)
    assert rule(refused) == "xz-draw-quick-special"


def test_a_routine_draw_releases_nothing():
    draw = cases.committed()
    with clock.fixed(cases.START + timedelta(hours=2)), pytest.raises(Refused) as refused:
        services.release_number(cases.WANG, draw.id, rev=draw.rev)
    assert rule(refused) == "xz-draw-order"


def test_the_organiser_plans_a_joint_draw_on_the_form_and_the_witnessing_officer_enters_the_reveal():
    roster = cases.roster()
    line = cases.plan_line(roster.item)
    commitment, value = verify.witnessed(DISCIPLINE)
    form = {
        "line": str(line.pk), "title": "三月联合抽查", "window_from": "2026-03-05", "window_to": "2026-03-12",
        "level": "joint", "label": cases.SOURCE, "describes": "示例信标第 1 轮", "encoding": "hex",
        "not_before": "2026-03-02T21:00", "profile": "dr/1", "share_0": "5", "method_0": "equal", "reserves_0": "3",
        "witnesses": f"见证 {DISCIPLINE} {commitment}", "reveal_from": "2026-03-02T18:00",
    }  # fmt: skip
    desk = staff.client(staff.account("张组织", READ, gate.PLAN, gate.DRAW))
    witness = staff.client(staff.account("周见证", READ, gate.WITNESS))
    with clock.fixed(cases.START):
        wrong = desk.post(reverse("inspection:new_draw", args=[roster.pk]), form | {"witnesses": "某人"})
        assert "第 1 行应为" in wrong.content.decode()
        assert (
            "请填写见证人从何时起揭示"
            in desk.post(
                reverse("inspection:new_draw", args=[roster.pk]), form | {"reveal_from": ""}
            ).content.decode()
        )
        plain = desk.post(reverse("inspection:new_draw", args=[roster.pk]), form | {"level": "routine"})
        assert "常规抽取没有外部见证人" in plain.content.decode()
        answer = desk.post(reverse("inspection:new_draw", args=[roster.pk]), form)
        assert answer.status_code == 302, answer.content.decode()
    draw = Draw.objects.get()
    page = reverse("inspection:draw", args=[draw.pk])
    with clock.fixed(cases.START + timedelta(hours=1)):
        services.commit_draw(cases.LI, draw.id, rev=draw.rev)
        sequencer.seal_all()
    reveal = reverse("inspection:reveal", args=[draw.pk])
    with clock.fixed(cases.START + leveled.AT_NINE):
        draw.refresh_from_db()
        assert "录入见证人揭示" in witness.get(page).content.decode()
        assert reveal not in desk.get(page).content.decode()
        assert desk.get(reveal).status_code == 403
        done = witness.post(reveal, {"label": DISCIPLINE, "value": f" {value.upper()} ", "rev": draw.rev})
        assert done.url == page
        assert "已揭示 1 名" in witness.get(page).content.decode()
        assert reveal not in witness.get(page).content.decode()


def test_the_quick_draw_runs_by_two_on_the_page():
    roster = cases.roster()
    line = cases.plan_line(roster.item)
    form = {
        "line": str(line.pk), "title": "台风专项", "window_from": "2026-03-02", "window_to": "2026-03-12",
        "level": "quick", "profile": "dr/1", "share_0": "5", "method_0": "equal", "reserves_0": "3",
    }  # fmt: skip
    one = staff.client(staff.account("张组织", READ, gate.PLAN, gate.DRAW))
    two = staff.client(staff.account("周见证", READ, gate.WITNESS))
    with clock.fixed(cases.START):
        assert one.post(reverse("inspection:new_draw", args=[roster.pk]), form).status_code == 302
        draw = Draw.objects.get()
        one.post(reverse("inspection:commit", args=[draw.pk]), {"rev": draw.rev})
        sequencer.seal_all()
    with clock.fixed(cases.START + timedelta(minutes=1)):
        page = reverse("inspection:draw", args=[draw.pk])
        assert "启用系统随机数" in two.get(page).content.decode()
        draw.refresh_from_db()
        two.post(reverse("inspection:release_number", args=[draw.pk]), {"rev": draw.rev})
        draw.refresh_from_db()
        assert "由另一人启用" in one.get(page).content.decode()
        one.post(reverse("inspection:run", args=[draw.pk]), {"rev": draw.rev})
    draw.refresh_from_db()
    assert draw.state == State.DRAWN


def test_officers_are_sent_by_a_quick_draw_on_the_day_itself():
    sending.officers(4)
    parent = leveled.run_quick(leveled.quick(window_from=cases.START.date()))
    with clock.fixed(cases.START + timedelta(minutes=10)):
        row = services.prepare_dispatch(cases.LI, draw=parent.id, sources=[], level="quick")
        row = services.commit_draw(cases.LI, row.id, rev=row.rev)
        sequencer.seal_all()
    row = leveled.run_quick(row, after=timedelta(minutes=11))
    with clock.fixed(cases.START + timedelta(minutes=12)):
        while relay.relay():
            pass
    assert row.window_from == cases.START.date()
    assert row.dispatched_tasks.count() == parent.drawn_count > 0


def test_who_only_reads_neither_reveals_nor_releases():
    reader = staff.client(staff.account("赵查阅", READ))
    draw = leveled.quick()
    with clock.fixed(cases.START + timedelta(minutes=6)):
        page = reader.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
        assert reverse("inspection:release_number", args=[draw.pk]) not in page
        for name in ("release_number", "reveal"):
            refused = reader.post(reverse(f"inspection:{name}", args=[draw.pk]), {"rev": draw.rev})
            assert refused.status_code == 403
    draw.refresh_from_db()
    assert draw.state == State.COMMITTED


def test_the_next_draw_is_offered_the_public_source_not_the_witness_nor_the_urgent_draws_number():
    leveled.witnessed()
    leveled.quick(cases.START + timedelta(hours=2))
    with clock.fixed(cases.START + timedelta(hours=3)):
        offered = routine.next_source(cases.AGENCY)["fields"]
    assert (offered["encoding"], offered["describes"]) == ("hex", "示例信标第 1 轮")
