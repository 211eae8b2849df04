"""The list of what may be inspected: national law, local lists, versions."""

from datetime import date

import pytest

from xiezhi.core.errors import Denied, Invalid
from xiezhi.inspection import national, services
from xiezhi.inspection.codes import Field, Origin
from xiezhi.inspection.models import READ, InspectionItem
from xiezhi.inspection.tests import cases, staff
from xiezhi.people import skills
from xiezhi.record.models import Event

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


def adopt(*codes, actor=cases.LI):
    return services.adopt_items(
        actor,
        codes=codes,
        valid_from=DAY,
        inspectors="示例市城建监察支队",
        agency=cases.AGENCY,
        district=cases.DISTRICT,
    )


def row(code="BD-01", **given):
    return {
        "code": code,
        "title": "示例本地事项",
        "basis": "《示例市条例》第三条",
        "target_kind": "project",
        "valid_from": DAY,
    } | given


def load(*rows):
    return services.load_items(cases.LI, rows=rows, agency=cases.AGENCY, district=cases.DISTRICT)


def test_at_least_twenty_items_rest_on_national_law_each_with_its_articles():
    items = national.items(DAY)
    assert len(items) >= 20
    for item in items.values():
        assert "《" in item.basis
        assert "条" in item.basis
        assert all("条" in content["basis"] for content in item.contents)


def test_what_was_not_compared_with_a_text_is_marked():
    items = national.items(DAY)
    # 危大工程规定 was recalled, 建筑法 and 质量条例 were compared.
    assert items["GJ-13"].unverified
    assert not items["GJ-08"].unverified
    assert items["GJ-08"].basis == "《建设工程质量管理条例》第二十八条第一款、第二十九条、第三十一条"


def test_every_field_with_national_items_is_a_field_of_supervision():
    assert {item.field for item in national.items(DAY).values()} <= set(Field)


def test_an_agency_adopts_national_items_into_its_list():
    adopt("GJ-01", "GJ-13")
    rows = InspectionItem.objects.order_by("code")
    assert [(one.code, one.origin, one.unverified) for one in rows] == [
        ("GJ-01", Origin.NATIONAL, False),
        ("GJ-13", Origin.NATIONAL, True),
    ]
    assert rows[1].skills == ["hazardous-works"]
    page = staff.client(staff.account("赵", READ)).get(f"/console/draws/items/{rows[1].pk}/").content.decode()
    assert "危险性较大的分部分项工程" in page.partition("须具备的技能")[2].partition("</dd>")[0]


def test_every_skill_that_national_items_ask_for_has_a_name():
    assert {code for item in national.items(DAY).values() for code in item.skills} <= set(skills.SKILLS)


def test_adopting_again_changes_nothing():
    adopt("GJ-01")
    before = Event.objects.count()
    assert adopt("GJ-01") == []
    assert (InspectionItem.objects.count(), Event.objects.count()) == (1, before)


def test_an_unknown_national_item_is_named():
    with pytest.raises(Invalid) as raised:
        adopt("GJ-01", "GJ-99")
    assert "GJ-99" in str(raised.value.fields["codes"])
    assert not InspectionItem.objects.exists()


def test_one_who_may_not_plan_adopts_nothing():
    with pytest.raises(Denied):
        adopt("GJ-01", actor=cases.WITNESS)


def test_a_local_list_is_loaded_whole_and_again_without_change():
    assert [item.version for item in load(row(), row("BD-02", field="dust", methods=["site"]))] == [1, 1]
    assert load(row(), row("BD-02", field="dust", methods=["site"])) == []


def test_a_changed_row_is_the_next_version_and_the_old_one_stays():
    load(row())
    load(row(title="示例本地事项（修订）", valid_from=date(2026, 7, 1)))
    assert list(InspectionItem.objects.values_list("version", "title")) == [
        (2, "示例本地事项（修订）"),
        (1, "示例本地事项"),
    ]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([row(), row()], "第 2 行：编码在文件中重复"),
        ([row(basis="")], "第 1 行：不能为空"),
        ([row(), row("BD-02", target_kind="boat")], "第 2 行：请选择检查对象的种类"),
        ([row(methods=["telepathy"])], "telepathy"),
        ([row(field="magic")], "监管领域"),
        ([row(least_officers=1)], "行政处罚法第四十二条"),
        ([row(valid_to=date(2025, 1, 1))], "失效日期须晚于生效日期"),
        ([], "1 至 500 行"),
    ],
)
def test_a_list_with_a_fault_is_named_by_row_and_loads_nothing(rows, text):
    with pytest.raises(Invalid) as raised:
        load(*rows)
    assert text in " ".join(map(str, raised.value.fields["rows"]))
    assert not InspectionItem.objects.exists()
