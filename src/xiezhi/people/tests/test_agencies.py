"""The tree of agencies and the letters between them."""

from datetime import date

import pytest

from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.people import queries, services
from xiezhi.people.models import DelegationLetter


def create(bureau, **changes):
    given = {
        "parent": bureau.DETACHMENT,
        "code": "d3",
        "name": "三大队",
        "short": "三大队",
        "kind": "division",
        "district": "329901",
    }
    return services.create_agency(bureau.SETUP, **{**given, **changes})


def test_a_division_lies_below_its_agency(bureau):
    division = create(bureau)
    assert division.path == "/sl/jc/d3/"
    assert list(queries.agencies(PUBLIC, under=bureau.DETACHMENT).values_list("code", flat=True)) == [
        "jc",
        "d1",
        "d2",
        "d3",
        "fz",
    ]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("code", {"code": "三大队"}),
        ("code", {"code": "d1"}),
        ("code", {"code": "x" * 21}),
        ("kind", {"parent": "/", "code": "x"}),
        ("kind", {"kind": "team"}),
        ("district", {"district": "32990"}),
        ("name", {"name": " "}),
        ("agency", {"parent": "/nowhere/"}),
    ],
)
def test_what_does_not_fit_the_tree_is_refused_by_field(bureau, field, changes):
    with pytest.raises(Invalid) as raised:
        create(bureau, **changes)
    assert set(raised.value.fields) == {field}


def test_a_name_changes_and_the_path_stays(bureau):
    row = services.rename_agency(bureau.SETUP, agency=bureau.SQUAD_1, name="市区大队", short="市区", rev=1)
    assert (row.name, row.path, row.rev) == ("市区大队", bureau.SQUAD_1, 2)
    with pytest.raises(Stale):
        services.rename_agency(bureau.SETUP, agency=bureau.SQUAD_1, name="东区大队", short="东区", rev=1)


def test_an_agency_with_people_in_it_is_not_dissolved(bureau):
    with pytest.raises(Refused) as refused:
        services.dissolve_agency(bureau.SETUP, agency=bureau.SQUAD_1, on=date(2026, 3, 10))
    assert refused.value.refusal.rule_id == "xz-agency-in-use"
    assert "有效角色 2" in str(refused.value)


def test_a_dissolved_one_takes_nobody_in(bureau):
    create(bureau)
    services.dissolve_agency(bureau.SETUP, agency="/sl/jc/d3/", on=date(2026, 3, 10))
    with pytest.raises(Invalid):
        services.register_officer(bureau.SETUP, unit="/sl/jc/d3/", name="示例执")
    assert "/sl/jc/d3/" not in queries.agencies(PUBLIC, day=date(2026, 3, 10)).values_list("path", flat=True)
    assert queries.agency(PUBLIC, "/sl/jc/d3/").dissolved_on == date(2026, 3, 10)


def test_unknown_paths_are_not_found(bureau):
    with pytest.raises(NotFound):
        queries.agency(PUBLIC, "/nowhere/")


def test_an_administrator_of_one_body_founds_no_other(bureau):
    services.assign_role(
        bureau.SETUP, account=bureau.account("dai").id, role="administrator", agency=bureau.DETACHMENT
    )
    for parent in ("/", bureau.BUREAU):
        with pytest.raises(Denied):
            services.create_agency(
                bureau.actor("dai"), parent=parent, code="x", name="x", short="x", kind="agency", district="329901"
            )


def test_districts_are_entered_once(bureau):
    services.register_district(bureau.SETUP, code="329901", name="示例区")
    services.register_district(bureau.SETUP, code="329901", name="示例区")
    assert [(d.code, d.name) for d in queries.districts(PUBLIC)] == [("329901", "示例区")]


class TestLetters:
    def record(self, bureau, **changes):
        given = {
            "principal": bureau.BUREAU,
            "delegate": bureau.DETACHMENT,
            "number": "示例局委〔2026〕1号",
            "matters": "城乡建设领域行政处罚",
            "valid_from": date(2026, 1, 1),
            "valid_to": date(2026, 12, 31),
        }
        return services.record_letter(bureau.SETUP, **{**given, **changes})

    def publish(self, bureau, letter):
        return services.publish_letter(
            bureau.SETUP,
            letter=letter.id,
            published_at="https://example.org/1",
            published_on=date(2026, 1, 5),
            rev=letter.rev,
        )

    @pytest.mark.parametrize(
        ("day", "holds"),
        [
            (date(2026, 1, 4), False),
            (date(2026, 1, 5), True),
            (date(2026, 12, 31), True),
            (date(2027, 1, 1), False),
        ],
    )
    def test_rule_处罚法_20_a_letter_holds_from_its_publication_to_its_last_day(self, bureau, day, holds):
        letter = self.publish(bureau, self.record(bureau))
        found = queries.letter_in_force(PUBLIC, bureau.SQUAD_1, day)
        assert (found == letter) == holds

    def test_rule_处罚法_20_an_unpublished_letter_lets_nobody_act(self, bureau):
        self.record(bureau)
        assert queries.letter_in_force(PUBLIC, bureau.DETACHMENT, bureau.TODAY) is None

    def test_revoked_it_holds_no_more(self, bureau):
        letter = self.publish(bureau, self.record(bureau))
        services.revoke_letter(bureau.SETUP, letter=letter.id, on=date(2026, 6, 1), reason="职能调整", rev=2)
        assert queries.letter_in_force(PUBLIC, bureau.DETACHMENT, date(2026, 5, 31)) == letter
        assert queries.letter_in_force(PUBLIC, bureau.DETACHMENT, date(2026, 6, 1)) is None

    def test_rule_处罚法_20_who_acts_by_delegation_delegates_no_further(self, bureau):
        self.publish(bureau, self.record(bureau))
        with pytest.raises(Refused) as refused:
            self.record(bureau, principal=bureau.DETACHMENT, delegate=bureau.SQUAD_1, number="x")
        assert refused.value.refusal.article == "《行政处罚法》第二十条"

    @pytest.mark.parametrize("down_first", [False, True])
    def test_rule_处罚法_20_a_later_letter_counts_whichever_is_entered_first(self, bureau, down_first):
        year = {"valid_from": date(2027, 1, 1), "valid_to": date(2027, 12, 31)}
        up = year
        down = year | {"principal": bureau.DETACHMENT, "delegate": bureau.SQUAD_1, "number": "x"}
        first, second = (down, up) if down_first else (up, down)
        self.record(bureau, **first)
        with pytest.raises(Refused) as refused:
            self.record(bureau, **second)
        assert refused.value.refusal.params["name"] == "示例市城建监察支队"
        self.record(bureau, **second | {"valid_from": date(2028, 1, 1), "valid_to": date(2028, 6, 1)})

    def test_rule_处罚法_20_is_asked_again_at_publication(self, bureau):
        letter = self.record(bureau)
        other = self.record(
            bureau,
            principal=bureau.DETACHMENT,
            delegate=bureau.SQUAD_1,
            number="x",
            valid_from=date(2028, 1, 1),
            valid_to=date(2028, 6, 1),
        )
        DelegationLetter.objects.filter(pk=other.pk).update(valid_from=date(2026, 6, 1))
        with pytest.raises(Refused):
            self.publish(bureau, letter)

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("delegate", {"delegate": "/sl/"}),
            ("valid_to", {"valid_to": date(2025, 12, 31)}),
            ("matters", {"matters": ""}),
        ],
    )
    def test_a_letter_states_to_whom_what_and_how_long(self, bureau, field, changes):
        with pytest.raises(Invalid) as raised:
            self.record(bureau, **changes)
        assert set(raised.value.fields) == {field}

    def test_a_number_is_used_once(self, bureau):
        self.record(bureau)
        with pytest.raises(Invalid):
            self.record(bureau)

    def test_a_letter_is_published_at_an_address(self, bureau):
        letter = self.record(bureau)
        with pytest.raises(Invalid):
            services.publish_letter(
                bureau.SETUP, letter=letter.id, published_at="公告栏", published_on=bureau.TODAY
            )
