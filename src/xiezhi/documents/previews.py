"""A page of made-up data, to look at a template before it counts; always marked 样例."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.paper import numbering
from xiezhi.core.paper.page import day

from . import approval, gate, pages, press, queries
from .models import Document, Template

# Fixed, so that the same template gives the same preview.
MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def page(template: Template) -> dict[str, Any]:
    """Input of ``press``."""
    return pages.filled(template, template.contract.sample(), _system(template), code="", mark=_("样例"))


def sample(template: Template) -> bytes:
    """The PDF. :class:`press.Unset` where it can't be set."""
    return press.pdf(page(template), MOMENT)


def of_draft(document: Document) -> dict[str, Any]:
    """A draft as it would be printed now, marked 草稿: without number and date."""
    body = gate.body_of(document.agency)
    system = {"agency": body.name, "opinions": approval.opinions(document)}
    return pages.filled(document.template, queries.values(document), system, code="", mark=_("草稿"))


def _system(template: Template) -> dict[str, Any]:
    shown = ""
    if template.numbering:
        shown = numbering.shown(template.numbering, agency=_("示例监"), year=2026, serial=12)
    opinion = {"step": _("大队长审核"), "text": _("同意。"), "name": _("示例大队长"), "on": day("2026-03-02")}
    return {
        "number": shown,
        "agency": _("示例市城建监察支队"),
        "signed_on": "2026-03-02",
        "signer": _("示例支队长"),
        "opinions": [opinion],
    }
