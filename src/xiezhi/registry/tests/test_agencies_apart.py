"""What one agency keeps is neither shown to nor changed by another, also through merges, imports and persons."""

import io

import pytest

from xiezhi.core.actor import Ability, Actor
from xiezhi.core.errors import Invalid
from xiezhi.registry import families, imports, queries, services
from xiezhi.registry.models import Project
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import AGENCY, DISTRICT, officer
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db
SIBLING = "/c/e/"


def both() -> Actor:
    """An officer of the common parent."""
    abilities = frozenset(Ability(name, path) for name in builders.ABILITIES for path in (AGENCY, SIBLING))
    return Actor(id="officer-9", kind="officer", agency=AGENCY, district=DISTRICT, abilities=abilities)


def merged_across():
    """(the sibling's entity, what it went into)."""
    mine, theirs = builders.entity(number=1), builders.entity(officer(agency=SIBLING), number=2)
    services.merge_entities(both(), theirs.pk, rev=1, into=mine.pk, reason="重复登记")
    return theirs, mine


def test_what_a_sibling_s_entity_brought_into_a_merge_is_not_read_with_ours():
    theirs, mine = merged_across()
    assert families.family(officer(), mine) == [mine.pk]
    assert families.family(both(), mine) == [mine.pk, theirs.pk]
    assert families.follows(officer(), mine).codes == 1


def test_a_code_does_not_lead_through_a_merge_to_an_entity_out_of_sight():
    theirs, mine = merged_across()
    assert queries.find_by_code(officer(agency=SIBLING), theirs.code) == theirs
    assert queries.find_by_code(both(), theirs.code) == mine


def test_the_page_of_a_merged_entity_does_not_name_the_other_agency_s():
    ours, others = signing_in.agency("ours"), signing_in.agency("others")
    mine = builders.entity(officer(agency=ours.path), number=1, name="示例甲建设有限公司")
    theirs = builders.entity(officer(agency=others.path), number=2, name="示例乙建设有限公司")
    everywhere = officer(agency="/")
    services.merge_entities(everywhere, mine.pk, rev=1, into=theirs.pk, reason="重复登记")
    browser = signing_in.browser_of(signing_in.account_with("registry.read", unit=ours))
    page = browser.get(f"/console/registry/entities/{mine.pk}/").content.decode()
    assert "已并入其他机构登记的主体" in page
    assert theirs.name not in page
    assert str(theirs.pk) not in page


def changed_address(number):
    return [*builders.rows(1, start=number)[0][:3], "示例市新址1号"]


def address_of(entity):
    entity.refresh_from_db()
    return entity.address


def listed(batch):
    return [(row.number, row.reasons) for row in imports.kept_rows(officer(), batch.id)]


GONE = ("", "该记录由其他机构管理，您无权修改")


def test_rights_that_were_narrowed_after_the_dry_run_are_heeded_when_rows_are_written():
    mine, theirs = builders.entity(number=1), builders.entity(officer(agency=SIBLING), number=2)
    batch = builders.stage([builders.HEADER, changed_address(1), changed_address(2)], actor=both())
    assert batch.counts["rows"]["changed"] == 2
    imports.apply_batch(officer(), batch.id)
    assert (address_of(mine), address_of(theirs)) == ("示例市新址1号", "")
    assert listed(batch) == [(3, [GONE])]
    assert not theirs.sources.filter(batch=batch).exists()


def test_rights_that_were_narrowed_after_the_writing_are_heeded_at_undo():
    mine, theirs = builders.entity(number=1), builders.entity(officer(agency=SIBLING), number=2)
    batch = builders.imported([builders.HEADER, changed_address(1), changed_address(2)], actor=both())
    imports.undo_batch(officer(), batch.id)
    assert (address_of(mine), address_of(theirs)) == ("", "示例市新址1号")
    assert listed(batch) == [(3, [GONE])]
    assert theirs.sources.filter(batch=batch).exists()


PROJECTS = ["项目代码", "项目名称", "施工单位代码"]


def stage_projects(*rows, actor):
    return imports.stage_file(
        actor, stream=io.BytesIO(builders.csv_bytes([PROJECTS, *rows])), filename="名录.csv", source="项目库",
        agency=AGENCY, district=DISTRICT, target="project",
    )  # fmt: skip


def names():
    return dict(Project.objects.values_list("number", "name"))


def test_projects_of_an_agency_that_was_lost_are_neither_written_nor_taken_back():
    builders.project(number="2026-1")
    builders.project(officer(agency=SIBLING), number="2026-2")
    rows = (["2026-1", "示例改名一", ""], ["2026-2", "示例改名二", ""])
    batch = stage_projects(*rows, actor=both())
    imports.apply_batch(officer(), batch.id)
    assert names() == {"2026-1": "示例改名一", "2026-2": "示例家园一期"}
    assert listed(batch) == [(3, [GONE])]
    again = imports.apply_batch(both(), stage_projects(*rows[1:], actor=both()).id)
    imports.undo_batch(officer(), again.id)
    assert names()["2026-2"] == "示例改名二"
    assert listed(again) == [(2, [GONE])]


def test_a_project_is_not_given_a_firm_that_went_out_of_sight_or_away_after_the_dry_run():
    firm = builders.entity(officer(agency=SIBLING), number=5)
    batch = stage_projects(["2026-1", "示例家园", firm.code], ["2026-2", "示例花园", ""], actor=both())
    imports.apply_batch(officer(), batch.id)
    assert list(names()) == ["2026-2"]
    assert f"没有登记过代码为 {firm.code} 的单位" in listed(batch)[0][1][0][1]


def placed(actor, number, name="示例甲", **more):
    entity = builders.entity(actor, number=number)
    return services.place_person(actor, entity.pk, role="head", name=name, number=builders.RESIDENT, **more)


def test_a_person_whom_a_sibling_knows_too_is_shown_to_whoever_entered_him():
    other = officer(agency=SIBLING, id="officer-2")
    theirs, mine = placed(other, 1, name="示例乙"), placed(officer(), 2)
    assert list(queries.places_visible_to(officer())) == [mine]
    assert queries.find_by_number(officer(), builders.RESIDENT) == [mine]
    assert queries.read_person(officer(), mine.person_id, purpose="核对身份")["name"] == "示例甲"
    assert queries.find_by_number(other, builders.RESIDENT) == [theirs]
    assert list(queries.places_of(both(), mine.person, builders.RESIDENT)) == [theirs, mine]
    assert list(queries.places_of(officer(), mine.person, builders.RESIDENT)) == [mine]


def test_a_number_that_the_agency_knows_under_another_name_is_told_so_without_that_name():
    placed(officer(), 1, name="示例 甲")
    placed(officer(), 2, name="示例甲")
    with pytest.raises(Invalid) as invalid:
        placed(officer(), 3, name="示例乙")
    (message,) = invalid.value.fields["name"]
    assert "已以另一姓名登记过" in message
    assert "示例" not in message
    assert builders.RESIDENT not in message
