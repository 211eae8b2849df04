"""An import: dry run, write, again, changed, undo; other writers; what goes wrong on the way."""

import csv
import io
import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from openpyxl import load_workbook

from xiezhi import clock
from xiezhi.core.errors import Denied, Invalid, Refused, Stale
from xiezhi.jobs import worker
from xiezhi.record import projections
from xiezhi.record import queries as record
from xiezhi.record.models import Event
from xiezhi.registry import imports, queries, services, synthetic
from xiezhi.registry.imports import runs
from xiezhi.registry.models import Entity, EntityCode, ImportBatch, ImportRow, SourceRecord
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import HEADER, imported, officer, rows, stage

pytestmark = pytest.mark.django_db


def table(count=3):
    return [HEADER, *rows(count)]


def counts(batch):
    return {name: count for name, count in batch.counts["rows"].items() if count}


def results(batch):
    return imports.preview(officer(), batch.id).results


def test_a_dry_run_changes_nothing_and_says_what_would_happen():
    batch = stage(table())
    assert (batch.state, counts(batch)) == ("staged", {"new": 3})
    assert not Entity.objects.exists()


def test_writing_makes_the_entities_with_codes_and_sources():
    batch = imported(table())
    assert (batch.state, results(batch)) == ("applied", {"new": 3})
    entity = queries.find_by_code(officer(), synthetic.synthetic_code(2))
    assert (entity.agency, entity.district, entity.rev) == (builders.AGENCY, builders.DISTRICT, 1)
    assert [code.kind for code in entity.codes.all()] == ["uscc"]
    facts = {fact.column: fact for fact in queries.facts(entity)}
    assert facts["name"].record.batch == batch
    assert facts["established_on"].value == rows()[1][2]


def test_one_event_a_chunk_carries_the_hash_of_every_row(monkeypatch):
    monkeypatch.setattr(runs, "WRITE_CHUNK", 2)
    batch = imported(table(5))
    events = Event.objects.filter(type="registry.import_rows_applied").order_by("id")
    written = [row for event in events for row in record.envelope(event.id)["data"]["rows"]]
    assert len(events) == 3
    assert [row["hash"] for row in written] == list(batch.rows.order_by("number").values_list("digest", flat=True))
    assert {row["entity"] for row in written} == {str(pk) for pk in Entity.objects.values_list("pk", flat=True)}


def test_the_same_file_again_does_nothing():
    imported(table())
    events = Event.objects.filter(type="registry.import_rows_applied").count()
    again = imported(table())
    assert (counts(again), results(again)) == ({"same": 3}, {"same": 3})
    assert Event.objects.filter(type="registry.import_rows_applied").count() == events
    assert SourceRecord.objects.count() == 3


def test_the_same_firm_with_an_empty_cell_or_another_spelling_is_no_change():
    imported(table(1))
    changed = [HEADER, [*rows(1)[0][:2], rows(1)[0][2].replace("-", "/"), "-"]]
    batch = stage(changed)
    assert counts(batch) == {"confirmed": 1}


def test_another_source_that_says_the_same_confirms():
    imported(table(1))
    batch = imported(table(1), source="施工许可")
    entity = Entity.objects.get()
    assert (results(batch), entity.rev) == ({"confirmed": 1}, 1)
    assert sorted(entity.sources.values_list("source", flat=True)) == ["市场监管登记", "施工许可"]


def test_a_changed_row_shows_what_changes_before_it_does():
    imported(table(2))
    after = [HEADER, [*rows(2)[0][:3], "示例市新路1号"], rows(2)[1]]
    batch = stage(after)
    assert counts(batch) == {"changed": 1, "same": 1}
    (row,) = imports.preview_rows(officer(), batch.id, outcome="changed")
    assert [(c.title, c.before, c.after) for c in row.changes] == [("住所", rows(2)[0][3], "示例市新路1号")]
    assert imports.preview(officer(), batch.id).changes == {"住所": 1}
    assert Entity.objects.get(code=rows(2)[0][1]).address == rows(2)[0][3]
    imports.apply_batch(officer(), batch.id)
    changed = Entity.objects.get(code=rows(2)[0][1])
    assert (changed.address, changed.rev) == ("示例市新路1号", 2)


def test_a_new_name_keeps_the_former_one():
    imported(table(1))
    imported([HEADER, ["示例改名有限公司", *rows(1)[0][1:]]])
    entity = Entity.objects.get()
    assert entity.name == "示例改名有限公司"
    assert [former.name for former in entity.former_names.all()] == [rows(1)[0][0]]
    worker.run_until_idle(loops=False)
    assert list(queries.search_entities(officer(), rows(1)[0][0])) == [entity]


def test_old_numbers_and_odd_regions_are_taken_and_marked():
    old = [["示例旧号一厂", "321283000009205", "", ""], ["示例旧号二厂", "3212831110122", "", ""]]
    batch = imported([HEADER, *old])
    assert batch.counts["marks"] == {"old-number": 2}
    assert list(EntityCode.objects.values_list("kind", "marks")) == [("old-number", ["old-number"])] * 2


def wrong_rows():
    good = rows(2)
    return [HEADER, good[0], ["", "123", "2020-02-30", "x"], good[0], ["=cmd()", "", "", ""], good[1]]


def test_rejected_rows_name_each_cell_and_leave_the_others_alone():
    batch = imported(wrong_rows())
    assert results(batch) == {"new": 2, "rejected": 3}
    found = {row.number: row.reasons for row in imports.preview_rows(officer(), batch.id, outcome="rejected")}
    assert [column for column, _ in found[3]] == ["企业名称", "统一社会信用代码", "成立日期"]
    assert found[4] == [("", "与第 2 行的代码重复")]
    assert found[5] == [("统一社会信用代码", "必填，不能为空")]


def test_the_report_gives_each_rejected_row_back_with_its_reasons():
    batch = stage(wrong_rows())
    out, text = io.BytesIO(), io.BytesIO()
    assert imports.write_report(officer(), batch.id, out, form="xlsx") == 3
    assert imports.write_report(officer(), batch.id, text, form="csv") == 3
    sheet = list(load_workbook(out).active.iter_rows(values_only=True))
    assert sheet[0] == ("原文件行号", *HEADER, "拒收原因")
    assert [cell or "" for cell in sheet[1][:5]] == [3, "", "123", "2020-02-30", "x"]
    assert "'=cmd()" in text.getvalue().decode("utf-8-sig")



@pytest.mark.parametrize("cell", ["=cmd()", "＝cmd()", "＋1", "－1", "＠x", "\u3000＝cmd()"])
def test_no_cell_of_the_report_runs_when_it_is_opened(cell):
    text = io.BytesIO()
    imports.write_report(officer(), stage([HEADER, [cell, "1", "", cell]]).id, text, form="csv")
    _head, line = csv.reader(io.StringIO(text.getvalue().decode("utf-8-sig")))
    assert [line[1][0], line[4][0]] == ["'", "'"]


def test_a_wrong_check_character_is_rejected_unless_the_registering_authority_issued_it():
    name, code, *rest = rows(1)[0]
    wrong = [HEADER, [name, code[:17] + ("A" if code[17] != "A" else "B"), *rest]]
    assert counts(stage(wrong)) == {"rejected": 1}
    lenient = stage(wrong, lenient=True)
    assert (counts(lenient), lenient.counts["marks"]) == ({"new": 1}, {"check": 1})


def test_a_file_that_turns_out_unreadable_changes_nothing_and_says_why():
    content = builders.csv_bytes(table(60)) + b'"never closed\n'
    with pytest.raises(Invalid) as refused:
        imports.stage_file(
            officer(), stream=io.BytesIO(content), filename="x.csv", source="s", agency="/c/d/", district="321202"
        )
    batch = ImportBatch.objects.get()
    assert "引号" in refused.value.fields["file"][0]
    assert (batch.state, batch.reason, batch.rows.count()) == ("refused", refused.value.fields["file"][0], 0)
    assert not Entity.objects.exists()


def test_a_refused_file_leaves_no_batch():
    with pytest.raises(Invalid):
        stage([HEADER])
    assert not ImportBatch.objects.exists()


def test_without_a_known_code_column_the_user_is_asked_for_the_mapping():
    unknown = [["单位", "编码", "成立日期", "住所"], *rows(1)]
    with pytest.raises(Invalid) as refused:
        stage(unknown)
    assert "统一社会信用代码" in refused.value.fields["file"][0]
    batch = ImportBatch.objects.get()
    assert batch.state == "received"
    staged = imports.stage(officer(), batch.id, columns={"单位": "name", "编码": "code"})
    assert counts(staged) == {"new": 1}


def test_a_saved_mapping_is_used_for_a_file_that_has_its_columns():
    actor = officer()
    services.save_mapping(
        actor,
        agency=actor.agency,
        district="321202",
        name="许可库",
        source="许可",
        columns={"单位": "name", "编码": "code"},
    )
    batch = stage([["单位", "编码", "成立日期", "住所"], *rows(1)])
    assert batch.columns == {"单位": "name", "编码": "code"}


def test_a_row_that_is_not_what_the_dry_run_saw_is_left_out():
    imported(table(1))
    batch = stage([HEADER, [*rows(1)[0][:3], "示例市新路1号"], *rows(1, start=5)])
    entity = Entity.objects.get()
    services.correct_entity(officer(), entity.id, rev=entity.rev, address="示例市人工更正路2号")
    builders.entity(number=5)
    imports.apply_batch(officer(), batch.id)
    entity.refresh_from_db()
    assert (results(batch), entity.address) == ({"shifted": 2}, "示例市人工更正路2号")
    assert {reason for row in imports.kept_rows(officer(), batch.id) for reason in row.reasons} == {
        ("", "预览之后内容已变化，没有导入；请重新导入")
    }


def test_what_another_agency_keeps_is_not_overwritten():
    imported(table(1))
    other = officer(agency="/c/e/", id="officer-2")
    batch = stage([HEADER, [*rows(1)[0][:3], "x"]], actor=other)
    assert counts(batch) == {"rejected": 1}


def test_undo_takes_back_what_was_new_and_restores_what_was_changed():
    imported(table(2))
    before = list(Entity.objects.order_by("pk").values("pk", "name", "address", "established_on"))
    batch = imported([HEADER, ["示例改名有限公司", *rows(1)[0][1:3], "新址"], *rows(2, start=2)])
    undone = imports.undo_batch(officer(), batch.id)
    assert (undone.state, results(undone)) == ("undone", {"same": 1, "undone": 2})
    assert list(Entity.objects.order_by("pk").values("pk", "name", "address", "established_on")) == before
    assert not Entity.objects.get(code=rows(1)[0][1]).former_names.exists()
    assert counts(stage(table(2))) == {"same": 2}


def used_by_project(entity):
    services.add_participant(officer(), builders.project().id, entity_id=entity.id, role="contractor")


def used_by_permit(entity):
    builders.permit(entity_id=entity.id)


def used_by_another_source(entity):
    imported(table(1), source="施工许可")


def changed_by_hand(entity):
    services.correct_entity(officer(), entity.id, rev=entity.rev, address="别处")


def merged(entity):
    into = builders.entity(number=50)
    services.merge_entities(officer(), entity.id, rev=entity.rev, into=into.id, reason="同一主体")


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (used_by_project, "已被引用：参建关系"),
        (used_by_permit, "已被引用：许可"),
        (used_by_another_source, "已被引用：施工许可"),
        (changed_by_hand, "导入之后又被修改"),
        (merged, "导入之后已被合并"),
    ],
)
def test_undo_keeps_what_was_changed_or_used_since_and_says_why(since, why):
    batch = imported(table(2))
    entity = Entity.objects.get(code=rows(1)[0][1])
    since(entity)
    imports.undo_batch(officer(), batch.id)
    assert results(batch) == {"kept": 1, "undone": 1}
    assert Entity.objects.filter(pk=entity.pk).exists()
    (kept,) = imports.kept_rows(officer(), batch.id)
    assert (kept.number, kept.reasons) == (2, [("", why)])


def test_cancelling_keeps_what_was_written_and_the_rest_can_follow(monkeypatch):
    monkeypatch.setattr(runs, "WRITE_CHUNK", 2)
    batch = stage(table(5))
    seen = []
    batch = imports.apply_batch(officer(), batch.id, progress=seen.append, cancelled=lambda: len(seen) == 1)
    assert (batch.state, batch.applied_through, Entity.objects.count()) == ("cancelled", 3, 2)
    batch = imports.apply_batch(officer(), batch.id)
    assert (batch.state, Entity.objects.count()) == ("applied", 5)


def test_a_cancelled_import_can_be_undone(monkeypatch):
    monkeypatch.setattr(runs, "WRITE_CHUNK", 2)
    batch = stage(table(5))
    imports.apply_batch(officer(), batch.id, cancelled=lambda: True)
    batch = imports.undo_batch(officer(), batch.id)
    assert (batch.state, Entity.objects.count()) == ("undone", 0)


def test_progress_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(runs, "WRITE_CHUNK", 2)
    seen = []
    imports.apply_batch(officer(), stage(table(5)).id, progress=seen.append)
    assert [(step.phase, step.done, step.total) for step in seen] == [
        ("apply", 2, 5), ("apply", 4, 5), ("apply", 5, 5), ("apply", 5, 5),
    ]  # fmt: skip


def test_two_who_write_the_same_batch_do_not_write_a_row_twice():
    batch = stage(table(3))
    services.apply_rows(officer(), batch.id, after=0, limit=2)
    with pytest.raises(Stale):
        services.apply_rows(officer(), batch.id, after=0, limit=2)


@pytest.mark.parametrize("step", [services.discard_import, services.complete_staging, services.cancel_import])
def test_an_applied_batch_takes_no_step_of_an_earlier_state(step):
    batch = imported(table(1))
    more = {"columns": {}, "marks": {}, "changes": {}} if step is services.complete_staging else {}
    with pytest.raises(Refused):
        step(officer(), batch.id, **more)


def test_neither_end_is_declared_before_it_is_reached():
    batch = stage(table(3))
    services.apply_rows(officer(), batch.id, after=0, limit=2)
    with pytest.raises(Refused):
        services.complete_import(officer(), batch.id)
    services.cancel_import(officer(), batch.id)
    with pytest.raises(Refused):
        services.complete_undo(officer(), batch.id)


def test_who_may_not_import_can_neither_stage_nor_see():
    with pytest.raises(Denied):
        stage(table(), actor=officer("registry.read"))
    assert not queries.imports_visible_to(officer("registry.read")).exists()


def test_original_cells_are_kept_of_rejected_rows_only():
    batch = stage(wrong_rows())
    assert {bool(row.cells) for row in batch.rows.exclude(outcome="rejected")} == {False}
    assert all(row.cells for row in batch.rows.filter(outcome="rejected"))


def test_the_batch_is_what_its_events_say():
    batch = imported(table(3))
    imports.undo_batch(officer(), batch.id)
    events = Event.objects.filter(stream=f"import:{batch.id}").order_by("recorded_at", "id")
    assert list(projections.replay(record.envelope(event.id) for event in events)) == []


def test_the_time_is_that_of_the_acts():
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        imported(table(1))
    assert Entity.objects.get().created_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_batch_that_only_repeats_its_rows_leaves_them_staged_once():
    batch = stage(table(3))
    imports.stage(officer(), batch.id)
    assert ImportRow.objects.filter(batch=batch).count() == 3


@pytest.mark.django_db(transaction=True)
def test_another_user_writes_while_an_import_runs():
    batch = stage([HEADER, *rows(4000)])
    stop, waits, errors = threading.Event(), [], []

    def keep_writing():
        number = 90_000_000
        try:
            while not stop.is_set():
                number, began = number + 1, time.monotonic()
                builders.entity(officer(agency="/other/"), number=number)
                waits.append(time.monotonic() - began)
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
            errors.append(error)
        finally:
            connection.close()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        imports.apply_batch(officer(), batch.id)
    finally:
        stop.set()
        writer.join()
    assert not errors
    assert len(waits) >= 3
    assert Entity.objects.filter(agency=builders.AGENCY).count() == 4000
