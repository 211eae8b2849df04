"""The portal's home and its static pages; everyone may read them, no scripts are needed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView


class PortalPage(TemplateView):
    """A page of the portal: ``title`` is its heading."""

    title: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.title, view=self, **kwargs)


home = PortalPage.as_view(template_name="portal/home.html", title=_("执法公开"))
about = PortalPage.as_view(template_name="portal/about.html", title=_("关于本平台"))
accessibility = PortalPage.as_view(template_name="portal/accessibility.html", title=_("无障碍说明"))
privacy = PortalPage.as_view(template_name="portal/privacy.html", title=_("个人信息保护"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The portal may be indexed; the console and the API not."""
    text = "User-agent: *\nDisallow: /console/\nDisallow: /accounts/\nDisallow: /api/\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
