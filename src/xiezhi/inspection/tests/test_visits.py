"""What a visit came to: filed by who went, held against its checklist, reviewed by a second person."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi.core.actor import Ability, Actor
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused
from xiezhi.inspection import checking, gate, services
from xiezhi.inspection.codes import Duty, Outcome, TaskState
from xiezhi.inspection.models import READ, Checklist, Task, TaskResult
from xiezhi.inspection.tests import cases, sending, staff, visited
from xiezhi.people import services as people
from xiezhi.people.models import RoleAssignment
from xiezhi.people.queries import actor_of
from xiezhi.record.models import Event, EventBody

pytestmark = pytest.mark.django_db
FOUND = [{"text": "未取得施工许可证擅自施工", "basis": "《建筑法》第七条", "measure": "责令改正"}]


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.refusal.rule_id


def test_a_result_is_filed_by_who_went_and_released_by_a_second_person():
    task = visited.released()
    one = visited.checklist(task)
    result = visited.filed(task, answers={str(one.pk): visited.PASSED})
    task.refresh_from_db()
    assert task.state == TaskState.FILED
    assert result.filed_by == str(visited.sent(task).pk)
    with visited.on_the_day(task, 1):
        task = services.release_result(visited.REVIEWER, task.pk, rev=task.rev)
    result.refresh_from_db()
    assert task.state == TaskState.DONE
    assert task.done_at is not None
    assert result.reviewed_by == visited.REVIEWER.id


def test_a_returned_result_is_filed_anew_and_both_filings_stay_in_the_record():
    task = visited.released()
    visited.filed(task, outcome="rectify", findings=FOUND)
    task.refresh_from_db()
    with visited.on_the_day(task, 1):
        task = services.return_result(visited.REVIEWER, task.pk, rev=task.rev, reason="缺少依据。")
    assert task.state == TaskState.RETURNED
    assert TaskResult.objects.get().return_reason == "缺少依据。"
    visited.filed(task, outcome="stop", findings=FOUND)
    task.refresh_from_db()
    with visited.on_the_day(task, 2):
        services.release_result(visited.REVIEWER, task.pk, rev=task.rev)
    kept = TaskResult.objects.get()
    assert (kept.outcome, kept.return_reason) == (Outcome.STOP, "")
    assert Event.objects.filter(type="inspection.result_filed").count() == 2


def test_what_was_found_stands_in_no_public_part_of_the_record():
    task = visited.released()
    visited.filed(task, outcome="rectify", findings=FOUND, notes="现场负责人在场。")
    body = EventBody.objects.get(event__type="inspection.result_filed").data
    assert "擅自施工" not in body
    assert "现场负责人" not in body
    assert task.target.code not in body


def test_who_was_not_sent_files_nothing():
    task = visited.released()
    stranger = actor_of(visited.others(task)[0])
    given = {"visited_on": task.window_from, "outcome": "clean", "answers": {}}
    with visited.on_the_day(task), pytest.raises(NotFound if not stranger.may(READ, task.agency) else Refused):
        services.file_result(stranger, task.pk, rev=task.rev, **given)
    with visited.on_the_day(task), pytest.raises(Denied):
        services.file_result(visited.REVIEWER, task.pk, rev=task.rev, **given)


@pytest.mark.parametrize(("days", "today"), [(-1, 0), (0, -1), (15, 20)])
def test_a_visit_lies_in_the_window_and_not_in_the_future(days, today):
    task = visited.released()
    actor = actor_of(visited.sent(task))
    given = {"visited_on": task.window_from + timedelta(days=days), "outcome": "clean", "answers": {}}
    with visited.on_the_day(task, today):
        assert refused(lambda: services.file_result(actor, task.pk, rev=task.rev, **given)) == "xz-task-window"


def test_with_one_certificate_lapsed_the_visit_is_no_inspection():
    task = visited.released()
    member = task.officers.get(duty=Duty.MEMBER).officer
    with visited.on_the_day(task):
        people.revoke_certificate(
            sending.SETUP, certificate=member.certificates.get().id, on=task.window_from, reason="示例"
        )
    assert refused(lambda: visited.filed(task)) == "xz-task-two-certified"


def test_who_went_reviews_nothing():
    task = visited.released()
    visited.filed(task)
    task.refresh_from_db()
    leader = actor_of(visited.sent(task, Duty.MEMBER))
    held = cases.officer(leader.id, *{a.name for a in leader.abilities}, "inspection.review")
    with visited.on_the_day(task, 1):
        assert refused(lambda: services.release_result(held, task.pk, rev=task.rev)) == "xz-task-second-person"
    with visited.on_the_day(task, 1), pytest.raises(Denied):
        services.release_result(leader, task.pk, rev=task.rev)


def test_a_result_that_is_done_is_not_filed_again():
    task = visited.released()
    visited.filed(task)
    task.refresh_from_db()
    with visited.on_the_day(task, 1):
        task = services.release_result(visited.REVIEWER, task.pk, rev=task.rev)
    assert refused(lambda: visited.filed(task)) == "xz-task-order"


LISTS = {"a": [{"title": "t", "checks": [{"code": "1", "text": "x", "basis": "", "required": True}]}]}


@pytest.mark.parametrize(
    ("outcome", "answer", "findings", "notes", "field"),
    [
        ("clean", "pass", [], "", None),
        ("clean", "na", [], "", None),
        ("clean", "", [], "", "answers"),
        ("clean", "fail", [], "", "outcome"),
        ("clean", "pass", FOUND, "", "findings"),
        ("rectify", "fail", FOUND, "", None),
        ("rectify", "fail", [], "", "findings"),
        ("rectify", "pass", FOUND, "", "answers"),
        ("fixed", "na", FOUND, "", "answers"),
        ("rectify", "pass", FOUND, "问题不在检查表之内。", None),
        ("stop", "fail", [{"text": "", "basis": "", "measure": ""}], "", "findings"),
        ("unreachable", "", [], "", "notes"),
        ("unreachable", "", [], "到场两次，无人应答。", None),
        ("refused", "", [], "对象出示清单，拒绝检查。", None),
        ("other", "pass", [], "", "outcome"),
    ],
)
def test_outcome_checklist_and_findings_agree(outcome, answer, findings, notes, field):
    wrong = checking.faults(LISTS, outcome, {"a": {"1": answer}}, findings, notes)
    assert set(wrong) == ({field} if field else set())


def test_lines_of_a_checklist_come_back_as_they_were_written():
    sections = checking.sections(visited.SECTIONS)
    assert [[check["code"] for check in one["checks"]] for one in checking.parse(checking.written(sections))] == [
        ["1", "2"]
    ]
    assert checking.written(checking.sections(checking.parse(checking.written(sections)))) == checking.written(
        sections
    )


@pytest.mark.parametrize(
    "given",
    [
        [],
        [{"title": "", "checks": [{"code": "1", "text": "x"}]}],
        [{"title": "t", "checks": [{"code": "", "text": "x"}]}],
        [{"title": "t", "checks": [{"code": "1", "text": "x"}, {"code": "1", "text": "y"}]}],
    ],
)
def test_a_checklist_that_cannot_be_filled_is_refused(given):
    with pytest.raises(Invalid):
        checking.sections(given)


def test_a_filed_result_keeps_the_version_of_its_checklist():
    task = visited.released()
    first = visited.checklist(task)
    result = visited.filed(task, answers={str(first.pk): visited.PASSED})
    visited.checklist(task)
    assert Checklist.objects.count() == 2
    assert list(result.answers) == [str(first.pk)]


def test_the_desk_from_the_checklist_to_the_release():
    task = visited.released()
    planner = staff.client(staff.account("张计划", READ, "inspection.plan"))
    item = task.items.get()
    page = reverse("inspection:new_checklist", args=[item.pk])
    with visited.on_the_day(task):
        assert planner.get(page).status_code == 200
        assert (
            planner.post(page, {"sections": "# 施工许可\n1 | 是否取得施工许可证 | 《建筑法》第七条"}).status_code
            == 302
        )
        assert "是否取得施工许可证" in planner.get(reverse("inspection:item", args=[item.pk])).content.decode()

        mine = staff.client(visited.sent(task))
        form = reverse("inspection:file_result", args=[task.pk])
        assert "是否取得施工许可证" in mine.get(form).content.decode()
        given = {
            "rev": task.rev,
            "visited_on": task.window_from.isoformat(),
            "outcome": "rectify",
            "answer-0-0": "fail",
            "findings": "未取得施工许可证 | 《建筑法》第七条 | 责令改正",
        }
        assert mine.post(form, given | {"findings": ""}).status_code == 422
        assert mine.post(form, given).status_code == 302
        leader = staff.client(staff.account("钱队长", READ, "inspection.review", "inspection.read_released"))
        shown = leader.post(reverse("inspection:task", args=[task.pk])).content.decode()
        assert "责令改正" in shown
        assert "不符合" in shown
        task.refresh_from_db()
        back = leader.post(
            reverse("inspection:return_result", args=[task.pk]), {"rev": task.rev, "reason": "请补充照片。"}
        )
        assert back.status_code == 302
        again = mine.get(form).content.decode()
        assert "未取得施工许可证 | 《建筑法》第七条 | 责令改正" in again
        task.refresh_from_db()
        assert mine.post(form, given | {"rev": task.rev}).status_code == 302
        release = reverse("inspection:release_result", args=[task.pk])
        seen = task.rev  # the page he looked at is of the first filing
        assert leader.post(release, {"rev": seen}).status_code == 412
        assert leader.post(release).status_code == 422
        task.refresh_from_db()
        page = leader.get(reverse("inspection:task", args=[task.pk])).content.decode()
        assert f'name="rev" value="{task.rev}"' in page
        assert leader.post(release, {"rev": task.rev}).status_code == 302
    assert Task.objects.get(pk=task.pk).state == TaskState.DONE
    assert TaskResult.objects.get().visited_on == date.fromisoformat(given["visited_on"])


def test_an_officer_of_a_squad_files_for_the_detachments_task_on_which_he_is_sent():
    task = visited.released()
    account = visited.sent(task)
    RoleAssignment.objects.filter(account=account).update(agency=f"{cases.AGENCY}yi/")
    with visited.on_the_day(task):
        assert not actor_of(account).may(gate.VISIT, task.agency)
        page = staff.client(account)
        assert page.get(reverse("inspection:file_result", args=[task.pk])).status_code == 200
        assert "登记检查结果" in page.get(reverse("inspection:task", args=[task.pk])).content.decode()
    assert visited.filed(task).filed_by == str(account.pk)


def test_who_is_not_sent_needs_the_ability_at_the_tasks_agency_and_is_refused_even_then():
    task = visited.released()
    told = {"rev": task.rev, "visited_on": task.window_from, "outcome": "clean", "answers": {}}
    squad = cases.officer("officer:squad", gate.VISIT, agency=f"{cases.AGENCY}yi/")
    reads = Actor(
        "officer:squad", "officer", cases.AGENCY, cases.DISTRICT, squad.abilities | {Ability(READ, cases.AGENCY)}
    )
    with visited.on_the_day(task):
        with pytest.raises(NotFound):
            services.file_result(squad, task.pk, **told)
        with pytest.raises(Denied):
            services.file_result(reads, task.pk, **told)
        whole = cases.officer("officer:whole", READ, gate.VISIT)
        assert refused(lambda: services.file_result(whole, task.pk, **told)) == "xz-task-own"


def test_who_is_sent_and_may_visit_nowhere_files_nothing():
    task = visited.released()
    account = visited.sent(task)
    RoleAssignment.objects.filter(account=account).delete()
    with visited.on_the_day(task), pytest.raises(Denied):
        services.file_result(
            actor_of(account), task.pk, rev=task.rev, visited_on=task.window_from, outcome="clean", answers={}
        )
