"""Tasks and triggered inspections over the API: the same acts and refusals as on the desk, versions by ETag."""

import json
from datetime import date

import pytest

from xiezhi import clock
from xiezhi.inspection import services
from xiezhi.inspection.codes import Duty, PlanState, TaskState
from xiezhi.inspection.models import Task
from xiezhi.inspection.tests import planned, staff, triggered, visited
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import TASK_CHANGE
from xiezhi.people.models import Approval
from xiezhi.people.tests import house
from xiezhi.record.models import Event

BASE = "/api/v1/inspection"
FIRST, LAST = date(2026, 3, 11), date(2026, 3, 20)


@pytest.fixture(autouse=True)
def bureau(db):
    with clock.fixed(house.NOW):
        planned.build()
        yield


@pytest.fixture
def team():
    return triggered.officers()


class Asker:
    """Someone who is signed in; answers (status, body), keeps the last ETag."""

    def __init__(self, account):
        self.client = staff.client(account)
        self.etag = ""

    def __call__(self, method, path, body=None, rev=None):
        headers = {} if rev is None else {"If-Match": f'"{rev}"'}
        answer = self.client.generic(
            method, BASE + path, json.dumps(body or {}, default=str), "application/json", headers=headers
        )
        self.etag = answer.get("ETag", "")
        return answer.status_code, answer.json()


def people_of(*names):
    return [Asker(house.account(name)) for name in names]


def asked_for(firm, **given):
    return {
        "agency": planned.AGENCY,
        "ground": "complaint",
        "reference": "12345〔2026〕88号",
        "reason": "投诉反映无证施工。",
        "items": [planned.item().pk],
        "code": firm.code,
        "window_from": FIRST,
        "window_to": LAST,
    } | given


def named(team):
    return {"leader": team[0].officer_id, "members": [team[1].officer_id]}


def test_a_program_takes_a_triggered_inspection_from_the_request_to_the_released_result(team):
    organiser, head = people_of(planned.ORGANISER, "zhi")
    status, trigger = organiser("POST", "/triggers", asked_for(planned.firm()))
    assert (status, trigger["state"], organiser.etag) == (201, PlanState.SUBMITTED, f'"{trigger["rev"]}"')
    planned.agree(Approval.objects.get(pk=trigger["approval"]))
    _status, trigger = head("GET", f"/triggers/{trigger['id']}")
    path = f"/triggers/{trigger['id']}/task"
    assert head("POST", path, named(team))[0] == 428
    assert head("POST", path, named(team), rev=99)[0] == 412
    status, task = head("POST", path, named(team), rev=trigger["rev"])
    assert (status, task["rests"], task["trigger"], task["draw"]) == (201, "trigger", trigger["id"], "")
    assert head("GET", f"/triggers/{trigger['id']}")[1]["tasks"] == [task["id"]]
    leader = Asker(team[0])
    listed = leader("GET", "/tasks?mine=true")[1]["items"]
    assert [one["id"] for one in listed] == [task["id"]]
    with house.at(FIRST):
        status, names = leader("POST", f"/tasks/{task['id']}/names", {"purpose": "到场检查"})
        assert (status, names["code"], names["result"]) == (200, trigger["code"], None)
        assert [one["duty"] for one in names["officers"]] == [Duty.LEADER, Duty.MEMBER]
        row = Task.objects.get()
        services.publish_checklist(planned.organiser(), item=row.items.get().pk, sections=visited.SECTIONS)
        (checklist,) = leader("GET", f"/tasks/{task['id']}/checklists")[1]
        visit = {"visited_on": FIRST, "outcome": "clean", "answers": {checklist["id"]: visited.PASSED}}
        wrong = leader("POST", f"/tasks/{task['id']}/result", visit | {"answers": {}}, rev=task["rev"])
        assert wrong[0] == 422
        status, task = leader("POST", f"/tasks/{task['id']}/result", visit, rev=task["rev"])
        assert (status, task["state"]) == (200, TaskState.FILED)
        status, task = head("POST", f"/tasks/{task['id']}/result/return", {"reason": "请补正。"}, rev=task["rev"])
        assert (status, task["state"]) == (200, TaskState.RETURNED)
        visit |= {"outcome": "fixed", "findings": [{"text": "未公示许可证"}]}
        visit |= {"answers": {checklist["id"]: visited.PASSED | {"1": "fail"}}}
        task = leader("POST", f"/tasks/{task['id']}/result", visit, rev=task["rev"])[1]
        status, task = head("POST", f"/tasks/{task['id']}/result/release", rev=task["rev"])
        assert (status, task["state"]) == (200, TaskState.DONE)
        result = head("POST", f"/tasks/{task['id']}/names", {"purpose": "复核"})[1]["result"]
    assert result["findings"] == [{"text": "未公示许可证", "basis": "", "measure": ""}]
    assert result["answers"] == visit["answers"]


def test_reading_names_is_recorded_and_not_for_everyone(team):
    task = triggered.sent(triggered.approved(), team[:2])
    reader, head = people_of("dai", "zhi")
    before = Event.objects.filter(type="record.sensitive_read").count()
    assert reader("GET", f"/tasks/{task.pk}")[0] == 200
    assert reader("POST", f"/tasks/{task.pk}/names", {"purpose": "好奇"})[0] == 403
    assert head("POST", f"/tasks/{task.pk}/names", {"purpose": ""})[0] == 422
    assert head("POST", f"/tasks/{task.pk}/names", {"purpose": "检查安排"})[0] == 200
    assert Event.objects.filter(type="record.sensitive_read").count() == before + 1


def test_a_trigger_tells_whom_it_is_about_only_to_whom_it_concerns():
    trigger = planned.asked()
    for name, told in ((planned.ORGANISER, True), ("dai", False)):
        (asker,) = people_of(name)
        listed = asker("GET", "/triggers?state=submitted")[1]["items"][0]
        one = asker("GET", f"/triggers/{trigger.pk}")[1]
        assert listed == one
        assert (one["told"], one["name"], one["code"], one["reason"]) == (
            (True, trigger.name, trigger.code, trigger.reason) if told else (False, "", "", "")
        )
    (other,) = people_of("mei")
    assert other("GET", f"/triggers/{trigger.pk}")[0] == 404


def test_a_trigger_is_ended_with_its_task(team):
    trigger = triggered.approved()
    task = triggered.sent(trigger, team[:2])
    trigger.refresh_from_db()
    organiser, reader = people_of(planned.ORGANISER, "dai")
    path = f"/triggers/{trigger.pk}/end"
    assert reader("POST", path, {"reason": "撤诉。"}, rev=trigger.rev)[0] == 403
    status, ended = organiser("POST", path, {"reason": "撤诉。"}, rev=trigger.rev)
    assert (status, ended["state"], ended["end_reason"]) == (200, PlanState.ENDED, "撤诉。")
    assert organiser("GET", f"/tasks/{task.pk}")[1]["state"] == TaskState.CANCELLED


def test_a_change_of_a_task_is_asked_for_and_waits_for_its_approval(team):
    task = triggered.sent(triggered.approved(), team[:2])
    people.adopt_route(
        house.SETUP,
        kind=TASK_CHANGE,
        agency=planned.AGENCY,
        steps=(flow.Step("支队长意见", ("detachment_head",)),),
        source="示例支队〔2026〕2号",
        valid_from=house.TODAY,
    )
    (organiser,) = people_of(planned.ORGANISER)
    later = date(2026, 4, 1)
    told = {"change": "postpone", "reason": "工地停工。", "window_from": later, "window_to": later}
    path = f"/tasks/{task.pk}/changes"
    status, problem = organiser("POST", path, told | {"change": "cancel"}, rev=task.rev)
    assert (status, {one["field"] for one in problem["errors"]}) == (422, {"ground", "document"})
    status, asked = organiser("POST", path, told, rev=task.rev)
    assert (status, asked["state"], asked["rev"]) == (200, flow.PENDING, task.rev + 1)
    planned.agree(Approval.objects.get(pk=asked["approval"]), "zhi")
    assert organiser("GET", f"/tasks/{task.pk}")[1]["window_from"] == "2026-04-01"


def test_tasks_are_listed_page_by_page_by_state_and_by_what_they_rest_on(team):
    for number, first in enumerate((date(2026, 3, 11), date(2026, 3, 12)), 1):
        trigger = triggered.approved(firm=planned.firm(number), reference=f"示例{number}", window_from=first)
        triggered.sent(trigger, team[:2])
    (head,) = people_of("zhi")
    page = head("GET", "/tasks?limit=1&rests=trigger")[1]
    rest = head("GET", f"/tasks?limit=1&rests=trigger&after={page['next']}")[1]
    assert [one["window_from"] for one in page["items"] + rest["items"]] == ["2026-03-12", "2026-03-11"]
    assert rest["next"] == ""
    assert head("GET", "/tasks?rests=draw")[1]["items"] == []
    assert len(head("GET", "/tasks?state=released")[1]["items"]) == 1
    assert head("GET", "/tasks?after=x")[0] == 422


@pytest.mark.parametrize(
    "given",
    [
        {"window_to": "9999-12-31"},
        {"reason": "a\x07"},
        {"reference": "\u202e号"},
        {"items": []},
        {"agency": "/no/"},
    ],
)
def test_what_no_form_would_take_is_not_taken_here(given):
    (organiser,) = people_of(planned.ORGANISER)
    status, _problem = organiser("POST", "/triggers", asked_for(planned.firm(), **given))
    assert status in (403, 422)
