"""The nightly monitor of the record: everything recomputed, the outcome recorded, a fault told to the house."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.jobs.context import JobContext, JobFailed
from xiezhi.jobs.registry import periodic

from . import services, verification


@periodic("record.monitor", daily="02:30", title=gettext_noop("核对全过程记录"), retries=1)
def monitor(ctx: JobContext) -> dict[str, Any]:
    """Recompute the record and note the outcome; a fault also fails the job, so that it stands out in the list."""
    found = verification.check(tick=ctx.check_cancelled)
    services.note_check(ctx.actor, found)
    if found.faults:
        raise JobFailed(
            _("全过程记录有 %(count)d 处不符，首处在 %(tile)s。请停止改动数据库，运行 xiezhi record verify 查明。")
            % {"count": len(found.faults), "tile": found.faults[0].tile}
        )
    return {"size": found.size, "root": found.root.hex()}
