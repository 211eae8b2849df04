"""Event types of documents. ``data`` names no person; what was typed and printed stands in ``private``."""

from typing import Any

from xiezhi.record.types import Data, event_type


class TemplateDrafted(Data):
    template: str
    code: str
    version: int
    digest: str


class TemplatePublished(Data):
    template: str
    code: str
    version: int
    digest: str
    valid_from: str


class Drafted(Data):
    """``template``: id of the version that the document keeps; ``corrects``: id of the document it corrects."""

    document: str
    type: str
    template: str
    version: int
    corrects: str | None
    seal: bool
    missing: list[str]


class Saved(Data):
    document: str
    missing: list[str]


class ApprovalAsked(Data):
    """``approval``: id of the one that was submitted for the text as it stands."""

    document: str
    approval: str


class Values(Data):
    """What was typed, by field."""

    values: dict[str, Any]


class Signed(Data):
    """What the authenticity page shows and proves. ``sha256`` and ``size`` (bytes) of the PDF."""

    document: str
    code: str
    type: str
    template: str
    version: int
    number: str
    number_id: str | None
    sha256: str
    size: int
    engine: str
    signed_on: str
    seal: bool
    corrects: str | None


class Printed(Data):
    """The exact input that was set, so that the file can be made again."""

    page: dict[str, Any]


class Issued(Data):
    document: str
    number: str


class Voided(Data):
    """``number_id``: of the number that goes with it, if it bore one; ``corrects``: what counts uncorrected again."""

    document: str
    number: str
    number_id: str | None
    reason: str
    corrects: str | None = None


class NumberReserved(Data):
    """``number``: id; ``text``: as printed."""

    type: str
    number: str
    text: str
    reason: str


class NumberVoided(Data):
    number: str
    text: str
    reason: str


class BlankIssued(Data):
    """A pre-numbered blank form handed to ``holder`` (actor id); ``sha256`` of its PDF."""

    type: str
    template: str
    number: str
    text: str
    code: str
    holder: str
    sha256: str


class BlankReturned(Data):
    number: str
    text: str


class BlankUsed(Data):
    """The form was filled by hand; ``document`` takes its number and ``scan`` (SHA-256) is its picture."""

    number: str
    text: str
    document: str
    code: str
    type: str
    scan: str
    size: int
    signed_on: str


class SealRequested(Data):
    use: str
    document: str
    way: str
    copies: int


class SealRegistered(Data):
    use: str
    document: str
    seal_name: str


class ScanReturned(Data):
    """``scan``: SHA-256 of the sealed page's picture."""

    use: str
    document: str
    scan: str


event_type("documents.template_drafted", "编辑文书模板", TemplateDrafted)
event_type("documents.template_published", "发布文书模板", TemplatePublished)
event_type("documents.drafted", "起草文书", Drafted, Values)
event_type("documents.saved", "修改文书草稿", Saved, Values)
event_type("documents.approval_asked", "提交文书审批", ApprovalAsked)
event_type("documents.signed", "签发文书", Signed, Printed)
event_type("documents.issued", "制发文书", Issued)
event_type("documents.voided", "作废文书", Voided)
event_type("documents.number_reserved", "预留文号", NumberReserved)
event_type("documents.number_voided", "作废文号", NumberVoided)
event_type("documents.blank_issued", "领用预编号空白文书", BlankIssued)
event_type("documents.blank_returned", "交回空白文书", BlankReturned)
event_type("documents.blank_used", "空白文书已用并归入", BlankUsed)
event_type("documents.seal_requested", "申请用印", SealRequested)
event_type("documents.seal_registered", "登记用印", SealRegistered)
event_type("documents.scan_returned", "用印件扫描回传", ScanReturned)
