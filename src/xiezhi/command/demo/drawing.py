"""Steps of a walked inspection that draw: commitment, draw, officers, a replacement, the names opened in the end."""

from datetime import date, datetime, time, timedelta

from xiezhi import clock
from xiezhi.command.demo import Failed, bureau, ceremony, proving, publication
from xiezhi.command.demo.walk import RESERVES, Walk, at
from xiezhi.inspection import services
from xiezhi.inspection.codes import Reason, Standing
from xiezhi.inspection.models import Draw, DrawnTarget, InspectionItem, Plan, Task
from xiezhi.inspection.targets import WHOLE, Selection, from_registry


def commit(
    walk: Walk,
    item: InspectionItem,
    plan: Plan,
    title: str,
    *,
    moment: datetime | None = None,
    due: datetime | None = None,
) -> Draw:
    """Roster and rules fixed, committed at ``moment``, sealed, published; the source is announced for ``due``."""
    with walk.steps.step("commit", "固定名录与规则，作出承诺，封存并公布") as found:
        days = walk.days
        due = due or _moment(days.drawn, 9, 30)
        moment = moment or _moment(days.planned, 16)

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
                title=title,
                window_from=days.first,
                window_to=days.last,
                plan=[{"stratum": WHOLE, "method": "equal", "ratio": walk.ratio, "reserves": RESERVES}],
                sources=[ceremony.source(due)],
            )

        draw = ceremony.committed(moment, prepare)
        walk.bundles["committed"] = ceremony.bundle(draw)
        walk.heads.append(proving.head())
        found(f"{draw.draw_id}，{draw.objects_count} 个对象以密封编号列示，名录根 {draw.root[:16]}…")
    walk.told["draw"] = {"id": draw.draw_id, "objects": draw.objects_count, "root": draw.root}
    return draw


def draw(walk: Walk, row: Draw) -> Draw:
    """Source, second person, draw, bundle."""
    with walk.steps.step("draw", "录入公开随机源，另一人复核；抽取并公布") as found:
        row = ceremony.drawn(row, datetime.fromisoformat(row.sources[0]["not_before"]))
        walk.bundles["drawn"] = ceremony.bundle(row)
        walk.heads.append(proving.head())
        found(f"抽中 {row.drawn_count} 个，备选 {RESERVES} 个，种子 {row.seed[:16]}…，名称密封")
    walk.told["draw"] = {**walk.told["draw"], "drawn": row.drawn_count, "seed": row.seed}  # type: ignore[dict-item]
    return row


def officers(walk: Walk, drawn: Draw, key: str, title: str, day: date) -> Draw:
    """The officers' draw of ``day``, committed the day before; a sealed task for each object."""
    with walk.steps.step(key, title) as found:
        committed, due = _moment(day - timedelta(days=1), 15), _moment(day, 9, 30)
        row = ceremony.committed(
            committed,
            lambda: services.prepare_dispatch(
                bureau.actor(bureau.HANDLER), draw=drawn.pk, sources=[ceremony.source(due)]
            ),
        )
        row = ceremony.drawn(row, due)
        walk.bundles[key] = ceremony.bundle(row)
        walk.heads.append(proving.head())
        made = row.dispatched_tasks.count()
        with at(day, 12):
            public = publication.publish(walk.publishes)
        found(f"{row.draw_id}，密封任务 {made} 个；公示：{publication.told(public)}")
    if made != row.objects_count:
        raise Failed(f"人员抽取 {row.draw_id} 有 {row.objects_count} 个对象，只生成 {made} 个任务。")
    walk.told[key] = {"id": row.draw_id, "tasks": made}
    return row


def replace(walk: Walk, drawn: Draw) -> Draw:
    """One drawn object goes out, approved; the first reserve is called up."""
    with walk.steps.step("replacement", "一个抽中对象凭事由和文号移出，经审批由备选递补") as found:
        with at(walk.days.changed, 9):
            out = DrawnTarget.objects.filter(draw=drawn, standing=Standing.DRAWN).order_by("place")[1]
            ground = {"reason": Reason.CLOSED, "document": f"示监函〔{walk.days.year}〕9号"}
            drawn.refresh_from_db()
            approval = services.ask_replacement(
                bureau.actor(bureau.HANDLER),
                drawn.id,
                opaque=out.opaque,
                text="已注销。",
                rev=drawn.rev,
                **ground,
            )
            signed = bureau.approve(approval)
            ceremony.news()
        called = DrawnTarget.objects.filter(draw=drawn, standing=Standing.CALLED).first()
        cancelled = Task.objects.filter(draw=drawn, state="cancelled").count()
        drawn.refresh_from_db()
        walk.bundles["replaced"] = ceremony.bundle(drawn)
        if called is None or cancelled != 1:
            raise Failed("移出对象之后没有备选递补，或者其任务没有取消。")
        found(f"{signed} 人审批，{out.opaque[:12]}… 移出（{Reason(ground['reason']).label}），其任务取消")
        found(f"第 {called.place} 备选 {called.opaque[:12]}… 递补，数据包重出")
    walk.told["replacement"] = {"out": out.opaque, "in": called.opaque, **ground}
    return drawn


def open_names(walk: Walk, drawn: Draw, sent: list[Draw]) -> Draw:
    """The window is over: names and salts are public."""
    with walk.steps.step("open", "检查时间段结束，公开名称并重出数据包") as found, at(walk.days.over, 9):
        rows = []
        for row in (drawn, *sent):
            row.refresh_from_db()
            row = services.open_names(bureau.actor(bureau.HEAD), row.id, rev=row.rev)
            rows.append(ceremony.publish(row))
        publication.publish(walk.publishes)
        opened = rows[0].opened_count
        found(f"公开 {opened} 个名称与盐值（含移出和递补的）")
    if opened != (rows[0].drawn_count or 0) + 1:
        raise Failed(f"抽中 {rows[0].drawn_count} 个、递补 1 个，公开了 {opened} 个名称。")
    walk.told["opened"] = opened
    return rows[0]


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.SHANGHAI)
