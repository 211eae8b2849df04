"""Figures by day and place; entering and correcting them; confirming what is 待核."""

from datetime import date

import pytest

from xiezhi.core.actor import Ability, Actor, system
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.core.law import Mark
from xiezhi.lawbase import kinds, queries, services
from xiezhi.lawbase.models import Kind, LawItem
from xiezhi.lawbase.queries import Place
from xiezhi.lawbase.tests.acts_scenarios import CITED, FIGURE, NOTICE, corrected, loaded
from xiezhi.record.models import Event
from xiezhi.record.projections import replay
from xiezhi.record.queries import envelope

ACTOR = system("test")
TODAY = date(2026, 11, 24)
TAIZHOU = Place("321202", "/a/b/")
KEY = "hearing.large_fine_organisation"


def jurist(*abilities, path="/a/"):
    return Actor("jurist", "officer", path, "321200", frozenset(Ability(a, path) for a in abilities))


@pytest.mark.django_db
def test_a_figure_is_found_without_anything_loaded():
    found = queries.figure("simple_procedure.fine_organisation", TODAY)
    assert (found.value, found.unit, found.verified, found.mark, found.item) == (3000, "yuan", True, "", None)


@pytest.mark.django_db
def test_a_provincial_figure_holds_in_the_province_only_and_says_that_it_is_unverified():
    found = queries.figure(KEY, TODAY, TAIZHOU)
    assert (found.value, found.verified, found.mark) == (1000, False, "待核")
    with pytest.raises(LookupError):
        queries.figure(KEY, TODAY, Place("330100"))
    with pytest.raises(LookupError):
        queries.figure("no.such_figure", TODAY, TAIZHOU)


@pytest.mark.django_db
def test_the_narrowest_scope_wins_from_its_day_on():
    services.load_release(ACTOR)
    services.set_figure(ACTOR, **FIGURE)
    services.set_figure(ACTOR, **{**FIGURE, "scope": "/a/b/", "value": 60000, "valid_from": date(2026, 6, 1)})
    asked = [
        (date(2025, 12, 31), TAIZHOU),
        (date(2026, 1, 1), TAIZHOU),
        (date(2026, 6, 1), TAIZHOU),
        (date(2026, 6, 1), Place("321202", "/a/c/")),
        (date(2026, 6, 1), Place("320100")),
    ]
    assert [queries.figure(KEY, *each).value for each in asked] == [1000, 50000, 60000, 50000, 1000]


@pytest.mark.django_db
def test_a_figure_that_is_there_is_corrected_not_entered_again():
    services.load_release(ACTOR)
    services.set_figure(ACTOR, **FIGURE)
    with pytest.raises(Invalid, match="更正"):
        services.set_figure(ACTOR, **FIGURE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unit": "斤"}, "payload"),
        ({"scope": "321"}, "scope"),
        ({"scope": "/a"}, "scope"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_no_figure_is_refused(wrong, field):
    services.load_release(ACTOR)
    with pytest.raises(Invalid) as caught:
        services.set_figure(ACTOR, **{**FIGURE, **wrong})
    assert list(caught.value.fields) == [field]


@pytest.mark.django_db
def test_nothing_is_entered_before_the_release_is_loaded():
    with pytest.raises(Invalid, match="lawbase load"):
        services.set_figure(ACTOR, **FIGURE)


@pytest.mark.django_db
def test_a_correction_holds_from_its_day_and_what_ran_before_keeps_its_count():
    service, args, kwargs = corrected(length=20)
    new = service(*args, **kwargs)
    assert [queries.rule("clue_check", d).length for d in (date(2026, 5, 31), date(2026, 6, 1))] == [15, 20]
    assert new.doubtful
    with pytest.raises(Stale):
        service(*args, **kwargs)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"length": 0}, {"id": "other"}, {"unit": "fortnight"}, {"more": 1}, {"verified": True}, {}]
)
def test_a_correction_must_be_a_row_of_its_kind_with_the_same_id_and_another_content(wrong):
    service, args, kwargs = corrected(length=20)
    kwargs["payload"] = {**LawItem.objects.get(pk=args[1]).payload, **wrong}
    with pytest.raises(Invalid):
        service(*args, **kwargs)


@pytest.mark.django_db
def test_a_confirmed_rule_no_longer_says_unverified():
    item = loaded(Kind.DEADLINE, "clue_check")
    start = date(2026, 3, 2)
    assert Mark.UNVERIFIED in queries.due("clue_check", start, extensions=1).marks
    services.confirm_item(ACTOR, item.pk, **CITED)
    deadline = queries.due("clue_check", start, extensions=1)
    assert not deadline.marks
    assert (deadline.rule.verified, deadline.rule.legal_basis) == (True, CITED["citation"])


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Kind.DEADLINE, Kind.VIOLATION, Kind.MASKING])
def test_every_doubtful_row_can_be_confirmed_and_then_stands_as_verified(kind):
    services.load_release(ACTOR)
    doubtful = list(LawItem.objects.filter(kind=kind).exclude(mark=""))
    assert doubtful
    for item in doubtful:
        services.confirm_item(ACTOR, item.pk, **CITED)
    table = {
        Kind.DEADLINE: queries.rules,
        Kind.VIOLATION: queries.violations,
        Kind.MASKING: queries.treatments,
    }[kind]
    assert all(row.verified for row in table(TODAY).values())


@pytest.mark.django_db
def test_a_confirmed_figure_and_its_withdrawal():
    services.load_release(ACTOR)
    item = LawItem.objects.get(code=KEY)
    confirmation = services.confirm_item(ACTOR, item.pk, **CITED)
    assert queries.figure(KEY, TODAY, TAIZHOU).verified
    services.withdraw_confirmation(ACTOR, confirmation.pk, reason="引用的是旧文本")
    assert queries.figure(KEY, TODAY, TAIZHOU).mark == "待核"
    with pytest.raises(Invalid):
        services.withdraw_confirmation(ACTOR, confirmation.pk, reason="再次撤回")
    services.confirm_item(ACTOR, item.pk, **CITED)
    assert [c.withdrawn_at is None for c in queries.confirmations(ACTOR, item)] == [True, False]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"citation": " "}, "citation"),
        ({"citation": "https://example.cn/law/55"}, "citation"),
        ({"source_text": ""}, "source_text"),
        ({"consulted_on": date(2999, 1, 1)}, "consulted_on"),
    ],
)
def test_a_confirmation_names_a_text_and_quotes_it(wrong, field):
    item = loaded(Kind.DEADLINE, "clue_check")
    with pytest.raises(Invalid) as caught:
        services.confirm_item(ACTOR, item.pk, **{**CITED, **wrong})
    assert list(caught.value.fields) == [field]


@pytest.mark.django_db
def test_what_is_verified_or_superseded_is_not_confirmed():
    with pytest.raises(Invalid, match="不是待核"):
        services.confirm_item(ACTOR, loaded(Kind.DEADLINE, "seizure").pk, **CITED)
    service, args, kwargs = corrected(length=20)
    service(*args, **kwargs)
    with pytest.raises(Stale):
        services.confirm_item(ACTOR, args[1], **CITED)


@pytest.mark.django_db
def test_the_jurists_list_shrinks_with_each_confirmation():
    item = loaded(Kind.DEADLINE, "clue_check")
    reader = jurist("lawbase.read")
    before = queries.pending_confirmation(reader).count()
    services.confirm_item(ACTOR, item.pk, **CITED)
    assert queries.pending_confirmation(reader).count() == before - 1
    assert queries.pending_confirmation(jurist()).count() == 0


@pytest.mark.django_db
def test_law_for_all_takes_the_ability_over_all_and_an_agencys_figure_the_agencys():
    item = loaded(Kind.DEADLINE, "clue_check")
    with pytest.raises(Denied):
        services.confirm_item(jurist("lawbase.read", "lawbase.manage"), item.pk, **CITED)
    with pytest.raises(Denied):
        services.set_figure(jurist("lawbase.manage", path="/b/"), **{**FIGURE, "scope": "/a/b/"})
    with pytest.raises(NotFound):
        queries.item(jurist(), item.pk)
    for refused in (
        lambda: services.confirm_item(jurist("lawbase.confirm"), item.pk, **CITED),
        lambda: services.set_figure(jurist("lawbase.manage"), **FIGURE),
        lambda: services.load_notice(jurist("lawbase.manage"), NOTICE),
        lambda: services.load_release(jurist("lawbase.manage")),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.refusal.rule_id == "xz-law-for-all"
    confirmation = services.confirm_item(jurist("lawbase.confirm", path="/"), item.pk, **CITED)
    with pytest.raises(Refused):
        services.withdraw_confirmation(jurist("lawbase.confirm"), confirmation.pk, reason="误")
    own = services.set_figure(jurist("lawbase.manage"), **{**FIGURE, "scope": "/a/b/"})
    with pytest.raises(Refused) as caught:
        services.confirm_item(jurist("lawbase.confirm"), own.pk, **CITED)
    assert caught.value.refusal.rule_id == "xz-law-second-person"
    another = Actor("jurist2", "officer", "/a/", "321200", frozenset({Ability("lawbase.confirm", "/a/")}))
    services.confirm_item(another, own.pk, **CITED)


@pytest.mark.django_db
def test_only_figures_have_values_of_their_own_for_a_place():
    """Of other kinds one version holds for all: a row for an agency would be everyone's."""
    new = {**loaded(Kind.MASKING, "witness").payload, "key": "expert"}
    for scope in ("/a/", "3212"):
        with pytest.raises(Invalid) as caught:
            services.add_item(ACTOR, kind=Kind.MASKING, payload=new, scope=scope, valid_from=TODAY, reason="新增")
        assert list(caught.value.fields) == ["scope"]


@pytest.mark.django_db
def test_the_record_leads_to_the_same_law():
    service, args, kwargs = corrected(length=20)
    new = service(*args, **kwargs)
    confirmation = services.confirm_item(ACTOR, new.pk, **CITED)
    services.withdraw_confirmation(ACTOR, confirmation.pk, reason="复核")
    services.confirm_item(ACTOR, new.pk, **CITED)
    bodies = [envelope(e.pk) for e in Event.objects.order_by("recorded_at", "id")]
    assert list(replay(iter(bodies))) == []
    LawItem.objects.filter(pk=new.pk).update(confirmed=False)
    assert [d.column for d in replay(iter(bodies))] == ["confirmed"]


def test_doubts_name_their_place():
    found = kinds.doubts(
        {
            "verified": False,
            "extends": [{"verified": False, "condition": "情况复杂"}],
            "legal_basis": "令55（条号待核）",
            "note": "无",
        }
    )
    assert [(d.field, d.said) for d in found] == [
        ("", ""),
        ("extends.0", "情况复杂"),
        ("legal_basis", "令55（条号待核）"),
    ]
