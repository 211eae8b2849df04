"""The papers of a visit: approval form, notice, on-site record, notice of the result; set, numbered, signed."""

import io
from collections.abc import Mapping
from typing import Any

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.command.demo import Failed, bureau
from xiezhi.core.actor import Actor
from xiezhi.documents import queries, services
from xiezhi.documents.models import Document
from xiezhi.inspection.codes import Duty, Outcome
from xiezhi.inspection.models import Task, TaskResult
from xiezhi.people.models import Account, Certificate
from xiezhi.people.queries import actor_of

SENT = (Duty.LEADER, Duty.MEMBER)
CONTACT = "示例联系人，000-00000000"
# What the result's notice calls an outcome; where nobody could look there is nobody to give a notice to.
NOTICED = {
    Outcome.CLEAN: "未发现问题",
    Outcome.FIXED: "现场已整改",
    Outcome.RECTIFY: "责令限期改正",
    Outcome.STOP: "责令停止施工",
    Outcome.TRANSFER: "移送处理",
}


def leader_of(task: Task) -> Actor:
    """The account of the officer who leads the visit, with what it may do now."""
    return actor_of(Account.objects.get(officer=task.officers.get(duty=Duty.LEADER).officer))


def approval_form(task: Task) -> Document:
    """行政检查审批表: drafted by the leader, approved on its route, signed and numbered."""
    leader = leader_of(task)
    names = [one["name"] for one in _officers(task)]
    values = _head(task) | {
        "source": "年度计划（双随机）",
        "way": "现场检查",
        "when": _window(task),
        "officers": _officers(task),
        "leader": names[0],
        "frequency": "本年度已检查0次",
        "reason": "按年度抽查计划实施检查。",
    }
    row = _drafted(leader, "inspection_approval", task, values)
    approval = services.ask_approval(leader, row.id, rev=row.rev, text="按计划实施，请审批。")
    bureau.approve(approval)
    row.refresh_from_db()
    return services.sign_document(leader, row.id, rev=row.rev)


def notice(task: Task) -> Document:
    """行政检查通知书, signed by the leader, sealed and issued."""
    values = _head(task) | {
        "source": "年度计划（双随机）",
        "way": "现场检查",
        "when": _window(task),
        "officers": _officers(task),
        "frequency": "本年度已检查0次",
        "contact": CONTACT,
    }
    return _issued(_signed(leader_of(task), "inspection_notice", task, values))


def site_record(task: Task, result: TaskResult) -> Document:
    """现场检查笔录 of the visit, signed by the leader."""
    values = _head(task) | {
        "when": f"{result.visited_on:%Y年%m月%d日}",
        "officers": _officers(task),
        "present_name": "示例在场人",
        "shown": True,
        "told": True,
        "recusal": "不申请回避",
        "situation": f"经检查：{Outcome(result.outcome).label}。",
        "findings": [{"place": "现场", "fact": one["text"], "basis": one["basis"]} for one in result.findings],
    }
    return _signed(leader_of(task), "site_record", task, values)


def result_notice(task: Task, result: TaskResult) -> Document:
    """行政检查结果告知书, after the second person's release."""
    values = _head(task) | {
        "inspected_on": result.visited_on.isoformat(),
        "officers": _officers(task),
        "outcome": NOTICED[Outcome(result.outcome)],
        "findings": [
            {"fact": one["text"], "basis": one["basis"], "demand": one["measure"]} for one in result.findings
        ],
        "contact": CONTACT,
    }
    return _issued(_signed(leader_of(task), "result_notice", task, values))


def pdf(row: Document) -> bytes:
    """The signed page as it was set."""
    with store.open(str(row.pdf_id)) as file:
        return bytes(file.read())


def _head(task: Task) -> dict[str, Any]:
    item = task.items.get()
    return {
        "party_name": task.target.name,
        "party_code": task.target.code,
        "party_address": "示例市示例路（演示地址）",
        "items": [{"name": item.title, "basis": item.basis}],
    }


def _officers(task: Task) -> list[dict[str, str]]:
    sent = task.officers.filter(duty__in=SENT).select_related("officer").order_by("place")
    numbers = dict(Certificate.objects.values_list("officer", "number"))
    return [{"name": one.officer.name, "certificate": numbers[one.officer_id]} for one in sent]


def _window(task: Task) -> str:
    return f"{task.window_from:%Y年%m月%d日}至{task.window_to:%Y年%m月%d日}"


def _drafted(by: Actor, code: str, task: Task, values: Mapping[str, Any]) -> Document:
    template = queries.in_force(code, bureau.AGENCY, clock.today())
    if template is None:
        raise Failed(f"没有文书模板 {code}。")
    return services.draft_document(
        by, template=template, agency=bureau.AGENCY, title=f"任务 {task}", values=values, subject=f"task:{task.pk}"
    )


def _signed(by: Actor, code: str, task: Task, values: Mapping[str, Any]) -> Document:
    row = _drafted(by, code, task, values)
    return services.sign_document(by, row.id, rev=row.rev)


def _issued(row: Document) -> Document:
    """用印: asked for, entered by the keeper of the seal, scanned back.

    A demonstration has no seal: what is scanned back is the print without one.
    """
    owner = Account.objects.get(pk=row.signed_by)
    services.request_seal(actor_of(owner), row.id, rev=row.rev, purpose="送达当事人")
    row.refresh_from_db()
    services.register_seal(bureau.actor(bureau.COUNSEL), row.id, rev=row.rev, seal_name="示例支队公章")
    row.refresh_from_db()
    services.return_scan(bureau.actor(bureau.COUNSEL), row.id, rev=row.rev, scan=io.BytesIO(pdf(row)))
    row.refresh_from_db()
    return services.issue_document(actor_of(owner), row.id, rev=row.rev)
