"""What there is to walk: every address of the resolver and every operation of the API, with an object to visit."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from xiezhi.api.root import api

API = "/api/v1"
# Pages of the API that are no operations.
API_PAGES = {"openapi.json", ""}

# Beginning of an address → parameter → the objects to visit. The longest beginning wins.
OBJECTS: dict[str, dict[str, tuple[str, ...]]] = {
    "/console/people/agencies/": {"key": ("agency",)},
    "/console/people/officers/": {"key": ("officer",), "certificate": ("certificate",), "leave": ("leave",)},
    "/console/people/accounts/": {"key": ("account",), "assignment": ("assignment",)},
    "/console/people/roles/": {"key": ("role",)},
    "/console/people/letters/": {"key": ("letter", "letter unpublished")},
    "/console/people/letters/<uuid:key>/revoke/": {"key": ("letter",)},
    "/console/people/letters/<uuid:key>/publish/": {"key": ("letter unpublished",)},
    "/console/people/substitutes/": {"key": ("authorisation",)},
    "/console/people/approvals/": {"key": ("approval",)},
    "/console/keys/": {"key_id": ("api key",)},
    "/console/law/": {"item": ("law item",), "confirmation": ("confirmation",)},
    "/console/law/calendar/": {"item": ("notice",)},
    "/console/jobs/": {"job": ("job of data_steward",)},
    "/console/notifications/": {"notification": ("notification of officer1",)},
    "/console/messages/": {"message": ("message",)},
    "/console/registry/": {
        "entity_id": ("entity",),
        "project_id": ("project",),
        "participant_id": ("participant",),
        "site_id": ("site",),
        "place_id": ("person's place",),
        "permit_id": ("permit",),
        "step": ("text:suspend",),
    },
    "/console/registry/entities/<uuid:entity_id>/separate/": {"entity_id": ("entity merged",)},
    "/console/registry/imports/": {"batch_id": ("import staged", "import applied")},
    "/console/draws/": {"roster": ("roster",), "exclusion": ("exclusion",), "opaque": ("object drawn",)},
    "/console/draws/items/": {"item": ("item",)},
    "/console/draws/schedule/": {"line": ("plan line",)},
    "/console/draws/plans/": {"plan": ("plan draft", "plan submitted")},
    "/console/draws/triggers/": {"trigger": ("trigger",)},
    "/console/draws/tasks/": {"task": ("task",)},
    "/console/draws/<uuid:draw>/": {"draw": ("draw prepared", "draw drawn", "draw published")},
    "/console/draws/<uuid:draw>/entry/": {"draw": ("draw drawn", "draw published")},
    "/console/draws/<uuid:draw>/exclude/": {"draw": ("draw prepared",)},
    "/console/draws/<uuid:draw>/exclusions/": {"draw": ("draw prepared",), "exclusion": ("exclusion",)},
    "/console/draws/<uuid:draw>/commit/": {"draw": ("draw prepared",)},
    "/console/draws/<uuid:draw>/discard/": {"draw": ("draw prepared",)},
    "/console/draws/<uuid:draw>/source/": {"draw": ("draw committed",)},
    "/console/draws/<uuid:draw>/source/confirm/": {"draw": ("draw with source",)},
    "/console/draws/<uuid:draw>/reveal/": {"draw": ("draw committed",)},
    "/console/draws/<uuid:draw>/release/": {"draw": ("draw committed",)},
    "/console/draws/<uuid:draw>/run/": {"draw": ("draw with confirmed source",)},
    "/console/draws/<uuid:draw>/publish/": {"draw": ("draw drawn",)},
    "/console/draws/<uuid:draw>/objects/": {"draw": ("draw drawn",), "opaque": ("object drawn",)},
    "/console/draws/<uuid:draw>/names/": {"draw": ("draw drawn", "draw published")},
    "/console/draws/<uuid:draw>/open/": {"draw": ("draw published",)},
    "/console/draws/<uuid:draw>/officers/": {"draw": ("draw published",)},
    "/console/disclosure/": {"publication": ("publication due", "publication prepared", "publication signed")},
    "/console/disclosure/<uuid:publication>/prepare/": {"publication": ("publication due",)},
    "/console/disclosure/<uuid:publication>/sign/": {"publication": ("publication prepared",)},
    "/console/disclosure/<uuid:publication>/return/": {"publication": ("publication prepared",)},
    "/console/disclosure/<uuid:publication>/correct/": {"publication": ("publication signed",)},
    "/console/disclosure/<uuid:publication>/withdraw/": {"publication": ("publication signed",)},
    "/console/disclosure/<uuid:publication>/deliveries/": {
        "publication": ("publication signed",),
        "delivery": ("delivery",),
    },
    "/console/disclosure/objections/": {"objection": ("objection",)},
    "/published/": {"publication": ("publication signed",), "version": ("text:1",)},
    "/console/documents/": {
        "template": ("template national",),
        "page": ("text:1",),
        "number": ("number reserved", "blank of officer2"),
        "document": ("document draft", "document sealed", "document with personal data"),
        "use": ("seal use",),
    },
    "/console/documents/numbers/<uuid:number>/blank.pdf": {"number": ("blank of officer2",)},
    "/console/documents/numbers/<uuid:number>/return/": {"number": ("blank of officer2",)},
    "/console/documents/numbers/<uuid:number>/use/": {"number": ("blank of officer2",)},
    "/console/documents/templates/": {"template": ("template national", "template draft")},
    "/console/documents/templates/<uuid:template>/publish/": {"template": ("template draft",)},
    "/console/documents/<uuid:document>/edit/": {"document": ("document draft",)},
    "/console/documents/<uuid:document>/approval/": {"document": ("document draft",)},
    "/console/documents/<uuid:document>/sign/": {"document": ("document draft",)},
    "/console/documents/<uuid:document>/issue/": {"document": ("document sealed",)},
    "/console/documents/<uuid:document>/correct/": {"document": ("document sealed",)},
    "/console/documents/<uuid:document>/seal/": {"document": ("document signed",)},
    "/console/documents/<uuid:document>/seal/register/": {"document": ("document with seal requested",)},
    "/console/documents/<uuid:document>/seal/scan/": {"document": ("document with seal registered",)},
    "/console/documents/<uuid:document>/seal/<uuid:use>/file/": {"document": ("document sealed",)},
    "/d/": {"code": ("code of a document",)},
    "/draws/": {
        "draw": ("draw prepared", "draw committed", "draw drawn", "draw published"),
        "bundle": ("bundle",),
    },
    "/accounts/": {"key": ("text:none",), "uidb36": ("text:1",), "provider_id": ("text:none",)},
    "/log/": {"path": ("text:0/000.p/1",)},
    f"{API}/draws/": {"draw": ("draw prepared", "draw committed", "draw drawn", "draw published")},
    f"{API}/draws/{{draw}}/exclusions": {"draw": ("draw prepared",)},
    f"{API}/draws/{{draw}}/commitment": {"draw": ("draw prepared",)},
    f"{API}/draws/{{draw}}/source": {"draw": ("draw committed",)},
    f"{API}/draws/{{draw}}/source/confirmation": {"draw": ("draw with source",)},
    f"{API}/draws/{{draw}}/source/reveal": {"draw": ("draw committed",)},
    f"{API}/draws/{{draw}}/source/release": {"draw": ("draw committed",)},
    f"{API}/draws/{{draw}}/result": {"draw": ("draw with confirmed source",)},
    f"{API}/draws/{{draw}}/bundles": {"draw": ("draw drawn",)},
    f"{API}/draws/{{draw}}/replacements": {"draw": ("draw drawn",)},
    f"{API}/draws/{{draw}}/replacement-requests": {"draw": ("draw drawn",)},
    f"{API}/draws/{{draw}}/names": {"draw": ("draw published",)},
    f"{API}/draws/{{draw}}/void": {"draw": ("draw drawn",)},
    f"{API}/inspection/tasks": {"task": ("task",)},
    f"{API}/inspection/triggers": {"trigger": ("trigger",)},
    f"{API}/documents": {
        "template": ("template national",),
        "number": ("number reserved",),
        "document": ("document sealed", "document with personal data"),
    },
    f"{API}/documents/numbers/{{number}}/return": {"number": ("blank of officer2",)},
    f"{API}/documents/numbers/{{number}}/use": {"number": ("blank of officer2",)},
    f"{API}/documents/{{document}}/signature": {"document": ("document draft",)},
    f"{API}/documents/{{document}}/issue": {"document": ("document sealed",)},
    f"{API}/documents/{{document}}/correction": {"document": ("document sealed",)},
    f"{API}/documents/{{document}}/void": {"document": ("document sealed",)},
    f"{API}/documents/{{document}}/seal": {"document": ("document signed",)},
    f"{API}/documents/{{document}}/seal/registration": {"document": ("document with seal requested",)},
    f"{API}/documents/{{document}}/seal/scan": {"document": ("document with seal registered",)},
    f"{API}/disclosure/public": {"publication": ("publication signed",)},
    f"{API}/disclosure/publications": {
        "publication": ("publication due", "publication prepared", "publication signed"),
    },
    f"{API}/disclosure/publications/{{publication}}/preparation": {"publication": ("publication due",)},
    f"{API}/disclosure/publications/{{publication}}/signature": {"publication": ("publication prepared",)},
    f"{API}/disclosure/publications/{{publication}}/return": {"publication": ("publication prepared",)},
    f"{API}/disclosure/publications/{{publication}}/correction": {"publication": ("publication signed",)},
    f"{API}/disclosure/publications/{{publication}}/withdrawal": {"publication": ("publication signed",)},
    f"{API}/keys": {"key_id": ("api key",)},
    f"{API}/events": {"event": ("event",)},
    f"{API}/people/": {
        "officer": ("officer",),
        "certificate": ("certificate",),
        "leave": ("leave",),
        "letter": ("letter", "letter unpublished"),
        "role": ("role",),
        "assignment": ("assignment",),
    },
    f"{API}/people/letters/{{letter}}/publication": {"letter": ("letter unpublished",)},
    f"{API}/people/letters/{{letter}}/revocation": {"letter": ("letter",)},
    f"{API}/approvals": {"approval": ("approval",)},
    f"{API}/notifications": {"notification": ("notification of officer1",)},
    f"{API}/law": {"item": ("law item",), "confirmation": ("confirmation",), "rule": ("text:decision",)},
    f"{API}/jobs": {"job_id": ("job of data_steward",)},
    f"{API}/registry": {"entity_id": ("entity",), "project_id": ("project",), "permit_id": ("permit",)},
    f"{API}/registry/imports": {"batch_id": ("import staged", "import applied")},
}
_GROUND = {"reason": "FREQ_CAP", "document": "示监函〔2026〕3号"}
_DATES = {"valid_from": "2026-05-01", "valid_to": "2026-05-07"}
_END = {"on": "2026-06-01", "reason": "示例理由"}
_TEXT = {"text": "示例意见"}
_NOBODY = ["00000000-0000-7000-8000-000000000000"]
_CHANGE = {"change": "cancel", "reason": "示例理由", "ground": "CLOSED", "document": "示监函〔2026〕3号"}
_DATES_OF_VISIT = {"window_from": "2026-05-01", "window_to": "2026-05-07"}
_OF_TYPE = {"template": str(UUID(int=0)), "agency": "/zjj/zhidui/"}
_VALUE = {"label": "示例信标第1期", "value": "9f86d081884c7d659a2feaa0c55ad015"}
# What a well-formed request says, so that an answer tells of rights and not of form. The version named is never
# the present one: whoever may act gets 412, whoever may not gets 403 or 404.
BODIES: dict[str, dict[str, object]] = {
    f"{API}/documents": _OF_TYPE | {"title": "示例检查", "values": {}},
    f"{API}/documents/numbers": _OF_TYPE | {"reason": "补录"},
    f"{API}/documents/blanks": _OF_TYPE | {"holder": str(UUID(int=0))},
    f"{API}/documents/numbers/{{number}}/void": {"reason": "示例"},
    f"{API}/documents/{{document}}": {"values": {}},
    f"{API}/documents/{{document}}/void": {"reason": "示例"},
    f"{API}/documents/{{document}}/signature": {},
    f"{API}/documents/{{document}}/values": {"purpose": "示例"},
    f"{API}/documents/{{document}}/pdf": {"purpose": "示例"},
    f"{API}/documents/{{document}}/approval": {"text": "请审批。"},
    f"{API}/documents/{{document}}/seal": {"purpose": "送达"},
    f"{API}/documents/{{document}}/seal/registration": {"seal_name": "示例公章"},
    f"{API}/disclosure/publications/{{publication}}/return": {"reason": "示例"},
    f"{API}/disclosure/publications/{{publication}}/correction": {"reason": "示例"},
    f"{API}/disclosure/publications/{{publication}}/withdrawal": {"ground": "wrong", "text": "示例"},
    f"{API}/keys": {"name": "示例", "agency": "/zjj/", "scopes": [], "expires_at": "2100-01-01T00:00:00Z"},
    f"{API}/draws/{{draw}}/exclusions": _GROUND | {"code": "91"},
    f"{API}/draws/{{draw}}/replacements": _GROUND | {"opaque": "0" * 64},
    f"{API}/draws/{{draw}}/replacement-requests": _GROUND | {"opaque": "0" * 64, "text": "示例"},
    f"{API}/draws/{{draw}}/source": _VALUE | {"published_at": "2026-03-02T13:00:00Z"},
    f"{API}/draws/{{draw}}/source/confirmation": _VALUE,
    f"{API}/inspection/tasks/{{task}}/names": {"purpose": "示例"},
    f"{API}/inspection/tasks/{{task}}/changes": _CHANGE,
    f"{API}/inspection/tasks/{{task}}/result": {"visited_on": "2026-05-01", "outcome": "clean"},
    f"{API}/inspection/tasks/{{task}}/result/return": {"reason": "示例理由"},
    f"{API}/inspection/triggers": _DATES_OF_VISIT
    | {
        "agency": "/zjj/zhidui/",
        "ground": "alarm",
        "reference": "示例",
        "reason": "示例",
        "code": "91",
        "items": _NOBODY,
    },
    f"{API}/inspection/triggers/{{trigger}}/task": {"leader": _NOBODY[0], "members": _NOBODY},
    f"{API}/inspection/triggers/{{trigger}}/end": {"reason": "示例理由"},
    f"{API}/draws/{{draw}}/source/reveal": _VALUE,
    f"{API}/people/officers": {"unit": "/zjj/zhidui/yi/", "name": "示例新人"},
    f"{API}/people/officers/{{officer}}": {"name": "示例改名"},
    f"{API}/people/officers/{{officer}}/release": {"reason": "示例理由"},
    f"{API}/people/officers/{{officer}}/certificates": _DATES
    | {"number": "示例9", "scope": "示例", "authority": "示例省司法厅"},
    f"{API}/people/officers/{{officer}}/leaves": _DATES | {"kind": "annual"},
    f"{API}/people/certificates/{{certificate}}/revocation": _END,
    f"{API}/people/letters": _DATES
    | {"principal": "/zjj/", "delegate": "/zjj/zhidui/", "number": "示例3", "matters": "示例"},
    f"{API}/people/letters/{{letter}}/publication": {
        "published_at": "https://example.gov.cn/2",
        "published_on": "2026-05-01",
    },
    f"{API}/people/letters/{{letter}}/revocation": _END,
    f"{API}/people/roles/{{role}}": {"name": "示例", "abilities": []},
    # The account is nobody's: whoever may give roles gets 404 for it.
    f"{API}/people/assignments": {
        "account": "00000000-0000-7000-8000-000000000000",
        "role": "officer",
        "agency": "/zjj/zhidui/yi/",
    },
    f"{API}/people/assignments/{{assignment}}/end": _END | {"on": "2100-01-01"},
    f"{API}/approvals/{{approval}}/agreement": _TEXT,
    f"{API}/approvals/{{approval}}/return": _TEXT,
    f"{API}/approvals/{{approval}}/resubmission": _TEXT,
    f"{API}/approvals/{{approval}}/withdrawal": _TEXT,
    f"{API}/law/items/{{item}}/confirmation": {
        "citation": "《示例规定》第一条",
        "source_text": "示例原文",
        "consulted_on": "2026-01-05",
    },
    f"{API}/law/items/{{item}}/versions": {"payload": {}, "valid_from": "2026-06-01", "reason": "示例理由"},
    f"{API}/law/confirmations/{{confirmation}}/withdrawal": {"reason": "示例理由"},
    f"{API}/draws/{{draw}}/void": _GROUND | {"explanation": "示例说明"},
}
# The same for what is read with parameters of its own.
QUERIES: dict[str, dict[str, str]] = {f"{API}/law/deadlines/{{rule}}/due": {"start": "2026-03-02"}}
NEVER = '"999999"'
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)|\{(\w+)\}")


@dataclass(frozen=True, order=True)
class Stop:
    """One stop of the walk. ``things`` is the column "object": ``House.things`` in the address's order."""

    address: str
    method: str
    things: str = ""

    def url(self, things: Any) -> str:
        """The address with the objects' ids in it."""
        names = iter(self.things.split(" / ") if self.things else ())

        def value(_: re.Match[str]) -> str:
            name = next(names)
            return name.removeprefix("text:") if name.startswith("text:") else things[name]

        return re.sub(r"[\^$]", "", PARAMETER.sub(value, self.address))


def stops() -> list[Stop]:
    """Every stop, in order of address."""
    found = {stop for address, methods in _addresses() for method in methods for stop in _visits(address, method)}
    return sorted(found)


def _addresses() -> Iterator[tuple[str, tuple[str, ...]]]:
    for address, view in routes():
        tail = address.removeprefix(f"{API}/")
        if not address.startswith(f"{API}/") or tail in API_PAGES:
            yield address, _methods(view)
    for address, operations in api.get_openapi_schema(path_prefix=f"{API}/")["paths"].items():
        yield address, tuple(method.upper() for method in operations)


def routes() -> Iterator[tuple[str, Callable[..., Any]]]:
    """(address as written in the resolver, view), those behind an equal earlier one left out."""
    seen: set[str] = set()
    for address, view in _routes(get_resolver(), "/"):
        if address not in seen:
            seen.add(address)
            yield address, view


def _routes(resolver: URLResolver, before: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.callback
        else:
            yield from _routes(entry, address)


def _methods(view: Any) -> tuple[str, ...]:
    """What a class answers to; a plain function is tried with both."""
    made = getattr(view, "view_class", None)
    return ("GET", "POST") if made is None else tuple(m for m in ("GET", "POST") if hasattr(made, m.lower()))


def _visits(address: str, method: str) -> Iterator[Stop]:
    names = [next(filter(None, groups)) for groups in PARAMETER.findall(address)]
    known: dict[str, tuple[str, ...]] = {}
    for beginning in sorted((b for b in OBJECTS if address.startswith(b)), key=len):
        known |= OBJECTS[beginning]
    choices = [known.get(name, (f"unknown {name}",)) for name in names]
    for number in range(max(map(len, choices), default=1)):
        yield Stop(address, method, " / ".join(c[min(number, len(c) - 1)] for c in choices))
