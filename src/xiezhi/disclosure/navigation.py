"""Links of the console's side navigation, and what waits."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.web import navigation, subjects

from . import queries
from .codes import ObjectionState, State
from .gate import PREPARE, SIGN
from .models import OBJECTIONS, READ


def _in(*states: State) -> Callable[[Actor], int]:
    return lambda actor: queries.visible_to(actor).filter(state__in=states).count()


subjects.register("publication", "disclosure:publication")
subjects.register("objection", "disclosure:objection")
navigation.register("inspection", _("公示工作台"), "disclosure:publications", READ, order=60)
navigation.register("inspection", _("公示异议"), "disclosure:objections", OBJECTIONS, order=61)
navigation.register_todo(
    _("待拟定的公示"), "disclosure:publications", PREPARE, _in(State.DUE), f"state={State.DUE}"
)
navigation.register_todo(
    _("待签发的公示"), "disclosure:publications", SIGN, _in(State.PREPARED, State.CORRECTING), "waiting=sign"
)
navigation.register_todo(
    _("逾期未公示"),
    "disclosure:publications",
    PREPARE,
    lambda actor: queries.overdue(queries.visible_to(actor), clock.today()).count(),
    "waiting=overdue",
)
navigation.register_todo(
    _("来源有变、须更正或撤下的公示"),
    "disclosure:publications",
    SIGN,
    lambda actor: queries.changed(queries.visible_to(actor)).count(),
    "waiting=changed",
)
navigation.register_todo(
    _("待答复的公示异议"),
    "disclosure:objections",
    OBJECTIONS,
    lambda actor: queries.objections_visible_to(actor).filter(state=ObjectionState.RECEIVED).count(),
    f"state={ObjectionState.RECEIVED}",
)
