"""A stored draw as ``core.draw`` sees it: rules, commitment, result, recomputed from rows and the secret.

Salts are ``HMAC-SHA256(secret, code)``: one secret a draw, in the private part of the commitment's event, so that
one wrapped key guards a roster of any size; opening one (code, salt) tells nothing of another.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.draw import ceremony, hashing, officers, roster
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.record import queries as record

from .models import Draw, RosterEntry, SourceValue

SECRET_BYTES = 32


@dataclass(frozen=True)
class Secret:
    """What makes a draw's salts, which codes are still to be covered in the cycle, and who may be sent where.

    table    of an officers' draw: (code of the object, code of the officer, millionths)
    """

    key: bytes
    to_cover: tuple[str, ...]
    table: tuple[tuple[str, str, int], ...] = ()

    def salt(self, code: str) -> bytes:
        """The salt of one target, 32 bytes."""
        return hmac.digest(self.key, code.encode("utf-8"), hashlib.sha256)

    def private(self) -> dict[str, object]:
        """As the commitment's event keeps it."""
        return {
            "secret": self.key.hex(),
            "to_cover": list(self.to_cover),
            "table": [list(one) for one in self.table],
        }


def fresh_secret(to_cover: Sequence[str]) -> Secret:
    """A new secret for a draw about to be committed."""
    return Secret(secrets.token_bytes(SECRET_BYTES), tuple(to_cover))


def secret_of(draw: Draw) -> Secret:
    """The secret of a committed draw. ``LookupError`` where it was erased."""
    part = record.private_part(_event(draw.commitment_event))
    if part is None:
        raise LookupError(f"the secret of {draw.draw_id} was erased")
    table = tuple((target, officer, share) for target, officer, share in part.get("table", ()))
    return Secret(bytes.fromhex(part["secret"]), tuple(part["to_cover"]), table)


def whole_second(moment: datetime) -> datetime:
    """Cut to the second: published times carry no fractions."""
    return moment.astimezone(UTC).replace(microsecond=0)


def typed_moment(field: str, moment: datetime) -> datetime:
    """A time that someone typed, cut to the second; :class:`Invalid` where no draw can have it."""
    if moment.tzinfo is None or not 2000 <= moment.year < 2200:
        raise Invalid({field: [_("时间须带时区，年份在 2000 与 2199 之间。")]})
    return whole_second(moment)


def rules(draw: Draw) -> rules_of_draw.Rules:
    """The announced rules of the draw."""
    item = draw.roster.item
    return rules_of_draw.Rules(
        draw_id=draw.draw_id,
        title=draw.title,
        item=f"{item.code}@{item.version} {item.title}",
        window=(draw.window_from.isoformat(), draw.window_to.isoformat()),
        strata=tuple(stratum_rule(stratum) for stratum in draw.plan),
        sources=tuple(source_rule(source) for source in draw.sources),
        code_version=draw.code_version,
        profile=hashing.PROFILES[draw.profile],
        level=draw.level,
        cycle=rules_of_draw.Cycle(**draw.cycle) if draw.cycle else None,
        caps=tuple(rules_of_draw.Cap(**cap) for cap in draw.caps),
    )


def stratum_rule(stored: Mapping[str, Any]) -> rules_of_draw.StratumRule:
    """A stratum's rule from its stored form; ``ratio`` is [numerator, denominator]."""
    ratio = stored.get("ratio")
    return rules_of_draw.StratumRule(
        stratum=stored["stratum"],
        method=stored.get("method", "equal"),
        n=stored.get("n"),
        ratio=Fraction(*ratio) if ratio else None,
        coverage=bool(stored.get("coverage")),
        reserves=stored.get("reserves", 0),
    )


def source_rule(stored: Mapping[str, str]) -> rules_of_draw.SourceRule:
    """An announced source from its stored form."""
    return rules_of_draw.SourceRule(
        label=stored["label"],
        describes=stored["describes"],
        not_before=datetime.fromisoformat(stored["not_before"]),
        encoding=stored.get("encoding", "utf8"),
        commitment=stored.get("commitment", ""),
    )


def commitment(draw: Draw, secret: Secret, committed_at: datetime) -> ceremony.Commitment:
    """Recompute the commitment from the frozen roster. :class:`Invalid` as ``core.draw`` raises it."""
    profile = hashing.PROFILES[draw.profile]
    left_out = {one.entry_id: one for one in draw.exclusions.all()}
    to_cover = set(secret.to_cover)
    entries, covered, exclusions = [], [], []
    for pk, code, stratum, weight in _entries(draw):
        opaque = roster.opaque_id(profile, code, secret.salt(code))
        if pk in left_out:
            exclusions.append(roster.Exclusion(opaque, left_out[pk].reason, left_out[pk].document))
            continue
        entries.append(roster.Entry(opaque, stratum, weight))
        if code in to_cover:
            covered.append(opaque)
    return ceremony.commit(
        entries,
        rules(draw),
        committed_at=committed_at,
        coverage=covered,
        exclusions=exclusions,
        officers=edges(profile, secret),
    )


def edges(profile: hashing.Profile, secret: Secret) -> list[officers.Edge]:
    """The officers' table by opaque ids."""

    def opaque(code: str) -> str:
        return roster.opaque_id(profile, code, secret.salt(code))

    by_code = {code: opaque(code) for target, officer, _share in secret.table for code in (target, officer)}
    return [officers.Edge(by_code[target], by_code[officer], share) for target, officer, share in secret.table]


def names(draw: Draw, secret: Secret, wanted: set[str]) -> list[tuple[str, str]]:
    """(opaque id, code) of the wanted ids."""
    profile = hashing.PROFILES[draw.profile]
    found = []
    for _pk, code, _stratum, _weight in _entries(draw):
        opaque = roster.opaque_id(profile, code, secret.salt(code))
        if opaque in wanted:
            found.append((opaque, code))
    return sorted(found)


def officer_codes(draw: Draw, secret: Secret) -> list[tuple[str, str]]:
    """(opaque id, officer's id) of everyone in the officers' table."""
    profile = hashing.PROFILES[draw.profile]
    codes = {officer for _target, officer, _share in secret.table}
    return sorted((roster.opaque_id(profile, code, secret.salt(code)), code) for code in codes)


def sources(draw: Draw) -> list[ceremony.Source]:
    """The confirmed values in announced order; witnesses who did not reveal are recorded as missing."""
    values = {value.label: value for value in draw.values.all()}
    return [
        _source(values[one["label"]]) if values[one["label"]].value else ceremony.Source.missing(one["label"])
        for one in draw.sources
    ]


def reveals(draw: Draw) -> list[ceremony.Source]:
    """What witnesses (or the system itself) revealed so far, in announced order."""
    values = {value.label: value for value in draw.values.exclude(reveal_event=None)}
    return [_source(values[one["label"]]) for one in draw.sources if one["label"] in values]


def _source(value: SourceValue) -> ceremony.Source:
    return ceremony.Source(
        label=value.label,
        value=value.value,
        published_at=whole_second(value.published_at),
        entered_by=value.entered_by,
        confirmed_by=value.confirmed_by,
    )


def result(draw: Draw, committed: ceremony.Commitment, drawn_at: datetime) -> ceremony.Result:
    """Run ``core.draw`` on the confirmed sources."""
    return ceremony.draw(committed, sources(draw), drawn_at=drawn_at)


def code_names(draw: Draw, codes: Sequence[str]) -> dict[str, str]:
    """The names that the roster holds for ``codes``."""
    found: dict[str, str] = {}
    for start in range(0, len(codes), 500):
        rows = RosterEntry.objects.filter(roster_id=draw.roster_id, code__in=codes[start : start + 500])
        found.update(rows.values_list("code", "name"))
    return found


def _entries(draw: Draw) -> Iterator[tuple[int, str, str, int]]:
    rows = RosterEntry.objects.filter(roster_id=draw.roster_id).order_by("pk")
    return rows.values_list("pk", "code", "stratum", "weight").iterator(chunk_size=5000)


def _event(event_id: uuid.UUID | None) -> uuid.UUID:
    if event_id is None:
        raise LookupError("the draw is not committed yet")
    return event_id
