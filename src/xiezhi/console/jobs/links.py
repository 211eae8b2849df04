"""Link of the jobs' pages."""

from django.utils.translation import gettext_lazy as _

from xiezhi.web.navigation import register

register("system", _("后台任务"), "console:jobs", order=60)
