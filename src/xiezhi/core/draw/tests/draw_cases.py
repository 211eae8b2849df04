"""Small synthetic draws for the tests of bundle, verifier and ceremony."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from xiezhi.core.draw import ceremony, roster
from xiezhi.core.draw.hashing import PROFILES
from xiezhi.core.draw.officers import Edge
from xiezhi.core.draw.rules import Cap, Cycle, Rules, SourceRule, StratumRule

COMMITTED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PUBLISHED = COMMITTED + timedelta(hours=20)
DRAWN = PUBLISHED + timedelta(minutes=10)
SOURCES = (SourceRule("彩票", "示例双色球 2026136 期开奖号码", COMMITTED + timedelta(hours=19)),
           SourceRule("示例信标", "示例信标第 5 轮", COMMITTED + timedelta(hours=1), "hex"))  # fmt: skip
STRATA = (
    StratumRule("甲", n=3, coverage=True, reserves=2),
    StratumRule("乙", "weighted", n=4, reserves=3),
    StratumRule("丙", ratio=Fraction(1, 7)),
    StratumRule("丁", "weighted", ratio=Fraction(2, 9), reserves=1),
)


def code(number: int) -> str:
    return f"99123200MA{number:07d}X"


def salt(number: int) -> bytes:
    return roster.framed(b"demo salt %d" % number) + bytes(16)


def rules(**changed: Any) -> Rules:
    base = Rules(
        "2026-11-示例", "示例月度抽查", "施工现场安全", ("2026-11-26", "2026-12-10"), STRATA, SOURCES,
        "xiezhi 0.1.0", cycle=Cycle("2026 年", 4, 2), caps=(Cap("FREQ_CAP", 2, "项目×单位×年"),),
    )  # fmt: skip
    return replace(base, **changed)


def objects(count: int = 60, profile: str = "dr/1") -> list[roster.Entry]:
    """``count`` objects over the four strata, weights 0 … 6."""
    return [
        roster.Entry(roster.opaque_id(PROFILES[profile], code(at), salt(at)), "甲乙丙丁"[at % 4], at * 7 % 11 % 7)
        for at in range(count)
    ]


def commitment(count: int = 60, *, officers: bool = False, **changed: Any) -> ceremony.Commitment:
    announced = rules(**changed)
    everyone = objects(count + 2, announced.profile.name)
    left_out = [roster.Exclusion(entry.id, "FREQ_CAP", f"泰住建执排〔2026〕{at}号")
                for at, entry in enumerate(everyone[count:], 1)]  # fmt: skip
    covered = [entry.id for entry in everyone[:count:8]]
    edges = table(everyone[:count]) if officers else []
    return ceremony.commit(
        everyone[:count],
        announced,
        committed_at=COMMITTED,
        coverage=covered,
        exclusions=left_out,
        officers=edges,
    )


def table(entries: Sequence[roster.Entry]) -> list[Edge]:
    """Five of seven officers for each target, chances 0.4 each; some targets without."""
    return [
        Edge(entry.id, f"{(at + step) % 7:064x}", 400_000)
        for at, entry in enumerate(entries)
        if at % 9
        for step in range(5)
    ]


def sources() -> list[ceremony.Source]:
    return [ceremony.Source("彩票", "03 11 19 22 28 30 + 07", PUBLISHED, "officer:12", "officer:31"),
            ceremony.Source("示例信标", "c0ffee" * 5, PUBLISHED, "officer:31", "officer:12")]  # fmt: skip


def result(count: int = 60, **changed: Any) -> ceremony.Result:
    return ceremony.draw(commitment(count, **changed), sources(), drawn_at=DRAWN)
