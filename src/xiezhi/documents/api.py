"""Operations of documents under /api/v1/documents. An act names in ``If-Match`` the ``rev`` it read."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from xiezhi.core.errors import Denied, Invalid, NotFound
from xiezhi.people import queries as people
from xiezhi.people.models import Account
from xiezhi.record import services as record
from xiezhi.web import navigation
from xiezhi.web.concurrency import rev_of, set_etag
from xiezhi.web.lists import keyset

from . import gate, queries, services
from .models import READ, Document, DocumentNumber, Template
from .schemas import (
    BlanksIn,
    DocumentOut,
    DocumentPage,
    DraftIn,
    NumberOut,
    NumberPage,
    OpinionIn,
    Paging,
    PurposeIn,
    ReasonIn,
    RegisterIn,
    ReserveIn,
    SaveIn,
    SealIn,
    SignIn,
    TemplateOut,
    TemplatePage,
    ValuesOut,
)
from .views import files

router = Router()


@router.get("", response=DocumentPage, summary="文书列表", operation_id="list_documents")
def list_documents(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Documents that the actor may read, newest first; ``q``: part of number or title."""
    rows = queries.visible_to(_reader(request))
    text = paging.q.replace("\0", "").strip()
    if text:
        rows = rows.filter(number__icontains=text) | rows.filter(title__icontains=text)
    return _page(rows, paging, ["-created_at"], _document)


@router.post("", response={201: DocumentOut}, summary="起草文书", operation_id="draft_document")
def draft_document(request: HttpRequest, response: HttpResponse, payload: DraftIn) -> Status:
    """Begin a document; it keeps the template version it began with."""
    actor = _reader(request)
    row = services.draft_document(
        actor, **{**payload.dict(), "template": queries.template(actor, payload.template)}
    )
    set_etag(response, row.rev)
    return Status(201, _document(row))


@router.get("/templates", response=TemplatePage, summary="文书模板", operation_id="list_templates")
def list_templates(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Every version that concerns the actor; ``q``: its code."""
    rows = queries.templates(_reader(request))
    text = paging.q.replace("\0", "").strip()
    return _page(rows.filter(code=text) if text else rows, paging, ["code", "agency", "-version"], _template)


@router.get(
    "/templates/{uuid:template}", response=TemplateOut, summary="文书模板的一版", operation_id="get_template"
)
def get_template(request: HttpRequest, response: HttpResponse, template: UUID) -> dict[str, Any]:
    """One version."""
    row = queries.template(_reader(request), template)
    set_etag(response, row.rev)
    return _template(row)


@router.get("/numbers", response=NumberPage, summary="文号登记簿", operation_id="list_document_numbers")
def list_numbers(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Every number given out, newest first; ``q``: part of the number."""
    rows = queries.numbers(_reader(request))
    text = paging.q.replace("\0", "").strip()
    return _page(rows.filter(text__icontains=text) if text else rows, paging, ["-given_at"], _number)


@router.post("/numbers", response={201: list[NumberOut]}, summary="预留文号", operation_id="reserve_numbers")
def reserve(request: HttpRequest, payload: ReserveIn) -> Status:
    """Put the next numbers by."""
    actor = _reader(request)
    rows = services.reserve_number(
        actor, **{**payload.dict(), "template": queries.template(actor, payload.template)}
    )
    return Status(201, [_number(row) for row in rows])


@router.post("/blanks", response={201: list[NumberOut]}, summary="领用空白文书", operation_id="issue_blanks")
def issue_blanks(request: HttpRequest, payload: BlanksIn) -> Status:
    """Print pre-numbered blank forms and hand them to an officer."""
    actor = _reader(request)
    given = {
        **payload.dict(),
        "template": queries.template(actor, payload.template),
        "holder": _account(actor, payload.holder),
    }
    return Status(201, [_number(row) for row in services.issue_blank(actor, **given)])


@router.post(
    "/numbers/{uuid:number}/void", response=NumberOut, summary="作废文号", operation_id="void_document_number"
)
def void_number(request: HttpRequest, number: UUID, payload: ReasonIn) -> dict[str, Any]:
    """A number that no document took is void."""
    return _number(services.void_number(_reader(request), number, rev=rev_of(request), reason=payload.reason))


@router.post(
    "/numbers/{uuid:number}/return", response=NumberOut, summary="交回空白文书", operation_id="return_blank"
)
def return_blank(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """An unused blank form comes back."""
    return _number(services.return_blank(_reader(request), number, rev=rev_of(request)))


@router.post("/numbers/{uuid:number}/use", response=DocumentOut, summary="手写文书归入", operation_id="use_blank")
def use_blank(
    request: HttpRequest,
    number: UUID,
    scan: File[UploadedFile | None] = None,
    title: Annotated[str, Form(max_length=200)] = "",
    signed_on: Annotated[date | None, Form()] = None,
) -> dict[str, Any]:
    """A form filled by hand: its scan becomes the document that bears the number. All three parts are needed."""
    actor = _reader(request)
    row = queries.number(actor, number)
    gate.allowed_number(actor, row, gate.NUMBERS, gate.SIGN)
    missing = {"scan": scan, "title": title, "signed_on": signed_on}
    if scan is None or signed_on is None or not title:
        raise Invalid({name: [_("请填写此项。")] for name, value in missing.items() if not value})
    given = {"rev": rev_of(request), "title": title, "signed_on": signed_on, "scan": scan.file}
    return _document(services.use_blank(actor, number, **given))


@router.get("/{uuid:document}", response=DocumentOut, summary="一件文书", operation_id="get_document")
def get_document(request: HttpRequest, response: HttpResponse, document: UUID) -> dict[str, Any]:
    """One document, with its ``rev`` as ETag."""
    return _answer(request, response, document)


@router.get("/{uuid:document}/values", response=ValuesOut, summary="文书内容", operation_id="get_document_values")
def get_values(request: HttpRequest, document: UUID) -> dict[str, Any]:
    """What was typed, without the fields marked sensitive."""
    row = queries.document(_reader(request), document)
    hidden = row.template.contract.sensitive
    return {"values": {name: value for name, value in queries.values(row).items() if name not in hidden}}


@router.post(
    "/{uuid:document}/values",
    response=ValuesOut,
    summary="文书内容，含个人信息",
    operation_id="read_document_values",
)
def read_values(request: HttpRequest, document: UUID, payload: PurposeIn) -> dict[str, Any]:
    """All that was typed; who read it and what for is recorded."""
    return {"values": queries.values(_opened(request, document, payload.purpose))}


@router.get("/{uuid:document}/pdf", summary="文书文件", operation_id="get_document_file")
def get_file(request: HttpRequest, document: UUID) -> HttpResponse:
    """The signed file; 404 while it is a draft, and for types that hold personal data (POST reads those)."""
    row = queries.document(_reader(request), document)
    if row.template.contract.sensitive:
        raise NotFound("pdf")
    return _file(row)


@router.post("/{uuid:document}/pdf", summary="文书文件，含个人信息", operation_id="read_document_file")
def read_file(request: HttpRequest, document: UUID, payload: PurposeIn) -> HttpResponse:
    """The signed file; who read it and what for is recorded where it holds personal data."""
    return _file(_opened(request, document, payload.purpose))


@router.put("/{uuid:document}", response=DocumentOut, summary="修改草稿", operation_id="save_document")
def save(request: HttpRequest, response: HttpResponse, document: UUID, payload: SaveIn) -> dict[str, Any]:
    """Replace what was typed."""
    services.save_draft(_reader(request), document, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, document)


@router.post(
    "/{uuid:document}/approval", response=DocumentOut, summary="提交文书审批", operation_id="ask_document_approval"
)
def ask_approval(
    request: HttpRequest, response: HttpResponse, document: UUID, payload: OpinionIn
) -> dict[str, Any]:
    """Ask for the approval of the draft as it stands; ``approval`` of the answer names it."""
    services.ask_approval(_reader(request), document, rev=rev_of(request), text=payload.text)
    return _answer(request, response, document)


@router.post("/{uuid:document}/signature", response=DocumentOut, summary="签发文书", operation_id="sign_document")
def sign(request: HttpRequest, response: HttpResponse, document: UUID, payload: SignIn) -> dict[str, Any]:
    """Sign: number, PDF, hash in the record."""
    services.sign_document(_reader(request), document, rev=rev_of(request), number=payload.number)
    return _answer(request, response, document)


@router.post("/{uuid:document}/issue", response=DocumentOut, summary="制发文书", operation_id="issue_document")
def issue(request: HttpRequest, response: HttpResponse, document: UUID) -> dict[str, Any]:
    """It goes out."""
    services.issue_document(_reader(request), document, rev=rev_of(request))
    return _answer(request, response, document)


@router.post("/{uuid:document}/void", response=DocumentOut, summary="作废文书", operation_id="void_document")
def void(request: HttpRequest, response: HttpResponse, document: UUID, payload: ReasonIn) -> dict[str, Any]:
    """It no longer counts, nor does its number."""
    services.void_document(_reader(request), document, rev=rev_of(request), reason=payload.reason)
    return _answer(request, response, document)


@router.post(
    "/{uuid:document}/correction",
    response={201: DocumentOut},
    summary="起草更正文书",
    operation_id="correct_document",
)
def correct(request: HttpRequest, document: UUID) -> Status:
    """The document that corrects this one, as a draft."""
    row = services.correct_document(_reader(request), document, rev=rev_of(request))
    return Status(201, _document(row))


@router.post(
    "/{uuid:document}/seal", response=DocumentOut, summary="申请用印", operation_id="request_document_seal"
)
def request_seal(request: HttpRequest, response: HttpResponse, document: UUID, payload: SealIn) -> dict[str, Any]:
    """Ask for the seal."""
    services.request_seal(_reader(request), document, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, document)


@router.post(
    "/{uuid:document}/seal/registration",
    response=DocumentOut,
    summary="登记用印",
    operation_id="register_document_seal",
)
def register_seal(
    request: HttpRequest, response: HttpResponse, document: UUID, payload: RegisterIn
) -> dict[str, Any]:
    """The keeper's entry."""
    services.register_seal(_reader(request), document, rev=rev_of(request), seal_name=payload.seal_name)
    return _answer(request, response, document)


@router.post(
    "/{uuid:document}/seal/scan", response=DocumentOut, summary="用印件回传", operation_id="return_document_scan"
)
def return_scan(
    request: HttpRequest, response: HttpResponse, document: UUID, scan: File[UploadedFile | None] = None
) -> dict[str, Any]:
    """The sealed page's picture, as part ``scan``."""
    actor = _reader(request)
    gate.allowed(actor, queries.document(actor, document).agency, gate.SEAL, gate.DRAFT)
    if scan is None:
        raise Invalid({"scan": [_("没有收到文件，请重新选择。")]})
    services.return_scan(actor, document, rev=rev_of(request), scan=scan.file)
    return _answer(request, response, document)


def _reader(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    if not navigation.holds(actor, READ):
        raise Denied(READ)
    return actor


def _account(actor: Any, key: UUID) -> Account:
    row = people.accounts(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(f"account {key}")
    return row


def _opened(request: HttpRequest, document: UUID, purpose: str) -> Document:
    """The document, of which he may see everything; noted where that is personal data."""
    actor = _reader(request)
    row = queries.document(actor, document)
    queries.demand_private(actor, row)
    if names := row.template.contract.sensitive:
        record.note_sensitive_read(actor, subject=f"document:{row.pk}", fields=names, purpose=purpose)
    return row


def _file(row: Document) -> HttpResponse:
    if row.pdf is None:
        raise NotFound("pdf")
    return files.kept(row.pdf.sha256, row.pdf.media_type, row.number or row.template.title, download=True)


def _answer(request: HttpRequest, response: HttpResponse, document: UUID) -> dict[str, Any]:
    row = queries.document(_reader(request), document)
    set_etag(response, row.rev)
    return _document(row)


def _page(rows: Any, paging: Paging, order: list[str], shape: Any) -> dict[str, Any]:
    found = keyset.page(rows, order, paging.limit, after=paging.after)
    return {"items": [shape(row) for row in found.rows], "next": found.after}


def _document(row: Document) -> dict[str, Any]:
    plain = (
        "id", "agency", "title", "subject", "state", "sealing", "number", "code", "missing", "corrected_by",
        "created_at", "signed_at", "issued_at", "voided_at", "void_reason", "rev",
    )  # fmt: skip
    return {name: getattr(row, name) for name in plain} | {
        "template": row.template_id,
        "type": row.template.code,
        "version": row.template.version,
        "sha256": row.pdf_id or "",
        "corrects": row.corrects_id,
        "approval": row.approval_id,
    }


def _number(row: DocumentNumber) -> dict[str, Any]:
    plain = ("id", "year", "serial", "text", "state", "document", "holder", "reason", "given_at", "rev")
    return {name: getattr(row, name) for name in plain} | {"type": row.template_code}


def _template(row: Template) -> dict[str, Any]:
    plain = (
        "id", "agency", "code", "version", "title", "state", "fields", "body", "numbering", "seal", "approval",
        "basis", "valid_from", "digest", "rev",
    )  # fmt: skip
    return {name: getattr(row, name) for name in plain}
