"""What the full-text index holds of draws: each from its commitment on, and the names that it opened.

Fed in the transaction of the act; the declared sources give the same for ``search rebuild``.
"""

from collections.abc import Iterator

from django.db.models import QuerySet

from xiezhi.search import fulltext
from xiezhi.search.fulltext import Document
from xiezhi.search.sources import source

from .models import Draw, DrawnTarget

DRAW = "inspection.draw"
OPENED = "inspection.opened"
CHUNK = 500


def let_find(draw: Draw) -> None:
    """Let a committed draw be found by number, title, item and agency's words."""
    fulltext.index_many(_draws(Draw.objects.filter(pk=draw.pk)))


def let_find_opened(draw: Draw) -> None:
    """Let a draw be found by the names and codes that it opened."""
    fulltext.index_many(_opened(Draw.objects.filter(pk=draw.pk)))


def _draws(rows: "QuerySet[Draw]") -> Iterator[Document]:
    committed = rows.filter(committed_at__isnull=False).select_related("roster__item").order_by("pk")
    for draw in committed.iterator(chunk_size=CHUNK):
        title, item = f"{draw.draw_id} {draw.title}", draw.roster.item
        text = f"{item.code} {item.title}"
        yield Document(DRAW, str(draw.pk), title, text, draw.committed_at, draw.agency, public=True)


def _opened(rows: "QuerySet[Draw]") -> Iterator[Document]:
    shown = DrawnTarget.objects.filter(draw__in=rows.filter(opened_at__isnull=False)).exclude(code="")
    before = None
    # One drawn in both streams is one object.
    for row in shown.select_related("draw").order_by("draw", "opaque").iterator(chunk_size=CHUNK):
        draw, ref = row.draw, f"{row.draw_id}:{row.opaque[:24]}"
        if ref != before:
            text = f"{row.code} {draw.draw_id} {draw.title}"
            yield Document(OPENED, ref, row.name, text, draw.opened_at, draw.agency, public=True)
        before = ref


source(DRAW, lambda: _draws(Draw.objects.all()))
source(OPENED, lambda: _opened(Draw.objects.all()))
