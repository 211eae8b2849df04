"""Entities, persons, projects, sites and permits by hand."""

from datetime import date
from decimal import Decimal

import pytest

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.record import queries as record
from xiezhi.record.models import Event
from xiezhi.registry import place, queries, services, synthetic
from xiezhi.registry.models import Entity, Person
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import officer

pytestmark = pytest.mark.django_db
NUMBER = builders.RESIDENT


def test_an_entity_is_registered_once_with_its_code_and_source():
    entity = builders.entity(address="示例路1号")
    assert [(fact.column, fact.record.source) for fact in queries.facts(entity)] == [
        ("code", "录入"), ("name", "录入"), ("address", "录入"),
    ]  # fmt: skip
    with pytest.raises(Refused):
        builders.entity()


@pytest.mark.parametrize(
    ("texts", "field"), [({"name": " "}, "name"), ({"established_on": "soon"}, "established_on")]
)
def test_wrong_entries_are_named_by_field(texts, field):
    with pytest.raises(Invalid) as invalid:
        builders.entity(**texts)
    assert list(invalid.value.fields) == [field]


def test_names_and_values_stay_in_the_private_part_of_the_event():
    entity = builders.entity(name="示例张某建材店")
    event = Event.objects.get(subject=f"entity:{entity.id}")
    assert "张某" not in str(record.envelope(event.id))
    assert record.private_part(event.id)["facts"]["name"] == "示例张某建材店"


def test_a_correction_needs_the_rev_that_was_seen_and_keeps_the_former_name():
    entity = builders.entity()
    services.correct_entity(officer(), entity.id, rev=1, name="示例新名有限公司")
    with pytest.raises(Stale):
        services.correct_entity(officer(), entity.id, rev=1, name="示例又名有限公司")
    entity.refresh_from_db()
    assert (entity.name, entity.rev, entity.former_names.count()) == ("示例新名有限公司", 2, 1)
    with pytest.raises(Invalid):
        services.correct_entity(officer(), entity.id, rev=2, name="示例新名有限公司")


def test_an_empty_text_erases_a_fact():
    entity = builders.entity(address="示例路1号")
    services.correct_entity(officer(), entity.id, rev=1, address="")
    assert Entity.objects.get().address == ""


def test_an_old_number_gives_way_to_a_credit_code_and_still_finds_the_entity():
    old = services.register_entity(
        officer(), agency=builders.AGENCY, district="321202", code="321283000009205", name="示例旧号厂"
    )
    services.change_code(officer(), old.id, rev=1, code=synthetic.synthetic_code(9), begins=date(2016, 5, 1))
    assert [(c.kind, c.begins, c.ends) for c in old.codes.order_by("id")] == [
        ("old-number", None, date(2016, 5, 1)), ("uscc", date(2016, 5, 1), None),
    ]  # fmt: skip
    for code in ("321283000009205", synthetic.synthetic_code(9)):
        assert queries.find_by_code(officer(), code) == old


def test_a_code_of_another_is_not_taken():
    builders.entity(number=1)
    second = builders.entity(number=2)
    with pytest.raises(Refused):
        services.change_code(
            officer(), second.id, rev=1, code=synthetic.synthetic_code(1), begins=date(2026, 1, 1)
        )


def test_a_merged_entity_points_at_the_other_and_is_left_alone():
    first, second = builders.entity(number=1), builders.entity(number=2)
    services.merge_entities(officer(), first.id, rev=1, into=second.id, reason="重复登记")
    assert queries.find_by_code(officer(), first.code) == second
    with pytest.raises(Refused):
        services.correct_entity(officer(), first.id, rev=2, address="x")
    with pytest.raises(Refused):
        services.merge_entities(officer(), second.id, rev=1, into=first.id, reason="反向")
    with pytest.raises(Invalid):
        services.merge_entities(officer(), second.id, rev=1, into=second.id, reason="自身")


def test_a_person_is_kept_apart_encrypted_and_found_again_by_number():
    first, second = builders.entity(number=1), builders.entity(number=2)
    a = services.place_person(officer(), first.id, role="legal-representative", name="示例甲", number=NUMBER)
    b = services.place_person(officer(), second.id, role="head", name="示例甲", number=NUMBER)
    assert a.person == b.person
    assert NUMBER.encode() not in bytes(a.person.sealed)
    assert NUMBER not in str(Person.objects.values().get())


def test_reading_a_person_needs_the_ability_and_is_recorded():
    placed = services.place_person(officer(), builders.entity().id, role="head", name="示例甲", number=NUMBER)
    with pytest.raises(Denied):
        queries.read_person(officer("registry.read"), placed.person_id, purpose="查看")
    assert queries.read_person(officer(), placed.person_id, purpose="核对身份") == {
        "name": "示例甲",
        "number": NUMBER,
    }
    assert Event.objects.filter(stream=f"access:person:{placed.person_id}").count() == 1


def test_a_wrong_resident_number_is_refused_without_repeating_it():
    wrong = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
    with pytest.raises(Invalid) as invalid:
        services.place_person(officer(), builders.entity().id, role="head", name="甲", number=wrong)
    assert wrong not in str(invalid.value)


def test_others_neither_see_nor_change_an_entity():
    entity = builders.entity()
    stranger = officer(agency="/x/")
    assert not queries.visible_to(stranger).exists()
    with pytest.raises(NotFound):
        services.correct_entity(stranger, entity.id, rev=1, address="x")
    with pytest.raises(Denied):
        services.correct_entity(officer("registry.read"), entity.id, rev=1, address="x")
    assert not queries.visible_to(Actor("nobody", "public")).exists()


def test_search_finds_by_part_of_the_name_and_by_the_code_s_beginning():
    entity = builders.entity(number=12)
    builders.entity(number=34)
    assert list(queries.search_entities(officer(), entity.name[4:6])) == [entity]
    assert list(queries.search_entities(officer(), entity.code[:16])) == [entity]


def test_a_project_with_participants_by_role():
    project, entity = builders.project(), builders.entity()
    added = services.add_participant(officer(), project.id, entity_id=entity.id, role="contractor")
    services.add_participant(officer(), project.id, entity_id=entity.id, role="contractor", section="二标段")
    with pytest.raises(Refused):
        services.add_participant(officer(), project.id, entity_id=entity.id, role="contractor")
    services.end_participant(officer(), added.id, ends=date(2026, 6, 1))
    services.add_participant(officer(), project.id, entity_id=entity.id, role="contractor")
    with pytest.raises(Invalid):
        services.end_participant(officer(), added.id, ends=date(2026, 6, 1))


@pytest.mark.parametrize("steps", [["running", "suspended", "running", "finished"], ["running", "finished"]])
def test_a_project_moves_step_by_step(steps):
    project = builders.project()
    for rev, state in enumerate(steps, 1):
        project = services.move_project(officer(), project.id, rev=rev, state=state)
    assert project.state == "finished"
    with pytest.raises(Refused):
        services.move_project(officer(), project.id, rev=project.rev, state="running")


def test_projects_are_corrected_and_their_number_is_taken_once():
    project = builders.project()
    services.correct_project(officer(), project.id, rev=1, area=12_000, cost=50_000_000_00)
    with pytest.raises(Invalid):
        services.correct_project(officer(), project.id, rev=2, number="x")
    with pytest.raises(Invalid):
        services.correct_project(officer(), project.id, rev=2, area=-1)
    with pytest.raises(Refused):
        builders.project()


def test_a_site_keeps_wgs84_and_what_was_given():
    shifted = place.to_gcj02(32.4906, 119.9010)
    site = services.record_site(
        officer(),
        builders.project().id,
        name="示例工地",
        latitude=Decimal(str(round(shifted[0], 6))),
        longitude=Decimal(str(round(shifted[1], 6))),
        datum="GCJ-02",
    )
    assert abs(float(site.latitude) - 32.4906) < 2e-6
    assert abs(float(site.longitude) - 119.9010) < 2e-6
    assert float(site.given_longitude) > 119.904


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"datum": "BD-09"}, "datum"),
        ({"latitude": Decimal(91)}, "latitude"),
        ({"longitude": Decimal(181)}, "longitude"),
    ],
)
def test_a_position_that_is_none_is_refused(given, field):
    facts = {"name": "示例工地", "latitude": Decimal(32), "longitude": Decimal(120), "datum": "WGS-84"} | given
    with pytest.raises(Invalid) as invalid:
        services.record_site(officer(), builders.project().id, **facts)
    assert list(invalid.value.fields) == [field]


def life(*steps):
    permit = builders.permit()
    for step in steps:
        more = {} if step is services.expire_permit else {"reason": "示例理由"}
        permit = step(officer(), permit.id, rev=permit.rev, on=date(2028, 1, 1), **more)
    return permit.state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([services.suspend_permit], "suspended"),
        ([services.suspend_permit, services.restore_permit], "valid"),
        ([services.suspend_permit, services.revoke_permit], "revoked"),
        ([services.expire_permit], "expired"),
    ],
)
def test_the_life_of_a_permit(steps, state):
    assert life(*steps) == state


@pytest.mark.parametrize(
    "steps",
    [
        [services.restore_permit],
        [services.revoke_permit, services.suspend_permit],
        [services.expire_permit, services.expire_permit],
    ],
)
def test_steps_that_do_not_follow_are_refused(steps):
    with pytest.raises(Refused):
        life(*steps)


def test_a_permit_does_not_expire_before_its_time():
    permit = builders.permit()
    with pytest.raises(Refused):
        services.expire_permit(officer(), permit.id, rev=1, on=date(2027, 12, 31))
    permit = services.change_permit(officer(), permit.id, rev=1, on=date(2027, 6, 1), valid_until=date(2030, 1, 1))
    assert permit.valid_until == date(2030, 1, 1)


def test_a_construction_permit_names_its_project_and_an_odd_number_is_marked():
    entity, project = builders.entity(), builders.project()
    facts = {"kind": "construction", "entity_id": entity.id}
    with pytest.raises(Invalid):
        builders.permit(**facts)
    usual = builders.permit(**facts, project_id=project.id, number="321202202601010101")
    odd = builders.permit(**facts, project_id=project.id, number="电子2026-01")
    assert (usual.unverified, odd.unverified) == (False, True)


def test_synthetic_codes_are_right_and_never_repeat():
    codes = {synthetic.synthetic_code(number) for number in range(2000)}
    assert len(codes) == 2000
    assert list(synthetic.synthetic_rows(5, seed=3)) == list(synthetic.synthetic_rows(5, seed=3))
    with pytest.raises(ValueError, match="number below"):
        synthetic.synthetic_code(10**8)
