"""Who may write the law: for an agency's own scope whoever holds the ability there, else whoever holds it at all.

What holds for a division or everywhere belongs to no agency; which of its people may touch it, the installation
says by whom it gives the ability.
"""

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid

from .models import LawItem

MANAGE = "lawbase.manage"
CONFIRM = "lawbase.confirm"
#: the chain that all changes of the law are written in
STREAM = "lawbase"


def demand(actor: Actor, ability: str, scope: str) -> None:
    """``Denied`` unless the actor holds the ability for this scope."""
    held = actor.may(ability, scope) if scope.startswith("/") else bool(actor.paths(ability))
    if not held:
        raise Denied(ability, scope)


def demand_loaded(kind: str) -> None:
    """Take turns in writing a kind; ``Invalid`` until its shipped rows are loaded: ours would hide them all."""
    if LawItem.objects.select_for_update().filter(kind=kind).order_by("id").first() is None:
        raise Invalid({"": [_("法规数据尚未载入，请先运行 xiezhi lawbase load。")]})
