"""Who can be sent: certificates, skills, leave, relations."""

import json
from datetime import date

import pytest

from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused
from xiezhi.people import keyed_hash, queries, services
from xiezhi.people.models import DeclaredRelation
from xiezhi.record.models import EventBody

FIRST, LAST = date(2026, 3, 16), date(2026, 3, 20)
NUMBER = "32990119900101123x"
FIRM = "91329901MA00000016"


@pytest.fixture
def officer(bureau):
    return bureau.officer_account().officer


def available(bureau, **more):
    return queries.available_officers(bureau.SETUP, agency=bureau.DETACHMENT, first=FIRST, last=LAST, **more)


def certify(bureau, officer, **changes):
    given = {
        "officer": officer.id,
        "number": "S-9",
        "scope": "城乡建设",
        "scopes": ["construction"],
        "authority": "示例省司法厅",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return services.record_certificate(bureau.SETUP, **{**given, **changes})


def test_an_officer_with_a_certificate_valid_throughout_can_be_sent(bureau, officer):
    assert available(bureau) == [officer]
    assert available(bureau, scope="construction") == [officer]


def test_one_whose_certificate_ends_within_the_days_cannot(bureau):
    officer = services.register_officer(bureau.SETUP, unit=bureau.SQUAD_1, name="示例执")
    certify(bureau, officer, valid_to=date(2026, 3, 19))
    assert available(bureau) == []
    certify(bureau, officer, number="S-10", authority="住房和城乡建设部", valid_from=FIRST, valid_to=None)
    assert available(bureau) == [officer]


def test_two_certificates_that_only_together_cover_the_days_do_not_do(bureau):
    officer = services.register_officer(bureau.SETUP, unit=bureau.SQUAD_1, name="示例执")
    certify(bureau, officer, valid_to=date(2026, 3, 17))
    certify(bureau, officer, number="S-10", valid_from=date(2026, 3, 18))
    assert available(bureau) == []


def test_a_revocation_within_the_days_counts(bureau, officer):
    certificate = officer.certificates.get()
    services.revoke_certificate(bureau.SETUP, certificate=certificate.id, on=LAST, reason="调岗")
    assert "调岗" not in EventBody.objects.get(event__type="people.certificate_revoked").data
    assert available(bureau) == []


def test_another_scope_or_a_skill_that_he_lacks_rules_him_out(bureau, officer):
    assert available(bureau, scope="fire") == []
    assert available(bureau, skill="tower-crane") == []
    services.change_officer(bureau.SETUP, officer=officer.id, rev=officer.rev, skills=["tower-crane"])
    assert [row.pk for row in available(bureau, skill="tower-crane")] == [officer.pk]


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [
        (date(2026, 3, 9), date(2026, 3, 15), True),
        (date(2026, 3, 9), FIRST, False),
        (date(2026, 3, 18), date(2026, 3, 18), False),
        (LAST, date(2026, 3, 27), False),
        (date(2026, 3, 21), date(2026, 3, 27), True),
    ],
)
def test_leave_on_any_of_the_days_rules_him_out(bureau, officer, first, last, free):
    leave = services.record_leave(bureau.SETUP, officer=officer.id, kind="annual", valid_from=first, valid_to=last)
    assert bool(available(bureau)) == free
    services.cancel_leave(bureau.SETUP, leave=leave.id)
    assert available(bureau) == [officer]


def test_one_who_left_is_not_sent(bureau, officer):
    services.release_officer(bureau.SETUP, officer=officer.id, reason="退休")
    assert available(bureau) == []


def test_an_actor_is_offered_only_officers_whom_he_may_see(bureau, officer):
    assert [
        queries.available_officers(actor, agency=bureau.DETACHMENT, first=FIRST, last=LAST)
        for actor in (bureau.actor("zhou"), bureau.actor("mei"), PUBLIC)
    ] == [[officer], [], []]
    with pytest.raises(NotFound):
        queries.officer(bureau.actor("mei"), officer.id)


def test_a_certificate_number_is_entered_once_for_an_authority(bureau, officer):
    certify(bureau, officer)
    with pytest.raises(Invalid) as raised:
        certify(bureau, officer)
    assert set(raised.value.fields) == {"number"}


class TestRelations:
    def declare(self, bureau, officer, **more):
        return services.declare_relation(
            bureau.SETUP, officer=officer.id, kind="relative", valid_from=FIRST, **more
        )

    def test_a_tie_to_a_firm_bars_him_from_it(self, bureau, officer):
        self.declare(bureau, officer, entity=FIRM.lower())
        assert queries.recused([officer.id], first=FIRST, last=LAST, entities=[FIRM]) == {officer.id: {"relative"}}
        assert queries.recused([officer.id], first=FIRST, last=LAST, entities=["91329901MA00000024"]) == {}

    def test_a_tie_to_a_person_is_found_by_his_number_which_is_stored_nowhere(self, bureau, officer):
        relation = self.declare(bureau, officer, person_number=f" {NUMBER} ")
        assert queries.recused([officer.id], first=FIRST, last=LAST, person_numbers=[NUMBER.upper()])
        assert relation.entity == ""
        assert NUMBER[:17] not in relation.person
        assert NUMBER[:17] not in "".join(EventBody.objects.values_list("data", flat=True))

    def test_an_older_key_still_finds_what_it_hashed(self, bureau, officer):
        self.declare(bureau, officer, person_number=NUMBER)
        keyed_hash.add_key()
        assert queries.recused([officer.id], first=FIRST, last=LAST, person_numbers=[NUMBER])

    def test_a_tie_that_ended_before_bars_no_more(self, bureau, officer):
        self.declare(bureau, officer, entity=FIRM, valid_to=FIRST)
        later = date(2026, 3, 17)
        assert queries.recused([officer.id], first=later, last=LAST, entities=[FIRM]) == {}
        assert queries.recused([officer.id], first=FIRST, last=LAST, entities=[FIRM])

    @pytest.mark.parametrize("given", [{}, {"entity": FIRM, "person_number": NUMBER}])
    def test_a_declaration_names_a_firm_or_a_person(self, bureau, officer, given):
        with pytest.raises(Invalid):
            self.declare(bureau, officer, **given)

    def test_an_officer_declares_for_himself_and_takes_nothing_back(self, bureau, officer):
        me = queries.actor_of(officer.account)
        relation = services.declare_relation(me, officer=officer.id, kind="other", entity=FIRM)
        with pytest.raises(Refused) as refused:
            services.end_relation(me, relation=relation.id, on=LAST, reason="已无关系")
        assert refused.value.refusal.rule_id == "xz-relation-self"
        with pytest.raises(Denied):
            services.declare_relation(bureau.actor("mei"), officer=officer.id, kind="other", entity=FIRM)
        assert DeclaredRelation.objects.count() == 1


def test_names_numbers_and_leave_stay_out_of_what_may_leave_the_house(bureau, officer):
    services.record_leave(bureau.SETUP, officer=officer.id, kind="sick", valid_from=FIRST, valid_to=LAST)
    data = [json.loads(body)["data"] for body in EventBody.objects.values_list("data", flat=True)]
    text = json.dumps(data, ensure_ascii=False)
    assert officer.name not in text
    assert officer.certificates.get().number not in text
    assert "sick" not in text
