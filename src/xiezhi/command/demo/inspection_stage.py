"""Stage ``inspection``: the working life of a drawn inspection, from the year's plan to what is public in the end.

On the demonstration's clock: plan and commitment on 2 March, the draw on the 3rd, officers on the 4th, a replacement
on the 5th, tasks released on the 9th, visits from the 10th to the 19th, names opened on the 21st.
"""

import hashlib
import threading
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from xiezhi import clock
from xiezhi.command.demo import (
    BUNDLE,
    Deliver,
    Failed,
    Steps,
    Summary,
    bureau,
    ceremony,
    founding,
    outsider,
    papers,
    proving,
    publication,
    say,
    visits,
)
from xiezhi.command.demo.walk import (
    CHANGED,
    DRAWN,
    EVE,
    FIRST,
    LAST,
    OVER,
    PLANNED,
    RATIO,
    RESERVES,
    REVIEWED,
    SENT,
    YEAR,
    Walk,
    at,
)
from xiezhi.core.actor import system
from xiezhi.core.errors import XiezhiError
from xiezhi.inspection import jobs as inspection_jobs
from xiezhi.inspection import services
from xiezhi.inspection.codes import Change, Duty, Outcome, Reason, Standing, Why
from xiezhi.inspection.models import Draw, DrawnTarget, InspectionItem, Plan, Task
from xiezhi.inspection.targets import WHOLE, Selection, from_registry
from xiezhi.jobs.context import JobContext
from xiezhi.jobs.models import Job
from xiezhi.people.models import Approval


def run(home: Path, deliver: Deliver) -> Summary:
    """Walk the stage in ``home``; ``deliver`` takes what is left. Raises ``Unusable``, ``Failed``."""
    try:
        return _walked(Walk(home, Steps(18)), deliver)
    except XiezhiError as error:
        raise Failed(f"有一步没有办成：{error}") from error


def _walked(walk: Walk, deliver: Deliver) -> Summary:
    say("獬豸演示：双随机、一公开。时间用演示时钟；企业、人员和随机源均为虚构，文书均带“样例”。")
    founding.prepare(walk)
    item = founding.items(walk)
    founding.roster(walk)
    plan = founding.plan(walk, item)
    draw = _commit(walk, item, plan)
    draw = _draw(walk, draw)
    sent = _officers(walk, draw, "officers", "抽取检查人员，生成密封任务", SENT)
    _moment(walk, "after the draw", "抽取公布之后，外人所见", at(SENT, 17))
    draw = _replace(walk, draw)
    again = _officers(walk, draw, "officers_again", "为递补对象抽取检查人员", CHANGED + timedelta(days=1))
    _release(walk)
    _recuse(walk)
    _notices(walk)
    _visit(walk)
    _review(walk)
    _publish(walk)
    draw = _open(walk, draw, [sent, again])
    _moment(walk, "after the window", "检查时间段结束之后，外人所见", at(OVER, 17))
    proving.verify(walk, draw, [sent, again])
    proving.leak_free(walk)
    final = ceremony.bundle(draw)
    path = deliver(
        {
            BUNDLE: final,
            "published.json": outsider.written(walk.moments),
            "codes.txt": "".join(f"{code}\n" for code in walk.codes).encode(),
        }
    )
    if path:
        say(f"结果：{path.parent}")
    return {
        "ok": True,
        "stage": "inspection",
        **walk.told,
        "bundle": {
            "path": str(path) if path else None,
            "sha256": hashlib.sha256(final).hexdigest(),
            "size": len(final),
        },
        "seconds": walk.steps.seconds,
    }


def _commit(walk: Walk, item: InspectionItem, plan: Plan) -> Draw:
    with walk.steps.step("commit", "固定名录与规则，作出承诺，封存并公布") as found:
        due = datetime.combine(DRAWN, datetime.min.time(), clock.SHANGHAI) + timedelta(hours=9, minutes=30)

        def prepare() -> Draw:
            handler, chosen = bureau.actor(bureau.HANDLER), Selection(agency=bureau.AGENCY)
            roster = services.freeze_roster(
                handler,
                item=item,
                title=f"演示名录（{len(walk.codes)} 家）",
                agency=bureau.AGENCY,
                district=bureau.DISTRICT,
                targets=from_registry(handler, chosen),
                selection=chosen.as_shown(),
            )
            return services.prepare_draw(
                handler,
                roster=roster,
                plan_line=plan.lines.get(),
                title="三月抽查（演示）",
                window_from=FIRST,
                window_to=LAST,
                plan=[{"stratum": WHOLE, "method": "equal", "ratio": RATIO, "reserves": RESERVES}],
                sources=[ceremony.source(due)],
            )

        with at(PLANNED, 16):
            moment = clock.now()
        draw = ceremony.committed(moment, prepare)
        walk.bundles["committed"] = ceremony.bundle(draw)
        walk.heads.append(proving.head())
        found(f"{draw.draw_id}，{draw.objects_count} 个对象以密封编号列示，名录根 {draw.root[:16]}…")
    walk.told["draw"] = {"id": draw.draw_id, "objects": draw.objects_count, "root": draw.root}
    _moment(walk, "after the commitment", "承诺之后，外人所见", at(PLANNED, 17))
    return draw


def _draw(walk: Walk, draw: Draw) -> Draw:
    with walk.steps.step("draw", "录入公开随机源，另一人复核；抽取并公布") as found:
        draw = ceremony.drawn(draw, datetime.fromisoformat(draw.sources[0]["not_before"]))
        walk.bundles["drawn"] = ceremony.bundle(draw)
        walk.heads.append(proving.head())
        found(f"抽中 {draw.drawn_count} 个，备选 {RESERVES} 个，种子 {draw.seed[:16]}…，名称密封")
    walk.told["draw"] = {**walk.told["draw"], "drawn": draw.drawn_count, "seed": draw.seed}  # type: ignore[dict-item]
    return draw


def _officers(walk: Walk, draw: Draw, key: str, title: str, day: date) -> Draw:
    with walk.steps.step(key, title) as found:
        with at(day - timedelta(days=1), 15):
            committed = clock.now()
        with at(day, 9, 30):
            due = clock.now()
        row = ceremony.committed(
            committed,
            lambda: services.prepare_dispatch(
                bureau.actor(bureau.HANDLER), draw=draw.pk, sources=[ceremony.source(due)]
            ),
        )
        row = ceremony.drawn(row, due)
        walk.bundles[key] = ceremony.bundle(row)
        walk.heads.append(proving.head())
        made = row.dispatched_tasks.count()
        with at(day, 12):
            public = publication.publish()
        found(f"{row.draw_id}，密封任务 {made} 个；公示：{publication.told(public)}")
    if made != row.objects_count:
        raise Failed(f"人员抽取 {row.draw_id} 有 {row.objects_count} 个对象，只生成 {made} 个任务。")
    walk.told[key] = {"id": row.draw_id, "tasks": made}
    return row


def _replace(walk: Walk, draw: Draw) -> Draw:
    with walk.steps.step("replacement", "一个抽中对象凭事由和文号移出，经审批由备选递补") as found:
        with at(CHANGED, 9):
            out = DrawnTarget.objects.filter(draw=draw, standing=Standing.DRAWN).order_by("place")[1]
            ground = {"reason": Reason.CLOSED, "document": f"示监函〔{YEAR}〕9号"}
            draw.refresh_from_db()
            approval = services.ask_replacement(
                bureau.actor(bureau.HANDLER), draw.id, opaque=out.opaque, text="已注销。", rev=draw.rev, **ground
            )
            signed = bureau.approve(approval)
            ceremony.news()
        called = DrawnTarget.objects.filter(draw=draw, standing=Standing.CALLED).first()
        cancelled = Task.objects.filter(draw=draw, state="cancelled").count()
        draw.refresh_from_db()
        walk.bundles["replaced"] = ceremony.bundle(draw)
        if called is None or cancelled != 1:
            raise Failed("移出对象之后没有备选递补，或者其任务没有取消。")
        found(f"{signed} 人审批，{out.opaque[:12]}… 移出（{Reason(ground['reason']).label}），其任务取消")
        found(f"第 {called.place} 备选 {called.opaque[:12]}… 递补，数据包重出")
    walk.told["replacement"] = {"out": out.opaque, "in": called.opaque, **ground}
    return draw


def _moment(walk: Walk, moment: str, title: str, when: Any) -> None:
    """Not a step of the work: the outsider looks."""
    with when:
        seen = outsider.seen(moment, walk.codes, papers=walk.issued)
    walk.moments.append(seen)
    files = sum(len(page.get("files", ())) for page in seen["pages"])
    say(
        f"    {title}：{len(seen['pages'])} 个页面，包内文件 {files} 个，按代码检索 {seen['searches']['asked']} 次"
    )


def _release(walk: Walk) -> None:
    with walk.steps.step("release", "检查期间前一日：向检查人员开启任务") as found, at(EVE, 0, 5):
        ctx = JobContext(Job(), system("jobs"), threading.Event(), may_repeat=True)
        done = inspection_jobs.release_tasks(ctx)
        ceremony.news()
        found(f"开启 {done['released']} 个任务，对象和人员此时才向其本人公开")
    if done["released"] != len(_open_tasks()):
        raise Failed("有任务没有开启。")
    walk.told["released"] = done["released"]


def _recuse(walk: Walk) -> None:
    with walk.steps.step("recusal", "一名检查人员回避，经审批由候补接替") as found, at(EVE, 9):
        task = next(one for one in _open_tasks() if one.officers.filter(duty=Duty.RESERVE).exists())
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


def _notices(walk: Walk) -> None:
    with walk.steps.step("notices", "行政检查审批表与通知书：审批、签发、编号、用印") as found, at(EVE, 14):
        rows = [made for task in _open_tasks() for made in (papers.approval_form(task), papers.notice(task))]
        ceremony.news()
        walk.done.papers += rows
        # Papers are signed and on their way, nobody was visited: an outsider still learns nothing.
        walk.eve = outsider.seen("on the eve", walk.codes, papers=sorted({row.code for row in rows}))
        found(f"签发 {len(rows)} 件，如 {rows[0].number}、{rows[1].number}")
        found("演示无实体印章，以未盖章的打印件回传；此时外人仍看不到名称")
    if not all(row.number and papers.pdf(row).startswith(b"%PDF") and row.synthetic for row in rows):
        raise Failed("有文书没有文号、没有排出，或者没有“样例”标记。")


def _visit(walk: Walk) -> None:
    with walk.steps.step("visits", "到场检查，登记结果，制作现场笔录") as found:
        before = walk.done.papers
        walk.done = visits.go(_open_tasks(), FIRST)
        recorded = len(walk.done.papers)
        walk.done.papers = [*before, *walk.done.papers]
        counts = Counter(walk.done.outcomes.values())
        found("、".join(f"{Outcome(one).label} {count}" for one, count in sorted(counts.items())))
        found(f"现场笔录 {recorded} 件")
    walk.told["outcomes"] = dict(sorted(counts.items()))


def _review(walk: Walk) -> None:
    with walk.steps.step("review", "第二人复核：退回一件补正，其余办结；制发结果告知书") as found:
        tasks = [task for task in Task.objects.order_by("number") if str(task) in walk.done.outcomes]
        visits.review(tasks, walk.done, REVIEWED)
        over = Task.objects.filter(state="done").count()
        found(f"退回 {walk.done.returned} 件后补正，办结 {over} 件，文书共 {len(walk.done.papers)} 件")
    if walk.done.returned != 1 or over != len(walk.done.outcomes):
        raise Failed("应退回一件、全部办结。")
    walk.issued = sorted({row.code for row in walk.done.papers})
    walk.told["reviewed"] = {"returned": walk.done.returned, "released": over}
    walk.told["papers"] = len(walk.done.papers)


def _publish(walk: Walk) -> None:
    with walk.steps.step("publication", "一公开：拟定、另一人签发、送达各渠道") as found, at(REVIEWED, 15):
        public = publication.publish()
        found(f"公示：{publication.told(public)}")
    if public["result"] != len(walk.done.outcomes):
        raise Failed(f"检查结果 {len(walk.done.outcomes)} 件，只公示了 {public['result']} 件。")
    walk.told["published_results"] = public["result"]


def _open(walk: Walk, draw: Draw, sent: list[Draw]) -> Draw:
    with walk.steps.step("open", "检查时间段结束，公开名称并重出数据包") as found, at(OVER, 9):
        rows = []
        for row in (draw, *sent):
            row.refresh_from_db()
            row = services.open_names(bureau.actor(bureau.HEAD), row.id, rev=row.rev)
            rows.append(ceremony.publish(row))
        publication.publish()
        opened = rows[0].opened_count
        found(f"公开 {opened} 个名称与盐值（含移出和递补的）")
    if opened != (rows[0].drawn_count or 0) + 1:
        raise Failed(f"抽中 {rows[0].drawn_count} 个、递补 1 个，公开了 {opened} 个名称。")
    walk.told["opened"] = opened
    return rows[0]


def _open_tasks() -> list[Task]:
    rows = Task.objects.exclude(state__in=("cancelled", "sealed", "done")).select_related("target")
    return list(rows.order_by("number"))
