"""Two web processes: caches that share no memory, over the database's table and over a real Redis."""

import os
import shutil
import socket
import subprocess
import time
import uuid
from contextlib import closing

import pytest
from django.core.cache import caches

from xiezhi.settings import env
from xiezhi.web.tests.caches_made import cache_of

RUNNING = os.environ.get("XIEZHI_TEST_REDIS", "redis://127.0.0.1:6379/0")


def answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    """A Redis: the one that runs here, else one of our own."""
    pytest.importorskip("redis", reason="the locked dependency redis is not installed; `make test` installs it")
    if "XIEZHI_TEST_REDIS" in os.environ or answers(6379):
        yield RUNNING
        return
    server = shutil.which("redis-server")
    if server is None:
        reason = "no Redis (Debian: apt-get install -y redis-server)"
        if os.environ.get("XIEZHI_REQUIRE") == "all":
            pytest.fail(reason)
        pytest.skip(reason)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("redis")
    process = subprocess.Popen(
        [server, "--port", str(port), "--dir", home, "--save", ""], stdout=subprocess.DEVNULL
    )
    try:
        ends = time.monotonic() + 10
        while not answers(port):
            assert time.monotonic() < ends
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(params=["table", "redis"])
def processes(request, db):
    """The caches of two web processes, as the settings make them."""
    found = env.cache("" if request.param == "table" else request.getfixturevalue("redis_url"))
    found |= {"KEY_PREFIX": f"test-{uuid.uuid4().hex}"}
    made = [cache_of(found), cache_of(found)]
    yield made
    for one in made:
        one.close()


@pytest.fixture
def as_process(processes):
    """``as_process(0)``: from here on, this web process answers."""
    own = caches["default"]
    yield lambda number: caches.__setitem__("default", processes[number % 2])
    caches["default"] = own
