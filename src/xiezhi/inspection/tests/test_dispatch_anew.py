"""Officers drawn anew after a void, and for reserves called up: old tasks are cancelled, new ones made."""

from datetime import timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Refused
from xiezhi.inspection import dispatch, gate, services
from xiezhi.inspection.codes import Standing, TaskState
from xiezhi.inspection.models import READ, Draw, Task
from xiezhi.inspection.tests import cases, sending, staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def people():
    sending.officers(6)


def void(draw: Draw) -> Draw:
    draw.refresh_from_db()
    return services.void_draw(
        cases.LI, draw.pk, reason="录入差错", explanation="示例说明", document="示〔2026〕1号", rev=draw.rev
    )


def remove(draw: Draw, opaque: str):
    draw.refresh_from_db()
    return services.replace_drawn(
        cases.LI, draw.pk, opaque=opaque, reason="CLOSED", document="示〔2026〕2号", rev=draw.rev
    )


def test_officers_drawn_anew_after_a_void_draw_get_tasks_and_the_old_ones_are_cancelled():
    parent = cases.published()
    first = sending.dispatched(parent)
    with clock.fixed(sending.LATER + 13 * HOUR):
        void(first)
    assert set(first.dispatched_tasks.values_list("state", flat=True)) == {TaskState.CANCELLED}
    second = sending.dispatched(parent, start=sending.LATER + 14 * HOUR, label="示例信标三", value="c0ffef")
    made = second.dispatched_tasks.all()
    assert {row.state for row in made} == {TaskState.SEALED}
    assert {row.opaque for row in made} == {row.opaque for row in first.dispatched_tasks.all()}
    with sending.day(parent.window_from - timedelta(days=1)):
        assert services.release_task(sending.SETUP, first.dispatched_tasks.first().pk).state == TaskState.CANCELLED


def test_with_the_objects_draw_void_its_tasks_are_cancelled():
    parent = cases.published()
    row = sending.dispatched(parent)
    with clock.fixed(sending.LATER + 13 * HOUR):
        void(parent)
    assert set(row.dispatched_tasks.values_list("state", flat=True)) == {TaskState.CANCELLED}


def test_a_task_whose_draw_was_void_before_this_version_is_not_released():
    parent = cases.published()
    task = sending.dispatched(parent).dispatched_tasks.first()
    with clock.fixed(sending.LATER + 13 * HOUR):
        void(parent)
    Task.objects.filter(pk=task.pk).update(state=TaskState.SEALED)
    with sending.day(parent.window_from - timedelta(days=1)), pytest.raises(Refused) as refused:
        services.release_task(sending.SETUP, task.pk)
    assert refused.value.refusal.rule_id == "xz-task-stands"


def test_a_draw_void_before_its_tasks_were_made_gets_none():
    parent = cases.published()
    row = sending.dispatched(parent, relayed=False)
    with clock.fixed(sending.LATER + 13 * HOUR):
        void(parent)
        assert services.make_tasks(sending.SETUP, dispatch=row.pk) == []


def test_the_removed_object_loses_its_task_and_the_reserve_gets_officers_by_a_further_draw():
    parent = cases.published()
    task = sending.dispatched(parent).dispatched_tasks.first()
    organiser = staff.client(staff.account("张组织", READ, gate.PLAN, gate.DRAW))
    page, tasks = reverse("inspection:draw", args=[parent.pk]), reverse("inspection:tasks")
    lacking = "1 个抽中对象还没有检查人员"
    with clock.fixed(sending.LATER + 13 * HOUR):
        assert "还没有检查人员" not in organiser.get(page).content.decode()
        called = remove(parent, task.opaque)
        assert called.standing == Standing.CALLED
        assert dispatch.without_officers(parent) == [called.opaque]
        shown = organiser.get(page).content.decode()
        assert lacking in shown
        assert reverse("inspection:officers", args=[parent.pk]) in shown
        assert parent.draw_id in organiser.get(tasks).content.decode().split("<table")[0]
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    further = sending.dispatched(parent, start=sending.LATER + 14 * HOUR, label="示例信标三", value="c0ffef")
    assert [row.opaque for row in further.dispatched_tasks.all()] == [called.opaque]
    assert dispatch.without_officers(parent) == []
    assert further.window_from > parent.window_from  # its source came out on the day the window began
    with sending.day(further.window_from - timedelta(days=1)):
        released = services.release_task(sending.SETUP, further.dispatched_tasks.get().pk)
    assert released.officers.exists()


def test_an_object_replaced_before_the_tasks_are_made_gets_none():
    parent = cases.published()
    row = sending.dispatched(parent, relayed=False)
    gone = dispatch.objects(parent)[0]
    with clock.fixed(sending.LATER + 13 * HOUR):
        remove(parent, gone)
        made = services.make_tasks(sending.SETUP, dispatch=row.pk)
    assert len(made) == 4
    assert gone not in {task.opaque for task in made}


def test_a_replacement_after_the_plan_of_officers_tells_to_discard_it():
    parent = cases.published()
    with clock.fixed(sending.LATER):
        row = services.prepare_dispatch(cases.LI, draw=parent.id, sources=[sending.source()])
        remove(parent, dispatch.objects(parent)[0])
        with pytest.raises(Refused) as refused:
            services.commit_draw(cases.LI, row.id, rev=row.rev)
        assert refused.value.refusal.rule_id == "xz-dispatch-objects"
        services.discard_draw(cases.LI, row.id, explanation="抽中对象有移出", rev=row.rev)
        again = services.prepare_dispatch(cases.LI, draw=parent.id, sources=[sending.source()])
        services.commit_draw(cases.LI, again.id, rev=again.rev)
