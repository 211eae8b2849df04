"""What documents keep. Columns named in ``projections`` are written by events only."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiezhi import clock
from xiezhi.blobs.models import Blob
from xiezhi.core.paper import contract, markup
from xiezhi.people.models import Approval
from xiezhi.people.scope import Scoped

from .codes import NumberState, Sealing, SealKind, SealWay, State, TemplateState

READ = "documents.read"
NATIONAL = "/"
# No 0 O 1 I L: read aloud and typed from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code() -> str:
    """A code that nobody guesses (79 bits), as a QR carries it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


class Template(models.Model):
    """One version of a template. A reference table: everyone of the house may read it.

    agency     path of the body it belongs to; ``"/"`` for those that come with the program (国家范本)
    code       stable name of the type of document, e.g. ``"inspection_notice"``
    fields     the data contract, stored form of ``core.paper.contract``
    body       marked-up text (``core.paper.markup``)
    numbering  pattern of its numbers; empty: bears none
    basis      [{"cite", "verified"}]: what the statutory elements rest on; unverified ones show 待核
    approval   kind of the approval that signing asks for; empty: none
    digest     SHA-256 over all of these, as published
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    agency = models.CharField(max_length=200)
    district = models.CharField(max_length=6, blank=True)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    fields = models.JSONField()
    body = models.TextField()
    numbering = models.CharField(max_length=80, blank=True)
    seal = models.CharField(max_length=10, choices=SealKind.choices, default=SealKind.NONE)
    approval = models.CharField(max_length=60, blank=True)
    basis = models.JSONField(default=list)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=10, choices=TemplateState.choices, default=TemplateState.DRAFT)
    drafted_by = models.CharField(max_length=80, blank=True)
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code", "version"], name="template_version"),
            models.UniqueConstraint(
                fields=["agency", "code"], condition=Q(state=TemplateState.DRAFT), name="template_one_draft"
            ),
        ]
        ordering = ["code", "agency", "-version"]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def contract(self) -> contract.Contract:
        """The data contract."""
        return contract.parse(self.fields)

    @property
    def blocks(self) -> tuple[markup.Block, ...]:
        """The parsed text."""
        return markup.parse(self.body, self.contract)


class Document(Scoped):
    """One document, from draft to issue.

    code         what its QR carries; opaque, public
    title        what lists show beside the type; holds no personal data
    subject      ``"<kind>:<id>"`` of what it is about
    values_event event whose private part holds what was typed (``{"values": …}``)
    approval     the one that was asked for last, by the document's own act
    number       as printed; empty where the type bears none or it is not signed
    print_event  event whose private part holds the exact input that was set
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    code = models.CharField(max_length=16, unique=True, default=new_code)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=120, blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    synthetic = models.BooleanField(default=False)
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    sealing = models.CharField(max_length=10, choices=Sealing.choices, default=Sealing.NONE)
    created_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    values_event = models.UUIDField(null=True)
    missing = models.PositiveSmallIntegerField(default=0)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    signed_event = models.UUIDField(null=True)
    pdf = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    corrected_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-created_at", "id"]),
            models.Index(fields=["subject", "-created_at"]),
            models.Index(fields=["agency", "number"]),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def stream_name(self) -> str:
        """Its chain in the record: the case's or visit's, or one of its own."""
        return self.stream or f"document:{self.id}"


class NumberSeries(models.Model):
    """The last number given out by a body for a type of document in a year; those who sign queue up at this row."""

    district = models.CharField(max_length=6)
    agency = models.CharField(max_length=200)
    code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "agency", "code", "year"], name="document_series_year")
        ]
        ordering = ["-year", "code"]


class DocumentNumber(Scoped):
    """One number: given out once, and always accounted for.

    code     for a pre-numbered blank form: what its QR carries
    holder   actor id of the officer who has the blank form
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    template_code = models.CharField(max_length=40)
    type_title = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    text = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    blank_of = models.ForeignKey(Template, null=True, on_delete=models.PROTECT, related_name="+")
    blank_pdf = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True, null=True)
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=10, choices=NumberState.choices)
    document = models.UUIDField(null=True)
    holder = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "agency", "template_code", "year", "serial"], name="document_number_once"
            ),
            models.UniqueConstraint(fields=["district", "agency", "text"], name="document_number_text_once"),
        ]
        indexes = [models.Index(fields=["agency", "state", "-year", "template_code", "serial"])]
        ordering = ["-year", "template_code", "-serial"]

    def __str__(self) -> str:
        return self.text


class SealUse(Scoped):
    """One use of a seal on a document: a line of the seal register (用印登记簿)."""

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="seal_uses")
    way = models.CharField(max_length=12, choices=SealWay.choices)
    copies = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=200)

    state = models.CharField(max_length=12, choices=Sealing.choices)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField(null=True)
    seal_name = models.CharField(max_length=80, blank=True)
    registered_by = models.CharField(max_length=80, blank=True)
    registered_at = models.DateTimeField(null=True)
    scan = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "-requested_at", "id"])]
        ordering = ["-requested_at", "-id"]
