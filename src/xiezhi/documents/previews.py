"""A page of made-up data, to look at a template before it counts; always marked 样例."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.paper import numbering

from . import pages, press
from .models import Template

# Fixed, so that the same template gives the same preview.
MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def sample(template: Template) -> bytes:
    """The PDF. :class:`press.Unset` where it can't be set."""
    return press.pdf(
        pages.filled(template, template.contract.sample(), _system(template), code="", sample=True), MOMENT
    )


def _system(template: Template) -> dict[str, Any]:
    shown = ""
    if template.numbering:
        shown = numbering.shown(template.numbering, agency=_("示例监"), year=2026, serial=12)
    opinion = {"step": _("大队长审核"), "text": _("同意。"), "name": _("示例大队长"), "on": "2026-03-02"}
    return {
        "number": shown,
        "agency": _("示例市城建监察支队"),
        "signed_on": "2026-03-02",
        "signer": _("示例支队长"),
        "opinions": [opinion],
    }
