"""Closed lists of the app: what a reader sees beside what is stored. Texts are Chinese source."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """What an inspection item is carried by; in construction usually the project."""

    ENTITY = "entity", _("市场主体")
    PROJECT = "project", _("工程项目")
    SITE = "site", _("工地")


class Strata(models.TextChoices):
    """How a roster is parted into strata."""

    ALL = "all", _("不分层")
    DISTRICT = "district", _("按所在区域")
    GRADE = "grade", _("按信用风险等级")


class Reason(models.TextChoices):
    """Why an object is left out before a draw or leaves after it. The code is published, the name is not."""

    FREQ_CAP = "FREQ_CAP", _("已达年度检查频次上限")
    RECTIFYING = "RECTIFYING", _("正在整改期内")
    CLOSED = "CLOSED", _("已注销、完工或停工")
    JOINT = "JOINT", _("已列入联合检查")
    STAYED = "STAYED", _("法院裁定停止")
    RECUSED = "RECUSED", _("回避后无人可派")
    NOT_FOUND = "NOT_FOUND", _("查无下落")


class Level(models.TextChoices):
    """The ceremony's level (draw.md §7)."""

    ROUTINE = "routine", _("常规抽取")


class State(models.TextChoices):
    """Where a draw stands; projected from its events."""

    PREPARED = "prepared", _("已拟定")
    COMMITTED = "committed", _("已承诺")
    ENTERED = "entered", _("随机源已录入")
    CONFIRMED = "confirmed", _("随机源已复核")
    DRAWN = "drawn", _("已抽取")
    PUBLISHED = "published", _("已公布")
    OPENED = "opened", _("已公开名称")
    VOID = "void", _("已作废")


class Standing(models.TextChoices):
    """Where a drawn object stands."""

    DRAWN = "drawn", _("抽中")
    RESERVE = "reserve", _("备选")
    REMOVED = "removed", _("抽中后移出")
    CALLED = "called", _("由备选递补")


BEFORE_COMMITMENT = (State.PREPARED,)
AWAITING_SOURCE = (State.COMMITTED, State.ENTERED)
WITH_RESULT = (State.DRAWN, State.PUBLISHED, State.OPENED)
PUBLIC = (State.COMMITTED, State.ENTERED, State.CONFIRMED, *WITH_RESULT, State.VOID)
