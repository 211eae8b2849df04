"""Stage ``inspection``: the working life of a drawn inspection, from the year's plan to what is public in the end.

On the demonstration's clock: plan and commitment on 2 March, the draw on the 3rd, officers on the 4th, a replacement
on the 5th, tasks released on the 9th, visits from the 10th to the 19th, names opened on the 21st.
"""

import hashlib
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.management import call_command

from xiezhi import clock
from xiezhi.command.demo import (
    BUNDLE,
    Deliver,
    Failed,
    Steps,
    Summary,
    Unusable,
    bureau,
    ceremony,
    outsider,
    papers,
    publication,
    say,
    strangers,
    visits,
)
from xiezhi.core.actor import system
from xiezhi.core.errors import XiezhiError
from xiezhi.core.tlog.faults import TlogError
from xiezhi.core.tlog.merkle import check_consistency
from xiezhi.documents import press
from xiezhi.inspection import jobs as inspection_jobs
from xiezhi.inspection import services
from xiezhi.inspection.codes import Change, Duty, Measure, Outcome, PlanKind, Reason, Standing, Why
from xiezhi.inspection.models import Draw, DrawnTarget, InspectionItem, Plan, Task
from xiezhi.inspection.national import items as national_items
from xiezhi.inspection.targets import WHOLE, Selection, from_registry
from xiezhi.jobs.context import JobContext
from xiezhi.jobs.models import Job
from xiezhi.people.models import Approval
from xiezhi.record import queries as record
from xiezhi.record import replaying, verification
from xiezhi.registry import imports
from xiezhi.registry.models import Entity
from xiezhi.registry.synthetic import write_roster

at = visits.at
YEAR, FIRMS, RATIO, RESERVES = 2026, 240, (1, 24), 5
ITEM = "GJ-02"
PLANNED, DRAWN, SENT, CHANGED = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)
FIRST, LAST, REVIEWED, OVER = date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 20), date(2026, 3, 21)
EVE = FIRST - timedelta(days=1)


@dataclass
class Walk:
    """What the steps hand on to each other."""

    home: Path
    steps: Steps
    told: Summary = field(default_factory=dict)
    moments: list[dict[str, Any]] = field(default_factory=list)
    eve: dict[str, Any] = field(default_factory=dict)
    bundles: dict[str, bytes] = field(default_factory=dict)
    heads: list[tuple[int, bytes]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    done: visits.Visited = field(default_factory=visits.Visited)
    issued: list[str] = field(default_factory=list)


def run(home: Path, deliver: Deliver) -> Summary:
    """Walk the stage in ``home``; ``deliver`` takes what is left. Raises ``Unusable``, ``Failed``."""
    try:
        return _walked(Walk(home, Steps(18)), deliver)
    except XiezhiError as error:
        raise Failed(f"有一步没有办成：{error}") from error


def _walked(walk: Walk, deliver: Deliver) -> Summary:
    say("獬豸演示：双随机、一公开。时间用演示时钟；企业、人员和随机源均为虚构，文书均带“样例”。")
    _prepare(walk)
    item = _items(walk)
    _roster(walk)
    plan = _plan(walk, item)
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
    _verify(walk, draw, [sent, again])
    _leak_free(walk)
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


def _prepare(walk: Walk) -> None:
    with walk.steps.step("prepare", "建立临时数据库、机构与人员") as found:
        try:
            press.engine()
        except press.NoFonts as error:
            raise Unusable(str(error)) from None
        call_command("migrate", verbosity=0)
        with at(PLANNED, 9):
            bureau.build(PLANNED)
        found(f"支队一个、科室三个，账号 {len(bureau.PEOPLE) + len(bureau.OFFICERS)} 个")
        found(f"持证执法人员 {len(bureau.OFFICERS)} 名，审批流程 {len(bureau.ROUTES)} 条")


def _items(walk: Walk) -> InspectionItem:
    with walk.steps.step("items", "建立抽查事项清单") as found, at(PLANNED, 9, 10):
        codes = sorted(national_items(PLANNED))
        made = services.adopt_items(
            bureau.actor(bureau.HANDLER),
            codes=codes,
            valid_from=date(YEAR, 1, 1),
            inspectors=bureau.NAME,
            agency=bureau.AGENCY,
            district=bureau.DISTRICT,
        )
        item = next(one for one in made if one.code == ITEM)
        visits.checklist(item)
        found(f"国家事项 {len(made)} 项，“{item.title}”附检查表")
    walk.told["items"] = len(made)
    return item


def _roster(walk: Walk) -> None:
    with walk.steps.step("import", "导入虚构名录") as found, at(PLANNED, 9, 30):
        path, steward = walk.home / "roster.csv", bureau.actor(bureau.STEWARD)
        write_roster(path, FIRMS)
        batch = imports.stage_file(
            steward,
            path=path,
            filename=path.name,
            source="虚构名录",
            agency=bureau.AGENCY,
            district=bureau.DISTRICT,
        )
        imports.apply_batch(steward, batch.id)
        walk.codes = sorted(Entity.objects.values_list("code", flat=True))
        found(f"导入 {len(walk.codes)} 家")
    walk.told["roster"] = len(walk.codes)


def _plan(walk: Walk, item: InspectionItem) -> Plan:
    with walk.steps.step("plan", "编制年度抽查计划，逐级审批，公布") as found:
        with at(PLANNED, 10):
            handler = bureau.actor(bureau.HANDLER)
            line = {"item": str(item.id), "measure": Measure.RATIO, "ratio": list(RATIO), "quota": 12, "draws": 4}
            plan = services.draft_plan(
                handler,
                kind=PlanKind.YEARLY,
                year=YEAR,
                title=f"{YEAR} 年度抽查计划（演示）",
                agency=bureau.AGENCY,
                district=bureau.DISTRICT,
                lines=[line],
            )
            plan = services.submit_plan(handler, plan.id, rev=plan.rev, text="拟按清单实施，请审批。")
        with at(PLANNED, 11):
            signed = bureau.approve(plan.approval)
            ceremony.news()
            plan.refresh_from_db()
            plan = services.publish_plan(
                bureau.actor(bureau.HEAD), plan.id, rev=plan.rev, document=f"示监〔{YEAR}〕1号"
            )
            public = publication.publish()
        found(f"{signed} 个账号签署批准，文号示监〔{YEAR}〕1号；公示：{publication.told(public)}")
    if signed != 3:
        raise Failed(f"计划应由三个账号审批，实际 {signed} 个。")
    walk.told["plan"] = {"signed_by": signed, "published": plan.state == "published"}
    return plan


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
        walk.heads.append(_head())
        found(f"{draw.draw_id}，{draw.objects_count} 个对象以密封编号列示，名录根 {draw.root[:16]}…")
    walk.told["draw"] = {"id": draw.draw_id, "objects": draw.objects_count, "root": draw.root}
    _moment(walk, "after the commitment", "承诺之后，外人所见", at(PLANNED, 17))
    return draw


def _draw(walk: Walk, draw: Draw) -> Draw:
    with walk.steps.step("draw", "录入公开随机源，另一人复核；抽取并公布") as found:
        draw = ceremony.drawn(draw, datetime.fromisoformat(draw.sources[0]["not_before"]))
        walk.bundles["drawn"] = ceremony.bundle(draw)
        walk.heads.append(_head())
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
        walk.heads.append(_head())
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


def _verify(walk: Walk, draw: Draw, sent: list[Draw]) -> None:
    with walk.steps.step("verify", "全部公布内容对照前一日的承诺独立校验（python3 -I）") as found:
        walk.bundles["opened"] = final = ceremony.bundle(draw)
        walk.bundles |= {f"{row.draw_id} opened": ceremony.bundle(row) for row in sent}
        key = record.public_keys()[-1]
        for name, data in walk.bundles.items():
            code, text = strangers.checked(walk.home, data, f"verify {name}", key)
            if code != 0:
                raise Failed(f"“{name}”的数据包校验没有通过：{text.strip().splitlines()[-1]}")
        first, last = strangers.members(walk.bundles["committed"]), strangers.members(final)
        differing = [name for name in ("commitment.json", "rules.json", "roster.tsv") if first[name] != last[name]]
        root = json.loads(first["commitment.json"])["root"]
        if differing or root != json.loads(last["commitment.json"])["root"]:
            raise Failed(f"最后的数据包与前一日的承诺不符：{'、'.join(differing)}")
        found(f"{len(walk.bundles)} 个数据包逐步相符，名录根与前一日相同")
        walk.heads.append(_head())
        _grown(walk.heads)
        found(f"{len(walk.heads)} 个检查点一脉相承")
        _record_holds()
        found("全过程记录校验与重放相符")
    walk.told["verified"] = {"bundles": len(walk.bundles), "checkpoints": len(walk.heads), "record": True}
    _tamper(walk, final)


def _tamper(walk: Walk, final: bytes) -> None:
    with walk.steps.step("tamper", "换掉一个对象，校验程序须指出是哪一步") as found:
        caught = {}
        for number, forgery in enumerate(strangers.FORGERIES):
            code, text = strangers.checked(walk.home, forgery.forged(final), f"forged {number}")
            caught[forgery.title] = step = strangers.failed_step(text)
            if code != 1 or step != forgery.step:
                raise Failed(f"{forgery.title}：应在“{forgery.step}”一步被发现，实为“{step or '未发现'}”。")
        found("；".join(f"{title}——{step}" for title, step in caught.items()))
    walk.told["tampered"] = caught


def _record_holds() -> None:
    faults = list(verification.verify())
    if faults:
        raise Failed(f"全过程记录校验不符：{faults[0].detail}")
    differences = list(replaying.replay().differences())
    if differences:
        raise Failed(f"状态与记录不符：{differences[0].model}.{differences[0].column}")


def _leak_free(walk: Walk) -> None:
    """Before the window nothing public names a target, and no search by a code leads anywhere."""
    secret = [*walk.codes, *Entity.objects.values_list("name", flat=True), *bureau.OFFICERS.values()]
    for seen in (*walk.moments[:2], walk.eve):
        text = json.dumps(seen, ensure_ascii=False)
        found = [one for one in secret if one in text]
        if found or seen["searches"]["found"]:
            raise Failed(f"“{seen['moment']}”的公开内容中有名称或代码，或检索得到结果。")
    walk.told["seen"] = {seen["moment"]: len(seen["pages"]) for seen in walk.moments}


def _head() -> tuple[int, bytes]:
    found = record.latest_checkpoint()
    if found is None:
        raise Failed("全过程记录没有检查点。")
    return found.size, bytes(found.root)


def _grown(heads: list[tuple[int, bytes]]) -> None:
    for (size, root), (later, grown) in pairwise(heads):
        try:
            check_consistency(size, later, record.consistency(size, later), root, grown)
        except TlogError as error:
            raise Failed(f"记录在 {size} 与 {later} 之间不是只增不改：{error}") from error


def _open_tasks() -> list[Task]:
    rows = Task.objects.exclude(state__in=("cancelled", "sealed", "done")).select_related("target")
    return list(rows.order_by("number"))
