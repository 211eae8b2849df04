"""Rosters that exist nowhere: deterministic by seed, clearly synthetic names, codes of a reserved region.

Region 009999 is given to no place by GB/T 2260; the check characters are right, so every reader takes the codes.
"""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from xiezhi.core.ids import check_character

REGION = "009999"
HEADERS = (
    "企业名称", "统一社会信用代码", "成立日期", "企业类型", "注册资本", "经营范围", "省", "市", "住所",
)  # fmt: skip
_DIGITS = "〇一二三四五六七八九"
_TRADES = ("建设", "建筑工程", "市政工程", "装饰工程", "园林工程", "劳务", "检测", "监理", "机电安装", "地基基础")
_TYPES = ("有限责任公司", "股份有限公司", "个人独资企业", "集体所有制")
_TOWNS = ("示例镇", "样本街道", "演示乡", "虚构街道")
_FIRST_DAY = date(1985, 1, 1)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def synthetic_code(number: int, kind: str = "91") -> str:
    """The ``number``-th code (0 ≤ number < 10**8) of the reserved region: valid in form and both checks."""
    if not 0 <= number < 10**8:
        raise ValueError("a synthetic code has a number below 10**8")
    subject = f"{number:08d}"
    total = sum(int(c) * weight for c, weight in zip(subject, _ORGANISATION_WEIGHTS, strict=True))
    body = f"{kind}{REGION}{subject}{'0123456789X0'[11 - total % 11]}"
    return body + check_character(body)


def synthetic_name(number: int, trade: str = "建设") -> str:
    """``示例建设〇一有限公司``: at least two Chinese digits, so that names sort by length and read aloud."""
    return f"示例{trade}{''.join(_DIGITS[int(c)] for c in f'{number:02d}')}有限公司"


def synthetic_rows(count: int, *, seed: int = 0, start: int = 1) -> Iterator[dict[str, str]]:
    """``count`` rows as a registry would export them, keyed by :data:`HEADERS`."""
    for number in range(start, start + count):
        dice = random.Random(f"{seed}:{number}")  # noqa: S311 - made-up firms need no secrecy
        trade = dice.choice(_TRADES)
        day = _FIRST_DAY + timedelta(days=dice.randrange(14_000))
        capital = dice.choice((50, 100, 500, 1_008, 2_130, 10_052))
        yield {
            "企业名称": synthetic_name(number, trade),
            "统一社会信用代码": synthetic_code(number),
            "成立日期": day.isoformat(),
            "企业类型": dice.choice(_TYPES),
            "注册资本": f"{capital:,}(万元人民币)",
            "经营范围": f"{trade}施工;建筑材料销售(示例数据)",
            "省": "示例省",
            "市": "示例市",
            "住所": f"示例市{dice.choice(_TOWNS)}示例路{dice.randrange(1, 999)}号",
        }


def write_roster(path: Path, count: int, *, seed: int = 0, start: int = 1, encoding: str = "utf-8-sig") -> None:
    """A roster as a CSV file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        writer.writerows(synthetic_rows(count, seed=seed, start=start))
