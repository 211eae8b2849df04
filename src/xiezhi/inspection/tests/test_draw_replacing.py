"""A drawn object is replaced through the approval matrix; what was published is published anew once sealed."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Denied
from xiezhi.inspection import queries, services
from xiezhi.inspection.models import DrawBundle, DrawnTarget
from xiezhi.inspection.tests import approvals, cases, staff
from xiezhi.inspection.tests.strangers import bundle_of, checked, member, refused
from xiezhi.people.models import Approval
from xiezhi.people.services import withdraw
from xiezhi.record import relay, sequencer
from xiezhi.record.models import Event

pytestmark = pytest.mark.django_db
START = cases.START


def at(days: float):
    return clock.fixed(START + timedelta(days=days))


def settle() -> None:
    """What sequencer and relay do within seconds: until nothing waits."""
    for _ in range(4):
        sequencer.seal_all()
        relay.relay()


@pytest.fixture
def people():
    return {name: staff.client(account) for name, account in approvals.house().items()}


def page(draw) -> str:
    return reverse("inspection:draw", args=[draw.pk])


def replace_page(draw, target) -> str:
    return reverse("inspection:replace", args=[draw.pk, target.opaque])


def approval_page(approval) -> str:
    return reverse("console:approval", args=[approval.pk])


def sign(client, approval, decision="agree", **more) -> None:
    approval.refresh_from_db()
    given = {"decision": decision, "text": "同意。", "return_to": 0, "rev": approval.rev, **more}
    answer = client.post(approval_page(approval), given)
    assert answer.status_code == 302, answer.content.decode()


def test_the_reserve_moves_up_only_when_everyone_has_signed(people, tmp_path):
    draw = cases.published()
    handler, leader, head = (people[name] for name in (approvals.HANDLER, approvals.LEADER, approvals.HEAD))
    target = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    with at(3):
        form = handler.get(replace_page(draw, target))
        assert "提交审批" in form.content.decode()
        ask = {**approvals.GROUND, "text": "已停工，附停工报告。", "rev": draw.rev}
        answer = handler.post(replace_page(draw, target), ask)
        approval = Approval.objects.get()
        assert answer["Location"] == approval_page(approval)
        assert "移出待审批" in handler.get(page(draw)).content.decode()
        sign(leader, approval, "return", text="停工报告未附。")
        settle()
        target.refresh_from_db()
        assert target.standing == "drawn"
        approval.refresh_from_db()
        again = {"text": "已补附停工报告。", "title": approval.title, "rev": approval.rev}
        assert handler.post(approval_page(approval), again).status_code == 302
        sign(leader, approval)
        settle()
        target.refresh_from_db()
        assert target.standing == "drawn"
        sign(head, approval)
        settle()
    target.refresh_from_db()
    called = DrawnTarget.objects.get(draw=draw, standing="called")
    assert (target.standing, target.reason, target.successor) == ("removed", "CLOSED", called.pk)
    moved = Event.objects.get(type="inspection.drawn_target_replaced")
    assert moved.cause == Event.objects.get(type="people.approved").pk
    assert moved.stream == draw.stream_name
    shown = handler.get(page(draw)).content.decode()
    assert "停工报告未附" not in shown
    assert "审批退回" in shown
    data = bundle_of(draw)
    assert target.opaque in member(data, "changes.json")
    assert str(moved.pk) in member(data, "proofs.json")
    assert checked(data, tmp_path).returncode == 0


def test_news_of_an_approval_that_comes_twice_moves_one_reserve():
    target, approval = approvals.approved(START)
    for _ in range(2):
        services.carry_out_replacement(cases.ITSELF, target=target.id, approval=approval.id)
    assert DrawnTarget.objects.filter(draw=target.draw, standing="called").count() == 1


def test_no_person_carries_out_what_was_asked_for_or_publishes_anew():
    target, approval = approvals.approved(START)
    for actor in (cases.LI, approvals.actor(approvals.HEAD)):
        with pytest.raises(Denied):
            services.carry_out_replacement(actor, target=target.id, approval=approval.id)
        with pytest.raises(Denied):
            services.republish_bundle(actor, target.draw_id, change=target.draw.result_event)
    assert not DrawnTarget.objects.filter(draw=target.draw, standing__in=("removed", "called")).exists()


@pytest.mark.parametrize("wrong", ["pending", "withdrawn", "kind", "another object", "no such"])
def test_only_the_approval_of_this_very_object_moves_it(people, wrong):
    draw = cases.drawn()
    with at(1):
        target, approval = approvals.asked(draw)
        if wrong == "withdrawn":
            handler = approvals.actor(approvals.HANDLER)
            withdraw(handler, approval=approval.id, text="不再办理。", rev=approval.rev)
        elif wrong != "pending":
            approval = approvals.signed(approval)
        if wrong == "kind":
            Approval.objects.filter(pk=approval.pk).update(kind="sample.other")
        if wrong == "another object":
            target = DrawnTarget.objects.filter(draw=draw, standing="drawn").exclude(pk=target.pk).first()
        key = uuid.uuid4() if wrong == "no such" else approval.id
        given = {"target": target.id, "approval": key}
        assert refused(services.carry_out_replacement, cases.ITSELF, **given) == "xz-draw-change-approved"
    assert not DrawnTarget.objects.filter(draw=draw, standing__in=("removed", "called")).exists()


def test_an_approval_that_comes_after_the_draw_was_voided_moves_nobody():
    target, approval = approvals.approved(START)
    draw = target.draw
    draw.refresh_from_db()
    services.void_draw(cases.LI, draw.id, reason="程序有误", explanation="示例", document="示1号", rev=draw.rev)
    settle()
    assert not DrawnTarget.objects.filter(draw=draw, standing__in=("removed", "called")).exists()
    approval.refresh_from_db()
    assert approval.state == "approved"


def test_where_the_matrix_names_the_act_it_is_not_done_at_once():
    approvals.house()
    draw = cases.drawn()
    target = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    given = {"opaque": target.opaque, **approvals.GROUND, "rev": draw.rev}
    with at(1):
        assert refused(services.replace_drawn, cases.LI, draw.id, **given) == "xz-draw-change-approval"


def test_where_the_matrix_does_not_name_it_there_is_nothing_to_ask():
    staff.account(approvals.HANDLER, "inspection.read", "inspection.draw", "approval.submit")
    draw = cases.drawn()
    with at(1):
        assert refused(approvals.asked, draw) == "xz-approval-route"


def test_one_object_has_one_open_request():
    approvals.house()
    draw = cases.drawn()
    with at(1):
        approvals.asked(draw)
        assert refused(approvals.asked, draw) == "xz-approval-open"


def test_a_replacement_is_asked_for_over_the_api(people):
    draw = cases.published()
    target = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    given = {"opaque": target.opaque, **approvals.GROUND, "text": "已停工。"}
    url, rev = f"/api/v1/draws/{draw.pk}/replacement-requests", {"If-Match": f'"{draw.rev}"'}
    with at(3):
        direct = people[approvals.HANDLER].post(
            url.replace("replacement-requests", "replacements"),
            {name: given[name] for name in ("opaque", "reason", "document")},
            "application/json",
            headers=rev,
        )
        assert (direct.status_code, direct.json()["rule_id"]) == (409, "xz-draw-change-approval")
        answer = people[approvals.HANDLER].post(url, given, "application/json", headers=rev)
        assert answer.status_code == 200, answer.content
        assert answer.json() == {
            "approval": str(Approval.objects.get().pk),
            "state": "pending",
            "rev": draw.rev + 1,
        }
        assert people[approvals.LEADER].post(url, given, "application/json", headers=rev).status_code == 403


def test_opened_names_are_published_once_their_event_is_sealed(people, tmp_path):
    draw = cases.published()
    handler = people[approvals.HANDLER]
    with at(14):
        draw = services.open_names(cases.LI, draw.id, rev=draw.rev)
        assert "待封存" in handler.get(page(draw)).content.decode()
        assert DrawBundle.objects.filter(draw=draw).count() == 1
        sequencer.seal_all()
        assert "即将自动重新公布" in handler.get(page(draw)).content.decode()
        settle()
        shown = handler.get(page(draw)).content.decode()
    assert "待封存" not in shown
    assert "即将自动重新公布" not in shown
    data = bundle_of(draw)
    assert member(data, "opened.tsv").count("\n") == 5
    assert str(draw.opened_event) in member(data, "proofs.json")
    assert checked(data, tmp_path).returncode == 0
    settle()
    assert DrawBundle.objects.filter(draw=draw).count() == 2


def test_what_was_never_published_is_not_published_by_a_change():
    draw = cases.drawn()
    with at(1):
        draw = services.void_draw(
            cases.LI, draw.id, reason="程序有误", explanation="示例", document="示1号", rev=draw.rev
        )
        settle()
    assert queries.latest_bundle(draw) is None


def test_a_result_is_first_published_by_a_person_even_after_a_replacement():
    draw = cases.committed()
    with clock.fixed(START + timedelta(hours=2)):
        draw = cases.publish(draw)
    with clock.fixed(START + timedelta(hours=13)):
        given = {"label": cases.SOURCE, "value": cases.VALUE}
        draw = services.enter_source(
            cases.LI, draw.id, **given, published_at=START + timedelta(hours=12), rev=draw.rev
        )
        draw = services.confirm_source(cases.WITNESS, draw.id, **given, rev=draw.rev)
        draw = services.run_draw(cases.WANG, draw.id, rev=draw.rev)
        target = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
        services.replace_drawn(cases.LI, draw.id, opaque=target.opaque, **approvals.GROUND, rev=draw.rev)
        settle()
    draw.refresh_from_db()
    assert (draw.state, draw.bundles.count()) == ("drawn", 1)


def test_a_bundle_published_by_hand_after_the_change_is_not_made_again():
    draw = cases.published()
    with at(14):
        draw = services.open_names(cases.LI, draw.id, rev=draw.rev)
        draw = cases.publish(draw)
        settle()
    assert draw.bundles.count() == 2
