"""What ``record replay`` sees of draws and results: rows changed behind the record's back."""

import pytest
from django.core.management import CommandError, call_command

from xiezhi.core.errors import Refused
from xiezhi.inspection import services
from xiezhi.inspection.models import DrawnTarget, TaskResult
from xiezhi.inspection.tests import cases, sending, visited
from xiezhi.people.queries import actor_of
from xiezhi.record import queries as record
from xiezhi.record import services as record_services
from xiezhi.record.models import Event
from xiezhi.record.tests.approver import approver

pytestmark = pytest.mark.django_db
FINDING = {"text": "临边防护缺失", "basis": "《建设工程安全生产管理条例》第二十八条", "measure": "责令改正"}


def replayed(capsys, *flags: str) -> str:
    try:
        call_command("record", "replay", *flags)
    except CommandError as error:
        return capsys.readouterr().out + str(error)
    return capsys.readouterr().out


def test_an_exchanged_object_shows_and_no_officers_are_drawn_for_it(capsys):
    draw = cases.published()
    row = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    DrawnTarget.objects.filter(pk=row.pk).update(opaque="0" * 64)
    assert f"inspection.Draw\t{draw.pk}\ttargets" in replayed(capsys)
    with sending.clock.fixed(sending.LATER), pytest.raises(Refused) as refused:
        services.prepare_dispatch(cases.LI, draw=draw.id, sources=[sending.source()])
    assert refused.value.refusal.rule_id == "xz-dispatch-rows"


def test_a_drawn_object_made_a_reserve_by_hand_shows_and_is_mended(capsys):
    draw = cases.published()
    row = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    DrawnTarget.objects.filter(pk=row.pk).update(standing="reserve")
    assert f"inspection.DrawnTarget\t{row.pk}\tstanding" in replayed(capsys)
    assert "repaired standing" in replayed(capsys, "--repair")
    row.refresh_from_db()
    assert row.standing == "drawn"


@pytest.mark.parametrize(
    ("column", "value"), [("outcome", "clean"), ("visited_on", "2026-03-05"), ("findings", []), ("notes", "无")]
)
def test_a_changed_result_shows_whatever_was_changed(capsys, column, value):
    task = visited.released()
    result = visited.filed(task, outcome="rectify", findings=[FINDING], notes="见照片")
    TaskResult.objects.filter(pk=result.pk).update(**{column: value})
    assert f"inspection.TaskResult\t{result.pk}\t{column}" in replayed(capsys)
    assert f"repaired {column}" in replayed(capsys, "--repair")
    kept = getattr(result, column)
    result.refresh_from_db()
    assert getattr(result, column) == kept


def test_what_an_erased_part_said_is_unknown_and_not_called_different(capsys):
    task = visited.released()
    result = visited.filed(task, outcome="rectify", findings=[FINDING], notes="见照片")
    filed = record.last_of(task.stream, "inspection.result_filed")
    sending.sequencer.seal_all()
    record_services.erase_body(sending.SETUP, filed, ground="《个人信息保护法》第四十七条", approver=approver())
    TaskResult.objects.filter(pk=result.pk).update(notes="")
    assert replayed(capsys).startswith("ok")


def test_the_review_names_the_filing_that_it_found_in_order():
    task = visited.released()
    visited.filed(task)
    task.refresh_from_db()
    with visited.on_the_day(task, 1):
        services.release_result(visited.REVIEWER, task.pk, rev=task.rev)
    event = Event.objects.get(type="inspection.result_released")
    assert record.envelope(event.pk)["data"]["filed"] == str(
        record.last_of(task.stream, "inspection.result_filed")
    )
    assert actor_of(visited.sent(task)).id != event.actor
