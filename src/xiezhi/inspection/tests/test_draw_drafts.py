"""A plan that cannot be drawn is told at once; one that is not committed yet can be given up and typed anew."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Denied, Invalid, Refused
from xiezhi.inspection import gate, queries, services
from xiezhi.inspection.codes import State
from xiezhi.inspection.models import READ, Draw, DrawNumber
from xiezhi.inspection.tests import cases, staff
from xiezhi.record import sequencer

pytestmark = pytest.mark.django_db
PLANNER = cases.officer("officer:zhao", READ, gate.PLAN)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n": 0}, "一个对象也抽不出"),
        ({"n": None, "ratio": [0, 1]}, "一个对象也抽不出"),
        ({"n": 41}, "要抽 41 个，可抽的对象只有 40 个"),
    ],
)
def test_none_or_more_than_there_are_is_refused_when_it_is_planned(given, said):
    with pytest.raises(Refused) as refused:
        cases.prepared(plan=[cases.stratum() | given])
    refusal = refused.value.refusal
    assert refusal.rule_id == "xz-draw-size"
    assert said in refusal.message % refusal.params
    assert not Draw.objects.exists()


def test_a_ratio_or_full_coverage_of_all_may_be_planned():
    assert cases.prepared(plan=[cases.stratum() | {"n": None, "ratio": [1, 1]}]).state == State.PREPARED


def test_what_exclusions_left_too_few_of_is_refused_at_the_commitment():
    draw = cases.prepared(rows=6, plan=[cases.stratum(n=6)])
    with clock.fixed(cases.START):
        code = draw.roster.entries.first().code
        services.exclude_target(
            cases.LI, draw.id, code=code, reason="FREQ_CAP", document="示监函〔2026〕3号", rev=draw.rev
        )
        draw.refresh_from_db()
        with pytest.raises(Refused) as refused:
            services.commit_draw(cases.LI, draw.id, rev=draw.rev)
    assert refused.value.refusal.rule_id == "xz-draw-size"
    assert "弃用" in refused.value.refusal.remedy


def test_a_plan_is_given_up_by_whoever_plans_its_number_stays_and_its_source_is_free():
    draw = cases.prepared()
    with clock.fixed(cases.START):
        services.discard_draw(PLANNER, draw.id, explanation="数量填错", rev=draw.rev)
        again = cases.prepared(roster=draw.roster, sources=[cases.source(cases.START + timedelta(hours=12))])
    draw.refresh_from_db()
    assert (draw.state, draw.void_reason, draw.void_document) == (State.VOID, "弃用拟定", "")
    assert again.draw_id != draw.draw_id
    assert DrawNumber.objects.get().last == 2


def test_after_the_commitment_nothing_is_given_up_and_without_a_word_neither():
    draw = cases.prepared()
    with clock.fixed(cases.START), pytest.raises(Invalid):
        services.discard_draw(PLANNER, draw.id, explanation=" ", rev=draw.rev)
    with clock.fixed(cases.START), pytest.raises(Denied):
        services.discard_draw(cases.WITNESS, draw.id, explanation="数量填错", rev=draw.rev)
    draw = cases.committed(cases.START + timedelta(days=1))
    with clock.fixed(cases.START + timedelta(days=1, hours=2)), pytest.raises(Refused):
        services.discard_draw(PLANNER, draw.id, explanation="数量填错", rev=draw.rev)


def test_from_a_plan_given_up_to_the_form_that_says_what_it_said():
    draw = cases.prepared(plan=[cases.stratum(n=7)])
    planner = staff.client(staff.account("赵计划", READ, gate.PLAN))
    with clock.fixed(cases.START):
        assert "弃用并重拟" in planner.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
        page = reverse("inspection:discard", args=[draw.pk])
        answer = planner.post(page, {"rev": draw.rev, "explanation": "数量填错"})
        assert answer.status_code == 302
        form = planner.get(answer.url).content.decode()
    assert 'value="三月示例抽查"' in form
    assert 'value="7"' in form
    assert planner.get(f"{reverse('inspection:new_draw', args=[draw.roster_id])}?like=x").status_code == 200


@pytest.mark.parametrize("voided", ["discard_draw", "void_draw"])
def test_what_was_given_up_before_its_commitment_is_not_public_and_nothing_of_it_is_published(voided):
    draw = cases.prepared()
    given = {"explanation": "数量填错", "rev": draw.rev}
    if voided == "void_draw":
        given |= {"reason": "程序有误", "document": "示监函〔2026〕3号"}
    organiser = staff.client(staff.account("赵主任", READ, gate.PLAN, gate.DRAW, gate.PUBLISH))
    with clock.fixed(cases.START):
        getattr(services, voided)(cases.LI, draw.id, **given)
        draw.refresh_from_db()
        sequencer.seal_all()
        with pytest.raises(Refused) as refused:
            services.publish_bundle(cases.LI, draw.id, rev=draw.rev)
        assert refused.value.refusal.rule_id == "xz-draw-order"
        shown = organiser.get(reverse("inspection:draw", args=[draw.pk])).content.decode()
    assert not queries.public_draws().exists()
    assert Client().get(reverse("portal:draw", args=[draw.pk])).status_code == 404
    assert draw.draw_id in shown
    assert "公布数据包" not in shown
