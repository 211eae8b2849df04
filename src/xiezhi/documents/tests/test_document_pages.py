"""Documents through HTTP: drafted, approved, signed, sealed, issued, voided and corrected by those who may."""

import io
from datetime import date

from django.urls import reverse

from xiezhi import clock
from xiezhi.documents import forms, queries, services
from xiezhi.documents.codes import NumberState, Sealing, State
from xiezhi.documents.models import Document, DocumentNumber
from xiezhi.documents.tests import desk
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import INSPECTION
from xiezhi.people.models import Approval
from xiezhi.people.tests import house
from xiezhi.record.models import Event


def url(name, *args):
    return reverse(f"documents:{name}", args=args)


def typed(values, **more):
    """Values as a form sends them."""
    sent = {}
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                sent |= {f"v_{name}-{number}-{column}": text for column, text in row.items()}
        elif value is True:
            sent[f"v_{name}"] = "on"
        else:
            sent[f"v_{name}"] = value
    return sent | more


def text(response):
    return response.content.decode()


def test_an_officer_drafts_signs_and_the_number_is_in_the_pdf(office, browser):
    lin = browser("lin")
    assert "行政检查通知书" in text(lin.get(url("new")))
    form = lin.get(url("new-of-type", office.template().pk))
    assert form.status_code == 200
    sent = typed(office.sample(), agency=desk.SQUAD, title="示例家园一期检查")
    answer = lin.post(url("new-of-type", office.template().pk), sent)
    row = Document.objects.get()
    assert answer.status_code == 302
    assert row.state == State.DRAFT
    assert row.missing == 0
    page = text(lin.get(url("document", row.pk)))
    assert "示例建设〇一有限公司" in page
    assert lin.post(url("sign", row.pk), {"rev": row.rev}).status_code == 302
    row.refresh_from_db()
    assert row.number == "示例支队检通〔2026〕1号"
    assert row.sealing == Sealing.OWED
    file = lin.get(url("pdf", row.pk))
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    picture = lin.get(url("picture", row.pk, 1))
    assert picture.content.startswith(b"\x89PNG")
    assert lin.get(url("picture", row.pk, 9)).status_code == 404


def test_what_is_missing_is_listed_in_words_and_bars_the_signature(office, browser):
    row = office.drafted(values={"party_name": "示例建设〇一有限公司"})
    page = text(browser("lin").get(url("document", row.pk)))
    assert "签发前还缺" in page
    assert "检查事项" in page
    answer = browser("lin").post(url("sign", row.pk), {"rev": row.rev})
    assert answer.status_code == 409
    assert "还缺必填内容" in text(answer)
    row.refresh_from_db()
    assert row.state == State.DRAFT
    assert not DocumentNumber.objects.exists()


def test_a_form_with_a_fault_keeps_what_was_typed_and_says_what_to_mend(office, browser):
    sent = typed(office.sample("result_notice"), agency=desk.SQUAD, title="示例") | {"v_inspected_on": "三月五日"}
    answer = browser("lin").post(url("new-of-type", office.template("result_notice").pk), sent)
    assert answer.status_code == 422
    assert "请填写日期" in text(answer)
    assert "三月五日" in text(answer)
    assert "示例建设〇一有限公司" in text(answer)
    assert not Document.objects.exists()


def test_two_who_edit_at_once_the_second_is_shown_what_the_first_changed(office, browser):
    row = office.drafted()
    sent = typed(office.sample(), title="甲改的", rev=row.rev)
    assert browser("lin").post(url("edit", row.pk), sent).status_code == 302
    again = browser("zhou").post(url("edit", row.pk), sent | {"title": "乙改的"})
    assert again.status_code == 412
    assert "甲改的" in text(again)


def test_the_seal_is_asked_for_registered_and_its_scan_comes_back_before_issue(office, browser):
    lin, fa = browser("lin"), browser("fa")
    row = office.signed()
    assert "本系统没有配置电子印章" in text(lin.get(url("seal", row.pk)))
    refused = lin.post(url("issue", row.pk), {"rev": row.rev})
    assert refused.status_code == 409
    assert (
        lin.post(url("seal", row.pk), {"rev": row.rev, "purpose": "送达", "copies": 2, "way": "paper"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.sealing == Sealing.REQUESTED
    assert lin.post(url("seal-register", row.pk), {"rev": row.rev, "seal_name": "公章"}).status_code == 403
    assert fa.post(url("seal-register", row.pk), {"rev": row.rev, "seal_name": "示例支队公章"}).status_code == 302
    row.refresh_from_db()
    wrong = fa.post(url("seal-scan", row.pk), {"rev": row.rev, "scan": io.BytesIO(b"MZ is no picture")})
    assert wrong.status_code == 422
    scan = io.BytesIO(desk.PDF)
    scan.name = "盖章件.pdf"
    assert fa.post(url("seal-scan", row.pk), {"rev": row.rev, "scan": scan}).status_code == 302
    row.refresh_from_db()
    assert row.sealing == Sealing.SEALED
    assert lin.post(url("issue", row.pk), {"rev": row.rev}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.ISSUED
    assert "示例支队公章" in text(fa.get(url("seals")))
    kept = fa.get(url("scan", row.pk, row.seal_uses.get().pk))
    assert b"".join(kept.streaming_content) == desk.PDF
    assert "attachment" in kept["Content-Disposition"]


def test_an_electronic_seal_that_is_not_configured_refuses_in_words(office, browser):
    row = office.signed()
    sent = {"rev": row.rev, "purpose": "送达", "copies": 1, "way": "electronic"}
    answer = browser("lin").post(url("seal", row.pk), sent)
    assert answer.status_code == 409
    assert "没有配置电子印章" in text(answer)


def test_a_void_document_takes_its_number_with_it_and_the_number_never_comes_back(office, browser):
    row = office.signed()
    lin = browser("lin")
    assert lin.post(url("void", row.pk), {"rev": row.rev, "reason": "写错对象"}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.VOID
    number = DocumentNumber.objects.get(document=row.pk)
    assert number.state == NumberState.VOID
    assert number.reason == "写错对象"
    assert office.signed().number == "示例支队检通〔2026〕2号"
    assert lin.post(url("issue", row.pk), {"rev": row.rev}).status_code == 409


def test_a_correction_is_a_new_document_linked_to_the_old(office, browser):
    row = office.signed()
    lin = browser("lin")
    answer = lin.post(url("correct", row.pk), {"rev": row.rev})
    fresh = Document.objects.get(corrects=row)
    assert answer["Location"] == url("document", fresh.pk)
    assert queries.values(fresh) == queries.values(row)
    row.refresh_from_db()
    assert row.corrected_by is None
    lin.post(url("sign", fresh.pk), {"rev": fresh.rev})
    row.refresh_from_db()
    assert row.corrected_by == fresh.pk
    assert "已由另一件文书更正" in text(lin.get(url("document", row.pk)))


def test_a_void_correction_leaves_the_original_to_be_corrected_again(office):
    lin, row = desk.actor("lin"), office.signed()
    for number in (2, 3):
        fresh = services.correct_document(lin, row.pk, rev=row.rev)
        fresh = services.sign_document(lin, fresh.pk, rev=fresh.rev)
        row.refresh_from_db()
        assert (fresh.number, row.corrected_by) == (f"示例支队检通〔2026〕{number}号", fresh.pk)
        services.void_document(lin, fresh.pk, rev=fresh.rev, reason="更正有误")
        row.refresh_from_db()
        assert row.corrected_by is None


def test_a_form_whose_template_names_an_approval_waits_for_it(office, browser):
    steps = (flow.Step("大队长审核", ("squad_leader",)), flow.Step("支队长批准", ("detachment_head",)))
    people.adopt_route(
        desk.SETUP,
        kind=INSPECTION,
        agency=desk.BODY,
        steps=steps,
        source="示例〔2026〕2号",
        valid_from=date(2026, 1, 1),
    )
    row = office.drafted("inspection_approval")
    lin = browser("lin")
    assert lin.post(url("sign", row.pk), {"rev": row.rev}).status_code == 409
    assert lin.post(url("approval", row.pk), {"text": "拟按计划检查，请审批。", "rev": row.rev}).status_code == 302
    row.refresh_from_db()
    busy = lin.post(url("edit", row.pk), typed(office.sample("inspection_approval"), title="改", rev=row.rev))
    assert busy.status_code == 409
    approval = Approval.objects.get()
    for name in ("zhou", "zhi"):
        approval = people.agree(desk.actor(name), approval=approval.pk, text="同意。", rev=approval.rev)
    assert lin.post(url("sign", row.pk), {"rev": row.rev}).status_code == 302
    row.refresh_from_db()
    said = [one for kind, *rest in queries.printed(row)["blocks"] if kind == "table" for one in rest[1]]
    assert "示例支" in str(said)
    assert "大队长审核" in str(said)


def test_an_approval_that_the_document_did_not_ask_for_signs_nothing_and_blocks_nothing(office, browser):
    steps = (flow.Step("承办人", ("officer",)),)
    for unit, source in ((desk.BODY, "示例〔2026〕2号"), (house.SQUAD_2, "示例〔2026〕3号")):
        people.adopt_route(
            desk.SETUP,
            kind=INSPECTION,
            agency=unit,
            steps=steps,
            source=source,
            valid_from=date(2026, 1, 1),
        )
    row = office.drafted("inspection_approval")
    strange = people.submit(
        desk.actor("mei"),
        kind=INSPECTION,
        subject=f"document:{row.pk}",
        title="另一件事",
        agency=house.SQUAD_2,
        text="请审批。",
    )
    saved = typed(office.sample("inspection_approval"), title="照常修改", rev=row.rev)
    assert browser("lin").post(url("edit", row.pk), saved).status_code == 302
    Approval.objects.filter(pk=strange.pk).update(state=flow.APPROVED)
    row.refresh_from_db()
    refused = browser("lin").post(url("sign", row.pk), {"rev": row.rev})
    assert (refused.status_code, "须经审批才能签发" in text(refused)) == (409, True)


def test_a_draft_changed_after_its_approval_must_be_approved_again(office, browser):
    people.adopt_route(
        desk.SETUP,
        kind=INSPECTION,
        agency=desk.BODY,
        steps=(flow.Step("支队长批准", ("detachment_head",)),),
        source="示例〔2026〕2号",
        valid_from=date(2026, 1, 1),
    )
    row = office.drafted("inspection_approval")
    lin = browser("lin")
    lin.post(url("approval", row.pk), {"text": "请审批。", "rev": row.rev})
    row.refresh_from_db()
    approval = Approval.objects.get()
    people.agree(desk.actor("zhi"), approval=approval.pk, text="同意。", rev=approval.rev)
    with clock.fixed(house.NOW.replace(hour=6)):
        sent = typed(office.sample("inspection_approval"), title="改过", rev=row.rev)
        assert lin.post(url("edit", row.pk), sent).status_code == 302
        row.refresh_from_db()
        refused = lin.post(url("sign", row.pk), {"rev": row.rev})
    assert refused.status_code == 409
    assert "批准之后又有修改" in text(refused)


def test_a_returned_draft_is_mended_and_submitted_again(office, browser):
    people.adopt_route(
        desk.SETUP,
        kind=INSPECTION,
        agency=desk.BODY,
        steps=(flow.Step("支队长批准", ("detachment_head",)),),
        source="示例〔2026〕2号",
        valid_from=date(2026, 1, 1),
    )
    row = office.drafted("inspection_approval")
    lin = browser("lin")
    lin.post(url("approval", row.pk), {"text": "请审批。", "rev": row.rev})
    row.refresh_from_db()
    approval = Approval.objects.get()
    assert url("document", row.pk) in text(browser("zhi").get(reverse("console:approval", args=[approval.pk])))
    approval = people.return_approval(
        desk.actor("zhi"), approval=approval.pk, text="请写明理由。", rev=approval.rev
    )
    with clock.fixed(house.NOW.replace(hour=6)):
        sent = typed(office.sample("inspection_approval"), title="补正", rev=row.rev)
        assert lin.post(url("edit", row.pk), sent).status_code == 302
        row.refresh_from_db()
        assert lin.post(url("sign", row.pk), {"rev": row.rev}).status_code == 409
        approval = people.resubmit(desk.actor("lin"), approval=approval.pk, text="已补正。", rev=approval.rev)
    with clock.fixed(house.NOW.replace(hour=7)):
        people.agree(desk.actor("zhi"), approval=approval.pk, text="同意。", rev=approval.rev)
        assert "已通过" in text(lin.get(url("document", row.pk)))
        assert lin.post(url("sign", row.pk), {"rev": row.rev}).status_code == 302


def test_another_squad_sees_nothing_and_an_overseer_reads_but_does_not_act(office, browser):
    row = office.drafted()
    assert browser("mei").get(url("document", row.pk)).status_code == 404
    assert browser("mei").post(url("sign", row.pk), {"rev": row.rev}).status_code == 404
    assert row.title not in text(browser("mei").get(url("documents")))
    assert browser("dai").get(url("document", row.pk)).status_code == 200
    assert browser("dai").get(url("edit", row.pk)).status_code == 403
    assert browser("dai").post(url("issue", row.pk), {"rev": row.rev}).status_code == 403


def test_personal_data_is_masked_and_reading_it_is_recorded(office, browser):
    row = office.signed("questioning_record")
    page = text(browser("dai").get(url("document", row.pk)))
    assert "示例张" not in page
    assert "含个人信息，已遮盖" in page
    assert browser("dai").get(url("pdf", row.pk)).status_code == 403
    lin = browser("lin")
    assert lin.get(url("picture", row.pk, 1)).status_code == 404
    before = Event.objects.filter(type="record.sensitive_read").count()
    asked = lin.get(url("pdf", row.pk))
    assert "查看事由" in text(asked)
    assert "示例张" not in text(asked)
    assert Event.objects.filter(type="record.sensitive_read").count() == before
    file = lin.post(url("pdf", row.pk), {"purpose": "核对笔录"})
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert Event.objects.filter(type="record.sensitive_read").count() == before + 1


def test_another_who_mends_a_draft_does_not_see_the_personal_data_in_it(office, browser):
    row = office.drafted("questioning_record")
    own = text(browser("lin").get(url("edit", row.pk)))
    assert "示例张" in own
    other = text(browser("zhou").get(url("edit", row.pk)))
    assert "示例张" not in other
    assert "留空则保持不变" in other
    hidden = set(row.template.contract.sensitive)
    sent = {k: v for k, v in office.sample("questioning_record").items() if k not in hidden} | {"matter": "改过"}
    assert browser("zhou").post(url("edit", row.pk), typed(sent, title="示例", rev=row.rev)).status_code == 302
    row.refresh_from_db()
    assert queries.values(row) == office.sample("questioning_record") | {"matter": "改过"}


def test_the_list_finds_by_number_and_filters_by_state(office, browser):
    office.signed()
    office.drafted(title="另一处工地")
    lin = browser("lin")
    assert "示例支队检通〔2026〕1号" in text(lin.get(url("documents") + "?q=检通〔2026〕1"))
    drafts = text(lin.get(url("documents") + f"?state={State.DRAFT}"))
    assert "另一处工地" in drafts
    assert "检通〔2026〕1号" not in drafts


def test_every_field_of_every_national_form_can_be_typed(office):
    for code in ("site_record", "sampling_record", "inspection_feedback", "questioning_record"):
        contract = office.template(code).contract
        form = forms.NewDocumentForm(
            typed(office.sample(code), agency=desk.SQUAD, title="示例"),
            contract=contract,
            agencies=[(desk.SQUAD, "一大队")],
        )
        assert form.is_valid(), form.errors
        assert contract.check(form.cleaned_data["values"]).values == office.sample(code)
