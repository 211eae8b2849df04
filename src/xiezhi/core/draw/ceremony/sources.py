"""The sources of randomness as entered, and what the ceremony demands of them (docs/dr-1.md §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xiezhi.core.draw.rules import is_plain, stamp
from xiezhi.core.errors import Invalid

from .commitment import Commitment


@dataclass(frozen=True, slots=True)
class Source:
    """A source's value as entered. ``entered_by`` and ``confirmed_by`` are two different people (by code)."""

    label: str
    value: str
    published_at: datetime
    entered_by: str
    confirmed_by: str


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
        try:
            value = bytes.fromhex(source.value) if rule.encoding == "hex" else source.value.encode("utf-8")
        except ValueError:
            value = b""
        values.append((source.label, value))
        problems = {
            "随机源的值不得为空，且须合乎公布的编码": not (value and is_plain(source.value)),
            "十六进制须为小写且无空格": rule.encoding == "hex" and source.value != value.hex(),
            "随机源不晚于承诺，作废": stamp(source.published_at) <= stamp(commitment.committed_at),
            "随机源早于公布的时间": stamp(source.published_at) < stamp(rule.not_before),
            "随机源晚于抽取": stamp(source.published_at) > stamp(drawn_at),
            "录入与复核须为两人": source.entered_by == source.confirmed_by,
            "录入人、复核人不得为空": not (is_plain(source.entered_by) and is_plain(source.confirmed_by)),
        }
        found = [text for text, is_wrong in problems.items() if is_wrong]
        if found:
            wrong[f"sources.{source.label}"] = found
    if wrong:
        raise Invalid(wrong)
    return values
