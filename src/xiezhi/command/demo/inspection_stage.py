"""Stage ``inspection``: the working life of a drawn inspection, from the year's plan to what is public in the end.

On the demonstration's clock: plan and commitment on 2 March, the draw on the 3rd, officers on the 4th, a replacement
on the 5th, tasks released on the 9th, visits from the 10th to the 19th, names opened on the 21st.
"""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from xiezhi.command.demo import (
    BUNDLE,
    Deliver,
    Failed,
    Steps,
    Summary,
    ceremony,
    drawing,
    founding,
    outsider,
    proving,
    say,
    visiting,
)
from xiezhi.command.demo.walk import Walk, at
from xiezhi.core.errors import XiezhiError


def run(home: Path, deliver: Deliver) -> Summary:
    """Walk the stage in ``home``; ``deliver`` takes what is left. Raises ``Unusable``, ``Failed``."""
    try:
        return _walked(Walk(home, Steps(18)), deliver)
    except XiezhiError as error:
        raise Failed(f"有一步没有办成：{error}") from error


def _walked(walk: Walk, deliver: Deliver) -> Summary:
    say("獬豸演示：双随机、一公开。时间用演示时钟；企业、人员和随机源均为虚构，文书均带“样例”。")
    days = walk.days
    founding.prepare(walk)
    item = founding.items(walk)
    founding.roster(walk)
    plan = founding.plan(walk, item, walk.days.year)
    if walk.told["plan"]["signed_by"] != 3:  # type: ignore[index]
        raise Failed("计划应由三个账号审批。")
    draw = drawing.commit(walk, item, plan, "三月抽查（演示）")
    _moment(walk, "after the commitment", "承诺之后，外人所见", at(days.planned, 17))
    draw = drawing.draw(walk, draw)
    sent = drawing.officers(walk, draw, "officers", "抽取检查人员，生成密封任务", days.sent)
    _moment(walk, "after the draw", "抽取公布之后，外人所见", at(days.sent, 17))
    draw = drawing.replace(walk, draw)
    again = drawing.officers(
        walk, draw, "officers_again", "为递补对象抽取检查人员", days.changed + timedelta(days=1)
    )
    visiting.release(walk)
    visiting.recuse(walk)
    visiting.notices(walk)
    with at(days.eve, 15):
        # Papers are signed and on their way, nobody was visited: an outsider still learns nothing.
        walk.eve = outsider.seen("on the eve", walk.codes, papers=sorted({row.code for row in walk.done.papers}))
    visiting.visit(walk)
    visiting.review(walk)
    visiting.publish(walk)
    draw = drawing.open_names(walk, draw, [sent, again])
    _moment(walk, "after the window", "检查时间段结束之后，外人所见", at(days.over, 17))
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


def _moment(walk: Walk, moment: str, title: str, when: Any) -> None:
    """Not a step of the work: the outsider looks."""
    with when:
        seen = outsider.seen(moment, walk.codes, papers=walk.issued)
    walk.moments.append(seen)
    files = sum(len(page.get("files", ())) for page in seen["pages"])
    say(
        f"    {title}：{len(seen['pages'])} 个页面，包内文件 {files} 个，按代码检索 {seen['searches']['asked']} 次"
    )
