"""Links of the console's own pages; pages of apps below ``web`` live here, so they are registered here too."""

from django.utils.translation import gettext_lazy as _

from xiezhi.web.navigation import register

register("work", _("首页"), "console:home", order=0)
register("system", _("接口密钥"), "console:keys", "api.manage_keys", order=70)
register("system", _("界面组件"), "console:components", "people.manage_roles", order=90)
