"""Links of the portal's head; apps register theirs: ``register(_("抽查公示"), "portal:draws")``."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.web.navigation import Link

_links: dict[str, tuple[int, str | Promise]] = {}


def register(title: str | Promise, url_name: str, *, order: int = 50) -> None:
    """Add a link for everyone."""
    _links[url_name] = (order, title)


def menu(request: HttpRequest) -> list[Link]:
    """The links, with the current one marked."""
    found = []
    for url_name, (_order, title) in sorted(_links.items(), key=lambda pair: pair[1][0]):
        try:
            url = reverse(url_name)
        except NoReverseMatch:
            continue
        found.append(Link(title, url, request.path == url if url == "/" else request.path.startswith(url)))
    return found


register(_("首页"), "portal:home", order=0)
register(_("公示"), "published-list", order=20)
register(_("关于本平台"), "portal:about", order=90)
