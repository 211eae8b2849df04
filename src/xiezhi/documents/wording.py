"""Faults of ``core.paper`` in the reader's words."""

from django.utils.translation import gettext as _

from xiezhi.core.paper.wording import Fault


def said(fault: Fault) -> str:
    """The fault, translated and filled in."""
    params = {name: _(value) if isinstance(value, str) else value for name, value in fault.params.items()}
    text = _(fault.message)
    return text % params if params else text
