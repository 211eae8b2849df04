"""Search newest first over published draws: a rare, a medium and a frequent word, on the configured database.

Quick: 50,000 entries; in full: 1,000,000. On PostgreSQL both plans are measured beside the one that is chosen.
Entries go into the test database of the settings and are gone with it.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

FULL, QUICK = 1_000_000, 50_000
ASKS = 60
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
PLACES = ["海陵", "高港", "姜堰", "靖江", "泰兴", "兴化", "医药高新"]
TRADES = [
    "建筑工程",
    "市政工程",
    "装饰工程",
    "机电安装",
    "园林绿化",
    "钢结构",
    "地基基础",
    "消防设施",
    "幕墙",
    "劳务分包",
]
NAMES = "华润宏达鑫盛永兴恒泰瑞丰金石天元嘉禾伟业安居广厦长江凤城梅兰稻河望海"
# (what it is, the question, about one entry in how many)
WORDS = [
    ("rare", "稀见垛田", 50_000),
    ("medium", "扬尘复查", 1_000),
    ("frequent", "建设", 1),
    ("frequent phrase", "示例建设", 1),
    ("one of ten trades", "钢结构", 10),
    ("one character", "垛", 50_000),
    ("a frequent character", "工", 2),
    ("part of a code", "MA1A00042", 1_000_000),
    ("two words", "靖江 钢结构", 70),
]


def documents(count: int) -> Iterator[object]:
    """Results of draws: five hundred a draw, all of one draw published together."""
    from xiezhi.search.fulltext import Document

    chance = random.Random(20261124)
    for number in range(count):
        place, trade = chance.choice(PLACES), chance.choice(TRADES)
        name = "".join(chance.choices(NAMES, k=3))
        extra = " 稀见垛田" if number % 50_000 == 77 else " 扬尘复查" if number % 1_000 == 501 else ""
        code = f"91999900MA1{'0123456789ABCDEF'[number % 16]}{number:05d}X"
        yield Document(
            kind="draw.object" if number % 20 else "draw.result",
            ref=str(uuid.UUID(int=number)),
            title=f"示例建设{name}{trade}有限公司",
            text=f"{code} {place}区 2026年第{number // 500}号抽查 序号{number % 500}{extra}",
            at=BEGIN + timedelta(minutes=number // 500 * 25),
            agency="/a/b/",
            public=number % 10 != 0,
        )


def measure(ask: Callable[[], object]) -> float:
    """The 95th percentile in milliseconds."""
    times = []
    for _ in range(ASKS):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[int(ASKS * 0.95) - 1]


def run(quick: bool) -> list[dict[str, object]]:
    """Build the index, then ask. The caller has set Django up."""
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        return _run(QUICK if quick else FULL)
    finally:
        teardown_databases(made, verbosity=0)


def _run(count: int) -> list[dict[str, object]]:
    from django.db import connection

    from xiezhi.core.actor import PUBLIC
    from xiezhi.search import fulltext, gin

    vendor = connection.vendor
    begun = time.perf_counter()
    source = documents(count)
    for _ in range(0, count, 10_000):  # as services would: transactions, not one for all
        fulltext.index_many(document for document, _ in zip(source, range(10_000), strict=False))
    rows = [_row(vendor, f"index {count} entries", count / (time.perf_counter() - begun), "entries/s")]
    if vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE search_term")
        gin.forget_statistics()
    plans = {"": gin.by_gin} if vendor != "postgresql" else {
        "": gin.by_gin, " (GIN)": lambda *_: True, " (scan)": lambda *_: False
    }  # fmt: skip
    kinds = {"draw.object": "", "draw.result": ""}
    chosen = gin.by_gin
    try:
        for what, query, _ in WORDS:
            for plan, choice in plans.items():
                gin.by_gin = choice

                def ask(query: str = query) -> object:
                    return fulltext.find(query, kinds=kinds, actor=PUBLIC, limit=50)

                found = len(ask())
                rows.append(_row(vendor, f"{what} {query}, {found} hits{plan}, p95", measure(ask), "ms"))
    finally:
        gin.by_gin = chosen
    return rows


def _row(vendor: str, name: str, value: float, unit: str) -> dict[str, object]:
    return {"name": f"search on {vendor}: {name}", "value": round(value, 2), "unit": unit}
