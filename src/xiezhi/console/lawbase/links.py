"""Links and counts of the law's pages."""

from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.lawbase import queries
from xiezhi.lawbase.rights import CONFIRM
from xiezhi.web.navigation import register, register_todo


def _waiting(actor: Actor) -> int:
    return queries.pending_confirmation(actor).count()


register("lawbase", _("待核内容"), "console:law_pending", queries.READ, order=10)
register("lawbase", _("全部法规内容"), "console:law_items", queries.READ, order=20)
register("lawbase", _("期限与计算"), "console:law_deadlines", queries.READ, order=30)
register("lawbase", _("工作日历"), "console:law_calendar", queries.READ, order=40)
register_todo(_("待核内容"), "console:law_pending", CONFIRM, _waiting)
