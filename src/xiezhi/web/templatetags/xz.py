"""``{% load xz %}``: the front end's files, tags, times, operation ids and addresses."""

import uuid
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xiezhi.web import frontend
from xiezhi.web.components import tag as make_tag
from xiezhi.web.idempotency import FIELD
from xiezhi.web.lists.columns import display
from xiezhi.web.lists.columns import whole as is_whole

register = template.Library()


@register.simple_tag
def front_end(entry: str) -> SafeString:
    """Style and script of an entry: ``{% front_end "desk/main.ts" %}``."""
    return frontend.tags(entry)


@register.simple_tag
def tag(kind: str, text: str = "") -> SafeString:
    """``{% tag "unverified" %}`` 待核; kinds and texts are in ``web.components.TAGS``."""
    return make_tag(kind, text)


@register.simple_tag
def operation() -> SafeString:
    """A hidden operation id: the same form sent twice acts once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.filter
def shown(value: Any) -> Any:
    """A plain value as a reader sees it (Shanghai time, 是/否, — for nothing)."""
    return display(value)


@register.filter
def whole(value: Any) -> bool:
    """Must a cell with this value not be broken? Dates, codes, document numbers."""
    return is_whole(display(value))


@register.filter
def iso(value: datetime) -> str:
    """For ``<time datetime>``."""
    return timezone.localtime(value).isoformat(timespec="seconds")
