"""An approval from submission to decision over the API: returned, mended, countersigned, refused, taken back."""

from datetime import timedelta

import pytest

from xiezhi import clock
from xiezhi.api.tests.asking import Asker
from xiezhi.people import flow, services
from xiezhi.people.approval_kinds import PLAN
from xiezhi.people.models import Account, ApprovalRoute
from xiezhi.people.tests import house
from xiezhi.web import services as web

pytestmark = pytest.mark.django_db
STEPS = (
    flow.Step("大队长意见", ("squad_leader",)),
    flow.Step("法制、分管局长会签", ("detachment_legal", "deputy_director")),
)
ASKED = {
    "kind": PLAN,
    "subject": "plan:2026",
    "title": "2026年度抽查计划",
    "agency": house.SQUAD_1,
    "text": "拟按计划实施。",
}


@pytest.fixture(autouse=True)
def _house():
    with clock.fixed(house.NOW):
        house.build()
        ApprovalRoute.objects.all().delete()
        services.adopt_route(
            house.SETUP, kind=PLAN, agency="/sl/", steps=STEPS, source="示例规定", valid_from=house.TODAY
        )
        yield


def asker(username):
    return Asker(Account.objects.get(username=username))


def submitted():
    made = services.submit(house.actor("lin"), **ASKED)
    return asker("lin").get(f"/approvals/{made.pk}")[1]


def inbox(username):
    return [one["id"] for one in asker(username).get("/approvals/inbox")[1]]


def test_returned_with_a_reason_mended_countersigned_and_approved():
    made = submitted()
    path = f"/approvals/{made['id']}"
    assert (inbox("zhou"), inbox("fa")) == ([made["id"]], [])
    status, back = asker("zhou").post(f"{path}/return", {"text": "请补充数量"}, rev=made["rev"])
    assert (status, back["state"]) == (200, "returned")
    assert inbox("lin") == [made["id"]]
    mended = {"text": "已补充", "title": "2026年度抽查计划（修改）"}
    status, again = asker("lin").post(f"{path}/resubmission", mended, rev=back["rev"])
    assert (status, again["title"], again["round"]) == (200, mended["title"], 2)
    rev = again["rev"]
    for username in ("zhou", "fen", "fa"):
        status, found = asker(username).post(f"{path}/agreement", {"text": "同意"}, rev=rev)
        assert status == 200, found
        rev = found["rev"]
    assert (found["state"], found["waiting"]) == ("approved", [])
    said = [(one["decision"], one["name"]) for one in found["opinions"]]
    assert said == [
        ("submit", "示例林"),
        ("return", "示例周"),
        ("resubmit", "示例林"),
        ("agree", "示例周"),
        ("agree", "示例分"),
        ("agree", "示例法"),
    ]


@pytest.mark.parametrize(
    ("username", "act", "payload", "status", "rule"),
    [
        ("fa", "agreement", {"text": "同意"}, 409, "xz-approval-turn"),
        ("lin", "agreement", {"text": "同意"}, 409, "xz-approval-turn"),
        ("lin", "resubmission", {"text": "补正"}, 409, "xz-approval-state"),
        ("zhou", "withdrawal", {"text": "撤回"}, 409, "xz-approval-applicant"),
        ("zhou", "return", {"text": ""}, 422, None),
        ("zhou", "return", {"text": "退回", "to_step": 1}, 422, None),
        ("mei", "agreement", {"text": "同意"}, 404, None),
    ],
)
def test_whoever_may_not_is_told_why(username, act, payload, status, rule):
    made = submitted()
    got, problem = asker(username).post(f"/approvals/{made['id']}/{act}", payload, rev=made["rev"])
    assert (got, problem.get("rule_id")) == (status, rule), problem


def test_an_opinion_is_given_on_the_version_that_was_read():
    made = submitted()
    path = f"/approvals/{made['id']}/agreement"
    assert asker("zhou").post(path, {"text": "同意"})[0] == 428
    assert asker("zhou").post(path, {"text": "同意"}, rev=made["rev"] + 1)[0] == 412
    assert asker("mei").post(path, {"text": "同意"}, rev=made["rev"] + 1)[0] == 404, (
        "no version of what is not his"
    )


def test_the_applicant_takes_it_back_and_the_matrix_is_there_to_read():
    made = submitted()
    lin = asker("lin")
    assert (
        lin.post(f"/approvals/{made['id']}/withdrawal", {"text": "另行安排"}, rev=made["rev"])[1]["state"]
        == "withdrawn"
    )
    assert [one["id"] for one in lin.get("/approvals")[1]["items"]] == [made["id"]]
    routes = lin.get("/people/routes")[1]["items"]
    assert [[step["title"] for step in one["steps"]] for one in routes] == [[step.title for step in STEPS]]


def test_a_key_reads_approvals_within_its_scopes_and_speaks_in_none():
    made = submitted()
    _key, secret = web.issue_key(
        house.SETUP,
        name="示例系统",
        agency="/sl/",
        scopes=["approval.read"],
        expires_at=clock.now() + timedelta(days=1),
    )
    program = Asker(secret=secret)
    assert [one["id"] for one in program.get("/approvals")[1]["items"]] == [made["id"]]
    assert program.get("/approvals/inbox") == (200, [])
    status, problem = program.post(f"/approvals/{made['id']}/agreement", {"text": "同意"}, rev=made["rev"])
    assert (status, problem["rule_id"]) == (409, "xz-approval-turn")


def test_no_approval_is_submitted_by_itself_only_by_the_act_it_is_about():
    assert asker("lin").post("/approvals", ASKED)[0] == 405
