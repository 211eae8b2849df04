"""``xiezhi record verify | replay | seal | keys``."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xiezhi.core import canonical
from xiezhi.record import projections, queries, sequencer, verification
from xiezhi.record.models import EventBody, Sequence


class Command(BaseCommand):
    help = "Check the sealed record, rebuild what is projected from it, seal what waits, or print its keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["verify", "replay", "seal", "keys"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")()

    def _verify(self) -> None:
        faults = list(verification.verify())
        for fault in faults:
            self.stdout.write(f"{fault.what}\t{fault.tile}\t{fault.detail}")
        if faults:
            raise CommandError(f"{len(faults)} faults, first in {faults[0].tile}")
        head = queries.latest_checkpoint()
        size, root = (head.size, bytes(head.root).hex()) if head else (0, "-")
        self.stdout.write(f"ok\t{size} events\troot {root}")

    def _replay(self) -> None:
        found = list(projections.replay(envelopes()))
        for one in found:
            self.stdout.write(
                f"{one.model}\t{one.key}\t{one.column}\tstored {one.stored!r}\treplayed {one.replayed!r}"
            )
        if found:
            raise CommandError(f"{len(found)} projected values differ from the record")
        self.stdout.write("ok\tevery projected value is what the record leads to")

    def _seal(self) -> None:
        self.stdout.write(f"{sequencer.seal_all()} events sealed")

    def _keys(self) -> None:
        for key in queries.public_keys():
            self.stdout.write(key)


def envelopes() -> Iterator[dict[str, Any]]:
    """Every sealed event that still has its data, in the log's order, then those that wait."""
    sealed = Sequence.objects.order_by("log", "index").values_list("event__body__data", flat=True)
    waiting = (
        EventBody.objects.filter(event__pending__isnull=False).order_by("event_id").values_list("data", flat=True)
    )
    for query in (sealed, waiting):
        for text in query.iterator(chunk_size=2000):
            if text is not None:
                yield canonical.decode(text.encode())  # type: ignore[misc]
