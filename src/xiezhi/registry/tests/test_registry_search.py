"""Entities and projects are found by parts of names, by former names and by codes, each by whom may see them."""

import io

import pytest
from django.core.management import call_command

from xiezhi.jobs import worker
from xiezhi.registry import imports, queries, searching, services, synthetic
from xiezhi.registry.models import Entity
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import HEADER, imported, officer, rows
from xiezhi.search import fulltext
from xiezhi.search.models import Entry

pytestmark = pytest.mark.django_db


def found(text, actor=None):
    return sorted(queries.search_entities(actor or officer(), text).values_list("name", flat=True))


def indexed():
    worker.run_until_idle(loops=False)


@pytest.mark.parametrize(
    "text", ["甲建设", "建设 示例", "示", "示例甲建设有限公司", "9100", "009999", synthetic.synthetic_code(1)[9:]]
)
def test_an_entity_is_found_by_any_part_of_name_or_code(text):
    builders.entity(number=1, name="示例甲建设有限公司")
    assert found(text) == ["示例甲建设有限公司"]


@pytest.mark.parametrize("text", ["建甲", "甲市政", "甲建设 乙", "———", synthetic.synthetic_code(2)])
def test_what_holds_not_every_word_is_not_found(text):
    builders.entity(number=1, name="示例甲建设有限公司")
    assert found(text) == []


def test_the_former_name_and_the_former_code_find_it_too():
    entity = builders.entity(number=1, name="示例旧名有限公司")
    entity = services.correct_entity(officer(), entity.pk, rev=1, name="示例新名有限公司")
    services.change_code(
        officer(), entity.pk, rev=2, code=synthetic.synthetic_code(8), begins=entity.created_at.date()
    )
    for text in ("旧名", "新名", synthetic.synthetic_code(1), synthetic.synthetic_code(8)[3:]):
        assert found(text) == ["示例新名有限公司"]


def test_rights_hold_in_the_list_and_in_the_index_itself():
    builders.entity(number=1, name="示例甲建设有限公司")
    stranger = officer(agency="/x/")
    assert found("甲建设", stranger) == []
    kinds = {searching.ENTITY: "registry.read"}
    assert [len(fulltext.find("甲建设", kinds=kinds, actor=actor)) for actor in (officer(), stranger)] == [1, 0]


def test_a_project_is_found_by_name_number_and_address():
    project = builders.project()
    services.correct_project(officer(), project.pk, rev=1, address="示例市样本街道9号")
    for text in ("家园一期", "2026-000001", "样本街道"):
        assert list(queries.search_projects(officer(), text)) == [project]
    assert not queries.search_projects(officer(), "家园二期").exists()


def test_what_an_import_brings_is_found_once_its_job_ran_and_by_its_code_at_once():
    imported([HEADER, *rows(3)])
    name, code = rows(3)[1][:2]
    assert (found(name), found(code)) == ([], [name])
    indexed()
    assert found(name) == [name]


def test_what_an_undo_takes_back_is_no_longer_in_the_index():
    batch = imported([HEADER, *rows(3)])
    indexed()
    assert Entry.objects.filter(kind=searching.ENTITY).count() == 3
    kept = Entity.objects.order_by("code").first()
    services.correct_entity(officer(), kept.pk, rev=1, address="别处")
    imports.undo_batch(officer(), batch.id)
    indexed()
    assert list(Entry.objects.filter(kind=searching.ENTITY).values_list("ref", flat=True)) == [kept.pk.hex]


def test_a_changed_name_that_is_undone_finds_under_the_old_one_only():
    imported([HEADER, *rows(1)])
    batch = imported([HEADER, ["示例改名有限公司", *rows(1)[0][1:]]])
    indexed()
    assert found("改名") == ["示例改名有限公司"]
    imports.undo_batch(officer(), batch.id)
    indexed()
    assert (found("改名"), found(rows(1)[0][0])) == ([], [rows(1)[0][0]])


def test_the_indexing_goes_on_where_it_was_broken_off(monkeypatch):
    monkeypatch.setattr(searching, "CHUNK", 2)
    imported([HEADER, *rows(5)])
    refresh, calls = searching.refresh, []

    def once_failing(ids):
        calls.append(len(ids))
        if len(calls) == 2:
            raise OSError("示例")
        refresh(ids)

    monkeypatch.setattr(searching, "refresh", once_failing)
    worker.run_until_idle(loops=False, delayed=True)
    assert (calls, Entry.objects.filter(kind=searching.ENTITY).count()) == ([2, 2, 2, 1], 5)


def test_what_the_index_lacks_or_holds_as_before_is_completed(monkeypatch):
    monkeypatch.setattr(searching, "CHUNK", 2)
    for number in range(1, 6):
        builders.entity(number=number)
    builders.project()
    Entry.objects.filter(title=synthetic.synthetic_name(3)).delete()
    services.correct_entity(officer(), Entity.objects.order_by("pk")[0].pk, rev=1, address="别处")
    Entry.objects.filter(title=synthetic.synthetic_name(1)).update(title="陈旧")
    Entity.objects.filter(name=synthetic.synthetic_name(1)).update(
        updated_at=builders.project(number="2").created_at
    )
    assert sum(searching.complete()) == 2
    assert found("〇三") == [synthetic.synthetic_name(3)]
    assert sum(searching.complete()) == 0


def test_a_rebuild_makes_the_index_anew_and_drops_what_is_gone():
    builders.entity(number=1)
    builders.project()
    fulltext.index(
        "registry.entity", "f" * 32, "示例幽灵", "", builders.project(number="2").created_at, "/c/", False
    )
    Entry.objects.filter(title=synthetic.synthetic_name(1)).update(title="陈旧")
    out = io.StringIO()
    call_command("search", "rebuild", stdout=out)
    assert "registry.entity\t1\n" in out.getvalue()
    assert found(synthetic.synthetic_name(1)) == [synthetic.synthetic_name(1)]
    assert not Entry.objects.filter(title="示例幽灵").exists()
