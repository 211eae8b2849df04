"""Stage ``draw``: import → commit → draw → bundle → verify → tamper → open the names → verify again."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.command.demo import BUNDLE, Deliver, Failed, Steps, Summary, Unusable, say, strangers
from xiezhi.command.demo.planning import published_plan
from xiezhi.command.demo.proving import record_holds
from xiezhi.core.actor import Ability, Actor, system
from xiezhi.core.errors import Invalid
from xiezhi.inspection import bundles, gate, queries, services
from xiezhi.inspection.codes import TargetKind
from xiezhi.inspection.models import READ, Draw, InspectionItem, PlanLine, TargetRoster
from xiezhi.inspection.targets import WHOLE, Selection, from_registry
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import PLAN as APPROVAL_OF_PLAN
from xiezhi.people.flow import Step
from xiezhi.people.models import Account
from xiezhi.people.queries import actor_of
from xiezhi.record import sequencer
from xiezhi.registry import imports
from xiezhi.registry.synthetic import write_roster

AGENCY, DISTRICT = "/demo/", "009999"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, on the demo's own clock
ITEM = {"code": "YS-001", "title": "建设工程施工许可情况检查（演示）", "basis": "《中华人民共和国建筑法》第七条"}
SOURCE = "示例信标第1轮"
PLANNERS = ("draw_organiser", "detachment_head")  # names of the two accounts, and the roles that they hold
SYNTHETIC_ROWS = 300
RATIO = (1, 10)
RATIO_FROM = 50  # below this a tenth could be nobody, so a number is announced instead
RESERVES = 5
# What a bundle with opened names has anew; everything else is byte for byte what was published before.
OPENING_CHANGES = {"opened.tsv", "checkpoint.txt", "proofs.json", "manifest.json"}


def _officer(name: str, *abilities: str) -> Actor:
    return Actor(f"demo:{name}", "officer", AGENCY, DISTRICT, frozenset(Ability(one, AGENCY) for one in abilities))


STEWARD = _officer("steward", "registry.read", "registry.import")
ORGANISER = _officer("organiser", READ, "registry.read", gate.PLAN, gate.DRAW)
WITNESS = _officer("witness", READ, gate.WITNESS)
HEAD = _officer("head", READ, gate.PUBLISH, gate.OPEN_NAMES)


@dataclass(frozen=True)
class Imported:
    """What the import did; ``old_numbers``: rows that carry an old registration number."""

    batch: imports.Preview
    rows: int
    imported: int
    old_numbers: int
    rejected: int

    def summary(self) -> Summary:
        """For the last line."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "old_numbers": self.old_numbers,
            "rejected": self.rejected,
        }


def run(home: Path, roster: Path | None, deliver: Deliver) -> Summary:
    """Walk the stage in ``home``; ``deliver`` takes the final bundle. Raises ``Unusable``, ``Failed``."""
    steps = Steps(9)
    say("獬豸演示：双随机抽取。时间用演示时钟；名录之外的一切均为演示，不对任何企业作出结论。")
    with steps.step("prepare", "建立临时数据库") as found:
        call_command("migrate", verbosity=0)
        agency()
        found("演示机构一个，经办、复核、公布各一人")
    imported = _import(steps, home, roster)
    draw = _commit(steps, imported)
    draw = _enter_source(steps, draw)
    draw = _draw(steps, draw)
    sealed = _bundle(draw)
    _verify(steps, home, sealed, "verify", "用包内 verify.py 独立校验（python3 -I）")
    tampered = _tamper(steps, home, sealed)
    draw, opened = _open(steps, draw)
    final = _bundle(draw)
    _same_commitment(sealed, final)
    _verify(steps, home, final, "verify_opened", "公开名称后再次独立校验（python3 -I）")
    record_holds()
    path = deliver({BUNDLE: final})
    if path:
        say(f"结果包：{path}")
    return {
        "ok": True,
        "stage": "draw",
        "roster": imported.summary(),
        "draw": _drawn(draw),
        "opened": opened,
        "verified": True,
        "tampered": tampered,
        "verified_opened": True,
        "bundle": {
            "path": str(path) if path else None,
            "sha256": hashlib.sha256(final).hexdigest(),
            "size": len(final),
        },
        "seconds": steps.seconds,
    }


def agency() -> None:
    """The demonstration's agency, with two accounts: one drafts the plan, the other approves it."""
    setup = system("demo")
    with clock.fixed(START):
        people.create_agency(
            setup,
            parent="/",
            code="demo",
            name="示例市建设工程监察支队",
            short="示例监",
            kind="agency",
            district=DISTRICT,
        )
        people.install_default_roles(setup)
        for role in PLANNERS:
            account = people.create_account(
                setup, username=role, name=f"演示{role}", unit=AGENCY, password=secrets.token_urlsafe(24)
            )
            people.assign_role(setup, account=account.id, role=role, agency=AGENCY)
        people.adopt_route(
            setup,
            kind=APPROVAL_OF_PLAN,
            agency=AGENCY,
            steps=[Step("支队长批准", (PLANNERS[1],))],
            source="演示审批权限规定",
            valid_from=date(2026, 1, 1),
        )


def plan_line(item: InspectionItem) -> PlanLine:
    """The item's line in the year's plan, approved and published."""
    drafter, head = (actor_of(Account.objects.get(username=role)) for role in PLANNERS)
    plan = published_plan(
        drafter,
        {PLANNERS[1]: head},
        items=[item],
        year=START.year,
        title=f"{START.year} 年度抽查计划（演示）",
        document=f"示监〔{START.year}〕1号",
        agency=AGENCY,
        district=DISTRICT,
        ratio=RATIO,
    )
    return plan.lines.get()


def _import(steps: Steps, home: Path, roster: Path | None) -> Imported:
    with steps.step("import", "导入名录") as found, clock.fixed(START):
        path = roster or home / "roster.csv"
        if roster is None:
            write_roster(path, SYNTHETIC_ROWS)
        try:
            batch = imports.stage_file(
                STEWARD,
                path=path,
                filename=path.name,
                source="市场监管登记" if roster else "虚构名录",
                agency=AGENCY,
                district=DISTRICT,
            )
            imports.apply_batch(STEWARD, batch.id)
        except Invalid as error:
            reasons = "；".join(text for texts in error.fields.values() for text in texts)
            raise Unusable(f"名录 {path} 不能导入：{reasons}") from error
        done = imports.preview(STEWARD, batch.id)
        rejected = done.rows.get("rejected", 0)
        result = Imported(
            batch=done,
            rows=done.total,
            imported=done.total - rejected,
            old_numbers=done.batch.counts["marks"].get("old-number", 0),
            rejected=rejected,
        )
        found(f"读 {result.rows:,} 行，导入 {result.imported:,}，其中旧注册号 {result.old_numbers:,}")
        found(f"退回 {result.rejected:,}{_first_reason(batch.id) if rejected else ''}")
    if not result.imported:
        raise Unusable(f"名录 {path} 没有一行可以导入{_first_reason(batch.id)}。")
    return result


def _first_reason(batch: object) -> str:
    rows = imports.preview_rows(STEWARD, batch, outcome="rejected", limit=1)  # type: ignore[arg-type]
    if not rows:
        return ""
    reasons = "，".join(f"{column}：{why}" if column else why for column, why in rows[0].reasons)
    return f"（如第 {rows[0].number} 行 {reasons}）"


def _commit(steps: Steps, imported: Imported) -> Draw:
    with steps.step("commit", "固定名录与规则，作出承诺并封存") as found:
        with clock.fixed(START + timedelta(minutes=5)):
            draw = _prepared(_frozen(imported))
        with clock.fixed(START + timedelta(minutes=10)):
            draw = services.commit_draw(ORGANISER, draw.id, rev=draw.rev)
            count = sequencer.seal_all()
        found(f"{draw.draw_id}，依据已公布的年度计划，{draw.objects_count:,} 个对象以密封编号列示")
        found(f"名录根 {draw.root[:16]}…，规则摘要 {draw.rules_hash[:16]}…，封存 {count} 条记录")
    return draw


def _frozen(imported: Imported) -> TargetRoster:
    item = services.publish_item(
        ORGANISER,
        **ITEM,
        target_kind=TargetKind.ENTITY,
        valid_from=date(2026, 1, 1),
        agency=AGENCY,
        district=DISTRICT,
    )
    chosen = Selection(agency=AGENCY)
    return services.freeze_roster(
        ORGANISER,
        item=item,
        title=f"演示名录（{imported.imported} 家）",
        agency=AGENCY,
        district=DISTRICT,
        targets=from_registry(ORGANISER, chosen),
        selection=chosen.as_shown(),
    )


def _prepared(roster: TargetRoster) -> Draw:
    size = roster.size or 0
    share = {"ratio": RATIO} if size >= RATIO_FROM else {"n": max(1, size // 5)}
    due = START + timedelta(hours=12, minutes=30)
    return services.prepare_draw(
        ORGANISER,
        roster=roster,
        plan_line=plan_line(roster.item),
        title="演示抽查",
        window_from=date(2026, 3, 4),
        window_to=date(2026, 3, 13),
        plan=[{"stratum": WHOLE, "method": "equal", "reserves": min(RESERVES, size - 1), **share}],
        sources=[
            {
                "label": SOURCE,
                "describes": "示例信标第 1 轮：2026-03-02 21:30 由演示信标密钥签名公布，仅供演示",
                "not_before": due,
                "encoding": "hex",
            }
        ],
    )


def _beacon() -> str:
    """The demo's own beacon: its key is made after the commitment, its signature hashed to 32 bytes."""
    signature = Ed25519PrivateKey.generate().sign("示例信标第 1 轮".encode())
    return hashlib.sha256(signature).hexdigest()


def _enter_source(steps: Steps, draw: Draw) -> Draw:
    published = START + timedelta(hours=12, minutes=30)
    with steps.step("source", "录入公开随机源，由另一人复核") as found:
        value = _beacon()
        with clock.fixed(published + timedelta(minutes=5)):
            draw = services.enter_source(
                ORGANISER, draw.id, label=SOURCE, value=value, published_at=published, rev=draw.rev
            )
        with clock.fixed(published + timedelta(minutes=8)):
            draw = services.confirm_source(WITNESS, draw.id, label=SOURCE, value=value, rev=draw.rev)
        found(f"{SOURCE} {value[:16]}…，公布时间晚于承诺 {published - draw.committed_at}")
    return draw


def _draw(steps: Steps, draw: Draw) -> Draw:
    with steps.step("draw", "抽取并公布数据包") as found, clock.fixed(START + timedelta(hours=13)):
        draw = services.run_draw(ORGANISER, draw.id, rev=draw.rev)
        sequencer.seal_all()
        services.publish_bundle(HEAD, draw.id, rev=draw.rev)
        draw.refresh_from_db()
        found(f"抽中 {draw.drawn_count:,} 个，种子 {draw.seed[:16]}…，名称密封")
    return draw


def _open(steps: Steps, draw: Draw) -> tuple[Draw, int]:
    with steps.step("open", "检查时间段结束，公开名称并重出数据包") as found:
        with clock.fixed(datetime(2026, 3, 14, 1, 0, tzinfo=UTC)):
            draw = services.open_names(HEAD, draw.id, rev=draw.rev)
            sequencer.seal_all()
            services.publish_bundle(HEAD, draw.id, rev=draw.rev)
            draw.refresh_from_db()
        found(f"公开 {draw.opened_count:,} 个名称与盐值")
    if draw.opened_count != draw.drawn_count:
        raise Failed(f"抽中 {draw.drawn_count} 个，只公开了 {draw.opened_count} 个名称。")
    return draw, draw.opened_count


def _bundle(draw: Draw) -> bytes:
    made = queries.latest_bundle(draw)
    if made is None:
        raise Failed("数据包没有公布。")
    with store.open(made.sha256) as file:
        return bytes(file.read())


def _verify(steps: Steps, home: Path, data: bytes, key: str, title: str) -> None:
    with steps.step(key, title) as found:
        code, text = strangers.checked(home, data, key)
        lines = [line for line in text.splitlines() if line.startswith("✓")]
        found(f"{len(lines)} 步全部相符")
    if code != 0:
        raise Failed(f"校验没有通过：{text.strip().splitlines()[-1] if text.strip() else '没有输出'}")


def _tamper(steps: Steps, home: Path, data: bytes) -> Summary:
    with steps.step("tamper", "改动副本中的一个字节") as found:
        name = "roster.tsv"
        files = strangers.members(data)
        at = len(files[name]) // 2
        flipped = bytes([files[name][at] ^ 1])
        files[name] = files[name][:at] + flipped + files[name][at + 1 :]
        code, text = strangers.checked(home, bundles.files_of_draw.pack(files), "tampered")
        failed = next((line for line in text.splitlines() if line.startswith("✗")), "")
        found(f"{name} 第 {at + 1} 字节，校验程序指出“{failed.lstrip('✗ ').strip()}”")
    if code != 1 or not failed:
        raise Failed("改动一个字节没有被校验程序发现。")
    return {"file": name, "byte": at, "caught": True, "step": failed}


def _same_commitment(before: bytes, after: bytes) -> None:
    first, last = strangers.members(before), strangers.members(after)
    if any(first[name] != last.get(name) for name in first.keys() - OPENING_CHANGES):
        raise Failed("公开名称后，承诺或结果与此前公布的不一致。")


def _drawn(draw: Draw) -> Mapping[str, object]:
    stratum = draw.plan[0]
    share = stratum["ratio"] or [stratum["n"], draw.objects_count]
    return {
        "id": draw.draw_id,
        "objects": draw.objects_count,
        "drawn": draw.drawn_count,
        "share": f"{share[0]}/{share[1]}",
        "root": draw.root,
        "seed": draw.seed,
    }
