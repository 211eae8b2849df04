"""Where the subject of an approval or event is shown: apps say it for their kinds.

subjects.register("document", "documents:document")      # in AppConfig.ready()
subjects.address("document:0190…")                       # "/console/documents/0190…/", or "" for an unknown kind
"""

import uuid

from django.urls import NoReverseMatch, reverse

_pages: dict[str, str] = {}


def register(kind: str, url_name: str) -> None:
    """Subjects ``"<kind>:<uuid>"`` are shown at ``url_name``, which takes the id."""
    _pages[kind] = url_name


def address(subject: str) -> str:
    """The page, if there is one; whether the reader may open it is its own affair."""
    kind, _colon, key = subject.partition(":")
    try:
        return reverse(_pages[kind], args=[uuid.UUID(key)])
    except (KeyError, ValueError, NoReverseMatch):
        return ""
