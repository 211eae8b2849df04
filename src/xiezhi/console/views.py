"""Home of the console, and the gallery of components."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from xiezhi.web import components, navigation
from xiezhi.web.pages import ConsoleView


class Home(ConsoleView):
    """What waits for the officer; where to go is in the side menu."""

    ability = ""
    title = _("工作台")
    template_name = "console/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(todos=navigation.todos(self.actor))


class Components(ConsoleView):
    """Every component in every example."""

    ability = "people.manage_roles"
    title = _("界面组件")
    template_name = "console/components.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        gallery = [
            (
                name,
                [render_to_string(f"web/components/{name}.html", dict(context), request) for context in contexts],
            )
            for name, contexts in components.examples().items()
        ]
        return self.page(gallery=gallery)
