"""Side navigation and to-do counts of the console: apps register theirs in ``AppConfig.ready()``.

navigation.register("registry", _("企业"), "registry:entities", "registry.read")
navigation.register_todo(_("待审批"), "console:approvals", "", queries.count_waiting)
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor

Text = str | Promise

# In the order in which they are shown.
SECTIONS: dict[str, Text] = {
    "work": _("工作台"),
    "registry": _("监管对象"),
    "inspection": _("双随机检查"),
    "documents": _("文书"),
    "casework": _("执法办案"),
    "record": _("全过程记录"),
    "lawbase": _("法规依据"),
    "people": _("机构与人员"),
    "system": _("系统管理"),
}


@dataclass(frozen=True)
class Item:
    """A link of the side navigation; ``ability`` empty: for everyone who is signed in."""

    section: str
    title: Text
    url_name: str
    ability: str = ""
    order: int = 50


@dataclass(frozen=True)
class Todo:
    """A count on the console's home page."""

    title: Text
    url_name: str
    ability: str
    count: Callable[[Actor], int]
    query: str = ""


@dataclass(frozen=True)
class Link:
    """An item as a page shows it."""

    title: Text
    url: str
    current: bool = False


_items: dict[str, Item] = {}
_todos: dict[str, Todo] = {}


def register(section: str, title: Text, url_name: str, ability: str = "", *, order: int = 50) -> None:
    """Add a link; a section that is not in :data:`SECTIONS` is a bug and raises ``KeyError``."""
    if section not in SECTIONS:
        raise KeyError(section)
    _items[url_name] = Item(section, title, url_name, ability, order)


def register_todo(
    title: Text, url_name: str, ability: str, count: Callable[[Actor], int], query: str = ""
) -> None:
    """Add a count to the home page; ``query`` (``"state=open"``) is appended to the link."""
    _todos[url_name + query] = Todo(title, url_name, ability, count, query)


def holds(actor: Actor, ability: str) -> bool:
    """Does the actor hold ``ability`` anywhere? Empty: whoever is signed in."""
    if not ability:
        return actor.kind != "public"
    return bool(actor.paths(ability))


def menu(request: HttpRequest) -> list[tuple[Text, list[Link]]]:
    """Sections and links that this request's actor may open, with the current one marked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found: list[tuple[Text, list[Link]]] = []
    items = sorted(_items.values(), key=lambda item: item.order)
    urls = {item.url_name: url for item in items if (url := _address(item.url_name))}
    here = max((url for url in urls.values() if _under(request.path, url)), key=len, default="")
    for section, title in SECTIONS.items():
        links = [
            Link(item.title, urls[item.url_name], urls[item.url_name] == here)
            for item in items
            if item.section == section and item.url_name in urls and holds(actor, item.ability)
        ]
        if links:
            found.append((title, links))
    return found


def todos(actor: Actor) -> list[tuple[Text, str, int]]:
    """(title, url, count) of what waits for the actor, in order of registration."""
    found = []
    for todo in _todos.values():
        url = _address(todo.url_name)
        if url and holds(actor, todo.ability):
            found.append((todo.title, url + (f"?{todo.query}" if todo.query else ""), todo.count(actor)))
    return found


def _under(path: str, url: str) -> bool:
    """Does the page at ``path`` belong to the link? A surface's home holds itself only."""
    return path == url or (path.startswith(url) and url.count("/") > 2)


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
