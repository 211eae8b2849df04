"""The system's own number of a quick draw (docs/dr-1.md §4); a second person uses it (``services.reveals``)."""

import secrets
from datetime import datetime, timedelta

from xiezhi.core.draw import hashing, levels
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.record.acts import emit

from . import announced, fixed_words, gate, reckoning
from .models import Draw


def make(row: Draw, moment: datetime) -> None:
    """Make the number in the act that commits the draw; it may be used a second later."""
    secret, nonce = (secrets.token_bytes(reckoning.SECRET_BYTES) for _part in range(2))
    profile = hashing.PROFILES[row.profile]
    fixed = levels.witness_hash(profile, fixed_words.OWN_LABEL, secret, nonce)
    usable = rules_of_draw.stamp(moment + timedelta(seconds=1))
    emit(
        "inspection.own_number_made",
        **gate.scope(row),
        data={"draw": str(row.id), "sources": [announced.own_source(usable, fixed)]},
        private={"value": levels.written(secret, nonce)},
    )
    row.refresh_from_db()
