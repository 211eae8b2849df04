"""Atom (RFC 4287): what became public, was corrected or taken down, newest change first, by the list's filters."""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiezhi.disclosure import queries
from xiezhi.disclosure.codes import Kind
from xiezhi.disclosure.models import Publication
from xiezhi.inspection.codes import Outcome

from . import public_filters

ENTRIES = 50
NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The feed. Of what was taken down it tells that it was, without its words."""
    chosen = public_filters.read(request.GET.dict())
    rows = list(public_filters.apply(queries.changes(), chosen).order_by("-changed_at", "-pk")[:ENTRIES])
    bodies = queries.names_of_agencies({row.agency for row in rows})
    response = HttpResponse(_feed(rows, chosen, bodies), content_type=MEDIA_TYPE)
    response["Cache-Control"] = "public, max-age=300"
    return response


def _feed(rows: list[Publication], chosen: dict[str, str], bodies: dict[str, str]) -> bytes:
    feed = Element("feed", xmlns=NAMESPACE)
    own = _url(reverse("published-feed")) + public_filters.query(chosen)
    _text(feed, "id", own)
    _text(feed, "title", _title(chosen))
    _text(feed, "updated", (rows[0].changed_at.isoformat() if rows else "1970-01-01T00:00:00+00:00"))
    SubElement(feed, "link", rel="self", href=own, type="application/atom+xml")
    SubElement(feed, "link", href=_url(reverse("published-list")) + public_filters.query(chosen))
    for row in rows:
        _entry(feed, row, bodies.get(row.agency, ""))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()


def _entry(feed: Element, row: Publication, body: str) -> None:
    entry = SubElement(feed, "entry")
    _text(entry, "id", f"urn:uuid:{row.pk}")
    _text(entry, "title", row.title if row.shown else _("已不再公示的内容"))
    _text(entry, "updated", row.changed_at.isoformat())
    _text(entry, "published", row.published_at.isoformat())
    SubElement(entry, "link", href=_url(reverse("published", args=[row.pk])))
    SubElement(entry, "category", term=row.kind, label=str(Kind(row.kind).label))
    _text(SubElement(entry, "author"), "name", body or str(settings.SITE_URL))
    _text(entry, "summary", _summary(row))


def _summary(row: Publication) -> str:
    if not row.shown:
        return str(row.get_state_display())
    outcome = str(Outcome(row.outcome).label) if row.outcome else ""
    return "，".join(part for part in (str(Kind(row.kind).label), outcome) if part)


def _title(chosen: dict[str, str]) -> str:
    kind = Kind(chosen["kind"]).label if "kind" in chosen else _("全部")
    return _("公示：%(kind)s") % {"kind": kind}


def _text(parent: Element, name: str, text: str) -> None:
    # XML 1.0 has no place for control characters, escaped or not.
    SubElement(parent, name).text = "".join(c for c in text if ord(c) >= ord(" ") or c in "\n\t")


def _url(path: str) -> str:
    return f"{str(settings.SITE_URL).rstrip('/')}{path}"
