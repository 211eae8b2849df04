"""The synthetic house of ``make run``: made through the services, so its record and its draw verify."""

import io
import zipfile

import pytest
from django.core.management import call_command

from xiezhi.blobs import store
from xiezhi.command import demo_data
from xiezhi.core.draw import verify
from xiezhi.inspection import queries
from xiezhi.record import sequencer, verification
from xiezhi.registry.models import Permit, Project, Site


@pytest.mark.django_db
def test_the_demonstration_house_shows_a_draw_that_verifies_and_one_that_waits(capsys):
    assert demo_data.load()
    sequencer.seal_all()
    assert {draw.state for draw in queries.public_draws()} == {"opened", "committed"}
    opened = queries.public_draws().get(state="opened")
    with (
        store.open(queries.latest_bundle(opened).sha256) as file,
        zipfile.ZipFile(io.BytesIO(file.read())) as zipped,
    ):
        files = {name: zipped.read(name) for name in zipped.namelist()}
    steps = list(verify.run(files))
    assert all(holds for holds, _name, _text in steps), steps
    assert list(verification.verify()) == []
    call_command("record", "replay")
    assert capsys.readouterr().out.startswith("ok")
    assert demo_data.load() == []


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
