"""Several publications signed at once: each is compared, and each signature stays an act of its own."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.disclosure import forms, gate, queries, scanning, services
from xiezhi.disclosure.models import Publication, PublicationVersion
from xiezhi.web import problems
from xiezhi.web.pages import Crumb, FormPage

from . import shown
from .pages import CRUMB, source_of

MOST = 30  # on one page: more are not compared in one go


@dataclass(frozen=True)
class Row:
    """A publication that waits, as it would be shown."""

    publication: Publication
    version: PublicationVersion
    key: str
    source: str
    fields: list[tuple[str, Any]]
    findings: list[dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """How many were signed; title of each that was not, and why."""

    signed: int
    refused: list[tuple[str, problems.Problem]]


class SignTogether(FormPage):
    """Compare what waits, choose, sign."""

    ability = gate.SIGN
    title = _("批量签发公示")
    template_name = "disclosure/sign_together.html"
    form_class = forms.SignTogetherForm
    submit = _("签发所选公示")

    @cached_property
    def rows(self) -> list[Row]:
        """What waits for this actor, the most urgent first."""
        return [_row(publication, version) for publication, version in queries.to_sign(self.actor)[:MOST]]

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def form_kwargs(self) -> dict[str, Any]:
        return {"rows": [(row.key, str(row.publication.working_title)) for row in self.rows]}

    def context(self, **more: Any) -> dict[str, Any]:
        form = more.get("form")
        chosen = set(form.data.getlist("chosen")) if form is not None and form.is_bound else set()
        return super().context(rows=self.rows, most=MOST, chosen=chosen, **more)

    def act(self, data: Mapping[str, Any]) -> Outcome:
        titles = {row.key: str(row.publication.working_title) for row in self.rows}
        tried = [(titles[key], _sign(self.actor, key)) for key in data["chosen"]]
        refused = [(title, problem) for title, problem in tried if problem is not None]
        return Outcome(len(tried) - len(refused), refused)

    def finished(self, result: Outcome) -> HttpResponse:
        if result.signed:
            messages.success(self.request, now("已签发并公示 %(count)s 项。") % {"count": result.signed})
        if not result.refused:
            return HttpResponseRedirect(f"{reverse(CRUMB[1])}?waiting=sign")
        del self.rows
        return self.page(form=self.form_class(**self.form_kwargs()), refused=result.refused, status=409)


def _row(publication: Publication, version: PublicationVersion) -> Row:
    places = scanning.scan(publication, version)
    return Row(
        publication=publication,
        version=version,
        key=f"{publication.pk}:{publication.rev}",
        source=source_of(publication),
        fields=shown.fields(version, places),
        findings=shown.findings(places),
    )


def _sign(actor: Actor, key: str) -> problems.Problem | None:
    """None where it is signed; else why not."""
    publication, _colon, rev = key.partition(":")
    try:
        services.sign(actor, uuid.UUID(publication), rev=int(rev))
    except (Refused, Stale, Denied, NotFound, Invalid) as error:
        return problems.of(error)
    return None
