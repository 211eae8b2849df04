"""Closed lists of the app: what a reader sees beside what is stored. Texts are Chinese source."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is published. A new kind is a line here and a row of ``kinds.KINDS``."""

    ITEM = "item", _("抽查事项")
    PLAN = "plan", _("检查计划")
    DRAW = "draw", _("随机抽取")
    RESULT = "result", _("抽查结果")


class State(models.TextChoices):
    """Where a publication stands; projected from its events."""

    DUE = "due", _("待拟定")
    PREPARED = "prepared", _("待签发")
    PUBLISHED = "published", _("已公示")
    CORRECTING = "correcting", _("更正待签发")
    WITHDRAWN = "withdrawn", _("已撤下")
    EXPIRED = "expired", _("公示期满")
    STOPPED = "stopped", _("不再公示")


class Ground(models.TextChoices):
    """Why something that was published is taken down; published with it."""

    SOURCE = "source", _("所依据的计划、抽取或检查已终止或作废")
    WRONG = "wrong", _("公示内容有误")
    PERSONAL = "personal", _("含有不宜公开的信息")
    REVIEW = "review", _("复议、诉讼或监督决定")
    REPAIR = "repair", _("信用修复")
    OTHER = "other", _("其他")


class Change(models.TextChoices):
    """What became of the source after something was prepared or published from it."""

    VOIDED = "voided", _("抽取已作废")
    ENDED = "ended", _("计划已终止")
    REPLACED = "replaced", _("事项已有新版本")
    MOVED_ON = "moved_on", _("抽取有新进展")
    CANCELLED = "cancelled", _("检查任务已取消")


class Action(models.TextChoices):
    """What a channel is told."""

    PUBLISH = "publish", _("公示")
    REPLACE = "replace", _("更正")
    WITHDRAW = "withdraw", _("撤下")


class DeliveryState(models.TextChoices):
    """Where a delivery stands; ``manual`` waits for a person who reports it elsewhere by hand."""

    WAITING = "waiting", _("待送达")
    MANUAL = "manual", _("待人工报送")
    DELIVERED = "delivered", _("已送达")
    OVERTAKEN = "overtaken", _("已被后一次取代")


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    RECEIVED = "received", _("待处理")
    UPHELD = "upheld", _("异议成立")
    REJECTED = "rejected", _("异议不成立")


OPEN = (State.DUE, State.PREPARED, State.CORRECTING)
UNSIGNED = (State.PREPARED, State.CORRECTING)
STANDING = (State.PUBLISHED, State.CORRECTING)
