"""Links of the messages' pages."""

from django.utils.translation import gettext_lazy as _

from xiezhi.notify import queries
from xiezhi.web.navigation import register, register_todo

register("work", _("消息"), "console:notifications", order=20)
register("system", _("对外发送记录"), "console:messages", queries.READ, order=65)
register_todo(_("未读消息"), "console:notifications", "", queries.unread)
