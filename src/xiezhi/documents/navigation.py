"""Links of the console's side navigation, and what waits."""

from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.web import navigation, subjects

from . import queries
from .codes import Sealing, State
from .gate import DRAFT, SEAL
from .models import READ


def _drafts(actor: Actor) -> int:
    return queries.drafts_of(actor).count()


def _seals(actor: Actor) -> int:
    return queries.visible_to(actor).filter(sealing=Sealing.REQUESTED).count()


navigation.register("documents", _("文书"), "documents:documents", READ, order=10)
navigation.register("documents", _("文号登记簿"), "documents:numbers", READ, order=20)
navigation.register("documents", _("用印登记簿"), "documents:seals", READ, order=30)
navigation.register("documents", _("文书模板"), "documents:templates", READ, order=40)
navigation.register_todo(_("文书草稿"), "documents:documents", DRAFT, _drafts, f"state={State.DRAFT}")
navigation.register_todo(_("待登记用印"), "documents:documents", SEAL, _seals, f"sealing={Sealing.REQUESTED}")
subjects.register("document", "documents:document")
