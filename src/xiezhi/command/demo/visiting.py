"""Steps of a walked inspection on the way: tasks opened, a recusal, papers, visits, review, publication."""

import threading
from collections import Counter

from xiezhi.command.demo import Failed, bureau, ceremony, papers, publication, visits
from xiezhi.command.demo.walk import Walk, at
from xiezhi.core.actor import system
from xiezhi.disclosure.codes import Kind
from xiezhi.inspection import jobs as inspection_jobs
from xiezhi.inspection import services
from xiezhi.inspection.codes import Change, Duty, Outcome, Why
from xiezhi.inspection.models import Task
from xiezhi.jobs.context import JobContext
from xiezhi.jobs.models import Job
from xiezhi.people.models import Approval


def release(walk: Walk) -> None:
    """On the eve, by the job that does it every night."""
    with walk.steps.step("release", "检查期间前一日：向检查人员开启任务") as found, at(walk.days.eve, 0, 5):
        ctx = JobContext(Job(), system("jobs"), threading.Event(), may_repeat=True)
        done = inspection_jobs.release_tasks(ctx)
        ceremony.news()
        found(f"开启 {done['released']} 个任务，对象和人员此时才向其本人公开")
    if done["released"] != len(open_tasks()):
        raise Failed("有任务没有开启。")
    walk.told["released"] = done["released"]


def recuse(walk: Walk) -> None:
    """One who is tied to the firm stands back, approved; a reserve goes."""
    with walk.steps.step("recusal", "一名检查人员回避，经审批由候补接替") as found, at(walk.days.eve, 9):
        task = next(one for one in open_tasks() if one.officers.filter(duty=Duty.RESERVE).exists())
        out = task.officers.select_related("officer").get(duty=Duty.MEMBER)
        approval = services.ask_task_change(
            bureau.actor(bureau.LEADER),
            task.pk,
            rev=task.rev,
            change=Change.REASSIGN,
            reason="本人申请回避：曾在该企业任职。",
            officer=out.officer_id,
            why=Why.RECUSAL,
            relation="former_employer",
            entity=task.target.code,
        )
        bureau.approve(approval)
        ceremony.news()
        out.refresh_from_db()
        sent = {one.officer.name for one in task.officers.filter(duty__in=papers.SENT).select_related("officer")}
        found(f"任务 {task}：{out.officer.name}回避，现由{'、'.join(sorted(sent))}前往")
    if out.duty != Duty.REPLACED or len(sent) < 2 or Approval.objects.get(pk=approval.pk).state != "approved":
        raise Failed(f"任务 {task} 的回避没有办成。")
    walk.told["recusal"] = {"task": str(task), "officers": len(sent)}


def notices(walk: Walk) -> None:
    """The papers that go before: approval form and notice of each task."""
    with (
        walk.steps.step("notices", "行政检查审批表与通知书：审批、签发、编号、用印") as found,
        at(walk.days.eve, 14),
    ):
        rows = [made for task in open_tasks() for made in (papers.approval_form(task), papers.notice(task))]
        ceremony.news()
        walk.done.papers += rows
        found(f"签发 {len(rows)} 件，如 {rows[0].number}、{rows[1].number}")
        found("演示无实体印章，以未盖章的打印件回传")
    if not all(row.number and papers.pdf(row).startswith(b"%PDF") and row.synthetic for row in rows):
        raise Failed("有文书没有文号、没有排出，或者没有“样例”标记。")


def visit(walk: Walk) -> None:
    """Everybody goes, each task on a day of its own."""
    with walk.steps.step("visits", "到场检查，登记结果，制作现场笔录") as found:
        before = walk.done.papers
        walk.done = visits.go(open_tasks(), walk.days.first, written=walk.done.written)
        recorded = len(walk.done.papers)
        walk.done.papers = [*before, *walk.done.papers]
        counts = Counter(walk.done.outcomes.values())
        found("、".join(f"{Outcome(one).label} {count}" for one, count in sorted(counts.items())))
        found(f"现场笔录 {recorded} 件")
    walk.told["outcomes"] = dict(sorted(counts.items()))


def review(walk: Walk) -> None:
    """A second person reads each result; one goes back first."""
    with walk.steps.step("review", "第二人复核：退回一件补正，其余办结；制发结果告知书") as found:
        tasks = [task for task in Task.objects.order_by("number") if str(task) in walk.done.outcomes]
        visits.review(tasks, walk.done, walk.days.reviewed)
        over = Task.objects.filter(state="done").count()
        found(f"退回 {walk.done.returned} 件后补正，办结 {over} 件，文书共 {len(walk.done.papers)} 件")
    if walk.done.returned != 1 or over != len(walk.done.outcomes):
        raise Failed("应退回一件、全部办结。")
    walk.issued = sorted({row.code for row in walk.done.papers})
    walk.told["reviewed"] = {"returned": walk.done.returned, "released": over}
    walk.told["papers"] = len(walk.done.papers)


def publish(walk: Walk, most: int | None = None) -> None:
    """The results go public, or ``most`` of them."""
    wanted = len(walk.done.outcomes) if most is None else most
    with (
        walk.steps.step("publication", "一公开：拟定、另一人签发、送达各渠道") as found,
        at(walk.days.reviewed, 15),
    ):
        public = publication.publish(walk.publishes) + publication.publish([Kind.RESULT], most)
        found(f"公示：{publication.told(public)}")
    if public["result"] != wanted:
        raise Failed(f"检查结果 {wanted} 件，只公示了 {public['result']} 件。")
    walk.told["published_results"] = public["result"]


def open_tasks() -> list[Task]:
    """Those whose names are open to who goes, and that are not over."""
    rows = Task.objects.exclude(state__in=("cancelled", "sealed", "done")).select_related("target")
    return list(rows.order_by("number"))
