"""A small office with the national templates loaded: who drafts, who keeps the register and the seal, who publishes."""

import io
from typing import Any

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.documents import gate, queries, services
from xiezhi.documents.models import Document, Template
from xiezhi.people.tests import house

SETUP = system("setup")
SQUAD, BODY = house.SQUAD_1, house.DETACHMENT
PDF = b"%PDF-1.4\n% a scan\n"
# user name: lin drafts and signs, fa (支队法制) keeps numbers, seal and templates, zhi (支队长) publishes.
LIN, FA, ZHI, MEI = "lin", "fa", "zhi", "mei"


def build() -> None:
    """The house of ``people`` and the national templates, on the clock that stands."""
    house.build()
    services.load_builtin_templates(SETUP)


def actor(username: str):
    return house.actor(username)


def template(code: str = "inspection_notice", agency: str = SQUAD) -> Template:
    found = queries.in_force(code, agency, gate.day_of(clock.now()))
    assert found is not None, code
    return found


def sample(code: str = "inspection_notice") -> dict[str, Any]:
    """Made-up values that fill every field of the type."""
    return dict(template(code).contract.sample())


def drafted(code: str = "inspection_notice", by: str = LIN, **given: Any) -> Document:
    values = given.pop("values", None)
    return services.draft_document(
        actor(by),
        template=template(code),
        agency=given.pop("agency", SQUAD),
        title=given.pop("title", "示例家园一期检查"),
        values=sample(code) if values is None else values,
        **given,
    )


def signed(code: str = "inspection_notice", **given: Any) -> Document:
    row = drafted(code, **given)
    return services.sign_document(actor(LIN), row.id, rev=row.rev)


def requested(**given: Any) -> Document:
    row = signed(**given)
    services.request_seal(actor(LIN), row.id, rev=row.rev, purpose="送达")
    row.refresh_from_db()
    return row


def registered(**given: Any) -> Document:
    row = requested(**given)
    services.register_seal(actor(FA), row.id, rev=row.rev, seal_name="示例支队公章")
    row.refresh_from_db()
    return row


def sealed(**given: Any) -> Document:
    row = registered(**given)
    services.return_scan(actor(FA), row.id, rev=row.rev, scan=io.BytesIO(PDF))
    row.refresh_from_db()
    return row


def blank(count: int = 1):
    made = services.issue_blank(
        actor(FA), template=template(), agency=BODY, holder=house.account(LIN), count=count
    )
    return made[0] if count == 1 else made


def local(**changed: Any) -> dict[str, Any]:
    """What ``draft_template`` takes: the national notice with changes."""
    base = template()
    return {
        "agency": BODY,
        "code": base.code,
        "title": base.title,
        "fields": base.fields,
        "body": base.body,
        "numbering": base.numbering,
        "seal": base.seal,
        "basis": base.basis,
    } | changed
