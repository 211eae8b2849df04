"""Where the subject of an approval or event is shown: apps say it for their kinds.

subjects.register("document", "documents:document")      # in AppConfig.ready()
subjects.address("document:0190…")                       # "/console/documents/0190…/", or "" for an unknown kind
"""

import uuid
from collections.abc import Callable, Sequence

from django.urls import NoReverseMatch, reverse

from xiezhi.core.actor import Actor

Told = Callable[[Actor, uuid.UUID], Sequence[tuple[str, str]]]
_pages: dict[str, str] = {}
_told: dict[str, Told] = {}


def register(kind: str, url_name: str, told: Told | None = None) -> None:
    """Subjects ``"<kind>:<uuid>"`` are shown at ``url_name``, which takes the id.

    told   what whoever decides about it must have before him: facts (term, text) for the page of its approval, as far
           as the actor may see them
    """
    _pages[kind] = url_name
    if told is not None:
        _told[kind] = told


def facts(actor: Actor, subject: str) -> Sequence[tuple[str, str]]:
    """What the subject's app says about it, as far as the actor may see it."""
    kind, _colon, key = subject.partition(":")
    try:
        return _told[kind](actor, uuid.UUID(key))
    except (KeyError, ValueError):
        return ()


def address(subject: str) -> str:
    """The page, if there is one; whether the reader may open it is its own affair."""
    kind, _colon, key = subject.partition(":")
    try:
        return reverse(_pages[kind], args=[uuid.UUID(key)])
    except (KeyError, ValueError, NoReverseMatch):
        return ""
