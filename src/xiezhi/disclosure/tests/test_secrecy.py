"""No name is public before its visit is over; what was drawn and not visited never leaks through a publication."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi.core.errors import Refused
from xiezhi.disclosure import services
from xiezhi.disclosure.codes import Change, Kind, State
from xiezhi.disclosure.models import Publication
from xiezhi.disclosure.tests import showing
from xiezhi.inspection import cycles
from xiezhi.inspection import services as inspection
from xiezhi.inspection.codes import State as DrawState
from xiezhi.inspection.models import Draw, Task
from xiezhi.inspection.tests import cases, sending, visited

pytestmark = pytest.mark.django_db


def everything_public() -> str:
    """What a stranger can read of publications: the list, every page and its content."""
    stranger = Client()
    pages = [stranger.get(reverse("published-list"))]
    for row in Publication.objects.filter(published_at__isnull=False):
        pages.append(stranger.get(reverse("published", args=[row.pk])))
        pages += [
            stranger.get(reverse("published-content", args=[row.pk, one.number])) for one in row.versions.all()
        ]
    return "".join(page.content.decode() for page in pages if page.status_code == 200)


def test_a_task_that_is_not_visited_yet_is_not_due():
    task = visited.released()
    showing.news()
    assert not Publication.objects.filter(kind=Kind.RESULT).exists()
    assert services.note_due(showing.jobs.ACTOR, kind="result", subject=task.pk, source=task.pk) is None


def test_a_result_that_is_filed_and_not_released_is_not_due():
    task = visited.released()
    visited.filed(task)
    showing.news()
    assert not Publication.objects.filter(kind=Kind.RESULT).exists()


def test_with_one_result_published_and_the_draw_published_only_the_visited_name_is_public():
    row = showing.signed()
    task = Task.objects.select_related("target", "draw").get(pk=row.subject)
    draw = Publication.objects.get(kind=Kind.DRAW, subject=task.draw_id)
    with showing.on_day(row):
        draw = services.prepare(showing.PREPARER, draw.pk, rev=draw.rev)
        services.sign(showing.SIGNER, draw.pk, rev=draw.rev)
    text = everything_public()
    codes = set(cycles.drawn_names(task.draw).values())
    assert len(codes) > 1
    assert {code for code in codes if code in text} == {task.target.code}
    names = dict(task.draw.roster.entries.values_list("code", "name"))
    assert {code for code in names if names[code] in text} == {task.target.code}


def test_a_result_of_a_void_draw_is_not_signed_and_what_was_not_public_is_stopped():
    row = showing.prepared()
    task = Task.objects.select_related("draw").get(pk=row.subject)
    with showing.on_day(row, 4):
        _void(task.draw)
        with pytest.raises(Refused) as caught:
            services.sign(showing.SIGNER, row.pk, rev=row.rev)
        assert caught.value.refusal.rule_id == "xz-disclosure-source"
        showing.news()
    row.refresh_from_db()
    assert (row.state, row.source_change, row.pending) == (State.STOPPED, Change.VOIDED, 0)


def test_what_is_public_of_a_void_draw_waits_for_a_person_on_the_work_list():
    row = showing.signed()
    task = Task.objects.select_related("draw").get(pk=row.subject)
    with showing.on_day(row, 4):
        _void(task.draw)
        showing.news()
        showing.news()
    row.refresh_from_db()
    assert (row.state, row.source_change) == (State.PUBLISHED, Change.VOIDED)
    with showing.on_day(row, 5), pytest.raises(Refused):
        services.correct(showing.PREPARER, row.pk, rev=row.rev, reason="抽取已作废。")
    with showing.on_day(row, 5):
        row = services.withdraw(showing.SIGNER, row.pk, rev=row.rev, ground="source", text="抽取已作废。")
    assert task.draw.draw_id not in everything_public()


def test_names_that_a_draw_opens_are_no_part_of_its_publication():
    draw = cases.opened()
    showing.news()
    row = Publication.objects.get(kind=Kind.DRAW, subject=draw.pk)
    with sending.day(draw.window_to + timedelta(days=3)):
        row = services.prepare(showing.PREPARER, row.pk, rev=row.rev)
    text = json.dumps(row.versions.get().fields, ensure_ascii=False)
    assert draw.targets.exclude(code="").exists()
    assert not [one for one in draw.targets.exclude(code="") if one.code in text or one.name in text]


def _void(draw: Draw) -> None:
    draw.refresh_from_db()
    assert draw.state != DrawState.VOID
    given = {"reason": "程序有误", "explanation": "示例说明", "document": "示监函〔2026〕3号", "rev": draw.rev}
    inspection.void_draw(cases.LI, draw.id, **given)
