"""The scan of what would be shown: every title and value, and the words that people add."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from xiezhi.core import masking
from xiezhi.core.masking import Found

from .kinds import KINDS
from .models import Publication, PublicationVersion


@dataclass(frozen=True, slots=True)
class Place:
    """What was found where: ``label`` of the field, its text, and the places in it."""

    label: str
    text: str
    found: tuple[Found, ...]

    def parts(self) -> list[tuple[str, str]]:
        """The text in pieces, each with the code of what was found there (empty: nothing)."""
        pieces, at = [], 0
        for one in self.found:
            if one.start >= at:
                pieces += [(self.text[at : one.start], ""), (self.text[one.start : one.end], one.code)]
                at = one.end
        return [piece for piece in [*pieces, (self.text[at:], "")] if piece[0]]


def scan(publication: Publication, version: PublicationVersion) -> list[Place]:
    """Places of a version at which something bars or hinders its publication."""
    source = KINDS[publication.kind].find(publication.subject)
    return look(version, source.names() if source else [])


def look(version: PublicationVersion, names: list[str]) -> list[Place]:
    """The same with the persons' names known."""
    rows = ((label, text, masking.look(text, names)) for label, text in texts(version))
    return [Place(label, text, found) for label, text, found in rows if found]


def texts(version: PublicationVersion) -> Iterator[tuple[str, str]]:
    """(label, text) of everything that a reader would see."""
    for field in version.fields:
        values = [field["value"]] if isinstance(field["value"], str) else field["value"]
        yield from ((field["label"], value) for value in values)
    if version.reason:
        yield gettext("更正说明"), version.reason


def bars(places: list[Place]) -> list[tuple[str, Found]]:
    """(label, finding) of what nobody may let pass."""
    return [(place.label, one) for place in places for one in masking.bars(place.found)]
