"""Bases of the console's pages: who may open one, its crumbs, its form, its facts."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, Refused, Stale

from . import navigation, problems

Text = str | Promise
Crumb = tuple[Text, str]


class ConsoleView(View):
    """A page of the console. Deny by default: a subclass names its ``ability`` ("" = whoever is signed in)."""

    ability: ClassVar[str]
    title: Text = ""
    template_name: ClassVar[str] = ""

    request: HttpRequest

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.request.actor  # type: ignore[attr-defined,no-any-return]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.kind == "public":  # type: ignore[attr-defined]
            return redirect_to_login(request.get_full_path())
        if not navigation.holds(self.actor, self.ability):
            raise Denied(self.ability)
        self.admit()
        return super().dispatch(request, *args, **kwargs)

    def admit(self) -> None:
        """Raise ``NotFound`` or ``Denied`` where the actor may not do this to this very object; by default nothing.

        The service asks again; but a form that he could never send is not shown, whatever he typed.
        """

    def breadcrumbs(self) -> Sequence[Crumb]:
        """(title, url) of the pages above this one."""
        return ()

    def page_title(self) -> Text:
        """Heading and window title."""
        return self.title

    def context(self, **more: Any) -> dict[str, Any]:
        """What every console template shows."""
        return {"title": self.page_title(), "breadcrumbs": self.breadcrumbs(), "view": self, **more}

    def page(self, *, status: int = 200, template: str = "", **more: Any) -> HttpResponse:
        """Render the page's template."""
        return render(self.request, template or self.template_name, self.context(**more), status=status)


class DetailPage(ConsoleView):
    """One object: a table of facts, links to what may be done. ``get_object`` raises ``NotFound``."""

    template_name = "web/detail.html"

    def get_object(self) -> Any:
        """The object, through its app's ``queries`` and the actor's ``visible_to``."""
        raise NotImplementedError

    def facts(self, obj: Any) -> Sequence[tuple[Text, Any]]:
        """(term, value) pairs; a value may be safe HTML from ``components.tag`` or ``format_html``."""
        return ()

    def actions(self, obj: Any) -> Sequence[Mapping[str, Any]]:
        """Buttons: ``{"text": …, "href": …}`` or ``{"text": …, "post": url}``; only what the actor may do."""
        return ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return self.page(object=self.object, facts=self.facts(self.object), actions=self.actions(self.object))


class FormPage(ConsoleView):
    """A form around one service. What was typed is never lost: not by an error, a refusal or someone else's edit.

    ``act`` calls the service with ``form.cleaned_data``; a form with a ``rev`` field (:class:`forms.RevForm`)
    also names ``stored`` so that a stale edit shows what the other one changed.
    """

    template_name = "web/form.html"
    form_class: type[forms.Form]
    submit: Text = _("保存")
    done: Text = _("已保存。")

    def initial(self) -> Mapping[str, Any]:
        """What the form begins with."""
        return {}

    def form_kwargs(self) -> dict[str, Any]:
        """More arguments of the form (choices that depend on the actor)."""
        return {}

    def act(self, data: Mapping[str, Any]) -> Any:
        """Do it."""
        raise NotImplementedError

    def done_url(self, result: Any) -> str:
        """Where to go on."""
        raise NotImplementedError

    def stored(self) -> Mapping[str, Any]:
        """The fields' present values with the present ``rev``."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(form=self.form_class(initial=dict(self.initial()), **self.form_kwargs()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES, initial=dict(self.initial()), **self.form_kwargs())
        if not form.is_valid():
            return self.page(form=form, status=422)
        try:
            result = self.act(form.cleaned_data)
        except Invalid as error:
            for name, texts in error.fields.items():
                form.add_error(name if name in form.fields else None, [str(text) for text in texts])
            return self.page(form=form, status=422)
        except Refused as error:
            return self.page(form=form, problem=problems.of(error), status=409)
        except Stale as error:
            return self._stale(form, error)
        return self.finished(result)

    def finished(self, result: Any) -> HttpResponse:
        """Say so and go on."""
        from django.contrib import messages

        if self.done:
            messages.success(self.request, str(self.done))
        return HttpResponseRedirect(self.done_url(result))

    def _stale(self, form: forms.Form, error: Stale) -> HttpResponse:
        stored = self.stored()
        both = [
            (form[name].label, _said(field, form.cleaned_data.get(name)), _said(field, stored[name]))
            for name, field in form.fields.items()
            if name != "rev" and name in stored
        ]
        changes = [row for row in both if row[1] != row[2]]
        # The next submission is made in knowledge of the stored version, so it carries that one's number.
        form.data = form.data.copy()
        form.data["rev"] = str(error.stored)
        return self.page(form=form, problem=problems.of(error), changes=changes, status=412)


def _said(field: forms.Field, value: Any) -> Any:
    """A field's value for people: of several choices their labels, in an order of its own, else as it is."""
    if not isinstance(field, forms.MultipleChoiceField):
        return value
    labels = dict(field.choices)  # type: ignore[arg-type]
    return "、".join(str(labels.get(one, one)) for one in sorted(value or ()))
