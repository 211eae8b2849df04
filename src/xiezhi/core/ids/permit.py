"""建筑工程施工许可证编号: division of the issuing body (6), date (8), sequence of that day (2), class (2).

Only length, division digits and date are judged; some places append letters, and class lists vary.
"""

import re
from dataclasses import dataclass
from datetime import date

CLASSES = {
    "01": "一般工业与民用建筑",
    "02": "冶金、有色",
    "03": "煤炭",
    "04": "石油",
    "05": "化学",
    "06": "电力",
    "07": "建材",
    "08": "森林",
    "09": "轻纺",
    "10": "水利",
    "11": "铁路",
    "12": "公路",
    "13": "港口",
    "14": "航空航天",
    "15": "邮电、通信、电子",
    "16": "热力及燃气",
    "17": "给排水",
    "18": "市政、桥梁",
    "19": "其他",
}
_FORM = re.compile(
    r"(?P<region>[1-9][0-9]{5})(?P<date>[0-9]{8})(?P<seq>[0-9]{2})(?P<cls>[0-9]{2})(?P<tail>[A-Z]*)"
)


class PermitNumberError(ValueError):
    """The text is no permit number. ``reason`` is ``form`` or ``date``."""

    def __init__(self, reason: str, text: str):
        super().__init__(f"not a construction permit number ({reason}): {text!r}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PermitNumber:
    """One number, taken apart. ``tail`` are letters that some places append."""

    region: str
    issued: date
    sequence: int
    work_class: str
    tail: str = ""

    def __str__(self) -> str:
        return f"{self.region}{self.issued:%Y%m%d}{self.sequence:02d}{self.work_class}{self.tail}"

    @property
    def class_name(self) -> str | None:
        """The class as the reprinted national list calls it; ``None`` if the list lacks it."""
        return CLASSES.get(self.work_class)

    @classmethod
    def parse(cls, text: str) -> "PermitNumber":
        """Read ``text``; :class:`PermitNumberError` otherwise."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise PermitNumberError("form", text)
        digits = match["date"]
        try:
            issued = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError as error:
            raise PermitNumberError("date", text) from error
        return cls(match["region"], issued, int(match["seq"]), match["cls"], match["tail"])

    @classmethod
    def holds(cls, text: str) -> bool:
        """Has ``text`` the form of a permit number?"""
        try:
            cls.parse(text)
        except PermitNumberError:
            return False
        return True
