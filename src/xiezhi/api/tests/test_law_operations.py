"""Law, messages and results of jobs over the API."""

import pytest

from xiezhi import clock
from xiezhi.api.tests.asking import Asker
from xiezhi.blobs import store
from xiezhi.core.actor import system
from xiezhi.jobs.models import Job, State
from xiezhi.lawbase import services
from xiezhi.lawbase.models import Kind, LawItem
from xiezhi.lawbase.tests.acts_scenarios import CITED
from xiezhi.notify import inbox
from xiezhi.web.lists.export import MEDIA_TYPES
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db
LAW = ("lawbase.read", "lawbase.confirm", "lawbase.manage")


@pytest.fixture
def item():
    services.load_release(system("test"))
    return LawItem.objects.current().get(kind=Kind.DEADLINE, code="clue_check")


@pytest.fixture
def jurist():
    return Asker(signing_in.account_with(*LAW, username="jurist", path="/"))


def pending(asker):
    return asker.get("/law/items", kind="deadline", pending=True, limit=200)[1]["items"]


def test_a_jurist_confirms_and_takes_back(item, jurist):
    assert str(item.pk) in [one["id"] for one in pending(jurist)]
    status, confirmation = jurist.post(f"/law/items/{item.pk}/confirmation", CITED)
    assert status == 201, confirmation
    assert str(item.pk) not in [one["id"] for one in pending(jurist)]
    found = jurist.get(f"/law/items/{item.pk}")[1]
    assert (found["doubts"], [one["citation"] for one in found["confirmations"]]) == ([], [CITED["citation"]])
    path = f"/law/confirmations/{confirmation['id']}/withdrawal"
    assert jurist.post(path, {"reason": "旧文本"})[1]["withdrawal_reason"] == "旧文本"
    assert str(item.pk) in [one["id"] for one in pending(jurist)]


def test_a_correction_is_a_new_version_and_the_old_one_is_no_longer_corrected(item, jurist):
    body = {"payload": item.payload | {"length": 20}, "valid_from": "2026-06-01", "reason": "核对原文"}
    status, fresh = jurist.post(f"/law/items/{item.pk}/versions", body)
    assert (status, fresh["version"], fresh["payload"]["length"]) == (201, 2, 20)
    assert jurist.post(f"/law/items/{item.pk}/versions", body)[0] == 412


def test_a_subtrees_jurist_is_told_who_can(item):
    local = Asker(signing_in.account_with(*LAW, username="local"))
    status, problem = local.post(f"/law/items/{item.pk}/confirmation", CITED)
    assert (status, problem["rule_id"]) == (409, "xz-law-for-all")
    assert "全部机构" in problem["remedy"]


@pytest.mark.usefixtures("item")
@pytest.mark.parametrize(
    ("rule", "query", "status", "found"),
    [
        ("service_decision", {"start": "2026-09-24"}, 200, "2026-10-12"),
        ("decision", {"start": "2026-01-05", "exclude": "2026-01-10..2026-01-20"}, 200, "2026-04-16"),
        ("urgent_measure_report", {"start": "2026-03-02T09:30:00+08:00"}, 200, "2026-03-03"),
        ("urgent_measure_report", {"start": "2026-03-02"}, 422, "start"),
        ("decision", {"start": "2026-01-05", "exclude": "x"}, 422, "exclude"),
        ("decision", {"start": "2026-01-05", "extensions": 9}, 422, "start"),
        ("no_such_rule", {"start": "2026-01-05"}, 404, ""),
    ],
)
def test_a_deadline_is_computed_in_words(jurist, rule, query, status, found):
    got, body = jurist.get(f"/law/deadlines/{rule}/due", **query)
    assert got == status, body
    if status == 200:
        assert body["due"] == found
        assert body["steps"]
    elif status == 422:
        assert [one["field"] for one in body["errors"]] == [found]


def test_ones_own_messages_are_read_and_nobody_elses():
    mine, other = (signing_in.account_with(username=name) for name in ("mine", "other"))
    for key in ("a", "b"):
        inbox.tell([str(mine.pk), str(other.pk)], kind="x.y", title=f"示例{key}", key=key)
    asker = Asker(mine)
    first, second = asker.get("/notifications")[1]["items"]
    assert asker.get(f"/notifications/{first['id']}")[1]["title"] == "示例b"
    assert asker.post("/notifications/read", {"ids": [first["id"]]})[1] == {"marked": 1, "unread": 1}
    assert [one["id"] for one in asker.get("/notifications", unread=True)[1]["items"]] == [second["id"]]
    assert asker.post("/notifications/read", {})[1] == {"marked": 1, "unread": 0}
    assert len(Asker(other).get("/notifications", unread=True)[1]["items"]) == 2
    assert Asker(other).get(f"/notifications/{first['id']}")[0] == 404


def test_a_jobs_file_is_for_the_one_who_ordered_it():
    owner, reader = (
        signing_in.account_with(username="owner"),
        signing_in.account_with("jobs.read", username="reader"),
    )
    blob = store.put(b"a,b\r\n", media_type=MEDIA_TYPES["csv"])
    job = Job.objects.create(
        name="web.export",
        title="示例导出",
        actor=str(owner.pk),
        agency="/tz/",
        state=State.DONE,
        result_blob=blob.sha256,
        result_name="示例.csv",
        result_type=MEDIA_TYPES["csv"],
        run_after=clock.now(),
        created_at=clock.now(),
    )
    status, response = Asker(owner).get(f"/jobs/{job.pk}/result")
    assert (status, b"".join(response.streaming_content)) == (200, b"a,b\r\n")
    assert Asker(reader).get(f"/jobs/{job.pk}")[0] == 200
    assert Asker(reader).get(f"/jobs/{job.pk}/result")[0] == 404
    assert Asker(reader).get("/jobs", own=True)[1]["items"] == []
    assert len(Asker(owner).get("/jobs", own=True)[1]["items"]) == 1
