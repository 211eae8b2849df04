"""Who may write the law.

What holds for the whole installation or for a division binds agencies that the writer has nothing to do with, so it
takes the ability over the whole tree (``"/"``). A figure that an agency sets for itself belongs to that agency:
whoever holds the ability there writes and confirms it.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, Refusal, Refused

from .models import Kind, LawItem, Origin

MANAGE = "lawbase.manage"
CONFIRM = "lawbase.confirm"
#: the chain that all changes of the law are written in
STREAM = "lawbase"
#: the root of the tree of agencies
ROOT = "/"
#: kinds of which the narrowest scope wins; of any other, one version holds for all
LOCAL_KINDS = frozenset({Kind.FIGURE})


def demand(actor: Actor, ability: str, scope: str) -> None:
    """``Denied`` to one who holds the ability nowhere that matters; ``Refused`` to the jurist of a subtree who would
    write what holds for others too.
    """
    if scope.startswith("/"):
        if not actor.may(ability, scope):
            raise Denied(ability, scope)
    elif not actor.may(ability, ROOT):
        if not actor.paths(ability):
            raise Denied(ability, scope)
        raise Refused(_FOR_ALL)


def may(actor: Actor, ability: str, scope: str) -> bool:
    """Would :func:`demand` let him pass?"""
    return actor.may(ability, scope if scope.startswith("/") else ROOT)


def demand_loaded(kind: str) -> None:
    """Take turns in writing a kind; ``Invalid`` until its shipped rows are loaded: ours would hide them all."""
    if LawItem.objects.select_for_update().filter(kind=kind).order_by("id").first() is None:
        raise Invalid({"": [_("法规数据尚未载入，请先运行 xiezhi lawbase load。")]})


_FOR_ALL = Refusal(
    "xz-law-for-all",
    "",
    gettext_noop("该内容适用于本系统的全部机构，您的职责范围只是其中一部分，不能核定或者改动。"),
    gettext_noop(
        "请由在“全部机构”（机构树根部）担任法制员或系统管理员的人员办理；"
        "只在本机构适用的数值，可以用“另设数值”为本机构路径设定。"
    ),
)


def demand_second_person(actor: Actor, item: LawItem) -> None:
    """``Refused`` where a person would confirm what he entered; a release that was loaded is nobody's own hand."""
    if item.origin == Origin.OFFICE and actor.kind != "system" and actor.person == item.loaded_by:
        raise Refused(_OWN_HAND)


_OWN_HAND = Refusal(
    rule_id="xz-law-second-person",
    article="",
    message=gettext_noop("这一版本由您录入，不能由您自己核定。"),
    remedy=gettext_noop("请由另一名有核定权限的法制员对照原文核定。"),
    params={},
)
