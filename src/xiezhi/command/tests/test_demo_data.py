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
