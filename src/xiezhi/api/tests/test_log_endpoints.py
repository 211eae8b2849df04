"""The sealed log over HTTP: a stranger rebuilds the root from tiles and holds it against the checkpoint."""

from datetime import timedelta

import pytest

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.tlog import checkpoint, merkle, note
from xiezhi.record import sequencer
from xiezhi.web import services
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db


def test_before_the_first_seal_there_is_nothing(client):
    assert client.get("/log/checkpoint").status_code == 404


def test_tiles_lead_to_the_signed_root(client, settings):
    signing_in.agency()
    for n in range(5):
        services.issue_key(
            system("test"),
            name=f"k{n}",
            agency="/tz/",
            scopes=["registry.read"],
            expires_at=clock.now() + timedelta(days=1),
        )
    sequencer.seal_all()
    signed = client.get("/log/checkpoint").content
    keys = [note.VerifierKey.parse(line) for line in client.get("/log/keys").content.decode().splitlines()]
    head = checkpoint.open_signed(signed, settings.LOG_ORIGIN, keys)
    response = client.get(f"/log/tile/0/000.p/{head.size}")
    assert "immutable" in response["Cache-Control"]
    hashes = [response.content[n : n + 32] for n in range(0, len(response.content), 32)]
    assert merkle.root_of(hashes) == head.root


@pytest.mark.parametrize(
    "path", ["0/000", "0/000.p/9", "0/000.p/0", "0/x000/000", "64/000", "entries/000", "0/..%2f000", "0/", "a/b"]
)
def test_what_is_no_tile_is_not_found(client, path):
    assert client.get(f"/log/tile/{path}").status_code == 404
