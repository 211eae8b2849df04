"""The synthetic house of ``make run``: made through the services, so its record and its draw verify."""

import io
import zipfile
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from xiezhi.blobs import store
from xiezhi.command import demo_data
from xiezhi.command.demo import bureau, seeding
from xiezhi.core.draw import verify
from xiezhi.disclosure import queries as disclosure
from xiezhi.disclosure.models import Publication
from xiezhi.documents.models import Document
from xiezhi.inspection import queries
from xiezhi.inspection.models import Plan, Task
from xiezhi.people.models import Account, RoleAssignment
from xiezhi.people.services import create_agency
from xiezhi.record import verification
from xiezhi.registry.models import Permit, Project, Site


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """Once for all that look at it: it is walked in a minute or less."""
    from django.db import transaction

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        demo_data.load()
        assert seeding.seed()
        yield
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.mark.slow
class TestSeeded:
    """The house after ``demo_data --inspections``."""

    pytestmark = pytest.mark.usefixtures("seeded")

    def test_one_draw_is_over_one_under_way_one_waits_and_the_first_verifies(self):
        assert Counter(draw.state for draw in queries.public_draws()) == {
            "opened": 3,
            "published": 2,
            "committed": 1,
        }
        opened = queries.public_draws().filter(state="opened").order_by("committed_at")[0]
        with (
            store.open(queries.latest_bundle(opened).sha256) as file,
            zipfile.ZipFile(io.BytesIO(file.read())) as zipped,
        ):
            files = {name: zipped.read(name) for name in zipped.namelist()}
        steps = list(verify.run(files))
        assert all(holds for holds, _name, _text in steps), steps

    def test_the_record_verifies_and_replays(self, capsys):
        assert list(verification.verify()) == []
        call_command("record", "replay")
        assert capsys.readouterr().out.startswith("ok")

    def test_there_is_something_of_everything(self):
        assert set(Plan.objects.values_list("state", flat=True)) == {"published"}
        assert {"done", "cancelled", "released"} <= set(Task.objects.values_list("state", flat=True))
        found = set(Publication.objects.values_list("kind", "state"))
        assert {("result", "published"), ("result", "due"), ("result", "prepared")} <= found
        assert {(kind, "published") for kind in ("item", "plan", "draw")} <= found
        assert set(Document.objects.values_list("synthetic", flat=True)) == {True}

    def test_who_signs_in_sees_it(self, client):
        for username, names in {
            "officer1": ("inspection:plans", "inspection:tasks", "disclosure:publications"),
            "legal": ("inspection:plans", "disclosure:publications"),
            "overseer": ("inspection:plans", "disclosure:publications"),
        }.items():
            client.force_login(Account.objects.get(username=username))
            for name in names:
                page = client.get(reverse(name))
                assert page.status_code == 200
                assert "xz-empty" not in page.content.decode(), (username, name)
        assert "示例" in client.get("/published/").content.decode()
        signer = bureau.actor(bureau.HEAD)
        assert disclosure.visible_to(signer).filter(state="prepared").count() == seeding.WAITING

    def test_it_is_written_once(self):
        before = Plan.objects.count()
        assert not seeding.wanted()
        assert not seeding.seed()
        assert demo_data.load() == []
        assert Plan.objects.count() == before


@pytest.mark.django_db
def test_a_house_that_is_not_the_demonstrations_is_left_alone():
    assert not seeding.wanted()
    create_agency(bureau.SETUP, parent="/", code="real", name="甲", short="甲", kind="agency", district="009999")
    assert demo_data.load() == []
    assert not seeding.seed()


@pytest.mark.django_db
def test_the_house_is_loaded_before_what_it_did():
    assert demo_data.load()
    assert seeding.wanted()
    for username, person in bureau.PEOPLE.items():
        account = Account.objects.get(username=username)
        assert RoleAssignment.objects.filter(account=account, role__code=person.role).exists(), username


@pytest.mark.parametrize("offset", range(366))
def test_windows_stay_in_the_year_of_their_plan_and_nothing_of_the_past_is_ahead(offset):
    today = date(2026, 1, 1) + timedelta(days=offset)
    past, current, ahead = seeding.behind(today), seeding.under_way(today), seeding.before(today)
    assert all(days.first.year == days.last.year for days in (past, current, ahead))
    assert past.over < current.planned
    assert current.first <= today <= current.last
    assert today < ahead.first
    assert today - past.planned < demo_data.BEGAN


@pytest.mark.django_db
def test_every_list_of_the_registry_has_something_to_show():
    demo_data.load()
    assert Project.objects.count() == Site.objects.count() == 18
    assert set(Project.objects.values_list("participants__role", flat=True)) == {
        "owner",
        "contractor",
        "supervisor",
    }
    assert set(Permit.objects.values_list("kind", "unverified")) == {("construction", False), ("safety", False)}
