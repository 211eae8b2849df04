"""The sentences that explain a date, step by step. Chinese source texts, translated when they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from xiezhi.core.law.rules import Kind, Unit


def gettext_noop(message: str) -> str:
    """Mark ``message`` for the catalogue of texts; core translates nothing itself."""
    return message


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence: a source text with ``%(name)s`` places and what goes there."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence, ``translate`` being gettext or nothing."""
        return translate(self.message) % self.params


class Mark(StrEnum):
    """Why a date is not sure: a rule from memory, or a year without its notice."""

    UNVERIFIED = "待核"
    ESTIMATED = "预估"


WEEKDAYS = (
    gettext_noop("星期一"),
    gettext_noop("星期二"),
    gettext_noop("星期三"),
    gettext_noop("星期四"),
    gettext_noop("星期五"),
    gettext_noop("星期六"),
    gettext_noop("星期日"),
)

RULE = gettext_noop("%(name)s：%(basis)s")
STARTS_AFTER = gettext_noop("%(start)s为“%(event)s”，当日不计入，自次日%(first)s起算")
STARTS_HOUR = gettext_noop("%(start)s为“%(event)s”，自该时刻起算")
STARTS_BEFORE = gettext_noop("%(start)s为“%(event)s”，当日不计入，自前一日%(first)s起倒数")
STARTS_HOUR_BEFORE = gettext_noop("%(start)s为“%(event)s”，自该时刻起倒数")
LENGTHS = {
    Unit.WORKING_DAY: gettext_noop("期间为%(length)s个工作日：周末和法定节假日不计，调休上班日计入"),
    Unit.NATURAL_DAY: gettext_noop("期间为%(length)s日，按自然日连续计算"),
    Unit.MONTH: gettext_noop("期间为%(length)s个月，至相应月份的对应日，没有对应日的为该月最后一日"),
    Unit.YEAR: gettext_noop("期间为%(length)s年，至相应年份的对应日，没有对应日的为该月最后一日"),
    Unit.HOUR: gettext_noop("期间为%(length)s小时，连续计算"),
}
EXTENDED = gettext_noop("经批准延长%(length)s（%(approval)s）")
EXCLUDED = gettext_noop("扣除%(first)s至%(last)s，其中%(days)s日落在期间内，不计入")
EXCLUDED_OUTSIDE = gettext_noop("%(first)s至%(last)s不在期间内，不影响计算")
NO_CAUSE = gettext_noop("本规则没有列明可以扣除的事由，扣除须另有依据（待核）")
CAUSES = gettext_noop("可以扣除的事由：%(causes)s")
ENDS = gettext_noop("期间的最后一日为%(last)s（%(weekday)s）")
ENDS_BEFORE = gettext_noop("最迟应当在%(last)s（%(weekday)s）办理")
ROLLED = gettext_noop("最后一日不是工作日，顺延至其后第一个工作日%(due)s（%(weekday)s）")
NOT_ROLLED = {
    Kind.LIMIT: gettext_noop("该期限届满即止，不因休息日顺延"),
    Kind.MINIMUM: gettext_noop("该期间是最短等待期，不顺延；自次日%(next)s起方可办理"),
    Kind.KEEP: gettext_noop("该期间是最短保存期，不顺延；至少保存至当日结束"),
    Kind.MAXIMUM: gettext_noop("该期间是最长期限，不得因休息日延长"),
    Kind.ACCRUAL: gettext_noop("按日（期）累计，不因休息日顺延"),
}
NOT_ROLLED_BEFORE = gettext_noop("倒数的期间不向后顺延；当日不是工作日的，宜提前至%(earlier)s（%(weekday)s）")
MARK_UNVERIFIED = gettext_noop("本规则的期限或计算方法凭记忆录入，须与原文核对")
MARK_BASIS = gettext_noop("依据中有尚待核对之处：%(basis)s")
MARK_EXTENSION = gettext_noop("延长的规定凭记忆录入，须与原文核对：工作安排以较严的%(stricter)s为准")
MARK_EXCLUSION = gettext_noop("扣除的依据尚待核对：不扣除时为%(date)s，工作安排以较严的%(stricter)s为准")
MARK_ESTIMATED = gettext_noop("%(years)s年的放假通知尚未载入，按周末和法定节假日预估，载入后重新计算")


def dated(day: date, moment: datetime | None = None) -> str:
    """``YYYY-MM-DD``, with ``HH:MM`` where there is a moment, with seconds where it has any."""
    if moment is None:
        return str(day)
    if moment.second or moment.microsecond:
        return moment.replace(tzinfo=None).isoformat(" ")
    return f"{moment:%Y-%m-%d %H:%M}"


def weekday(day: date) -> str:
    """The day's name in the week."""
    return WEEKDAYS[day.weekday()]
