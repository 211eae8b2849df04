"""Stage ``inspection``, at its end: everything published is verified, forgeries are caught, nothing leaked early."""

import json
from itertools import pairwise

from xiezhi.command.demo import Failed, bureau, ceremony, strangers
from xiezhi.command.demo.walk import Walk
from xiezhi.core.tlog.faults import TlogError
from xiezhi.core.tlog.merkle import check_consistency
from xiezhi.inspection.models import Draw
from xiezhi.record import queries as record
from xiezhi.record import replaying, verification
from xiezhi.registry.models import Entity


def verify(walk: Walk, draw: Draw, sent: list[Draw]) -> None:
    """Every bundle in a bare Python, against the first; the record; forgeries."""
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
        walk.heads.append(head())
        _grown(walk.heads)
        found(f"{len(walk.heads)} 个检查点一脉相承")
        record_holds()
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


def leak_free(walk: Walk) -> None:
    """Before the window nothing public names a target, and no search by a code leads anywhere."""
    secret = [*walk.codes, *Entity.objects.values_list("name", flat=True), *bureau.OFFICERS.values()]
    for seen in (*walk.moments[:2], walk.eve):
        text = json.dumps(seen, ensure_ascii=False)
        found = [one for one in secret if one in text]
        if found or seen["searches"]["found"]:
            raise Failed(f"“{seen['moment']}”的公开内容中有名称或代码，或检索得到结果。")
    walk.told["seen"] = {seen["moment"]: len(seen["pages"]) for seen in walk.moments}


def head() -> tuple[int, bytes]:
    """Size and root of the latest checkpoint."""
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


def record_holds() -> None:
    """The record verifies, and what is stored follows from it."""
    faults = list(verification.verify())
    if faults:
        raise Failed(f"全过程记录校验不符：{faults[0].detail}")
    differences = list(replaying.replay().differences())
    if differences:
        raise Failed(f"状态与记录不符：{differences[0].model}.{differences[0].column}")
