"""What is announced before a draw, as frozen values and as the canonical documents that are hashed.

The shapes of the documents are those of docs/dr-1.md §4; times are UTC, whole seconds, ``…Z``.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from xiezhi.core import canonical
from xiezhi.core.errors import Invalid

from .hashing import PROFILES, Profile
from .levels import COMMITTED, ENCODINGS, LEVELS, OUTSIDE

METHODS = ("equal", "weighted")
UNIT = "\x1f"  # parts a label of the profile from a stratum's name, which has no control characters
OPEN, COVERAGE = "open", "coverage"
RATIO_LABEL = UNIT + "ratio"
_PLAIN = re.compile(r"[^\x00-\x1f\x7f]+")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def is_plain(text: str) -> bool:
    """Not empty, no control character, and writable as UTF-8: fit for a line of a list."""
    return bool(_PLAIN.fullmatch(text)) and not any("\ud800" <= char <= "\udfff" for char in text)


def is_digest(text: str) -> bool:
    """64 lower-case hex digits."""
    return bool(re.fullmatch(r"[0-9a-f]{64}", text))


def stamp(moment: datetime) -> str:
    """``2026-11-24T08:00:00Z`` for an aware time with whole seconds."""
    if moment.tzinfo is None or moment.microsecond:
        raise Invalid({"time": [f"时间须带时区并精确到秒：{moment.isoformat()}"]})
    return moment.astimezone(UTC).strftime(_TIME)


def coverage_label(stratum: str) -> str:
    """The label of a stratum's coverage stream; the open stream's label is the stratum itself."""
    return stratum + UNIT + COVERAGE


@dataclass(frozen=True, slots=True)
class StratumRule:
    """How one stratum is drawn: ``n`` objects or ``ratio`` of them in the open stream, one of the two.

    coverage  objects on the coverage list are drawn as well, so that all are reached within the cycle
    reserves  how many reserves each stream publishes
    """

    stratum: str
    method: str = "equal"
    n: int | None = None
    ratio: Fraction | None = None
    coverage: bool = False
    reserves: int = 0

    def wanted(self, objects: int) -> Fraction:
        """The expected number of the open stream among ``objects``."""
        return Fraction(self.n) if self.n is not None else (self.ratio or Fraction(0)) * objects

    def document(self) -> dict[str, canonical.Json]:
        """As it stands in rules.json."""
        ratio = None if self.ratio is None else [self.ratio.numerator, self.ratio.denominator]
        return {
            "coverage": self.coverage,
            "method": self.method,
            "n": self.n,
            "ratio": list(ratio) if ratio else None,
            "reserves": self.reserves,
            "stratum": self.stratum,
        }


@dataclass(frozen=True, slots=True)
class SourceRule:
    """A source of randomness announced in advance.

    encoding   how the value is read: ``utf8`` (the text as printed) or ``hex`` (decoded); ``witness``, ``notary``
               and ``system`` are reveals of what ``commitment`` fixed (:mod:`levels`)
    describes  for people: which lottery's issue, which beacon's round; who the witness is
    not_before when the source is due, or the earliest time of the reveal; later than the commitment
    commitment hex; empty for a public source
    """

    label: str
    describes: str
    not_before: datetime
    encoding: str = "utf8"
    commitment: str = ""

    def document(self) -> dict[str, canonical.Json]:
        """As it stands in rules.json."""
        return {
            **({"commitment": self.commitment} if self.encoding in COMMITTED else {}),
            "describes": self.describes,
            "encoding": self.encoding,
            "label": self.label,
            "not_before": stamp(self.not_before),
        }


@dataclass(frozen=True, slots=True)
class Cap:
    """A published ceiling: ``code`` as used in exclusions, e.g. FREQ_CAP, ``limit`` visits ``per`` what."""

    code: str
    limit: int
    per: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """The coverage cycle: this is draw ``number`` of ``draws`` (T, t; T − t + 1 are left with this one)."""

    name: str
    draws: int
    number: int

    @property
    def left(self) -> int:
        """T − t + 1."""
        return self.draws - self.number + 1


@dataclass(frozen=True, slots=True)
class Rules:
    """All that is announced of one draw but its lists. ``window`` holds the first and last day of visits."""

    draw_id: str
    title: str
    item: str
    window: tuple[str, str]
    strata: tuple[StratumRule, ...]
    sources: tuple[SourceRule, ...]
    code_version: str
    profile: Profile = PROFILES["dr/1"]
    level: str = "routine"
    cycle: Cycle | None = None
    caps: tuple[Cap, ...] = ()

    def document(self, roots: Mapping[str, bytes]) -> dict[str, canonical.Json]:
        """rules.json; ``roots`` maps coverage_root, exclusions_root and officers_root to their bytes."""
        cycle = self.cycle
        return {
            "caps": [{"code": cap.code, "limit": cap.limit, "per": cap.per} for cap in self.caps],
            "code_version": self.code_version,
            "cycle": None if cycle is None else {"draws": cycle.draws, "name": cycle.name, "number": cycle.number},
            "draw_id": self.draw_id,
            "item": self.item,
            "level": self.level,
            "profile": self.profile.name,
            "sources": [source.document() for source in self.sources],
            "strata": [stratum.document() for stratum in self.strata],
            "title": self.title,
            "window": list(self.window),
            **{name: root.hex() for name, root in roots.items()},
        }

    @property
    def reveals_end(self) -> datetime:
        """When reveals of witnesses must be in: the first public source is due."""
        return min(source.not_before for source in self.sources if source.encoding not in COMMITTED)

    def check(self) -> None:
        """:class:`Invalid` naming each field that can't be announced."""
        wrong: dict[str, list[str]] = {}
        _texts(wrong, {"draw_id": self.draw_id, "title": self.title, "item": self.item,
                       "code_version": self.code_version})  # fmt: skip
        if self.level not in LEVELS:
            wrong["level"] = [f"不认识的级别 {self.level!r}"]
        if not self.strata or len({rule.stratum for rule in self.strata}) != len(self.strata):
            wrong["strata"] = ["至少一层，层名不得重复"]
        if not self.sources or len({source.label for source in self.sources}) != len(self.sources):
            wrong["sources"] = ["至少公布一个随机源，名称不得重复"]
        if not _is_window(self.window):
            wrong["window"] = ["检查时间段须为先后两个日期（YYYY-MM-DD）"]
        if self.cycle and not (is_plain(self.cycle.name) and 1 <= self.cycle.number <= self.cycle.draws):
            wrong["cycle"] = ["覆盖周期的次序须在 1 与总次数之间"]
        for rule in self.strata:
            _stratum(wrong, rule, self.cycle)
        for source in self.sources:
            _source(wrong, source)
        if not wrong:
            self._check_level(wrong)
        for cap in self.caps:
            _texts(wrong, {"caps": cap.code, f"caps.{cap.code}": cap.per})
            if cap.limit < 0:
                wrong[f"caps.{cap.code}"] = ["上限不得为负"]
        if wrong:
            raise Invalid(wrong)

    def _check_level(self, wrong: dict[str, list[str]]) -> None:
        fault = LEVELS[self.level].fault([source.encoding for source in self.sources])
        if fault:
            wrong["sources"] = [fault]
            return
        for source in self.sources:
            if source.encoding in OUTSIDE and source.not_before >= self.reveals_end:
                wrong[f"sources.{source.label}"] = ["见证人揭示的时间须早于公开随机源公布的时间"]


def _source(wrong: dict[str, list[str]], source: SourceRule) -> None:
    _texts(wrong, {"sources": source.label, f"sources.{source.label}": source.describes})
    if source.encoding not in ENCODINGS:
        wrong[f"sources.{source.label}"] = [f"编码只能是 {'、'.join(ENCODINGS)}"]
    elif (source.encoding in COMMITTED) != bool(source.commitment) or not is_digest(source.commitment or "0" * 64):
        wrong[f"sources.{source.label}"] = ["见证人的承诺须为 64 位小写十六进制"]


def _texts(wrong: dict[str, list[str]], texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if not is_plain(text):
            wrong[name] = ["不得为空，不得含控制字符"]


def _is_window(window: Sequence[str]) -> bool:
    try:
        days = [datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) for day in window]
    except ValueError:
        return False
    same = all(f"{day:%Y-%m-%d}" == text for day, text in zip(days, window, strict=True))
    return same and len(days) == 2 and days[0] <= days[1]


def _stratum(wrong: dict[str, list[str]], rule: StratumRule, cycle: Cycle | None) -> None:
    name = f"strata.{rule.stratum}"
    found = []
    if not is_plain(rule.stratum):
        found.append("层名不得为空，不得含控制字符")
    if rule.method not in METHODS:
        found.append(f"方法只能是 {'、'.join(METHODS)}")
    if (rule.n is None) == (rule.ratio is None):
        found.append("数量与比例须且只能定一个")
    if rule.n is not None and rule.n < 0:
        found.append("数量不得为负")
    if rule.ratio is not None and not 0 <= rule.ratio <= 1:
        found.append("比例须在 0 与 1 之间")
    if rule.reserves < 0:
        found.append("备选数量不得为负")
    if rule.coverage and cycle is None:
        found.append("设了覆盖的层须有覆盖周期")
    if found:
        wrong[name] = found


def covered_count(covered: int, left: int) -> int:
    """ceil(|R_t| / (T − t + 1)): how many of the not yet inspected a draw takes."""
    return math.ceil(Fraction(covered, left))
