"""Pages of the lists, plans and triggered inspections, over HTTP."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xiezhi import clock
from xiezhi.inspection import plan_forms, services
from xiezhi.inspection.codes import MOST_LINES, PlanState
from xiezhi.inspection.models import InspectionItem, Plan, Trigger
from xiezhi.inspection.tests import planned, staff
from xiezhi.people import services as people
from xiezhi.people.tests import house


@pytest.fixture(autouse=True)
def bureau(db):
    with clock.fixed(house.NOW):
        planned.build()
        yield


@pytest.fixture
def organiser():
    return staff.client(house.account(planned.ORGANISER))


@pytest.fixture
def head():
    return staff.client(house.account("zhi"))


def text(response) -> str:
    return response.content.decode()


def url(name, *args):
    return reverse(f"inspection:{name}", args=args)


def typed(*lines, **given):
    data = {
        "agency": planned.AGENCY,
        "kind": "yearly",
        "year": "2026",
        "title": "2026 年度抽查计划",
        "line-TOTAL_FORMS": str(len(lines)),
        "line-INITIAL_FORMS": "0",
    }
    for number, line in enumerate(lines):
        data |= {f"line-{number}-{name}": value for name, value in line.items()}
    return data | given


def line(code="GJ-01", **given):
    return {
        "item": str(planned.item(code).pk),
        "measure": "ratio",
        "share": "2%",
        "draws": "1",
        "quota": "20",
        "months": ["3", "9"],
    } | given


def test_a_plan_is_drafted_submitted_and_published_through_its_pages(organiser, head):
    answer = organiser.post(
        url("new_plan"), typed(line(), line("GJ-12", measure="cycle", share="", cycle_years="3"))
    )
    plan = Plan.objects.get()
    assert answer.url == url("plan", plan.pk)
    shown = text(organiser.get(answer.url))
    assert "1/50" in shown
    assert "3 年内全覆盖" in shown
    assert "待核" in shown  # GJ-12 names articles that were recalled
    organiser.post(url("submit_plan", plan.pk), {"rev": plan.rev, "text": "请审批。"})
    plan.refresh_from_db()
    planned.agree(plan.approval)
    plan.refresh_from_db()
    head.post(url("publish_plan", plan.pk), {"rev": plan.rev, "document": "示监〔2026〕2号"})
    plan.refresh_from_db()
    assert plan.state == PlanState.PUBLISHED
    assert "示监〔2026〕2号" in text(organiser.get(url("plans")))


def test_an_added_line_that_nobody_filled_counts_for_nothing(organiser):
    untouched = {
        "item": "",
        "measure": "cycle",
        "share": "",
        "draws": "1",
        "quota": "",
        "stratum": "",
        "together": "",
    }
    assert organiser.post(url("new_plan"), typed(line(), untouched)).status_code == 302
    plan = Plan.objects.get()
    data = typed(line(), untouched, title="改名", rev=plan.rev) | {"line-INITIAL_FORMS": "1"}
    assert organiser.post(url("change_plan", plan.pk), data).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.lines.count()) == ("改名", 1)


def test_adding_a_line_keeps_what_was_typed(organiser):
    answer = organiser.post(url("new_plan"), typed(line(quota="33"), title="半份计划", add="1"))
    assert answer.status_code == 200
    shown = text(answer)
    assert 'value="33"' in shown
    assert "半份计划" in shown
    assert 'name="line-TOTAL_FORMS" value="2"' in shown
    assert not Plan.objects.exists()


def test_a_fault_in_a_line_keeps_everything_and_says_where(organiser):
    answer = organiser.post(url("new_plan"), typed(line(), line("GJ-12", measure="all", share="")))
    assert answer.status_code == 422
    assert "第 2 行：" in text(answer)
    assert "第五十四条" in text(answer)


def test_a_line_marked_as_removed_is_left_out(organiser):
    plan = planned.drafted(lines=[planned.line(), planned.line("GJ-12")])
    page = url("change_plan", plan.pk)
    assert plan.title in text(organiser.get(page))
    data = typed(line(), line("GJ-12", DELETE="on"), rev=plan.rev) | {"line-INITIAL_FORMS": "2"}
    assert organiser.post(page, data).status_code == 302
    assert [one.item.code for one in plan.lines.all()] == ["GJ-01"]


def test_bodies_that_come_along_are_chosen_in_the_form_and_shown_to_whoever_signs(organiser):
    joint = {"together": "春季联查", "partners": [house.LEGAL, house.SQUAD_2]}
    answer = organiser.post(url("new_plan"), typed(line(**joint), line("GJ-12", together="春季联查")))
    plan = Plan.objects.get()
    assert [one.partners for one in plan.lines.all()] == [[house.LEGAL, house.SQUAD_2], []]
    assert text(organiser.get(answer.url)).count("联合：法规处、二大队") == 2
    form = text(organiser.get(url("change_plan", plan.pk)))
    assert len(re.findall(r'value="/sl/fg/"[^>]*checked', form)) == 1
    organiser.post(url("submit_plan", plan.pk), {"rev": plan.rev, "text": "请审批。"})
    plan.refresh_from_db()
    signing = staff.client(house.account("zhou"))
    shown = text(signing.get(reverse("console:approval", args=[plan.approval_id])))
    items = "；".join(str(planned.item(code)) for code in ("GJ-01", "GJ-12"))
    assert f"春季联查：{items}。联合：法规处、二大队" in shown


@pytest.fixture
def gone():
    """Path of a division that a plan names and that is dissolved by now."""
    given = {"parent": house.BUREAU, "code": "old", "name": "旧科", "short": "旧科", "kind": "division"}
    path = people.create_agency(house.SETUP, **given, district=planned.DISTRICT).path
    plan = planned.drafted(lines=[planned.line(partners=[path])])
    people.dissolve_agency(house.SETUP, agency=path, on=house.TODAY)
    return plan, path


def test_a_body_dissolved_meanwhile_stays_in_sight_and_is_refused_in_words(organiser, gone):
    plan, path = gone
    page = url("change_plan", plan.pk)
    assert "旧科（已撤销）" in text(organiser.get(page))
    assert "旧科" not in text(organiser.get(url("new_plan")))
    answer = organiser.post(page, typed(line(partners=[path]), rev=plan.rev))
    assert answer.status_code == 422
    assert "联合检查机构不存在或已撤销：旧科" in text(answer)


def test_the_body_that_plans_is_no_partner_of_its_own(organiser):
    answer = organiser.post(url("new_plan"), typed(line(partners=[planned.AGENCY])))
    assert answer.status_code == 422
    assert "不能是编制计划的机构本身" in text(answer)


def test_publishing_without_the_last_signature_is_refused_with_what_to_do(head):
    plan = planned.submitted()
    answer = head.post(url("publish_plan", plan.pk), {"rev": plan.rev, "document": "示监〔2026〕2号"})
    assert answer.status_code == 409
    assert "尚未获批" in text(answer)
    assert "退回的，修改后重新提交" in text(answer)


def test_national_items_are_adopted_from_a_page_that_marks_what_is_not_verified(organiser):
    assert "【待核】" in text(organiser.get(url("adopt_items")))
    data = {
        "agency": planned.AGENCY,
        "inspectors": "示例支队",
        "valid_from": "2026-03-01",
        "codes": ["GJ-08", "GJ-22"],
    }
    assert organiser.post(url("adopt_items"), data).url == url("items")
    assert InspectionItem.objects.filter(code__in=["GJ-08", "GJ-22"]).count() == 2


CSV = (
    "事项编码,事项名称,检查依据,检查对象,生效日期,监管领域,检查方式\n"
    "BD-01,示例事项,《示例条例》第一条,工程项目,2026-01-01,施工安全,现场检查、书面检查\n"
)


def load(organiser, body):
    data = {"agency": planned.AGENCY, "file": SimpleUploadedFile("list.csv", body)}
    return organiser.post(url("load_items"), data)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_local_list_is_loaded_from_a_file(organiser, encoding):
    assert load(organiser, CSV.encode(encoding)).status_code == 302
    item = planned.item("BD-01")
    assert (item.field, item.methods, item.target_kind) == ("safety", ["site", "papers"], "project")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (CSV.replace("2026-01-01", "明天"), "第 2 行：“明天”不是日期"),
        (CSV.replace("施工安全", "航天"), "没有“航天”"),
        (CSV.replace("检查依据", "依剧"), "文件缺少列：检查依据"),
        ("", "空"),
    ],
)
def test_a_wrong_file_is_refused_in_words(organiser, body, message):
    answer = load(organiser, body.encode())
    assert answer.status_code == 422
    assert message in text(answer)
    assert planned.item("BD-01") is None


def test_fields_without_any_item_are_shown(organiser):
    shown = text(organiser.get(url("fields")))
    assert "有 17 个监管领域今天没有任何有效事项" in shown


NOT_PLANNED = "有 {} 个有效事项在本年度任何计划（含草稿）中都没有"


def test_items_that_no_plan_of_the_year_has_show_where_plans_are_made_and_on_the_items_page(organiser):
    assert NOT_PLANNED.format(3) in text(organiser.get(url("new_plan")))
    plan = planned.drafted(lines=[planned.line("GJ-12")])
    for page in (url("plan", plan.pk), url("change_plan", plan.pk), url("new_plan"), url("fields")):
        shown = text(organiser.get(page))
        assert NOT_PLANNED.format(2) in shown
        assert f">{planned.item('GJ-01')}</a>（" in shown
        assert f">{planned.item('GJ-12')}</a>（" not in shown
    assert "2026 年有 2 个有效事项尚未列入任何计划" in text(organiser.get(url("items")))
    services.end_plan(planned.organiser(), plan.pk, rev=plan.rev, reason="示例")
    assert NOT_PLANNED.format(3) in text(organiser.get(url("fields"))), "what ended plans nothing any more"


def test_where_every_item_is_planned_the_pages_say_so(organiser):
    planned.drafted(lines=[planned.line(code) for code in ("GJ-01", "GJ-12", "GJ-14")])
    assert "有效事项都已列入计划" in text(organiser.get(url("fields")))
    assert "尚未列入任何计划" not in text(organiser.get(url("items")))


def test_a_triggered_inspection_is_asked_for_and_dropped_through_its_pages(organiser):
    firm = planned.firm()
    data = {
        "agency": planned.AGENCY,
        "ground": "complaint",
        "reference": "12345〔2026〕88号",
        "reason": "投诉反映无证施工。",
        "code": firm.code,
        "items": [str(planned.item().pk)],
        "window_from": "2026-03-11",
        "window_to": "2026-03-20",
    }
    answer = organiser.post(url("new_trigger"), data)
    trigger = Trigger.objects.get()
    assert answer.url == url("trigger", trigger.pk)
    assert firm.name in text(organiser.get(url("triggers")))
    organiser.post(url("end_trigger", trigger.pk), {"rev": trigger.rev, "reason": "撤诉。"})
    assert "撤诉。" in text(organiser.get(answer.url))


def test_another_division_sees_neither_plan_nor_trigger():
    plan, trigger = planned.drafted(), planned.asked()
    other = staff.client(house.account("mei"))
    assert other.get(url("plan", plan.pk)).status_code == 404
    assert other.get(url("trigger", trigger.pk)).status_code == 404


@pytest.mark.parametrize("quota", ["1000001", "9223372036854775807", "9" * 40, "0", "-1"])
def test_a_number_of_visits_that_no_plan_can_have_is_named_at_its_field(organiser, quota):
    answer = organiser.post(url("new_plan"), typed(line(quota=quota)))
    assert answer.status_code == 422
    assert not Plan.objects.exists()


def test_a_request_that_names_more_lines_than_a_plan_has_is_refused_without_building_them(organiser, monkeypatch):
    built = []
    init = plan_forms.LineForm.__init__
    monkeypatch.setattr(
        plan_forms.LineForm, "__init__", lambda self, *a, **k: (built.append(1), init(self, *a, **k))[1]
    )
    answer = organiser.post(url("new_plan"), typed(line()) | {"line-TOTAL_FORMS": "100000"})
    assert answer.status_code == 422
    assert len(built) <= MOST_LINES + 2
