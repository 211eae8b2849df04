"""Pages of agencies, officers, accounts, letters, substitutes and routes."""

import re

import pytest
from django.test import Client

from xiezhi.people import services
from xiezhi.people.models import (
    Account,
    Agency,
    ApprovalRoute,
    Certificate,
    DelegationLetter,
    Officer,
    RoleAssignment,
    SubstituteAuthorisation,
)

PEOPLE = "/console/people/"


def read(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


LISTS = (
    "agencies/",
    "officers/",
    "assistants/",
    "accounts/",
    "roles/",
    "letters/",
    "substitutes/",
    "routes/",
    "approvals/",
    "approvals/inbox/",
)
FORMS = (
    "agencies/new/",
    "officers/new/",
    "assistants/new/",
    "accounts/new/",
    "letters/new/",
    "substitutes/new/",
    "routes/new/",
)


@pytest.mark.parametrize("page", LISTS)
def test_lists_open_to_the_house_and_send_strangers_to_sign_in(bureau, browser, page):
    answer = browser("admin").get(PEOPLE + page)
    assert answer.status_code == 200
    assert "style=" not in read(answer)
    assert Client().get(PEOPLE + page).status_code == 302


@pytest.mark.parametrize("page", FORMS)
def test_forms_open_to_who_may_and_are_denied_to_others(bureau, browser, page):
    assert browser("admin").get(PEOPLE + page).status_code == 200
    if page != "substitutes/new/":
        assert browser("lin").get(PEOPLE + page).status_code == 403
        assert browser("lin").post(PEOPLE + page, {}).status_code == 403


class TestAgencies:
    def test_the_tree_shows_every_level(self, bureau, browser):
        page = read(browser("lin").get(PEOPLE + "agencies/"))
        assert page.index("示例市住房和城乡建设局") < page.index("示例市城建监察支队") < page.index("一大队")

    def test_a_division_is_set_up_renamed_and_dissolved(self, bureau, browser):
        admin = browser("admin")
        given = {
            "parent": bureau.DETACHMENT,
            "kind": "division",
            "name": "三大队",
            "short": "三大队",
            "code": "d3",
            "district": "329901",
        }
        wrong = admin.post(PEOPLE + "agencies/new/", {**given, "code": "三"})
        assert wrong.status_code == 422
        assert 'value="三大队"' in read(wrong)
        page = admin.post(PEOPLE + "agencies/new/", given)["Location"]
        row = Agency.objects.get(path="/sl/jc/d3/")
        admin.post(page + "rename/", {"rev": row.rev, "name": "高港大队", "short": "高港"})
        assert "高港大队" in read(admin.get(page))
        row.refresh_from_db()
        admin.post(page + "dissolve/", {"rev": row.rev, "on": "2026-03-10"})
        row.refresh_from_db()
        assert row.dissolved_on is not None

    def test_one_in_use_is_not_dissolved_and_the_page_says_why(self, bureau, browser):
        row = Agency.objects.get(path=bureau.SQUAD_1)
        answer = browser("admin").post(
            f"{PEOPLE}agencies/{row.pk}/dissolve/", {"rev": row.rev, "on": "2026-03-10"}
        )
        assert answer.status_code == 409
        assert "尚有" in read(answer)

    def test_the_authenticator_is_demanded_by_one_press(self, bureau, browser):
        row = Agency.objects.get(path=bureau.SQUAD_1)
        url = f"{PEOPLE}agencies/{row.pk}/totp/"
        assert browser("lin").post(url).status_code == 403
        browser("admin").post(url)
        assert Agency.objects.get(pk=row.pk).demands_totp


class TestOfficers:
    def test_an_officer_is_entered_with_certificate_leave_and_relation(self, bureau, browser):
        admin = browser("admin")
        page = admin.post(
            PEOPLE + "officers/new/", {"unit": bureau.SQUAD_1, "name": "示例执", "skills": ["tower-crane", "fire"]}
        )["Location"]
        officer = Officer.objects.get()
        assert officer.skills == ["fire", "tower-crane"]
        for address in (page, PEOPLE + "officers/"):
            shown = read(admin.get(address))
            assert "消防设计审查验收、建筑起重机械" in shown
            assert "tower-crane" not in shown
        admin.post(
            page + "certificates/",
            {
                "number": "S-1",
                "authority": "示例省司法厅",
                "scope": "城乡建设",
                "scopes": "construction",
                "valid_from": "2026-01-01",
                "valid_to": "2026-12-31",
            },
        )
        admin.post(page + "leave/", {"kind": "sick", "valid_from": "2026-04-01", "valid_to": "2026-04-03"})
        admin.post(page + "relations/", {"kind": "relative", "person_number": "329901199001011234"})
        shown = read(admin.get(page))
        for text in ("S-1", "示例省司法厅", "有效", "病假", "近亲属"):
            assert text in shown
        assert "329901199001011234" not in shown
        leave = officer.leaves.get()
        assert admin.post(f"{page}leave/{leave.pk}/cancel/").status_code == 302
        certificate = Certificate.objects.get()
        admin.post(f"{page}certificates/{certificate.pk}/revoke/", {"on": "2026-03-10", "reason": "调岗"})
        assert "已注销" in read(admin.get(page))

    def test_leave_and_relations_are_for_who_may_read_them(self, bureau, browser):
        officer = bureau.officer_account().officer
        services.record_leave(
            bureau.SETUP,
            officer=officer.pk,
            kind="sick",
            valid_from=bureau.TODAY,
            valid_to=bureau.TODAY,
        )
        page = f"{PEOPLE}officers/{officer.pk}/"
        assert "病假" in read(browser("zhou").get(page))
        assert "病假" not in read(browser("lin").get(page))
        assert browser("mei").get(page).status_code == 404

    def test_an_expired_certificate_is_marked(self, bureau, browser):
        officer = bureau.officer_account().officer
        page = f"{PEOPLE}officers/{officer.pk}/"
        with bureau.at(bureau.TODAY.replace(year=2027)):
            assert "已过期" in read(browser("admin").get(page))

    def test_a_skill_that_has_no_name_is_shown_and_kept(self, bureau, browser):
        officer = services.register_officer(bureau.SETUP, unit=bureau.SQUAD_1, name="示例", skills=["old-code"])
        page = f"{PEOPLE}officers/{officer.pk}/"
        admin = browser("admin")
        assert "old-code" in read(admin.get(page))
        given = {"rev": officer.rev, "unit": bureau.SQUAD_1, "name": "示例", "skills": ["old-code", "safety"]}
        assert 'value="old-code"' in read(admin.get(page + "change/"))
        assert admin.post(page + "change/", given).status_code == 302
        assert Officer.objects.get().skills == ["old-code", "safety"]

    def test_a_stale_edit_keeps_what_was_typed_and_shows_what_is_stored(self, bureau, browser):
        officer = bureau.officer_account().officer
        page = f"{PEOPLE}officers/{officer.pk}/change/"
        given = {"rev": officer.rev, "unit": bureau.SQUAD_1, "name": "示例甲", "skills": ["safety", "fire"]}
        browser("admin").post(page, given)
        answer = browser("admin").post(page, {**given, "name": "示例乙", "skills": ["quality"]})
        assert answer.status_code == 412
        assert "示例甲" in read(answer)
        assert "示例乙" in read(answer)
        assert "<td>工程质量</td><td>消防设计审查验收、施工安全</td>" in read(answer)


class TestAccounts:
    def test_an_account_is_opened_given_a_role_and_loses_it(self, bureau, browser):
        admin = browser("admin")
        page = admin.post(
            PEOPLE + "accounts/new/",
            {"username": "xin", "name": "示例新", "unit": bureau.SQUAD_1, "password": bureau.PASSWORD},
        )["Location"]
        assert "没有角色，因此没有任何权限" in read(admin.get(page))
        admin.post(page + "roles/", {"role": "overseer", "agency": bureau.DETACHMENT, "valid_from": "2026-03-01"})
        held = RoleAssignment.objects.get(account__username="xin")
        assert "监督员" in read(admin.get(page))
        admin.post(f"{page}roles/{held.pk}/end/", {"on": "2026-03-09", "reason": "轮岗"})
        assert "不在有效期" in read(admin.get(page))

    def test_a_password_is_never_shown_again(self, bureau, browser):
        answer = browser("admin").post(
            PEOPLE + "accounts/new/",
            {"username": "lin", "name": "示例", "unit": bureau.SQUAD_1, "password": "geheim-9-x"},
        )
        assert answer.status_code == 422
        assert "geheim-9-x" not in read(answer)

    @pytest.mark.parametrize("act", ["active/", "password/", "identity/", "totp/", "authenticator/"])
    def test_what_administrators_do_is_denied_to_others(self, bureau, browser, act):
        page = f"{PEOPLE}accounts/{bureau.account('lin').pk}/{act}"
        assert browser("zhou").post(page, {"reason": "x", "password": "x"}).status_code == 403

    def test_deactivated_and_activated_again(self, bureau, browser):
        page = f"{PEOPLE}accounts/{bureau.account('lin').pk}/active/"
        browser("admin").post(page, {"reason": "借调"})
        assert not Account.objects.get(username="lin").is_active
        browser("admin").post(page, {"reason": "返岗"})
        assert Account.objects.get(username="lin").is_active

    def test_a_role_is_redefined_but_not_ones_own(self, bureau, browser):
        from xiezhi.people.models import Role

        role, own = Role.objects.get(code="overseer"), Role.objects.get(code="administrator")
        admin = browser("admin")
        given = {"rev": role.rev, "name": "督察员", "abilities": ["people.read"]}
        assert admin.post(f"{PEOPLE}roles/{role.pk}/change/", given).status_code == 302
        answer = admin.post(f"{PEOPLE}roles/{own.pk}/change/", {**given, "rev": own.rev})
        assert answer.status_code == 409
        assert "不能修改自己担任的角色" in read(answer)


class TestLettersAndRoutes:
    def test_a_letter_is_in_force_once_published(self, bureau, browser):
        admin = browser("admin")
        page = admin.post(
            PEOPLE + "letters/new/",
            {
                "principal": bureau.BUREAU,
                "delegate": bureau.DETACHMENT,
                "number": "委〔2026〕1号",
                "matters": "行政处罚",
                "valid_from": "2026-01-01",
                "valid_to": "2026-12-31",
            },
        )["Location"]
        assert "未公布，不生效" in read(admin.get(page))
        letter = DelegationLetter.objects.get()
        admin.post(
            page + "publish/",
            {"rev": letter.rev, "published_at": "https://example.org/1", "published_on": "2026-03-01"},
        )
        assert "有效" in read(admin.get(page))
        letter.refresh_from_db()
        admin.post(page + "revoke/", {"rev": letter.rev, "on": "2026-03-10", "reason": "调整"})
        assert "已撤销" in read(admin.get(page))

    def test_the_holder_of_a_role_authorises_his_substitute(self, bureau, browser):
        zhou = browser("zhou")
        answer = zhou.post(
            PEOPLE + "substitutes/new/",
            {
                "principal": str(bureau.account("zhou").pk),
                "substitute": str(bureau.account("lin").pk),
                "role": "squad_leader",
                "agency": bureau.SQUAD_1,
                "document": "授〔2026〕1号",
                "reason": "培训",
                "valid_from": "2026-03-10",
                "valid_to": "2026-03-20",
            },
        )
        assert answer.status_code == 302
        row = SubstituteAuthorisation.objects.get()
        assert "授〔2026〕1号" in read(browser("lin").get(PEOPLE + "substitutes/"))
        assert "授〔2026〕1号" not in read(browser("mei").get(PEOPLE + "substitutes/"))
        url = f"{PEOPLE}substitutes/{row.pk}/revoke/"
        assert browser("mei").get(url).status_code == 404
        assert browser("lin").post(url, {"on": "2026-03-11", "reason": "x"}).status_code == 403
        assert zhou.post(url, {"on": "2026-03-11", "reason": "返岗"}).status_code == 302

    def test_a_new_route_with_a_countersigned_step_is_put_in_force(self, bureau, browser):
        given = {
            "kind": "inspection.visit",
            "agency": bureau.DETACHMENT,
            "source": "支队〔2026〕2号",
            "valid_from": "2026-03-10",
            "title_1": "会签",
            "roles_1": ["squad_leader", "detachment_legal"],
            "title_2": "支队长意见",
            "roles_2": ["detachment_head"],
        }
        assert browser("admin").post(PEOPLE + "routes/new/", given).status_code == 302
        route = ApprovalRoute.objects.get(kind="inspection.visit")
        assert [step.roles for step in route.path] == [
            ("squad_leader", "detachment_legal"),
            ("detachment_head",),
        ]
        page = read(browser("lin").get(PEOPLE + "routes/"))
        assert "会签" in page
        assert "支队〔2026〕2号" in page

    def test_a_route_without_steps_is_refused_and_keeps_the_rest(self, bureau, browser):
        given = {
            "kind": "inspection.visit",
            "agency": bureau.DETACHMENT,
            "source": "支队〔2026〕2号",
            "valid_from": "2026-03-10",
        }
        answer = browser("admin").post(PEOPLE + "routes/new/", given)
        assert answer.status_code == 422
        assert "支队〔2026〕2号" in read(answer)
