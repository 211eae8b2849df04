"""Lists of projects and of permits come in by the same way as firms: preview, writing, again, changed, undo."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from xiezhi import clock
from xiezhi.core.errors import Invalid
from xiezhi.record import projections
from xiezhi.record import queries as record
from xiezhi.record.models import Event
from xiezhi.registry import imports, queries, services, synthetic
from xiezhi.registry.models import Participant, Permit, Project, Site, SourceRecord
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import DISTRICT, officer

pytestmark = pytest.mark.django_db
BUILDER, OWNER, LATER = (synthetic.synthetic_code(number) for number in (1, 2, 3))
PROJECTS = [
    "项目代码",
    "项目名称",
    "工程类型",
    "项目状态",
    "建设地点",
    "工程造价",
    "施工单位代码",
    "建设单位代码",
    "纬度",
    "经度",
]
HOUSES = ["2026-000001", "示例家园一期", "房建", "在建", "示例路1号", "5,000.5", BUILDER, OWNER, "32.49", "119.9"]
PERMITS = ["许可证书名称", "XK_XKBH", "统一社会信用代码", "项目编号", "许可机关", "许可决定日期", "有效期至"]
LICENCE = [
    "安全生产许可证",
    "（示）JZ安许证字〔2026〕1号",
    BUILDER,
    "",
    "示例省住建厅",
    "2026-01-01",
    "2027-12-31",
]


@pytest.fixture(autouse=True)
def _firms():
    for number in (1, 2, 3):
        builders.entity(number=number)


def stage(target, header, *rows, actor=None, source="项目库", **options):
    actor = actor or officer()
    content = builders.csv_bytes([header, *rows])
    return imports.stage_file(
        actor, stream=io.BytesIO(content), filename="名录.csv", source=source, agency=actor.agency,
        district=DISTRICT, target=target, **options,
    )  # fmt: skip


def imported(*args, **options):
    return imports.apply_batch(officer(), stage(*args, **options).id)


def with_(row, **places):
    return [places.get(f"c{place}", cell) for place, cell in enumerate(row)]


def results(batch):
    return imports.preview(officer(), batch.id).results


def reasons(batch):
    rows = imports.preview_rows(officer(), batch.id, outcome="rejected")
    return [reason for row in rows for _column, reason in row.reasons]


def roles():
    return sorted(Participant.objects.filter(ends=None).values_list("role", "entity__code"))


def projected():
    """What the record does not lead to."""
    return list(
        projections.replay(record.envelope(event.id) for event in Event.objects.order_by("recorded_at", "id"))
    )


def test_a_project_comes_with_its_facts_participants_and_site():
    batch = imported("project", PROJECTS, HOUSES)
    project = Project.objects.get()
    assert results(batch) == {"new": 1}
    assert (project.name, project.kind, project.state, project.cost) == (
        "示例家园一期",
        "building",
        "running",
        5_000_500_000,
    )
    assert roles() == [("contractor", BUILDER), ("owner", OWNER)]
    site = Site.objects.get()
    assert (site.name, str(site.latitude), site.datum) == ("示例家园一期", "32.490000", "WGS-84")
    assert list(queries.search_projects(officer(), "家园一期")) == [project]
    assert SourceRecord.objects.get(project=project).batch == batch


def test_the_same_list_again_does_nothing_and_another_source_confirms():
    imported("project", PROJECTS, HOUSES)
    assert results(imported("project", PROJECTS, HOUSES)) == {"same": 1}
    assert results(imported("project", PROJECTS, HOUSES, source="施工许可")) == {"confirmed": 1}
    assert (Project.objects.get().rev, Site.objects.count()) == (1, 1)


def test_a_correction_by_hand_is_not_overwritten_by_the_same_list():
    imported("project", PROJECTS, HOUSES)
    services.correct_project(officer(), Project.objects.get().pk, rev=1, address="示例路人工更正9号")
    assert results(imported("project", PROJECTS, HOUSES)) == {"same": 1}


def test_a_changed_project_shows_what_changes_and_undo_restores_it():
    imported("project", PROJECTS, HOUSES)
    changed = with_(HOUSES, c1="示例家园", c3="停工", c6=f"{BUILDER}、{LATER}", c8="32.50")
    batch = stage("project", PROJECTS, [*changed[:9], "119.9"])
    (row,) = imports.preview_rows(officer(), batch.id, outcome="changed")
    shown = {change.title: change.after for change in row.changes}
    assert shown["状态"] == "suspended"
    assert LATER in str(shown["施工总承包单位代码"])
    imports.apply_batch(officer(), batch.id)
    project = Project.objects.get()
    assert (project.name, project.state, project.rev) == ("示例家园", "suspended", 2)
    assert ("contractor", LATER) in roles()
    assert projected() == []
    imports.undo_batch(officer(), batch.id)
    project.refresh_from_db()
    assert (project.name, project.state) == ("示例家园一期", "running")
    assert roles() == [("contractor", BUILDER), ("owner", OWNER)]
    assert projected() == []


def test_a_site_of_the_same_name_is_moved_and_moved_back():
    header, row = [*PROJECTS, "工地名称"], [*HOUSES, "一号地块"]
    imported("project", header, row)
    batch = imported("project", header, with_(row, c8="32.6"))
    assert str(Site.objects.get().latitude) == "32.600000"
    imports.undo_batch(officer(), batch.id)
    assert str(Site.objects.get().latitude) == "32.490000"


def test_a_participant_who_is_not_listed_stays():
    imported("project", PROJECTS, HOUSES)
    batch = imported("project", PROJECTS, with_(HOUSES, c6=LATER))
    assert results(batch) == {"changed": 1}
    assert roles() == [("contractor", BUILDER), ("contractor", LATER), ("owner", OWNER)]


def test_a_new_project_that_nothing_uses_is_taken_back_whole():
    batch = imported("project", PROJECTS, HOUSES)
    undone = imports.undo_batch(officer(), batch.id)
    assert (undone.state, results(undone)) == ("undone", {"undone": 1})
    assert not any(model.objects.exists() for model in (Project, Site, Participant))
    assert not queries.search_projects(officer(), "家园一期").exists()


def added_by_hand(project, code, role="contractor"):
    entity = queries.find_by_code(officer(), code)
    return services.add_participant(officer(), project.pk, entity_id=entity.pk, role=role)


def test_undo_leaves_the_participants_that_were_entered_by_hand_since():
    imported("project", PROJECTS, HOUSES)
    project = Project.objects.get()
    batch = imported("project", PROJECTS, with_(HOUSES, c1="示例家园", c6=LATER))
    (listed,) = project.participants.filter(entity__code=LATER)
    services.end_participant(officer(), listed.pk, ends=date(2026, 12, 1))
    by_hand = added_by_hand(project, LATER)
    imports.undo_batch(officer(), batch.id)
    project.refresh_from_db()
    assert project.name == "示例家园一期"
    assert project.participants.filter(pk=by_hand.pk, ends=None).exists()


def test_undo_leaves_a_participant_that_was_entered_by_hand_between_dry_run_and_writing():
    imported("project", PROJECTS, HOUSES)
    project = Project.objects.get()
    batch = stage("project", PROJECTS, with_(HOUSES, c6=LATER))
    by_hand = added_by_hand(project, LATER)
    imports.apply_batch(officer(), batch.id)
    imports.undo_batch(officer(), batch.id)
    assert project.participants.filter(pk=by_hand.pk, ends=None).exists()
    assert results(batch) == {"undone": 1}


def test_undo_takes_the_listed_site_and_leaves_one_of_the_same_name_entered_by_hand():
    header, row = [*PROJECTS, "工地名称"], [*HOUSES, "一号地块"]
    imported("project", header, with_(row, c8="", c9=""))
    batch = imported("project", header, row)
    by_hand = services.record_site(
        officer(), Project.objects.get().pk, name="一号地块", latitude=Decimal("32.6"), longitude=Decimal("119.9"),
        datum="WGS-84",
    )  # fmt: skip
    imports.undo_batch(officer(), batch.id)
    assert list(Site.objects.all()) == [by_hand]


def corrected(project):
    services.correct_project(officer(), project.pk, rev=1, area=1)


def joined(project):
    entity = queries.find_by_code(officer(), LATER)
    services.add_participant(officer(), project.pk, entity_id=entity.pk, role="supervisor")


def rejoined(project):
    listed = project.participants.get(role="contractor")
    services.end_participant(officer(), listed.pk, ends=date(2026, 12, 1))
    added_by_hand(project, BUILDER)


def resited(project):
    given = {"name": project.name, "latitude": Decimal("32.7"), "longitude": Decimal("119.9"), "datum": "WGS-84"}
    services.correct_site(officer(), project.sites.get().pk, rev=1, **given)


def licensed(project):
    entity = queries.find_by_code(officer(), BUILDER)
    builders.permit(kind="construction", project_id=project.pk, entity_id=entity.pk)


def confirmed(project):
    imported("project", PROJECTS, HOUSES, source="施工许可")


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (corrected, "导入之后又被修改"),
        (joined, "已被引用：参建关系"),
        (rejoined, "已被引用：参建关系"),
        (resited, "已被引用：工地"),
        (licensed, "已被引用：许可"),
        (confirmed, "已被引用：施工许可"),
    ],
)
def test_undo_keeps_a_project_that_was_changed_or_used_since(since, why):
    batch = imported("project", PROJECTS, HOUSES)
    since(Project.objects.get())
    imports.undo_batch(officer(), batch.id)
    assert Project.objects.exists()
    (kept,) = imports.kept_rows(officer(), batch.id)
    assert kept.reasons == [("", why)]


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ({"c6": synthetic.synthetic_code(9)}, "没有登记过代码为"),
        ({"c2": "桥隧"}, "不认识“桥隧”"),
        ({"c5": "五千万"}, "不是可识别的数字"),
        ({"c5": "-1"}, "数字超出合理范围"),
        ({"c8": ""}, "纬度和经度须同时填写"),
        ({"c8": "北纬32度"}, "不是可识别的经纬度"),
        ({"c9": "1190"}, "不是可识别的经纬度"),
        ({"c0": ""}, "必填"),
    ],
)
def test_a_row_of_a_project_that_cannot_be_taken_says_why(places, reason):
    batch = stage("project", PROJECTS, with_(HOUSES, **places))
    assert any(reason in found for found in reasons(batch)), reasons(batch)


def test_a_number_twice_and_a_step_that_does_not_follow_are_rejected():
    imported("project", PROJECTS, with_(HOUSES, c3="竣工"))
    batch = stage("project", PROJECTS, HOUSES, with_(HOUSES, c1="又一"))
    assert reasons(batch) == ["项目现为“已竣工”，不能改为“在建”", "与第 2 行的编号重复"]


def test_a_permit_comes_in_changes_its_last_day_and_goes_back():
    batch = imported("permit", PERMITS, LICENCE)
    permit = Permit.objects.get()
    assert (permit.kind, permit.entity.code, permit.valid_until) == ("safety", BUILDER, date(2027, 12, 31))
    assert results(imported("permit", PERMITS, LICENCE)) == {"same": 1}
    extended = imported("permit", PERMITS, with_(LICENCE, c6="2030年12月31日"))
    assert Permit.objects.get().valid_until == date(2030, 12, 31)
    assert projected() == []
    imports.undo_batch(officer(), extended.id)
    assert Permit.objects.get().valid_until == date(2027, 12, 31)
    assert projected() == []
    assert results(imports.undo_batch(officer(), batch.id)) == {"kept": 1}


def test_a_permit_is_over_by_the_day_of_shanghai():
    # 01:00 in Shanghai is still the day before in UTC.
    with clock.fixed(datetime(2026, 3, 1, 17, tzinfo=UTC)):
        imported("permit", PERMITS, with_(LICENCE, c6="2026-02-01"))
        services.expire_permit(officer(), Permit.objects.get().pk, rev=1, on=date(2026, 3, 2))
        imported("permit", PERMITS, with_(LICENCE, c6="2026-03-01"), source="更正")
        permit = Permit.objects.get()
        assert (permit.state, permit.valid_until) == ("expired", date(2026, 3, 1))
        event = Event.objects.filter(type="registry.permit_changed").latest("recorded_at")
        assert record.envelope(event.id)["data"]["on"] == "2026-03-02"


def test_a_new_permit_is_taken_back_and_one_without_end_has_none():
    batch = imported("permit", PERMITS, with_(LICENCE, c6="长期"))
    assert Permit.objects.get().valid_until is None
    assert results(imports.undo_batch(officer(), batch.id)) == {"undone": 1}
    assert not Permit.objects.exists()


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ({"c2": synthetic.synthetic_code(9)}, "没有登记过代码为"),
        ({"c0": "施工许可证"}, "施工许可证须填写项目编号"),
        ({"c0": "施工许可证", "c3": "没有"}, "没有登记过编号为 没有 的项目"),
        ({"c6": "2025-12-31"}, "有效期早于发证日期"),
        ({"c5": ""}, "必填"),
    ],
)
def test_a_row_of_a_permit_that_cannot_be_taken_says_why(places, reason):
    assert any(reason in found for found in reasons(stage("permit", PERMITS, with_(LICENCE, **places))))


def test_a_permit_of_another_holder_is_not_given_to_this_one():
    imported("permit", PERMITS, LICENCE)
    batch = stage("permit", PERMITS, with_(LICENCE, c2=OWNER))
    assert reasons(batch) == [f"该许可登记在另一单位名下：{synthetic.synthetic_name(1)}"]


def test_what_another_agency_keeps_is_not_overwritten():
    imported("project", PROJECTS, HOUSES)
    other = officer(agency="/c/e/", id="officer-2")
    batch = stage("project", PROJECTS[:2], HOUSES[:2], actor=other)
    assert batch.counts["rows"]["rejected"] == 1


def test_a_saved_mapping_is_offered_to_lists_of_its_kind_only():
    actor = officer()
    columns = {"编": "number", "名": "name"}
    services.save_mapping(
        actor, agency=actor.agency, district=DISTRICT, name="库", source="库", columns=columns, target="project"
    )
    assert stage("project", ["编", "名"], HOUSES[:2]).columns == columns
    with pytest.raises(Invalid):
        stage("permit", ["编", "名"], HOUSES[:2])


def test_an_unknown_kind_of_list_is_refused():
    with pytest.raises(Invalid):
        stage("person", ["企业名称", "统一社会信用代码"], builders.rows(1)[0][:2])
