"""House-keeping of the machinery below: ``blobs`` knows no jobs, so its sweep is ordered here."""

from django.utils.translation import gettext_noop

from xiezhi.blobs import store

from .context import JobContext
from .registry import periodic


@periodic("blobs.sweep", daily="03:40", title=gettext_noop("清理没有归属的文件"), retries=1)
def sweep(ctx: JobContext) -> dict[str, int]:
    """Take away files that no row has named for a day."""
    return {"files": store.sweep(tick=ctx.check_cancelled)}
