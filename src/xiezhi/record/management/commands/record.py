"""``xiezhi record verify | replay [--repair] | seal | keys | proof EVENT`` and the rotation of keys."""

import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xiezhi.core.actor import system
from xiezhi.core.errors import NotFound, Refused
from xiezhi.record import queries, replaying, sequencer, services, verification
from xiezhi.record.projections import Difference

OPERATOR = system("operator")
ACTIONS = (
    "verify",
    "replay",
    "seal",
    "keys",
    "proof",
    "rotate-wrapping-key",
    "forget-wrapping-keys",
    "rotate-signing-key",
)


class Command(BaseCommand):
    help = "Check the sealed record, rebuild what is projected from it, seal what waits, or print its keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("event", nargs="?", type=uuid.UUID, help="proof: the event's id")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="replay: write what the events lead to, one transaction a row, each with its event",
        )

    def handle(
        self, *args: Any, action: str, event: uuid.UUID | None = None, repair: bool = False, **options: Any
    ) -> None:
        if repair and action != "replay":
            raise CommandError("--repair goes with replay only")
        if (event is not None) != (action == "proof"):
            raise CommandError("an event's id goes with proof, and with proof only")
        given: dict[str, Any] = {"repair": True} if repair else {"event": event} if event else {}
        try:
            getattr(self, "_" + action.replace("-", "_"))(**given)
        except NotFound as error:
            raise CommandError(f"no event {event} with a body in this record") from error
        except Refused as error:
            raise CommandError(f"{error} {error.refusal.remedy}") from error

    def _verify(self) -> None:
        found = verification.check()
        for fault in found.faults:
            self.stdout.write(f"{fault.what}\t{fault.tile}\t{fault.detail}")
        if found.faults:
            raise CommandError(f"{len(found.faults)} faults, first in {found.faults[0].tile}")
        self.stdout.write(f"ok\t{found.size} events\troot {found.root.hex() or '-'}")

    def _replay(self, repair: bool = False) -> None:
        found = replaying.replay()
        differences = list(found.differences())
        for one in differences:
            self.stdout.write(
                f"{one.model}\t{one.key}\t{one.column}\tstored {one.stored!r}\treplayed {one.replayed!r}"
            )
        if differences and repair:
            self._repair(found, differences)
        elif differences:
            raise CommandError(
                f"{len(differences)} derived values differ from the record; --repair writes them anew"
            )
        self.stdout.write("ok\tevery derived value is what the record leads to")

    def _repair(self, found: replaying.Replay, differences: list[Difference]) -> None:
        # The stream that tells of repairs first: its head must hold before anything can be told.
        rows = sorted({(d.key != services.REPAIRS, d.model, d.key) for d in differences})
        for _, model, key in rows:
            columns = services.repair_state(OPERATOR, found, model=model, key=key)
            told = f"repaired {', '.join(columns)}" if columns else _why_not(found, model)
            self.stdout.write(f"{model}\t{key}\t{told}")
        left = list(replaying.replay().differences())
        if left:
            raise CommandError(f"{len(left)} derived values still differ, first {left[0].model} {left[0].key}")

    def _seal(self) -> None:
        self.stdout.write(f"{sequencer.seal_all()} events sealed")

    def _keys(self) -> None:
        for key in queries.public_keys():
            self.stdout.write(key)

    def _proof(self, event: uuid.UUID) -> None:
        self.stdout.write(json.dumps(queries.event_proof(OPERATOR, event), ensure_ascii=False, indent=1))

    def _rotate_wrapping_key(self) -> None:
        self.stdout.write(f"ok\t{services.rotate_wrapping_key(OPERATOR)} rewrapped")

    def _forget_wrapping_keys(self) -> None:
        self.stdout.write(f"ok\tforgotten {', '.join(services.forget_wrapping_keys(OPERATOR)) or 'none'}")

    def _rotate_signing_key(self) -> None:
        self.stdout.write(services.rotate_signing_key(OPERATOR))


def _why_not(found: replaying.Replay, model: str) -> str:
    return "left: an event that set it was erased whole" if model in found.unknown else "left as it is now"
