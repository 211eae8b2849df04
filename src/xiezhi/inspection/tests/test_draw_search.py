"""A rebuild of the index finds draws and opened names again: the very rows that the acts wrote."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from xiezhi.core.actor import PUBLIC
from xiezhi.inspection.models import DrawnTarget
from xiezhi.inspection.searching import DRAW, OPENED
from xiezhi.inspection.tests import cases
from xiezhi.search import fulltext
from xiezhi.search.models import Entry

pytestmark = pytest.mark.django_db
START = cases.START


def index() -> list[dict]:
    rows = Entry.objects.filter(kind__in=(DRAW, OPENED)).order_by("kind", "ref").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def test_a_rebuild_gives_the_rows_that_the_acts_wrote_and_no_more():
    cycle = {"name": "2026 年覆盖", "draws": 2, "number": 1}
    first = cases.opened(rows=20, plan=[cases.stratum(n=15, coverage=True)], cycle=cycle)
    second = cases.committed(START + timedelta(days=20), roster=first.roster)
    waiting = cases.prepared(START + timedelta(days=21), roster=first.roster)
    names = {row.opaque: row.name for row in DrawnTarget.objects.filter(draw=first).exclude(code="")}
    written = index()
    assert len(written) == 2 + len(names)
    Entry.objects.all().delete()
    fulltext.index(OPENED, "ghost", "示例幽灵", "", START, cases.AGENCY, public=True)
    call_command("search", "rebuild")
    assert index() == written
    kinds = {DRAW: "", OPENED: ""}
    for text, ref in ((second.draw_id, str(second.pk)), (next(iter(names.values())), str(first.pk))):
        assert any(hit.ref.startswith(ref) for hit in fulltext.find(text, kinds=kinds, actor=PUBLIC))
    assert str(waiting.pk) not in {row["ref"] for row in written}
