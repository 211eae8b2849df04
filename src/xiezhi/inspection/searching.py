"""What the full-text index holds of draws; fed in the transaction of the act."""

from collections.abc import Sequence

from xiezhi.search import fulltext

from .models import Draw, DrawnTarget

DRAW = "inspection.draw"
OPENED = "inspection.opened"


def let_find(draw: Draw) -> None:
    """Let a committed draw be found by number, title, item and agency's words."""
    item = draw.roster.item
    fulltext.index(
        DRAW,
        str(draw.pk),
        f"{draw.draw_id} {draw.title}",
        f"{item.code} {item.title}",
        draw.committed_at,
        draw.agency,
        public=True,
    )


def let_find_opened(draw: Draw, rows: Sequence[DrawnTarget]) -> None:
    """Let a draw be found by the names and codes that it opened."""
    fulltext.index_many(
        fulltext.Document(
            OPENED,
            f"{draw.pk}:{row.opaque[:24]}",
            row.name,
            f"{row.code} {draw.draw_id} {draw.title}",
            draw.opened_at,
            draw.agency,
            public=True,
        )
        for row in {row.opaque: row for row in rows}.values()
    )
