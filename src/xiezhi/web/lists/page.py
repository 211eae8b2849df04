"""The list page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.views.decorators.vary import vary_on_headers

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.web import queries, services
from xiezhi.web.pages import ConsoleView

from . import keyset
from .columns import Column
from .export import MEDIA_TYPES
from .exports import send
from .filters import Control, Filter

COUNT_TO = 10_000


@dataclass(frozen=True)
class Header:
    """A column's head: where a click sorts to; ``sorted`` is ``""``, ``ascending`` or ``descending``."""

    title: str | Promise
    number: bool
    url: str
    sorted: str


class ListPage(ConsoleView):
    """A list with filters, sorting, keyset paging, saved views and export. All its state is in the address.

    A subclass sets ``ability``, ``title``, ``columns``, ``filters``, ``order`` and answers :meth:`rows`.
    """

    template_name = "web/list.html"
    columns: ClassVar[Sequence[Column]]
    filters: ClassVar[Sequence[Filter]] = ()
    order: ClassVar[tuple[str, ...]] = ("-pk",)
    page_size: ClassVar[int] = 50
    exports: ClassVar[bool] = True
    empty: str | Promise = ""
    intro: str | Promise = ""

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        """What the actor may see (``visible_to`` first); ``kwargs`` are the address's parts. Feeds exports too."""
        raise NotImplementedError

    def actions(self) -> Sequence[Mapping[str, Any]]:
        """Buttons above the list, as in ``DetailPage.actions``."""
        return ()

    @classmethod
    def filtered(cls, actor: Actor, kwargs: Mapping[str, Any], params: Mapping[str, str]) -> QuerySet[Any]:
        """The rows after the filters."""
        rows = cls.rows(actor, kwargs)
        for item in cls.filters:
            rows = item.narrow(actor, rows, params)
        return rows

    @classmethod
    def sorting(cls, params: Mapping[str, str]) -> tuple[str, ...]:
        """The order asked for, where a column allows it."""
        asked = params.get("sort", "")
        path = {column.name: column.sort for column in cls.columns if column.sort}.get(asked.lstrip("-"))
        return (f"-{path}" if asked.startswith("-") else path,) if path else cls.order

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        params = {name: value for name, value in request.GET.items() if value}
        return vary_on_headers("HX-Request")(lambda _request: self._list(params))(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Export the list, or save or delete a view of it."""
        fmt = request.POST.get("export", "")
        if self.exports and fmt in MEDIA_TYPES:
            return send(self, fmt, self.kept({k: v for k, v in request.GET.items() if v}))
        try:
            if "delete" in request.POST:
                services.delete_view(self.actor, page=self.key(), name=request.POST["delete"])
            else:
                query = urlencode(self.kept({k: v for k, v in request.GET.items() if v}))[:2000]
                services.save_view(self.actor, page=self.key(), name=request.POST.get("name", ""), query=query)
        except Invalid as error:
            for text in error.fields["name"]:
                messages.error(request, text)
        return HttpResponseRedirect(request.get_full_path())

    def key(self) -> str:
        """Names the list in saved views: its address's name."""
        match = self.request.resolver_match
        return (match.view_name if match else type(self).__name__)[:80]

    def kept(self, params: Mapping[str, str]) -> dict[str, str]:
        """Parameters that make a view: filters and sorting, without the place in it."""
        names = {name for item in self.filters for name in item.names()} | {"sort"}
        return {name: value for name, value in params.items() if name in names}

    def _list(self, params: Mapping[str, str]) -> HttpResponse:
        rows = self.filtered(self.actor, self.kwargs, params)
        page, lost = keyset.page_or_first(rows, self.sorting(params), self.page_size, params)
        if lost:
            messages.warning(self.request, lost)
        kept = self.kept(params)
        filters = {name: value for name, value in kept.items() if name != "sort"}
        count = rows.order_by()[: COUNT_TO + 1].count()
        partial = self.request.headers.get("HX-Request") and not self.request.headers.get(
            "HX-History-Restore-Request"
        )
        return self.page(
            template="web/list_body.html" if partial else "",
            headers=self._headers(params, kept),
            lines=[
                [(column, column.shown(row), _link(column, row)) for column in self.columns] for row in page.rows
            ],
            controls=self._controls(params),
            actions=self.actions(),
            count=min(count, COUNT_TO),
            more_than=count > COUNT_TO,
            before=_query({**kept, "before": page.before}) if page.before else "",
            after=_query({**kept, "after": page.after}) if page.after else "",
            exports=[(fmt.upper(), fmt) for fmt in MEDIA_TYPES] if self.exports and page.rows else [],
            narrowed=bool(filters),
            sort=params.get("sort", ""),
            saved=queries.saved_views(self.request.user.pk, self.key()),
            query=urlencode(kept),
        )

    def _controls(self, params: Mapping[str, str]) -> list[Control]:
        return [control for item in self.filters for control in item.controls(params)]

    def _headers(self, params: Mapping[str, str], kept: dict[str, str]) -> list[Header]:
        now = params.get("sort", "")
        found = []
        for column in self.columns:
            state = {column.name: "ascending", f"-{column.name}": "descending"}.get(now, "")
            turn = f"-{column.name}" if state == "ascending" else column.name
            url = _query({**kept, "sort": turn}) if column.sort else ""
            found.append(Header(column.title, column.number, url, state))
        return found


def _link(column: Column, row: Any) -> str:
    return column.link(row) if column.link is not None else ""


def _query(params: Mapping[str, str]) -> str:
    return f"?{urlencode(params)}"
