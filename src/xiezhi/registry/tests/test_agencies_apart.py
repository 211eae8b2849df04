"""What one agency keeps is neither shown to nor changed by another, also through merges, imports and persons."""

import pytest

from xiezhi.core.actor import Ability, Actor
from xiezhi.registry import families, queries, services
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
