"""What is set around a template's text: title, watermark, code for checking, footer."""

import io
from collections.abc import Mapping
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from xiezhi.core.paper import page
from xiezhi.people.models import Agency

from .models import Template

# Given to no place by GB/T 2260: bodies of demonstrations and tests live there.
SYNTHETIC_DISTRICT = "009999"


def is_synthetic(body: Agency) -> bool:
    """Is what this body writes made up? Then every page says 样例."""
    return bool(settings.DEMO) or body.district == SYNTHETIC_DISTRICT


def mark_of(body: Agency) -> str:
    """What every page of this body says across: 样例 on what is made up."""
    return _("样例") if is_synthetic(body) else ""


def address(code: str) -> str:
    """The public page on which a document's code is checked."""
    return f"{settings.SITE_URL.rstrip('/')}/d/{code}/"


def filled(
    template: Template, values: Mapping[str, Any], system: Mapping[str, Any], *, code: str, mark: str = ""
) -> dict[str, Any]:
    """The page of a document: input of ``press``. ``mark`` is printed across every page."""
    blocks = page.fill(template.blocks, template.contract, {**values, **system})
    return _page(template, blocks, str(system.get("agency", "")), str(system.get("number", "")), code, mark)


def blank(template: Template, system: Mapping[str, Any], *, code: str, mark: str = "") -> dict[str, Any]:
    """The page of a pre-numbered blank form, to be filled by hand."""
    blocks = page.empty(template.blocks, template.contract, system)
    return _page(template, blocks, str(system.get("agency", "")), str(system.get("number", "")), code, mark)


def _page(template: Template, blocks: list[Any], author: str, number: str, code: str, mark: str) -> dict[str, Any]:
    return {
        "title": f"{template.title} {number}".strip(),
        "author": author,
        "watermark": mark,
        "qr": _qr(address(code)) if code else "",
        "qr_alt": _("验真二维码"),
        "qr_caption": code,
        "footer": number,
        "blocks": blocks,
    }


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
