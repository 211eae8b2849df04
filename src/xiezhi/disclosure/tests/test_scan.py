"""What the scan finds stops the signature, or asks for a reason; the pages show where."""

import pytest
from django.urls import reverse

from xiezhi.core.errors import Invalid, Refused
from xiezhi.disclosure import content, gate, services
from xiezhi.disclosure.codes import State
from xiezhi.disclosure.models import READ
from xiezhi.disclosure.tests import showing
from xiezhi.inspection.models import Task, TaskTarget
from xiezhi.inspection.tests import staff
from xiezhi.registry import services as registry
from xiezhi.registry.synthetic import synthetic_code

pytestmark = pytest.mark.django_db


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.refusal


def renamed(name: str):
    """A due result whose target bears ``name``, prepared."""
    row = showing.due()
    TaskTarget.objects.filter(task=row.subject).update(name=name)
    with showing.on_day(row):
        return services.prepare(showing.PREPARER, row.pk, rev=row.rev)


@pytest.mark.parametrize(
    ("name", "article"),
    [
        ("示例建设有限公司（13800000000）", "《政府信息公开条例》第十五条"),
        ("示例建设有限公司（黑名单）", "《行政处罚法》第九条"),
        ("示例建设有限公司（内部资料）", "《政府信息公开条例》第十六条"),
        ("示例建设有限公司（机密）", "《政府信息公开条例》第十四条"),
    ],
)
def test_what_bars_is_refused_with_its_place_its_article_and_what_to_do(name, article):
    row = renamed(name)
    with showing.on_day(row):
        refusal = refused(lambda: services.sign(showing.SIGNER, row.pk, rev=row.rev, waiver="已核对。"))
    assert (refusal.rule_id, refusal.article) == ("xz-disclosure-scan", article)
    assert refusal.params["label"] == "检查对象"
    assert refusal.remedy
    row.refresh_from_db()
    assert row.state == State.PREPARED


def test_a_hint_wants_a_reason_from_whoever_prepares_or_signs():
    row = renamed("示例企业内部装修有限公司")
    with showing.on_day(row):
        assert (
            refused(lambda: services.sign(showing.SIGNER, row.pk, rev=row.rev)).rule_id == "xz-disclosure-waiver"
        )
        row = services.sign(showing.SIGNER, row.pk, rev=row.rev, waiver="单位名称中的词。")
    assert row.versions.get().waiver == "单位名称中的词。"


def test_an_officers_name_in_what_would_be_shown_bars_it():
    row = showing.due()
    task = Task.objects.get(pk=row.subject)
    name = task.officers.first().officer.name
    TaskTarget.objects.filter(task=task).update(name=f"{name}建筑有限公司")
    with showing.on_day(row):
        row = services.prepare(showing.PREPARER, row.pk, rev=row.rev)
        assert refused(lambda: services.sign(showing.SIGNER, row.pk, rev=row.rev)).rule_id == "xz-disclosure-scan"


def test_a_person_whom_the_registry_knows_of_the_firm_bars_it():
    row = showing.due()
    actor, code = showing.jobs.ACTOR, synthetic_code(7)
    firm = registry.register_entity(actor, agency="/a1/", district="329900", code=code, name="张示某建材店")
    registry.place_person(actor, firm.pk, role="operator", name="张示某")
    TaskTarget.objects.filter(task=row.subject).update(code=code, name="张示某建材店")
    with showing.on_day(row):
        row = services.prepare(showing.PREPARER, row.pk, rev=row.rev)
        assert refused(lambda: services.sign(showing.SIGNER, row.pk, rev=row.rev)).rule_id == "xz-disclosure-scan"


def test_a_natural_person_is_shown_by_surname_and_without_a_number():
    row = showing.due()
    actor, code = showing.jobs.ACTOR, synthetic_code(8, "92")
    registry.register_entity(actor, agency="/a1/", district="329900", code=code, name="张示某")
    TaskTarget.objects.filter(task=row.subject).update(code=code, name="张示某")
    with showing.on_day(row):
        services.prepare(showing.PREPARER, row.pk, rev=row.rev)
    values = {field["name"]: field["value"] for field in row.versions.get().fields}
    assert values["name"] == "张某某"
    assert "code" not in values
    assert row.versions.get().target_code == ""


def test_the_page_marks_what_was_found():
    row = renamed("示例建设有限公司（13800000000）")
    signer = staff.client(staff.account("马签", READ, gate.SIGN))
    with showing.on_day(row):
        page = signer.get(reverse("disclosure:sign", args=[row.pk])).content.decode()
    assert "<mark>13800000000</mark>" in page
    assert "含有电话号码" in page
    assert "第 10 至 20 字" in page


def test_words_that_people_add_are_scanned_before_they_are_published():
    row = showing.signed()
    with showing.on_day(row):
        with pytest.raises(Invalid) as caught:
            services.correct(showing.PREPARER, row.pk, rev=row.rev, reason="请联系13800000000。")
        assert "电话号码" in caught.value.fields["reason"][0]
        with pytest.raises(Invalid):
            services.withdraw(showing.SIGNER, row.pk, rev=row.rev, ground="wrong", text="予以通报批评。")


def test_stored_words_that_were_touched_after_preparation_are_not_signed():
    row = showing.prepared()
    version = row.versions.get()
    version.digest = content.digest(b"other")
    version.save()
    with showing.on_day(row), pytest.raises(Invalid):
        services.sign(showing.SIGNER, row.pk, rev=row.rev)
