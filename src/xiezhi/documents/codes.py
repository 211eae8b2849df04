"""Closed lists of the app. Texts are Chinese source."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a document stands; projected from its events."""

    DRAFT = "draft", _("草稿")
    SIGNED = "signed", _("已签发")
    ISSUED = "issued", _("已制发")
    VOID = "void", _("已作废")


class Sealing(models.TextChoices):
    """Where the use of the seal stands."""

    NONE = "none", _("不用印")
    OWED = "owed", _("待申请用印")
    REQUESTED = "requested", _("已申请用印")
    REGISTERED = "registered", _("已登记用印，待扫描回传")
    SEALED = "sealed", _("已用印")


class NumberState(models.TextChoices):
    """What became of a number. Every number given out is in one of these."""

    USED = "used", _("已用")
    VOID = "void", _("已作废")
    RESERVED = "reserved", _("预留")
    HANDED = "handed", _("空白文书已领用")
    RETURNED = "returned", _("空白文书已交回")


class TemplateState(models.TextChoices):
    """A version of a template: being edited, or published (in force from its date)."""

    DRAFT = "draft", _("编辑中")
    PUBLISHED = "published", _("已发布")


class SealKind(models.TextChoices):
    """Whether a type of document bears a seal."""

    NONE = "none", _("不用印")
    OFFICIAL = "official", _("加盖公章")


class SealWay(models.TextChoices):
    """How a seal is put on."""

    PAPER = "paper", _("打印、盖章、扫描回传")
    ELECTRONIC = "electronic", _("电子印章")


OPEN_NUMBERS = (NumberState.RESERVED, NumberState.HANDED)
EFFECTIVE = (State.SIGNED, State.ISSUED)
