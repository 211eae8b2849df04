"""Background work of ``web``: exports of lists, and clearing away what has served its time."""

from contextlib import suppress
from datetime import timedelta

from axes.models import AccessAttempt
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.errors import NotFound, Refused
from xiezhi.jobs.context import JobContext, JobFailed
from xiezhi.jobs.registry import Produced, job, periodic

from .models import CacheEntry, IdempotencyRecord, ListExport

KEEP = timedelta(days=7)


@job("web.export", title=_("导出列表"), retries=1)
def export(ctx: JobContext, *, export: str) -> Produced:
    """Write a list's rows to a file."""
    from .lists import exports
    from .lists.export import TooManyRows

    asked = ListExport.objects.filter(pk=export).first()
    if asked is None:
        raise JobFailed(gettext("导出请求已过期，请重新导出。"))
    try:
        return exports.run(ctx, asked)
    except TooManyRows:
        raise JobFailed(gettext("超过一个工作表能容纳的行数，请缩小范围或改用 CSV。")) from None


@periodic("web.clear", title=_("清理过期的导出文件、操作记录和计数"), daily="03:20")
def clear(ctx: JobContext) -> dict[str, int]:
    """Exports, answers of operations and counts of failed sign-ins are kept for a week."""
    before = clock.now() - KEEP
    gone = 0
    for asked in ListExport.objects.filter(asked_at__lt=before):
        ctx.check_cancelled()
        if asked.blob:
            store.release(asked.blob, f"export:{asked.pk}")
            # Someone else may keep the same content, or it is gone already.
            with suppress(Refused, NotFound):
                store.delete(asked.blob)
        asked.delete()
        gone += 1
    answers, _rows = IdempotencyRecord.objects.filter(recorded_at__lt=before).delete()
    counters, _rows = CacheEntry.objects.filter(expires__lt=clock.now()).delete()
    attempts, _rows = AccessAttempt.objects.filter(attempt_time__lt=before).delete()
    return {"exports": gone, "answers": answers, "counters": counters, "attempts": attempts}
