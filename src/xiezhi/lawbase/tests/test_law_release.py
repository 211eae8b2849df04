"""Loading the law of a release: once, again, changed, and where the office keeps its own."""

from datetime import date

import pytest
from django.core.management import call_command

from xiezhi.core.actor import PUBLIC, system
from xiezhi.core.errors import Denied
from xiezhi.lawbase import files, kinds, queries, services
from xiezhi.lawbase.models import UNVERIFIED, Kind, LawItem
from xiezhi.lawbase.tests.acts_scenarios import NOTICE, corrected, loaded
from xiezhi.record.models import Event

ACTOR = system("test")
TODAY = date(2026, 11, 24)


def rows(kind):
    return LawItem.objects.filter(kind=kind)


@pytest.fixture
def new_release(monkeypatch):
    """Lets the shipped row of a kind say something else, as the next release would."""

    def change(kind, code, **changes):
        items = kinds.shipped(kind)
        fresh = {
            (i.code, i.scope): kinds.make(kind, {**i.payload, **changes}, scope=i.scope)
            for i in items
            if i.code == code
        }
        new = tuple(fresh.get((i.code, i.scope), i) for i in items)
        original = kinds.shipped
        monkeypatch.setattr(kinds, "shipped", lambda k: new if k == kind else original(k))

    return change


@pytest.mark.parametrize("kind", Kind.values)
def test_every_shipped_row_is_read_by_its_kind(kind):
    found = kinds.shipped(kind)
    assert found
    assert len({(item.code, item.scope) for item in found}) == len(found)


def test_the_figures_file_says_how_many_there_are():
    assert len(kinds.shipped(Kind.FIGURE)) == 18


@pytest.mark.django_db
def test_a_release_is_loaded_once():
    done = services.load_release(ACTOR)
    assert {d["kind"]: d["added"] for d in done} == {
        "deadline": len(files.deadlines()),
        "violation": len(files.violations()),
        "figure": 18,
        "notice": len(files.calendar().notices),
        "masking": len(files.treatments()),
    }
    before = LawItem.objects.count()
    assert all(d["added"] + d["changed"] + d["held"] == 0 for d in services.load_release(ACTOR))
    assert LawItem.objects.count() == before
    assert Event.objects.filter(type="lawbase.release_loaded").count() == 1
    assert not Event.objects.filter(type="lawbase.calendar_loaded").exists()


@pytest.mark.django_db
def test_what_is_loaded_says_the_same_as_the_files():
    before = (
        queries.rules(TODAY),
        queries.violations(TODAY),
        queries.treatments(TODAY),
        queries.calendar().version,
    )
    services.load_release(ACTOR)
    after = (
        queries.rules(TODAY),
        queries.violations(TODAY),
        queries.treatments(TODAY),
        queries.calendar().version,
    )
    assert before == after
    assert dict(before[0]) == dict(files.deadlines())
    assert dict(before[1]) == dict(files.violations())


@pytest.mark.django_db
def test_exactly_what_is_not_compared_with_a_text_is_marked():
    services.load_release(ACTOR)
    unverified = {r.id for r in files.deadlines().values() if not r.verified}
    marked = set(rows(Kind.DEADLINE).filter(mark=UNVERIFIED).values_list("code", flat=True))
    assert unverified < marked
    decision = rows(Kind.DEADLINE).get(code="decision")
    assert decision.payload["verified"] is True
    assert decision.mark == UNVERIFIED, "its extensions are from memory"
    assert rows(Kind.DEADLINE).get(code="seizure").mark == ""


@pytest.mark.django_db
def test_a_changed_row_of_the_next_release_holds_from_the_day_it_was_loaded(new_release):
    old = loaded(Kind.DEADLINE, "clue_check")
    new_release(Kind.DEADLINE, "clue_check", length=20)
    done = services.load_release(ACTOR)
    assert next(d for d in done if d["kind"] == "deadline")["changed"] == 1
    old.refresh_from_db()
    new = rows(Kind.DEADLINE).current().get(code="clue_check")
    assert (new.version, new.valid_from) == (2, old.valid_to)
    yesterday = date.fromordinal(old.valid_to.toordinal() - 1)
    assert [queries.rule("clue_check", d).length for d in (yesterday, old.valid_to)] == [15, 20]


@pytest.mark.django_db
def test_where_the_office_keeps_its_own_the_releases_row_is_held(new_release):
    service, args, kwargs = corrected(length=12)
    service(*args, **kwargs)
    new_release(Kind.DEADLINE, "clue_check", length=20)
    assert next(d for d in services.load_release(ACTOR) if d["kind"] == "deadline")["held"] == 1
    assert all(d["held"] == 0 for d in services.load_release(ACTOR))
    assert queries.rule("clue_check", date(2030, 1, 1)).length == 12


@pytest.mark.django_db
def test_a_notice_that_a_release_brings_later_is_news(monkeypatch):
    services.load_release(ACTOR)
    notice = kinds.make(Kind.NOTICE, {**NOTICE, "place": 1, "verified": True})
    original = kinds.shipped
    monkeypatch.setattr(kinds, "shipped", lambda k: (*original(k), notice) if k == Kind.NOTICE else original(k))
    services.load_release(ACTOR)
    assert Event.objects.filter(type="lawbase.calendar_loaded").count() == 1
    assert not queries.calendar().is_estimated(date(2027, 3, 1))


@pytest.mark.django_db
def test_the_command_loads_and_says_what_it_did(capsys):
    call_command("lawbase", "load")
    assert f"deadline: {len(files.deadlines())} added, 0 changed, 0 held" in capsys.readouterr().out


@pytest.mark.django_db
def test_not_everyone_may_load():
    with pytest.raises(Denied):
        services.load_release(PUBLIC)
    assert not LawItem.objects.exists()
