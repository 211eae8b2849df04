"""What these pages share: choices that the actor may pick from, and acts that need one press only."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.people import queries
from xiezhi.web.forms import DateInput
from xiezhi.web.pages import ConsoleView

Choices = Sequence[tuple[str, str]]


def unit_choices(actor: Actor, ability: str, *, everywhere: bool = False) -> Choices:
    """Agencies and divisions where the actor holds ``ability``, as a tree; ``everywhere`` adds ``"/"``."""
    rows = [row for row in queries.agencies(actor, day=clock.today()) if actor.may(ability, row.path)]
    found = [(row.path, "　" * (row.path.count("/") - 2) + row.name) for row in rows]
    return [("/", _("全部机构")), *found] if everywhere and actor.may(ability, "/") else found


def unit_names(actor: Actor) -> dict[str, str]:
    """Path → name, for lists that hold paths."""
    return {"/": _("全部机构"), **dict(queries.agencies(actor).values_list("path", "name"))}


def account_choices(actor: Actor) -> Choices:
    """Active staff accounts that the actor may see."""
    rows = queries.accounts(actor).filter(is_active=True, kind="staff")
    return [(str(row.pk), f"{row.name}（{row.unit.name if row.unit else ''}）") for row in rows]


def role_choices(actor: Actor) -> Choices:
    """All roles."""
    return [(role.code, role.name) for role in queries.roles(actor)]


def day_field(label: str | Promise, *, required: bool = True) -> django_forms.DateField:
    """A day."""
    return django_forms.DateField(label=label, widget=DateInput, required=required)


def text_area(label: str | Promise, **more: Any) -> django_forms.CharField:
    """Several lines."""
    return django_forms.CharField(label=label, widget=django_forms.Textarea(attrs={"rows": 4}), **more)


class PressPage(ConsoleView):
    """One act without a form: POST does it and goes on. A refusal is shown by the one rendering of refusals."""

    http_method_names = ("post",)
    done: ClassVar[str | Promise] = ""

    def act(self) -> str:
        """Do it; returns the address to go on to."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        url = self.act()
        messages.success(request, str(self.done))
        return HttpResponseRedirect(url)
