"""The sources of randomness as entered, and what the ceremony demands of them (docs/dr-1.md §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xiezhi.core.draw.levels import OUTSIDE, PUBLIC, revealed, seed_value, witness_hash
from xiezhi.core.draw.rules import SourceRule, is_plain, stamp
from xiezhi.core.errors import Invalid

from .commitment import Commitment


@dataclass(frozen=True, slots=True)
class Source:
    """A source's value as entered. ``entered_by`` and ``confirmed_by`` are two different people (by code).

    A witness's reveal is confirmed by his own hash: ``confirmed_by`` is the label. Make one that is missing by
    :meth:`missing`.
    """

    label: str
    value: str
    published_at: datetime | None
    entered_by: str
    confirmed_by: str

    @classmethod
    def missing(cls, label: str) -> "Source":
        """A witness did not reveal in time: recorded, and left out of the seed."""
        return cls(label, "", None, "", "")


def source_values(
    commitment: Commitment, sources: Sequence[Source], drawn_at: datetime
) -> list[tuple[str, bytes]]:
    """(label, value's bytes) as they enter the seed; :class:`Invalid` for what the ceremony forbids."""
    announced = commitment.rules.sources
    if [source.label for source in sources] != [rule.label for rule in announced]:
        raise Invalid({"sources": ["随机源须与公布的一致：" + "、".join(rule.label for rule in announced)]})
    wrong: dict[str, list[str]] = {}
    values = []
    stamp(drawn_at)
    for source, rule in zip(sources, announced, strict=True):
        if rule.encoding in OUTSIDE and source == Source.missing(rule.label):
            continue
        value = _bytes(rule, source)
        problems = {
            **_problems(commitment, rule, source, drawn_at),
            "随机源的值不得为空，且须合乎公布的编码": not (value and is_plain(source.value)),
            "十六进制须为小写且无空格": rule.encoding == "hex" and source.value != value.hex(),
        }
        found = [text for text, is_wrong in problems.items() if is_wrong]
        if found:
            wrong[f"sources.{source.label}"] = found
        values.append((source.label, value))
    if wrong:
        raise Invalid(wrong)
    return values


def check_reveal(commitment: Commitment, source: Source) -> None:
    """:class:`Invalid` unless ``source`` opens what its rule committed to, in time; for reveals before the draw."""
    rule = next((rule for rule in commitment.rules.sources if rule.label == source.label), None)
    if rule is None or rule.encoding in PUBLIC or source.published_at is None:
        raise Invalid({"sources": [f"没有公布过名为「{source.label}」的见证人"]})
    found = [text for text, wrong in _problems(commitment, rule, source, source.published_at).items() if wrong]
    if found:
        raise Invalid({f"sources.{source.label}": found})


def _bytes(rule: SourceRule, source: Source) -> bytes:
    try:
        if rule.encoding in PUBLIC:
            return bytes.fromhex(source.value) if rule.encoding == "hex" else source.value.encode("utf-8")
        return seed_value(source.value)
    except (ValueError, Invalid):
        return b""


def _problems(commitment: Commitment, rule: SourceRule, source: Source, until: datetime) -> dict[str, bool]:
    """Text → whether it is so, of when the value came, who entered it, and whether it is what was committed."""
    if source.published_at is None:
        return {"随机源须有公布时间": True}
    at = stamp(source.published_at)
    found = {
        "随机源不晚于承诺，作废": at <= stamp(commitment.committed_at),
        "随机源早于公布的时间": at < stamp(rule.not_before),
        "随机源晚于抽取": at > stamp(until),
        "录入与复核须为两人": source.entered_by == source.confirmed_by,
        "录入人、复核人不得为空": not (is_plain(source.entered_by) and is_plain(source.confirmed_by)),
    }
    if rule.encoding not in PUBLIC:
        found["与事先承诺的摘要不符，不予采用"] = not _opens(commitment, rule, source.value)
    if rule.encoding in OUTSIDE:
        found["见证人须在公开随机源公布之前揭示"] = at >= stamp(commitment.rules.reveals_end)
        found["见证人的揭示由其承诺复核"] = source.confirmed_by != rule.label
    return found


def _opens(commitment: Commitment, rule: SourceRule, value: str) -> bool:
    try:
        return witness_hash(commitment.rules.profile, rule.label, *revealed(value)) == rule.commitment
    except Invalid:
        return False
