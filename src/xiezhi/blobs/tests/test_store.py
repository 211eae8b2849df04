"""Files by content, in a folder and in a bucket of a real S3 server: the same behaviour in both."""

import hashlib
import io
import itertools
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client

from xiezhi import clock
from xiezhi.blobs import places, store
from xiezhi.blobs.models import Blob, Hold
from xiezhi.core.actor import system
from xiezhi.core.errors import Invalid, NotFound, Refused
from xiezhi.jobs import queue, worker
from xiezhi.web import health

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "现场照片〇一".encode()
SHA = hashlib.sha256(TEXT).hexdigest()
_prefixes = itertools.count()


def s3_address(server: str, **options: str) -> str:
    parameters = {
        "endpoint": server,
        "region": "us-east-1",
        "prefix": f"t{os.getpid()}-{next(_prefixes)}",
        **options,
    }
    return "s3://blobs?" + "&".join(f"{name}={value}" for name, value in parameters.items())


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.s3)])
def where(request, settings, tmp_path, monkeypatch) -> places.Place:
    """The place that the setting names, empty."""
    if request.param == "bucket":
        use_s3(request, monkeypatch)
        settings.BLOBS = s3_address(request.getfixturevalue("s3_server"))
    else:
        settings.BLOBS = f"file://{tmp_path}/文件 库"
    return places.place(settings.BLOBS)


def use_s3(request, monkeypatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "xiezhi-test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "xiezhi-test-secret")
    request.addfinalizer(places.place.cache_clear)


def content(sha256: str) -> bytes:
    with store.open(sha256) as file:
        return file.read()


def test_what_is_put_is_read_back_by_its_hash(where):
    blob = store.put(TEXT, expect=SHA, media_type="text/plain")
    assert (blob.sha256, blob.size, blob.media_type) == (SHA, len(TEXT), "text/plain")
    assert content(SHA) == TEXT
    assert store.exists(SHA)
    assert store.verify(SHA)
    assert list(where.names()) == [SHA]


def test_a_stream_is_read_in_pieces_from_where_it_stands(where):
    data = os.urandom(3 * store.CHUNK + 17)
    stream = io.BytesIO(b"head" + data)
    stream.seek(4)
    blob = store.put(stream)
    assert blob.sha256 == hashlib.sha256(data).hexdigest()
    assert content(blob.sha256) == data


def test_an_upload_of_django_and_an_empty_file_are_taken(where):
    assert store.put(ContentFile(TEXT)).sha256 == SHA
    assert store.put(b"").size == 0
    assert content(hashlib.sha256(b"").hexdigest()) == b""


def test_the_same_content_again_is_the_same_row_and_one_file(where):
    first = store.put(TEXT, media_type="image/jpeg")
    second = store.put(io.BytesIO(TEXT), media_type="text/plain")
    assert second == first
    assert second.media_type == "image/jpeg"
    assert (Blob.objects.count(), list(where.names())) == (1, [SHA])


def test_a_stated_hash_in_capitals_is_the_same_hash(where):
    assert store.put(TEXT, expect=SHA.upper()).sha256 == SHA


@pytest.mark.parametrize("wrong", [{"expect": "0" * 64}, {"expect": ""}, {"limit": len(TEXT) - 1}])
def test_another_hash_or_too_much_is_refused_and_nothing_is_kept(where, wrong):
    with pytest.raises(Invalid) as caught:
        store.put(TEXT, **wrong)
    assert caught.value.fields.keys() == {"file"}
    assert list(where.names()) == []
    assert not Blob.objects.exists()


def test_exactly_the_limit_is_taken(where):
    assert store.put(TEXT, limit=len(TEXT)).size == len(TEXT)


def test_what_is_not_kept_is_not_found(where):
    assert not store.exists(SHA)
    assert not store.verify(SHA)
    for act in (store.open, store.delete, lambda sha: store.hold(sha, "evidence:1")):
        with pytest.raises(NotFound):
            act(SHA)


def test_a_held_file_is_not_deleted_and_the_refusal_names_who_holds_it(where):
    store.put(TEXT)
    store.hold(SHA, "evidence:1")
    store.hold(SHA, "evidence:1")
    assert Hold.objects.count() == 1
    with pytest.raises(Refused, match="evidence:1"):
        store.delete(SHA)
    assert content(SHA) == TEXT
    store.release(SHA, "evidence:1")
    store.delete(SHA)
    assert not store.exists(SHA)
    assert list(where.names()) == []


def test_a_deleted_file_can_be_brought_again(where):
    store.put(TEXT)
    store.delete(SHA)
    assert store.put(TEXT).sha256 == SHA
    assert content(SHA) == TEXT


def test_a_deletion_that_is_rolled_back_loses_nothing(where):
    store.put(TEXT)
    with transaction.atomic():
        store.delete(SHA)
        transaction.set_rollback(True)
    assert content(SHA) == TEXT


def test_content_brought_back_in_the_transaction_that_deleted_it_stays(where):
    store.put(TEXT)
    with transaction.atomic():
        store.delete(SHA)
        store.put(TEXT)
    assert content(SHA) == TEXT


def test_the_file_of_a_rolled_back_upload_is_swept_and_no_other(where):
    store.put(b"kept")
    with transaction.atomic():
        store.put(TEXT)
        transaction.set_rollback(True)
    assert not store.exists(SHA)
    assert SHA in list(where.names())
    assert store.sweep(grace=-timedelta(minutes=1)) == 1
    assert list(where.names()) == [hashlib.sha256(b"kept").hexdigest()]
    assert store.sweep(grace=-timedelta(minutes=1)) == 0


def test_many_bringing_and_deleting_the_same_content_leave_rows_and_files_agreeing(where):
    def work(number: int) -> None:
        try:
            for _ in range(4):
                store.put(TEXT)
                if number % 2:
                    with suppress(NotFound):
                        store.delete(SHA)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [None] * 4
    assert list(where.names()) == [blob.sha256 for blob in Blob.objects.all()]


def folder_of(settings, tmp_path) -> Path:
    settings.BLOBS = f"file://{tmp_path}/blobs"
    return tmp_path / "blobs"


def test_a_changed_or_lost_file_is_found_out(settings, tmp_path):
    root = folder_of(settings, tmp_path)
    store.put(TEXT)
    file = root / places.path_of(SHA)
    file.chmod(0o600)
    file.write_bytes(TEXT[:-1] + b"x")
    assert not store.verify(SHA)
    file.unlink()
    assert not store.verify(SHA)
    assert not store.exists(SHA)


def test_a_kept_file_cannot_be_written_and_no_spool_is_left(settings, tmp_path):
    root = folder_of(settings, tmp_path)
    store.put(TEXT)
    with pytest.raises(Invalid):
        store.put(TEXT, expect="0" * 64)
    assert stat.S_IMODE((root / places.path_of(SHA)).stat().st_mode) == 0o440
    assert list((root / "incoming").iterdir()) == []


def test_leftovers_of_uploads_that_were_killed_are_swept_after_a_day(settings, tmp_path):
    root = folder_of(settings, tmp_path)
    store.put(TEXT)
    (root / "incoming" / "left").write_bytes(b"half")
    store.sweep()
    assert (root / "incoming" / "left").exists()
    with clock.fixed(clock.now() + timedelta(days=2)):
        store.sweep()
    assert not (root / "incoming" / "left").exists()
    assert content(SHA) == TEXT


def test_a_stream_that_breaks_off_keeps_nothing(settings, tmp_path):
    class Broken(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise ConnectionResetError

    root = folder_of(settings, tmp_path)
    with pytest.raises(ConnectionResetError):
        store.put(Broken())
    assert [path for path in root.rglob("*") if path.is_file()] == []


@pytest.mark.s3
def test_a_locked_object_survives_its_deletion_as_a_version(s3_server, request, settings, monkeypatch):
    from botocore.exceptions import ClientError

    use_s3(request, monkeypatch)
    settings.BLOBS = s3_address(s3_server, lock="COMPLIANCE", days="1")
    store.put(TEXT)
    store.put(TEXT)
    bucket = places.place(settings.BLOBS).storage.bucket
    key = f"{places.place(settings.BLOBS).storage.location}/{places.path_of(SHA)}"
    (version,) = list(bucket.object_versions.filter(Prefix=key))
    head = version.head()
    assert head["ObjectLockMode"] == "COMPLIANCE"
    assert head["ObjectLockRetainUntilDate"] > clock.now() + timedelta(hours=23)
    with pytest.raises(ClientError, match="AccessDenied"):
        version.delete()
    assert content(SHA) == TEXT


@pytest.mark.parametrize(
    "address",
    ["", "/var/blobs", "file://host/path", "file:relative", "s3://", "s3://b/path", "s3://b?key=1", "ftp://b",
     "s3://b?lock=COMPLIANCE", "s3://b?lock=SOFT&days=1", "s3://b?days=1", "s3://b?lock=COMPLIANCE&days=-1"],
)  # fmt: skip
def test_an_address_that_names_no_place_is_refused(address):
    with pytest.raises(ImproperlyConfigured, match="XIEZHI_BLOBS"):
        places.place(address)


def readiness() -> tuple[int, str]:
    health._answers.clear()
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]["storage"]


def test_the_place_is_asked_whether_it_takes_files(where):
    assert readiness() == (200, "ok")


@pytest.mark.s3
def test_a_bucket_that_is_not_there_and_a_server_that_is_not_are_named(s3_server, request, settings, monkeypatch):
    use_s3(request, monkeypatch)
    settings.BLOBS = s3_address(s3_server).replace("s3://blobs?", "s3://nothing-of-this-name?")
    assert readiness() == (503, "the bucket of XIEZHI_BLOBS answers 404")
    settings.BLOBS = s3_address("http://127.0.0.1:9")
    began = time.monotonic()
    assert readiness() == (503, "the bucket of XIEZHI_BLOBS does not answer: EndpointConnectionError")
    assert time.monotonic() - began < 5
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    settings.BLOBS = s3_address(s3_server)
    assert readiness() == (503, "the bucket of XIEZHI_BLOBS answers 403")


def test_the_place_is_asked_once_in_a_few_seconds(settings, tmp_path, monkeypatch):
    root = folder_of(settings, tmp_path)
    assert readiness() == (200, "ok")
    asked = []
    monkeypatch.setattr(places.Folder, "trouble", lambda self: asked.append(self.root) or "full")
    for _ in range(5):
        assert Client().get("/readyz").status_code == 200
    assert asked == []
    monkeypatch.setattr(health, "REMEMBERED", 0.0)
    health._answers.clear()
    for _ in range(2):
        assert Client().get("/readyz").json()["checks"]["storage"] == "full"
    assert asked == [root, root]
    health._answers.clear()


def test_a_young_orphan_is_left_and_an_old_one_is_taken_by_the_nightly_task(where):
    store.put(b"kept")
    with transaction.atomic():
        store.put(TEXT)
        transaction.set_rollback(True)
    assert nightly_sweep() == {"files": 0}
    with clock.fixed(clock.now() + timedelta(hours=25)):
        assert nightly_sweep() == {"files": 1}
    assert list(where.names()) == [hashlib.sha256(b"kept").hexdigest()]


def nightly_sweep() -> dict[str, int]:
    job = queue.enqueue(system("schedule"), "blobs.sweep")
    worker.run_until_idle(loops=False)
    job.refresh_from_db()
    return job.result
