"""What changes a draw: exclusions before, replacements after, voiding; and the plans that it can have."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from xiezhi import clock
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.inspection import cycles, queries, services
from xiezhi.inspection.models import DrawExclusion, DrawnTarget
from xiezhi.inspection.tests import cases
from xiezhi.inspection.tests.strangers import bundle_of, checked, member, refused

pytestmark = pytest.mark.django_db
START = cases.START
DOCUMENT = "示监函〔2026〕9号"


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


def test_an_object_drawn_in_both_streams_leaves_both_and_only_once(tmp_path, capsys):
    cycle = {"name": "2026 年覆盖", "draws": 2, "number": 1}
    plan = [cases.stratum(n=20, coverage=True, reserves=5)]
    draw = cases.published(rows=20, plan=plan, cycle=cycle)
    drawn = DrawnTarget.objects.filter(draw=draw, standing="drawn")
    out = drawn.filter(stream_label="coverage").first().opaque
    assert drawn.filter(opaque=out).count() == 2
    given = {"opaque": out, "reason": "CLOSED", "document": DOCUMENT}
    with clock.fixed(START + timedelta(days=3)):
        services.replace_drawn(cases.LI, draw.id, **given, rev=draw.rev)
        draw = cases.publish(draw)
        assert {row.standing for row in DrawnTarget.objects.filter(draw=draw, opaque=out)} == {"removed"}
        with pytest.raises(NotFound):
            services.replace_drawn(cases.LI, draw.id, **given, rev=draw.rev)
    assert checked(bundle_of(draw), tmp_path).returncode == 0
    following = cases.prepared(
        START + timedelta(days=20), roster=draw.roster, plan=plan, cycle=cycle | {"number": 2}
    )
    assert cycles.drawn_names(draw)[out] not in cycles.reached(following)
    call_command("record", "replay")
    assert capsys.readouterr().out.startswith("ok")


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


def test_a_void_explanation_in_two_lines_is_told_what_is_wrong_with_it():
    draw = cases.committed()
    given = {"reason": "程序有误", "explanation": "页面被更正\n重新公布", "document": "", "rev": draw.rev}
    with pytest.raises(Invalid) as caught:
        services.void_draw(cases.LI, draw.id, **given)
    assert caught.value.fields["document"] == ["请填写。"]
    assert "换行" in caught.value.fields["explanation"][0]


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


def test_an_item_published_again_is_its_next_version():
    assert (cases.item().version, cases.item(valid_from=date(2026, 2, 1)).version) == (1, 2)


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


def test_a_roster_of_a_chosen_few_is_no_draw():
    with clock.fixed(START), pytest.raises(Invalid) as raised:
        cases.roster(4)
    assert "抽取等于指定" in raised.value.fields["targets"][0]
    with clock.fixed(START):
        assert cases.roster(5).size == 5
