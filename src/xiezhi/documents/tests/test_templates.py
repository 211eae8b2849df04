"""Templates: national ones are loaded once; a body edits its own version, another person publishes it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Invalid, Refused
from xiezhi.documents import builtin, gate, previews, queries, services
from xiezhi.documents.codes import TemplateState
from xiezhi.documents.models import NATIONAL, Template
from xiezhi.documents.tests import desk
from xiezhi.people.tests import house


def url(name, *args):
    return reverse(f"documents:{name}", args=args)


def sent(row, **changed):
    import json

    return {
        "title": row.title,
        "numbering": row.numbering,
        "seal": row.seal,
        "approval": row.approval,
        "body": row.body,
        "fields_json": json.dumps(row.fields, ensure_ascii=False),
        "basis": "《行政处罚法》第四十三条\n司法部文本 待核",
        "note": "增加提示",
    } | changed


def test_the_forms_of_administrative_inspection_are_loaded_once(office):
    titles = set(Template.objects.values_list("title", flat=True))
    assert titles == {
        "行政检查审批表",
        "行政检查通知书",
        "现场检查笔录",
        "抽样取证凭证",
        "询问笔录",
        "行政检查结果告知书",
        "行政检查意见反馈表",
    }
    assert set(Template.objects.values_list("agency", "version", "state")) == {(NATIONAL, 1, "published")}
    assert services.load_builtin_templates(desk.SETUP) == []


@pytest.mark.parametrize("shipped", builtin.shipped(), ids=lambda one: one["code"])
def test_a_national_form_uses_every_field_it_asks_for_and_cites_its_basis(shipped):
    from xiezhi.core.paper import contract, markup

    declared = contract.parse(shipped["fields"])
    used = markup.names(markup.parse(shipped["body"], declared))
    assert {field.name for field in declared.fields} <= used
    assert shipped["basis"]
    assert any(not one["verified"] for one in shipped["basis"]), "the ministry's full texts were not compared"


def test_a_release_with_a_changed_form_adds_a_national_version(office, monkeypatch):
    changed = [{**one, "title": one["title"] + "（新）"} for one in builtin.shipped()[:1]]
    monkeypatch.setattr(builtin, "shipped", lambda: changed)
    (row,) = services.load_builtin_templates(desk.SETUP)
    assert row.version == 2
    assert queries.in_force(row.code, desk.SQUAD, gate.day_of(clock.now())) == row


def test_a_body_edits_its_own_version_and_another_person_publishes_it(office, browser):
    national = office.template()
    fa, zhi = browser("fa"), browser("zhi")
    assert fa.get(url("template-edit", national.pk)).status_code == 200
    body = national.body + "请配合检查。\n"
    assert fa.post(url("template-edit", national.pk), sent(national, body=body)).status_code == 302
    draft = Template.objects.get(state=TemplateState.DRAFT)
    assert (draft.agency, draft.version, draft.based_on) == (desk.BODY, 2, national)
    assert office.template() == national
    page = fa.get(url("template", draft.pk)).content.decode()
    assert "请配合检查。" in page
    assert "增加" in page
    assert "待核" in page
    assert fa.get(url("template-pdf", draft.pk)).content.startswith(b"%PDF-")
    assert fa.get(url("template-picture", draft.pk, 1)).content.startswith(b"\x89PNG")
    tomorrow = gate.day_of(clock.now()) + timedelta(days=1)
    assert fa.get(url("template-publish", draft.pk)).status_code == 403
    answer = zhi.post(url("template-publish", draft.pk), {"rev": draft.rev, "valid_from": tomorrow.isoformat()})
    assert answer.status_code == 302
    old = office.drafted()
    assert old.template == national
    with clock.fixed(house.NOW + timedelta(days=1)):
        assert office.template() == draft
        assert office.drafted().template == draft
        signed = services.sign_document(office.actor("lin"), old.id, rev=old.rev)
        assert signed.template == national
    assert office.template(agency=house.LEGAL) == national


def test_who_wrote_a_version_does_not_publish_it(office):
    row = services.draft_template(office.actor("fa"), **office.local())
    Template.objects.filter(pk=row.pk).update(drafted_by=office.actor("zhi").id)
    with pytest.raises(Refused, match="由你本人编辑"):
        services.publish_template(office.actor("zhi"), row.pk, rev=row.rev, valid_from=date(2026, 3, 10))


def test_a_version_that_breaks_the_contract_is_not_published(office, browser):
    base = office.template()
    fields = [one for one in base.fields if one["name"] != "materials"]
    body = base.body.replace("{{#materials}}\n## 请准备的材料\n{{materials}}\n{{/materials}}\n", "")
    row = services.draft_template(office.actor("fa"), **office.local(fields=fields, body=body))
    answer = browser("zhi").post(url("template-publish", row.pk), {"rev": row.rev, "valid_from": "2026-03-10"})
    assert answer.status_code == 409
    assert "删去了字段“需要准备的材料”" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == TemplateState.DRAFT


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": "# {{title}}"}, "字段 title 没有在字段表中声明"),
        ({"fields_json": "[{]"}, "不是 JSON"),
        ({"fields_json": '[{"name":"x","label":"x","type":"code"}]'}, "不在"),
        ({"numbering": "检通[{year}]{serial}号"}, "六角括号"),
    ],
)
def test_what_cannot_be_used_is_refused_and_kept_on_the_form(office, browser, changed, said):
    answer = browser("fa").post(url("template-edit", office.template().pk), sent(office.template(), **changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "增加提示" in answer.content.decode()
    assert not Template.objects.filter(state=TemplateState.DRAFT).exists()


def test_a_pattern_that_another_type_uses_is_not_published(office):
    row = services.draft_template(
        office.actor("fa"), **office.local(numbering=office.template("result_notice").numbering)
    )
    with pytest.raises(Invalid, match="同样的文号"):
        services.publish_template(office.actor("zhi"), row.pk, rev=row.rev, valid_from=date(2026, 3, 10))


def test_a_pattern_that_prints_as_another_type_s_does_is_not_published(office):
    spelt = office.template("result_notice").numbering.replace("{agency}", "示例支队")
    row = services.draft_template(office.actor("fa"), **office.local(numbering=spelt))
    with pytest.raises(Invalid, match="同样的文号"):
        services.publish_template(office.actor("zhi"), row.pk, rev=row.rev, valid_from=date(2026, 3, 10))


def test_code_in_a_template_is_text(office):
    evil = '#read("/etc/passwd") #import "@preview/cetz:0.1.0" $a$ \\u{1F600}'
    row = services.draft_template(office.actor("fa"), **office.local(body=office.template().body + evil + "\n"))
    assert previews.sample(row).startswith(b"%PDF-")
    spans = previews.page(row)["blocks"][-1][1]
    assert spans == [["t", evil, False]]
