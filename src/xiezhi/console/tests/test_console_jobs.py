"""Background jobs and messages on screen."""

import pytest

from xiezhi.blobs import store
from xiezhi.core.actor import Actor, system
from xiezhi.core.errors import Refusal, Refused
from xiezhi.jobs import actors, queue
from xiezhi.jobs.models import Job, State
from xiezhi.jobs.registry import JOBS, Produced, job
from xiezhi.jobs.worker import run_until_idle
from xiezhi.notify import inbox, queries, services
from xiezhi.notify.models import Message

OTHER = Actor("other", "officer", "/b/", "321202")


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    monkeypatch.setattr(actors, "_sources", {})  # the accounts of these tests have no unit
    for name, run in {
        "t.export": lambda ctx: Produced(store.put("结果".encode()).sha256, "名录.csv", "text/csv"),
        "t.wait": lambda ctx: None,
    }.items():
        monkeypatch.setitem(JOBS, name, None)
        del JOBS[name]
        job(name, title="导出名录", retries=0)(run)
    yield
    for name in ("t.export", "t.wait"):
        JOBS.pop(name, None)


def test_a_job_is_followed_to_its_file(sign_in):
    me = sign_in()
    ordered = queue.enqueue(me.actor, "t.export")
    text = me.get(f"/console/jobs/{ordered.pk}/").content.decode()
    assert "排队中" in text
    assert 'hx-trigger="every 1s"' in text
    run_until_idle()
    text = me.get(f"/console/jobs/{ordered.pk}/progress/").content.decode()
    assert "已完成" in text
    assert "hx-trigger" not in text, "an ended job is asked after no more"
    assert "<html" not in text
    response = me.get(f"/console/jobs/{ordered.pk}/file/")
    assert b"".join(response.streaming_content).decode() == "结果"
    assert "utf-8''" in response["Content-Disposition"]


def test_ones_own_waiting_job_is_cancelled(sign_in):
    me = sign_in()
    ordered = queue.enqueue(me.actor, "t.wait")
    assert "取消任务" in me.get(f"/console/jobs/{ordered.pk}/").content.decode()
    me.post(f"/console/jobs/{ordered.pk}/cancel/")
    assert Job.objects.get().state == State.CANCELLED
    assert me.get(f"/console/jobs/{ordered.pk}/file/").status_code == 404


def test_a_failed_job_says_what_to_do(sign_in):
    me = sign_in()
    ordered = queue.enqueue(me.actor, "t.wait")
    queue.fail(queue.claim("w"), "没有可导出的行")
    assert "没有可导出的行" in me.get(f"/console/jobs/{ordered.pk}/").content.decode()


def test_a_job_that_a_rule_ended_tells_the_rule_and_the_way_on(sign_in):
    def refused(ctx):
        raise Refused(
            Refusal("示例法-1", "《示例法》第一条", "%(name)s不能导出。", "请改办%(name)s乙。", {"name": "示例"})
        )

    me = sign_in()
    job("t.refused", title="导出名录")(refused)
    ordered = queue.enqueue(me.actor, "t.refused")
    run_until_idle(loops=False)
    JOBS.pop("t.refused")
    for part in ("", "progress/"):
        text = me.get(f"/console/jobs/{ordered.pk}/{part}").content.decode()
        for told in ("示例不能导出。", "《示例法》第一条", "请改办示例乙。", "示例法-1"):
            assert text.count(told) == 1
    answer = me.get(f"/api/v1/jobs/{ordered.pk}").json()
    assert (answer["error"], answer["rule_id"]) == ("示例不能导出。", "示例法-1")
    assert (answer["article"], answer["remedy"]) == ("《示例法》第一条", "请改办示例乙。")


@pytest.mark.parametrize("part", ["", "progress/", "file/", "cancel/"])
def test_jobs_of_others_are_not_there(sign_in, part):
    me = sign_in()
    ordered = queue.enqueue(OTHER, "t.wait")
    address = f"/console/jobs/{ordered.pk}/{part}"
    response = me.post(address) if part == "cancel/" else me.get(address)
    assert response.status_code == 404
    assert "导出名录" not in me.get("/console/jobs/").content.decode()


def test_the_list_of_jobs(sign_in):
    me = sign_in("jobs.read")
    queue.enqueue(me.actor, "t.wait")
    text = me.get("/console/jobs/?state=queued").content.decode()
    assert "导出名录" in text
    assert "导出名录" not in me.get("/console/jobs/?state=done").content.decode()


def test_unread_messages_are_counted_everywhere_and_opened_once(sign_in):
    me = sign_in()
    news = {"kind": "registry.import_done", "title": "导入完成", "link": "/console/jobs/"}
    inbox.tell([me.actor.id, "other"], key="k", **news)
    text = me.get("/console/").content.decode()
    assert 'class="xz-badge">1<' in text
    mine = queries.inbox(me.actor).get()
    assert me.get(f"/console/notifications/{mine.pk}/")["Location"] == "/console/jobs/"
    assert queries.unread(me.actor) == 0
    assert "xz-badge" not in me.get("/console/").content.decode()
    assert "导入完成" in me.get("/console/notifications/").content.decode()


def test_all_are_marked_read_and_others_are_not_there(sign_in):
    me = sign_in()
    for n in range(3):
        inbox.tell([me.actor.id, OTHER.id], key=f"k{n}", kind="t.t", title="消息")
    his = queries.inbox(OTHER).first()
    assert me.get(f"/console/notifications/{his.pk}/").status_code == 404
    assert "全部标为已读" in me.get("/console/notifications/").content.decode()
    me.post("/console/notifications/read/")
    assert (queries.unread(me.actor), queries.unread(OTHER)) == (0, 3)


@pytest.mark.parametrize("link", ["//evil.example/", "https://evil.example/", ""])
def test_a_message_leads_nowhere_outside(sign_in, link):
    me = sign_in()
    inbox.tell([me.actor.id], key="k", kind="t.t", title="消息", link=link)
    mine = queries.inbox(me.actor).get()
    assert me.get(f"/console/notifications/{mine.pk}/")["Location"] == "/console/notifications/"


def test_what_was_not_sent_says_so_and_shows_no_whole_number(sign_in):
    me = sign_in("notify.read", "notify.requeue")
    services.send_sms(
        Actor("x", "officer", "/a/", "321202"), key="k", number="13812345678", template="t", params={}
    )
    text = me.get("/console/messages/").content.decode()
    assert "未发送：未配置短信服务" in text
    assert "13812345678" not in text
    message = Message.objects.get()
    assert "重新发送" in me.get(f"/console/messages/{message.pk}/").content.decode()
    text = me.post(f"/console/messages/{message.pk}/requeue/", follow=True).content.decode()
    assert "尚未配置发送服务" in text


def test_messages_of_other_agencies_are_not_there(sign_in):
    me = sign_in("notify.read", "notify.requeue")
    services.send_mail(system("t"), key="k", to="a@b.cn", subject="主题", body="")
    message = Message.objects.get()
    assert me.get(f"/console/messages/{message.pk}/").status_code == 404
    assert me.post(f"/console/messages/{message.pk}/requeue/").status_code == 404
    assert sign_in(name="none").get("/console/messages/").status_code == 403
