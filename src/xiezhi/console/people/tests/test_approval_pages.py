"""The inbox and the approval form, over HTTP: return, mend, submit again, sign; nothing typed is lost."""

import re
from datetime import date

from django.test import Client

from xiezhi.people import flow, services
from xiezhi.people.models import Approval, ApprovalOpinion

INBOX = "/console/people/approvals/inbox/"


def address(approval):
    return f"/console/people/approvals/{approval.pk}/"


def read(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def sign(client, approval, **data):
    approval.refresh_from_db()
    given = {"rev": approval.rev, "decision": "agree", "text": "同意。", **data}
    return client.post(address(approval), given)


def test_what_waits_is_in_the_inbox_of_whose_turn_it_is(bureau, browser):
    approval = bureau.submitted()
    assert "2026年度抽查计划" in read(browser("zhou").get(INBOX))
    assert "没有待办审批" in read(browser("fa").get(INBOX))
    home = read(browser("zhou").get("/console/"))
    assert "待办审批" in home
    sign(browser("zhou"), approval)
    assert "没有待办审批" in read(browser("zhou").get(INBOX))
    assert "2026年度抽查计划" in read(browser("fa").get(INBOX))


def test_returned_mended_and_signed_to_the_end(bureau, browser):
    approval = bureau.submitted()
    sign(browser("zhou"), approval)
    answer = sign(browser("fa"), approval, decision="return", return_to="0", text="缺少对象清单，\r\n请补正。")
    assert answer.status_code == 302
    page = read(browser("lin").get(address(approval)))
    assert "缺少对象清单，<br>请补正。" in page
    assert "已退回承办人" in page
    assert "被退回，待补正" in read(browser("lin").get(INBOX))
    approval.refresh_from_db()
    browser("lin").post(
        address(approval), {"rev": approval.rev, "title": "2026年度抽查计划（补正）", "text": "已补对象清单。"}
    )
    for who in ("zhou", "fa", "zhi", "gui", "fen"):
        assert sign(browser(who), approval).status_code == 302, who
    assert sign(browser("ju"), approval).status_code == 422
    assert sign(browser("ju"), approval, minutes="纪要〔2026〕3号").status_code == 302
    approval.refresh_from_db()
    assert approval.state == flow.APPROVED
    page = read(browser("ju").get(address(approval)))
    for name in ("示例林", "示例周", "示例法", "示例支", "示例规", "示例分", "示例局长"):
        assert name in page
    assert "会议纪要：纪要〔2026〕3号" in page
    assert page.count("2026-03-10 12:00") >= 10
    assert '<form method="post" novalidate' not in page


def test_a_form_sent_back_keeps_what_was_typed(bureau, browser):
    approval = bureau.submitted()
    answer = browser("zhou").post(
        address(approval), {"rev": approval.rev, "decision": "", "text": "写了很久的意见"}
    )
    assert answer.status_code == 422
    assert "写了很久的意见" in read(answer)


def test_a_refusal_keeps_what_was_typed_and_says_what_to_do(bureau, browser):
    services.assign_role(
        bureau.SETUP, account=bureau.account("zhou").id, role="detachment_legal", agency=bureau.DETACHMENT
    )
    approval = bureau.submitted()
    sign(browser("zhou"), approval)
    answer = sign(browser("zhou"), approval, text="再次同意")
    assert answer.status_code == 409
    page = read(answer)
    assert "再次同意" in page
    assert "同一人不能在“2026年度抽查计划”的两个步骤" in page
    assert "经书面授权的其他代办人签署" in page
    assert "xz-approval-two-steps" in page


def test_signing_what_another_signed_meanwhile_shows_it_and_keeps_the_text(bureau, browser):
    approval = bureau.submitted()
    old = approval.rev
    services.authorise_substitute(
        bureau.actor("zhou"),
        principal=bureau.account("zhou").id,
        substitute=bureau.account("dai").id,
        role="squad_leader",
        agency=bureau.SQUAD_1,
        document="授〔2026〕5号",
        reason="出差",
        valid_from=date(2026, 3, 1),
        valid_to=date(2026, 3, 31),
    )
    sign(browser("dai"), approval)
    answer = browser("zhou").post(address(approval), {"rev": old, "decision": "agree", "text": "我的意见"})
    assert answer.status_code == 412
    assert "我的意见" in read(answer)
    page = read(browser("fa").get(address(approval)))
    assert "代 示例周（授〔2026〕5号）" in page
    assert ApprovalOpinion.objects.filter(decision="agree").count() == 1


def test_who_only_reads_gets_no_form(bureau, browser):
    approval = bureau.submitted()
    page = browser("ju").get(address(approval))
    assert page.status_code == 200
    assert 'name="decision"' not in read(page)
    assert "待签署" in read(page)


def test_whose_turn_it_is_not_is_refused_though_he_posts(bureau, browser):
    approval = bureau.submitted()
    answer = sign(browser("ju"), approval)
    assert answer.status_code == 409
    assert "不由您签署" in read(answer)


def test_another_squad_does_not_find_it_and_a_stranger_is_sent_to_sign_in(bureau, browser):
    approval = bureau.submitted()
    assert browser("mei").get(address(approval)).status_code == 404
    assert browser("mei").post(address(approval), {"rev": 1, "decision": "agree", "text": "x"}).status_code == 404
    assert Client().get(address(approval))["Location"].startswith("/accounts/login/")
    assert "2026年度抽查计划" not in read(browser("mei").get("/console/people/approvals/"))


def test_the_applicant_withdraws(bureau, browser):
    approval = bureau.submitted()
    page = address(approval) + "withdraw/"
    assert page in read(browser("lin").get(address(approval)))
    assert browser("lin").post(page, {"rev": approval.rev, "text": "材料有误"}).status_code == 302
    assert Approval.objects.get().state == flow.WITHDRAWN


def test_the_same_form_sent_twice_signs_once(bureau, browser):
    approval = bureau.submitted()
    client = browser("zhou")
    operation = re.search(r'name="_operation" value="([^"]+)"', read(client.get(address(approval)))).group(1)
    given = {"rev": approval.rev, "decision": "agree", "text": "同意。", "_operation": operation}
    first, second = client.post(address(approval), given), client.post(address(approval), given)
    assert (first.status_code, second.status_code) == (302, 302)
    assert ApprovalOpinion.objects.filter(decision="agree").count() == 1


def test_the_form_prints_without_its_controls(bureau, browser):
    page = read(browser("zhou").get(address(bureau.submitted())))
    assert '<section class="xz-noprint"' in page
    assert "年度抽查计划审批表" in page


def test_opinions_stand_in_the_order_in_which_they_were_given_with_their_round(bureau, browser):
    approval = bureau.submitted()
    sign(browser("zhou"), approval, text="第一遍同意。")
    sign(browser("fa"), approval, decision="return", return_to="0", text="缺少对象清单。")
    approval.refresh_from_db()
    browser("lin").post(address(approval), {"rev": approval.rev, "title": approval.title, "text": "已补清单。"})
    sign(browser("zhou"), approval, text="第二遍同意。")
    page = read(browser("zhou").get(address(approval)))
    rows = re.findall(r"<tr[^>]*><td>第 (\d) 轮</td><th scope=\"row\">(\S+?)</th>", page)
    assert rows == [
        ("1", "承办人"),
        ("1", "大队长意见"),
        ("1", "支队法制审核"),
        ("2", "承办人"),
        ("2", "大队长意见"),
        ("2", "支队法制审核"),
        ("2", "支队长意见"),
        ("2", "局法规处审核"),
        ("2", "分管局长意见"),
        ("2", "局长办公会"),
    ]
    said = ["第一遍同意。", "缺少对象清单。", "已补清单。", "第二遍同意。"]
    assert sorted(said, key=page.index) == said
