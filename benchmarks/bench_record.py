"""The record: acts a second with a durable commit each, sealing, verification, random edits found.

On a SQLite file with the settings of a real office (synchronous=FULL) in a temporary folder.
"""

import os
import random
import tempfile
import time


def _setup() -> tempfile.TemporaryDirectory:
    home = tempfile.TemporaryDirectory(prefix="xiezhi-bench-", ignore_cleanup_errors=True)
    os.environ["XIEZHI_HOME"] = home.name
    os.environ.pop("XIEZHI_DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiezhi.settings.run"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return home


EVENTS, EDITED = 50_000, 5_000  # the log that is timed; the log whose bytes are flipped, one at a time


def run(quick: bool) -> list[dict[str, object]]:
    """Quick: one log of 5,000 events and 20 edits; in full: 50,000 timed, and 1,000 edits in a log of 5,000."""
    with _setup():
        rows = _fill(EDITED, acts=300 if quick else 2000) + _edits(20 if quick else 1000)
        if not quick:
            rows += _fill(EVENTS - EDITED, acts=0)
    return rows


def _fill(total: int, acts: int) -> list[dict[str, object]]:
    """Write ``total`` events, ``acts`` of them in a commit each, seal and verify them."""
    from django.db import transaction

    from xiezhi.core.actor import system
    from xiezhi.record import sequencer, verification
    from xiezhi.record.models import Event
    from xiezhi.record.tests.sample import happen

    rows, start = [], time.perf_counter()
    for n in range(acts):
        happen(system("bench"), value=n, stream=f"bench:{n % 50}")
    if acts:
        rows = [
            _row(
                "acts, one durable commit each, with a private part",
                acts / (time.perf_counter() - start),
                "acts/s",
            )
        ]
    with transaction.atomic():
        for n in range(total - acts):
            happen(system("bench"), value=n, stream=f"bench:{n % 50}")
    start = time.perf_counter()
    sealed = sequencer.seal_all()
    rows.append(
        _row(
            f"sealing {sealed} events in batches of 1,000, durable",
            sealed / (time.perf_counter() - start),
            "events/s",
        )
    )
    start = time.perf_counter()
    faults = list(verification.verify())
    size = Event.objects.count()
    rows.append(_row(f"verifying the log of {size} events", size / (time.perf_counter() - start), "events/s"))
    rows.append(_row("faults in the untouched log", len(faults), "faults"))
    rows.append(_row(f"checking a proof from the log of {size} events, fastest of 20", _proof_ms(size), "ms"))
    return rows


def _proof_ms(size: int) -> float:
    """The aim is 1 ms."""
    from django.conf import settings

    from xiezhi.core.tlog import merkle, proof
    from xiezhi.record import keys, queries
    from xiezhi.record.models import Sequence

    sealed = queries.sealed(Sequence.objects.get(index=size // 2).event_id)
    leaf, known = merkle.leaf_hash(sealed.salt + sealed.text), keys.verifiers()
    times = []
    for _ in range(20):
        start = time.perf_counter()
        proof.verify(sealed.proof, leaf, settings.LOG_ORIGIN, known)
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def _edits(count: int) -> list[dict[str, object]]:
    """Random single-byte edits past the triggers, in a log of its size; each must be found and named to a tile."""
    from django.conf import settings
    from django.db import connection

    from xiezhi.record import triggers, verification
    from xiezhi.record.models import Checkpoint, Event, EventBody, Tile

    triggers.remove()  # put back at the end
    generator = random.Random(1)
    targets = [(EventBody, "data"), (Event, "leaf_hash"), (Tile, "data"), (Checkpoint, "note")]
    keys = {model: list(model.objects.values_list("pk", flat=True)) for model, _ in targets}
    found = named = 0
    for n in range(count):
        model, column = targets[n % len(targets)]
        pk = generator.choice(keys[model])
        old = getattr(model.objects.get(pk=pk), column)
        raw = bytearray(old.encode() if isinstance(old, str) else bytes(old))
        at = generator.randrange(len(raw))
        raw[at] = (
            (raw[at] + generator.randrange(1, 128)) % 128
            if isinstance(old, str)
            else raw[at] ^ generator.randrange(1, 256)
        )
        try:
            new = bytes(raw).decode() if isinstance(old, str) else bytes(raw)
        except UnicodeDecodeError:
            new = old[:-1] + chr((ord(old[-1]) + 1) % 128)
        model.objects.filter(pk=pk).update(**{column: new})
        faults = list(verification.verify(str(settings.LOG_ORIGIN)))
        found += bool(faults)
        named += bool(faults) and all(fault.tile.startswith("tile/") for fault in faults)
        model.objects.filter(pk=pk).update(**{column: old})
    triggers.install()
    connection.close()
    return [
        _row(f"of {count} random single-byte edits, found", found, "edits"),
        _row("of them named to a tile", named, "edits"),
    ]


def _row(name: str, value: float, unit: str) -> dict[str, object]:
    return {"name": name, "value": round(value) if value >= 10 else round(value, 3), "unit": unit}
