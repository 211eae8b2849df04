"""Links of the registry's pages."""

from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.web.navigation import register, register_todo

from . import queries


def _staged(actor: Actor) -> int:
    return queries.imports_visible_to(actor).filter(state="staged").count()


register("registry", _("市场主体"), "registry:entities", "registry.read", order=10)
register("registry", _("工程项目"), "registry:projects", "registry.read", order=20)
register("registry", _("许可"), "registry:permits", "registry.read", order=22)
register("registry", _("工地"), "registry:sites", "registry.read", order=24)
register("registry", _("主体人员"), "registry:persons", "registry.read_personal", order=26)
register("registry", _("名录导入"), "registry:imports", "registry.import", order=30)
register_todo(_("待确认的导入"), "registry:imports", "registry.import", _staged, "state=staged")
