"""Links of these pages in the console's side navigation, and the count of what waits for one."""

from django.utils.translation import gettext_lazy as _

from xiezhi.web.navigation import register, register_todo

from .pages.approvals import count_inbox

register("work", _("待办审批"), "console:inbox", order=10)
register("work", _("审批"), "console:approvals", order=20)
register("people", _("机构"), "console:agencies", "people.read", order=10)
register("people", _("执法人员"), "console:officers", "people.read", order=20)
register("people", _("辅助人员"), "console:assistants", "people.read", order=30)
register("people", _("委托书"), "console:letters", "people.read", order=40)
register("people", _("代办授权"), "console:authorisations", order=50)
register("people", _("审批流程"), "console:routes", "people.read", order=60)
register("system", _("账号"), "console:accounts", "people.read", order=10)
register("system", _("角色与权限"), "console:roles", "people.read", order=20)
register_todo(_("待办审批"), "console:inbox", "", count_inbox)
