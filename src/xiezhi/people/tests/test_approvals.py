"""The life of an approval: through whom it passes, how it comes back, who may not speak."""

from datetime import date

import pytest

from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.people import flow, queries, services
from xiezhi.people.approval_kinds import PENALTY, PLAN
from xiezhi.people.models import Approval, ApprovalOpinion
from xiezhi.record.models import Event


def agree(bureau, who, approval, **more):
    return services.agree(bureau.actor(who), approval=approval.id, text="同意。", rev=approval.rev, **more)


def send_back(bureau, who, approval, **more):
    return services.return_approval(
        bureau.actor(who), approval=approval.id, text="缺少对象清单。", rev=approval.rev, **more
    )


def rule(refused):
    return refused.value.refusal.rule_id


def test_an_approval_passes_through_everyone_in_order_and_is_approved_by_the_last(bureau):
    approval = bureau.agreed_up_to(bureau.submitted(), 6)
    approval = agree(bureau, "ju", approval, minutes="局长办公会纪要〔2026〕3号")
    assert (approval.state, approval.waiting, approval.decided_at) == (flow.APPROVED, "", bureau.NOW)
    assert Event.objects.get(type="people.approved").subject == "plan:2026"


def test_the_form_shows_every_opinion_with_name_and_time(bureau):
    approval = bureau.agreed_up_to(bureau.submitted("请审批。"), 3)
    rows = queries.form_rows(approval)
    assert [(row.title, row.current) for row in rows[:4]] == [
        ("承办人", False),
        ("大队长意见", False),
        ("支队法制审核", False),
        ("支队长意见", True),
    ]
    said = [(o.name, o.text, o.at) for row in rows for o in row.opinions]
    assert said == [
        ("示例林", "请审批。", bureau.NOW),
        ("示例周", "同意。", bureau.NOW),
        ("示例法", "同意。", bureau.NOW),
    ]


def test_returned_to_the_applicant_and_resubmitted_it_begins_again_with_the_first_step(bureau):
    approval = send_back(bureau, "fa", bureau.agreed_up_to(bureau.submitted(), 2))
    assert (approval.state, approval.step, approval.round) == (flow.RETURNED, 0, 2)
    assert queries.inbox(bureau.actor("lin")) == [approval]
    approval = services.resubmit(
        bureau.actor("lin"), approval=approval.id, text="已补对象清单。", rev=approval.rev
    )
    assert (approval.state, approval.step, approval.round) == (flow.PENDING, 1, 2)
    assert queries.inbox(bureau.actor("zhou")) == [approval]
    assert [o.decision for o in approval.opinions.all()] == ["submit", "agree", "return", "resubmit"]
    approval = bureau.agreed_up_to(approval, 6)
    assert agree(bureau, "ju", approval, minutes="纪要3号").state == flow.APPROVED


def test_returned_to_an_earlier_step_the_same_person_may_speak_there_again(bureau):
    approval = send_back(bureau, "zhi", bureau.agreed_up_to(bureau.submitted(), 3), to_step=2)
    assert (approval.state, approval.step) == (flow.PENDING, 2)
    assert agree(bureau, "fa", approval).step == 3


def test_a_return_needs_a_reason(bureau):
    approval = bureau.submitted()
    with pytest.raises(Invalid) as raised:
        services.return_approval(bureau.actor("zhou"), approval=approval.id, text=" ", rev=approval.rev)
    assert set(raised.value.fields) == {"text"}


@pytest.mark.parametrize("step", [2, 3, -1])
def test_it_is_never_returned_to_the_present_or_a_later_step(bureau, step):
    with pytest.raises(Invalid):
        send_back(bureau, "fa", bureau.agreed_up_to(bureau.submitted(), 2), to_step=step)


def test_the_applicant_may_withdraw_and_then_submit_anew(bureau):
    approval = bureau.submitted()
    approval = services.withdraw(bureau.actor("lin"), approval=approval.id, text="材料有误。", rev=approval.rev)
    assert approval.state == flow.WITHDRAWN
    assert bureau.submitted().pk != approval.pk


def test_only_one_approval_of_an_act_is_open_at_a_time(bureau):
    bureau.submitted()
    with pytest.raises(Refused) as refused:
        bureau.submitted()
    assert rule(refused) == "xz-approval-open"


def test_nobody_approves_his_own_submission(bureau):
    services.assign_role(
        bureau.SETUP, account=bureau.account("lin").id, role="squad_leader", agency=bureau.SQUAD_1
    )
    with pytest.raises(Refused) as refused:
        agree(bureau, "lin", bureau.submitted())
    assert rule(refused) == "xz-approval-self"
    assert "2026年度抽查计划" in str(refused.value)


def test_nobody_speaks_at_two_steps(bureau):
    services.assign_role(
        bureau.SETUP, account=bureau.account("zhou").id, role="detachment_legal", agency=bureau.DETACHMENT
    )
    approval = agree(bureau, "zhou", bureau.submitted())
    assert queries.inbox(bureau.actor("zhou")) == []
    with pytest.raises(Refused) as refused:
        agree(bureau, "zhou", approval)
    assert rule(refused) == "xz-approval-two-steps"


@pytest.mark.parametrize("who", ["fa", "zhi", "admin", "dai"])
def test_one_whose_turn_it_is_not_is_refused(bureau, who):
    services.assign_role(bureau.SETUP, account=bureau.account("admin").id, role="overseer", agency=bureau.BUREAU)
    with pytest.raises(Refused) as refused:
        agree(bureau, who, bureau.submitted())
    assert rule(refused) == "xz-approval-turn"


def test_the_leader_of_another_squad_neither_sees_nor_decides_it(bureau):
    services.assign_role(
        bureau.SETUP, account=bureau.account("mei").id, role="squad_leader", agency=bureau.SQUAD_2
    )
    approval = bureau.submitted()
    assert not queries.approvals(bureau.actor("mei")).exists()
    with pytest.raises(NotFound):
        agree(bureau, "mei", approval)
    with pytest.raises(NotFound):
        queries.approval(bureau.actor("mei"), approval.id)


def test_two_who_decide_at_once_do_not_both_count(bureau):
    approval = bureau.submitted()
    agree(bureau, "zhou", approval)
    with pytest.raises(Stale):
        send_back(bureau, "zhou", approval)
    assert approval.opinions.count() == 2


def test_only_the_applicant_resubmits_or_withdraws(bureau):
    approval = send_back(bureau, "zhou", bureau.submitted())
    for service in (services.resubmit, services.withdraw):
        with pytest.raises(Refused) as refused:
            service(bureau.actor("zhou"), approval=approval.id, text="代办", rev=approval.rev)
        assert rule(refused) == "xz-approval-applicant"


def test_what_is_not_returned_cannot_be_resubmitted(bureau):
    approval = bureau.submitted()
    with pytest.raises(Refused) as refused:
        services.resubmit(bureau.actor("lin"), approval=approval.id, text="再交", rev=approval.rev)
    assert rule(refused) == "xz-approval-state"


def test_a_meeting_step_names_its_minutes(bureau):
    approval = bureau.agreed_up_to(bureau.submitted(), 6)
    with pytest.raises(Invalid) as raised:
        agree(bureau, "ju", approval)
    assert set(raised.value.fields) == {"minutes"}


def test_without_a_route_nothing_is_submitted(bureau):
    with pytest.raises(Refused) as refused:
        services.submit(
            bureau.actor("lin"), kind=PENALTY, subject="case:1", title="案", agency=bureau.SQUAD_1, text="请批"
        )
    assert rule(refused) == "xz-approval-route"


def test_deny_by_default_without_the_ability_to_submit(bureau):
    for actor in (bureau.actor("dai"), bureau.actor("mei"), PUBLIC):
        with pytest.raises(Denied):
            services.submit(actor, kind=PLAN, subject="plan:1", title="计划", agency=bureau.SQUAD_1, text="请批")


class TestCountersigning:
    @pytest.fixture
    def approval(self, bureau):
        services.adopt_route(
            bureau.SETUP,
            kind=PLAN,
            agency=bureau.DETACHMENT,
            steps=[
                flow.Step("会签", ("squad_leader", "detachment_legal")),
                flow.Step("支队长", ("detachment_head",)),
            ],
            source="示例支队〔2026〕2号",
            valid_from=date(2026, 2, 1),
        )
        return bureau.submitted()

    def test_the_route_of_the_nearest_agency_is_taken(self, approval):
        assert approval.route.agency == "/sl/jc/"

    def test_all_are_asked_at_once_and_all_must_agree(self, bureau, approval):
        assert [len(queries.inbox(bureau.actor(who))) for who in ("zhou", "fa", "zhi")] == [1, 1, 0]
        approval = agree(bureau, "fa", approval)
        assert (approval.step, approval.waiting) == (1, ",squad_leader,")
        assert [len(queries.inbox(bureau.actor(who))) for who in ("zhou", "fa", "zhi")] == [1, 0, 0]
        assert agree(bureau, "zhou", approval).step == 2

    def test_one_person_with_both_roles_does_not_countersign_with_himself(self, bureau, approval):
        services.assign_role(
            bureau.SETUP, account=bureau.account("zhou").id, role="detachment_legal", agency=bureau.DETACHMENT
        )
        approval = agree(bureau, "zhou", approval, role="squad_leader")
        with pytest.raises(Refused) as refused:
            agree(bureau, "zhou", approval, role="detachment_legal")
        assert rule(refused) == "xz-approval-two-steps"

    def test_one_return_suffices(self, bureau, approval):
        approval = send_back(bureau, "fa", agree(bureau, "zhou", approval))
        assert approval.state == flow.RETURNED


class TestSubstitution:
    """dai (B) for zhou, the squad leader (A)."""

    def authorise(self, bureau, first=date(2026, 3, 1), last=date(2026, 3, 31), who="dai"):
        return services.authorise_substitute(
            bureau.actor("zhou"),
            principal=bureau.account("zhou").id,
            substitute=bureau.account(who).id,
            role="squad_leader",
            agency=bureau.SQUAD_1,
            document="示例支队授〔2026〕5号",
            reason="外出培训",
            valid_from=first,
            valid_to=last,
        )

    def test_within_its_dates_the_substitute_speaks_and_the_form_says_for_whom(self, bureau):
        authorisation = self.authorise(bureau)
        approval = bureau.submitted()
        assert queries.inbox(bureau.actor("dai")) == [approval]
        approval = agree(bureau, "dai", approval)
        opinion = approval.opinions.get(decision="agree")
        assert (opinion.name, opinion.principal_name) == ("示例代", "示例周")
        assert opinion.authorisation == authorisation
        assert approval.step == 2

    @pytest.mark.parametrize(
        ("first", "last"), [(date(2026, 3, 11), date(2026, 3, 31)), (date(2026, 3, 1), date(2026, 3, 9))]
    )
    def test_out_of_its_dates_the_substitute_is_refused(self, bureau, first, last):
        self.authorise(bureau, first, last)
        approval = bureau.submitted()
        assert queries.inbox(bureau.actor("dai")) == []
        with pytest.raises(Refused) as refused:
            agree(bureau, "dai", approval)
        assert rule(refused) == "xz-substitute-dates"

    @pytest.mark.parametrize(
        ("first", "last"), [(date(2026, 3, 1), date(2026, 3, 10)), (date(2026, 3, 10), date(2026, 3, 31))]
    )
    def test_both_ends_are_included(self, bureau, first, last):
        self.authorise(bureau, first, last)
        assert agree(bureau, "dai", bureau.submitted()).step == 2

    def test_revoked_it_holds_no_more(self, bureau):
        authorisation = self.authorise(bureau)
        services.revoke_authorisation(
            bureau.actor("zhou"), authorisation=authorisation.id, on=bureau.TODAY, reason="已返岗"
        )
        with pytest.raises(Refused) as refused:
            agree(bureau, "dai", bureau.submitted())
        assert rule(refused) == "xz-substitute-dates"

    def test_it_falls_with_the_principals_role(self, bureau):
        self.authorise(bureau)
        held = bureau.account("zhou").assignments.get()
        services.end_assignment(bureau.SETUP, assignment=held.id, on=date(2026, 3, 9), reason="调离")
        with pytest.raises(Refused) as refused:
            agree(bureau, "dai", bureau.submitted())
        assert rule(refused) == "xz-substitute-dates"

    def test_the_applicant_is_not_approved_through_his_own_substitute(self, bureau):
        self.authorise(bureau)
        services.assign_role(
            bureau.SETUP, account=bureau.account("zhou").id, role="officer", agency=bureau.SQUAD_1
        )
        approval = services.submit(
            bureau.actor("zhou"), kind=PLAN, subject="plan:2", title="计划二", agency=bureau.SQUAD_1, text="请批"
        )
        with pytest.raises(Refused) as refused:
            agree(bureau, "dai", approval)
        assert rule(refused) == "xz-approval-self"

    def test_principal_and_substitute_count_as_one_person_over_two_steps(self, bureau):
        self.authorise(bureau)
        services.assign_role(
            bureau.SETUP, account=bureau.account("zhou").id, role="detachment_legal", agency=bureau.DETACHMENT
        )
        approval = agree(bureau, "dai", bureau.submitted())
        with pytest.raises(Refused) as refused:
            agree(bureau, "zhou", approval)
        assert rule(refused) == "xz-approval-two-steps"

    def test_nobody_passes_on_a_role_that_he_does_not_hold_throughout(self, bureau):
        held = bureau.account("zhou").assignments.get()
        services.end_assignment(bureau.SETUP, assignment=held.id, on=date(2026, 3, 20), reason="调离")
        with pytest.raises(Refused) as refused:
            self.authorise(bureau)
        assert rule(refused) == "xz-substitute-role"

    def test_another_needs_the_ability_to_sign_it(self, bureau):
        with pytest.raises(Denied):
            services.authorise_substitute(
                bureau.actor("mei"),
                principal=bureau.account("zhou").id,
                substitute=bureau.account("dai").id,
                role="squad_leader",
                agency=bureau.SQUAD_1,
                document="x",
                reason="x",
                valid_from=bureau.TODAY,
                valid_to=bureau.TODAY,
            )

    def test_nobody_is_his_own_substitute(self, bureau):
        with pytest.raises(Invalid):
            self.authorise(bureau, who="zhou")


class TestVersions:
    def test_what_runs_keeps_the_route_that_it_began_with(self, bureau):
        approval = bureau.submitted()
        fresh = services.adopt_route(
            bureau.SETUP,
            kind=PLAN,
            agency=bureau.BUREAU,
            steps=[flow.Step("局长", ("director",))],
            source="示例局〔2026〕9号",
            valid_from=date(2026, 3, 10),
        )
        assert fresh.version == 2
        approval.refresh_from_db()
        assert approval.route.version == 1
        approval.route.refresh_from_db()
        assert approval.route.valid_to == date(2026, 3, 9)
        assert queries.route_in_force(PLAN, bureau.SQUAD_1, bureau.TODAY) == fresh

    def test_a_version_must_begin_after_the_one_before(self, bureau):
        with pytest.raises(Invalid) as raised:
            services.adopt_route(
                bureau.SETUP,
                kind=PLAN,
                agency=bureau.BUREAU,
                steps=[flow.Step("局长", ("director",))],
                source="x",
                valid_from=date(2026, 1, 1),
            )
        assert set(raised.value.fields) == {"valid_from"}

    @pytest.mark.parametrize(
        "steps",
        [[], [{"title": "x", "roles": ["nobody"]}], [{"title": "x", "roles": ["data_steward"]}], [{"title": "x"}]],
    )
    def test_steps_name_known_roles_that_can_read_approvals(self, bureau, steps):
        with pytest.raises(Invalid) as raised:
            services.adopt_route(
                bureau.SETUP, kind=PLAN, agency="/", steps=steps, source="x", valid_from=bureau.TODAY
            )
        assert set(raised.value.fields) == {"steps"}


def test_no_name_or_opinion_leaves_the_house(bureau):
    from xiezhi.record.models import EventBody

    bureau.agreed_up_to(bureau.submitted("请审批此件。"), 3)
    bodies = "".join(EventBody.objects.values_list("data", flat=True))
    for secret in ("示例林", "示例周", "请审批此件", "同意。", "2026年度抽查计划"):
        assert secret not in bodies


def test_opinions_are_kept_when_their_writers_leave(bureau):
    bureau.agreed_up_to(bureau.submitted(), 2)
    services.deactivate_account(bureau.actor("admin"), account=bureau.account("zhou").id, reason="离职")
    assert ApprovalOpinion.objects.get(decision="agree").name == "示例周"
    assert Approval.objects.get().step == 2
