"""One document: where it stands, what it says, what may be done now."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.errors import Invalid, Refused, Stale
from xiezhi.documents import approval, forms, gate, queries, seals, services
from xiezhi.documents.codes import Sealing, State
from xiezhi.documents.models import READ, Document
from xiezhi.record import services as record
from xiezhi.web import problems
from xiezhi.web.pages import ConsoleView, Crumb, FormPage

from . import papers, shown


class OnDocument:
    """A page about the document that the address names, if the actor may see it."""

    needs: tuple[str, ...] = ()

    @cached_property
    def document(self) -> Document:
        """The document."""
        return queries.document(self.actor, self.kwargs["document"])  # type: ignore[attr-defined]

    def admit(self) -> None:
        """The abilities named in ``needs`` (any of them), for this document's unit."""
        if self.needs:
            gate.allowed(self.actor, self.document.agency, *self.needs)  # type: ignore[attr-defined]

    def note_reading(self, purpose: str) -> None:
        """Record that sensitive fields were seen, where there are any."""
        names = self.document.template.contract.sensitive
        if names:
            record.note_sensitive_read(
                self.actor,  # type: ignore[attr-defined]
                subject=f"document:{self.document.pk}",
                fields=names,
                purpose=purpose,
            )


class DocumentPage(OnDocument, ConsoleView):
    """Steps, what can be done now, what was typed, pictures of its pages, the seal, who did what when."""

    ability = READ
    template_name = "documents/document.html"

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (papers.crumb("documents", _("文书")),)

    def page_title(self) -> str:
        return f"{self.document.number or self.document.title} {self.document.template.title}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown()

    def shown(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, also as the answer to an act that was refused."""
        row = self.document
        return self.page(
            status=status,
            document=row,
            steps=shown.steps(row),
            facts=shown.facts(row),
            missing=shown.missing(row),
            values=shown.values(row),
            pictures=shown.pictures(row),
            private=bool(row.template.contract.sensitive),
            may_read=not row.template.contract.sensitive or queries.may_read_private(self.actor, row),
            seals=row.seal_uses.all(),
            acts=acts(self, row),
            links=links(self, row),
            entries=shown.timeline(row),
            **more,
        )


class Act(DocumentPage):
    """A button of the document's page: one service, then back to the page."""

    service: Any
    done: Any = ""
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            result = type(self).service(self.actor, self.document.pk, rev=rev_in(request))
        except (Refused, Stale, Invalid) as error:
            problem = problems.of(error)
            del self.document
            return self.shown(status=problem.status, problem=problem)
        messages.success(request, str(self.done))
        return HttpResponseRedirect(papers.address(result if isinstance(result, Document) else self.document))


class Issue(Act):
    """制发."""

    needs = (gate.SIGN, gate.DRAFT)
    service = staticmethod(services.issue_document)
    done = _("文书已制发。")


class Correct(Act):
    """更正."""

    needs = (gate.DRAFT,)
    service = staticmethod(services.correct_document)
    done = _("更正文书已起草，内容取自原文书。签发后，原文书会注明已更正。")


class OnePage(OnDocument, FormPage):
    """A form of a document; it carries the ``rev`` that was read."""

    ability = READ

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (
            papers.crumb("documents", _("文书")),
            (self.document.number or self.document.title, papers.address(self.document)),
        )

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.document.rev}

    def done_url(self, result: Any) -> str:
        return papers.address(self.document)


class Edit(OnePage):
    """What is printed, while it is a draft."""

    needs = (gate.DRAFT,)
    title = _("修改草稿")
    form_class = forms.DocumentForm
    submit = _("保存草稿")
    done = _("草稿已保存。")
    template_name = "documents/edit.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"contract": self.document.template.contract}

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.document.rev, **self._typed(self.document)}

    def stored(self) -> Mapping[str, Any]:
        return self._typed(queries.document(self.actor, self.document.pk))

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Sensitive fields that someone else typed: not shown here; left empty, they stay as they are."""
        if queries.typed_by(self.document) == self.actor.id:
            return frozenset()
        return frozenset(self.document.template.contract.sensitive) & queries.values(self.document).keys()

    def _typed(self, row: Document) -> dict[str, Any]:
        values = {forms.PREFIX + name: v for name, v in queries.values(row).items() if name not in self.hidden}
        return {"title": row.title, **values}

    def context(self, **more: Any) -> dict[str, Any]:
        fields = self.document.template.contract.fields
        return super().context(hidden=[one.label for one in fields if one.name in self.hidden], **more)

    def act(self, data: Mapping[str, Any]) -> Document:
        stored = queries.values(self.document)
        kept = {name: stored[name] for name in self.hidden if not data["values"].get(name)}
        return services.save_draft(self.actor, self.document.pk, **{**data, "values": {**data["values"], **kept}})


class Sign(OnePage):
    """签发."""

    needs = (gate.SIGN,)
    title = _("签发")
    form_class = forms.SignForm
    submit = _("签发")
    done = _("文书已签发，文号已编定。")
    template_name = "documents/sign.html"

    def form_kwargs(self) -> dict[str, Any]:
        rows = queries.reserved_for(self.document)
        return {"reserved": [(str(row.pk), row.text) for row in rows[:100]]}

    def context(self, **more: Any) -> dict[str, Any]:
        row = self.document
        return super().context(
            document=row,
            missing=shown.missing(row),
            numbered=bool(row.template.numbering),
            wants_approval=approval.wanted(row, gate.day_of(clock.now())),
            **more,
        )

    def act(self, data: Mapping[str, Any]) -> Document:
        return services.sign_document(self.actor, self.document.pk, rev=data["rev"], number=data["number"] or None)


class Void(OnePage):
    """作废."""

    needs = (gate.SIGN, gate.DRAFT, gate.NUMBERS)
    title = _("作废文书")
    form_class = forms.ReasonForm
    submit = _("作废")
    done = _("文书已作废，文号不再使用。")

    def act(self, data: Mapping[str, Any]) -> Document:
        return services.void_document(self.actor, self.document.pk, **data)


class SubmitApproval(OnePage):
    """提交审批."""

    needs = (gate.DRAFT,)
    title = _("提交审批")
    form_class = forms.ApprovalForm
    submit = _("提交")
    done = _("已提交审批。审批期间草稿不能修改。")

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.ask_approval(self.actor, self.document.pk, **data)


class RequestSeal(OnePage):
    """申请用印."""

    needs = (gate.DRAFT, gate.SIGN)
    title = _("申请用印")
    form_class = forms.SealForm
    submit = _("申请")
    done = _("已申请用印。")
    template_name = "documents/seal.html"

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.document.rev, "copies": 2, "way": "paper"}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(provider=seals.provider(), **more)

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.request_seal(self.actor, self.document.pk, **data)


class RegisterSeal(OnePage):
    """登记用印."""

    needs = (gate.SEAL,)
    title = _("登记用印")
    form_class = forms.RegisterForm
    submit = _("登记")
    done = _("已登记。打印盖章后请扫描回传。")

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.register_seal(self.actor, self.document.pk, **data)


class ReturnScan(OnePage):
    """扫描回传."""

    needs = (gate.SEAL, gate.DRAFT)
    title = _("用印件扫描回传")
    form_class = forms.ScanForm
    submit = _("上传")
    done = _("扫描件已存入，用印完成。")

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.return_scan(self.actor, self.document.pk, **data)


def acts(view: ConsoleView, row: Document) -> list[dict[str, Any]]:
    """Buttons with a confirmation, for what may be done now by this actor."""
    mine = row.state == State.DRAFT or queries.is_his(view.actor, row)
    ready = mine and row.state == State.SIGNED and row.sealing in (Sealing.NONE, Sealing.SEALED)
    table = (
        (ready, (gate.SIGN, gate.DRAFT), "issue", _("制发"), _("现在制发？"), _("制发后文书对外生效，只能更正或作废。")),
        (
            mine and queries.effective(row) and row.corrected_by is None,
            (gate.DRAFT,), "correct", _("更正"), _("起草更正文书？"), _("原文书在更正文书签发之前继续有效。"),
        ),
    )  # fmt: skip
    return [
        {"id": name, "trigger": text, "title": ask, "text": explain, "submit": text,
         "action": reverse(f"documents:{name}", args=[row.pk])}
        for able, abilities, name, text, ask, explain in table
        if able and any(view.actor.may(ability, row.agency) for ability in abilities)
    ]  # fmt: skip


def links(view: ConsoleView, row: Document) -> list[dict[str, Any]]:
    """Forms that this actor may open now."""
    draft, signed = row.state == State.DRAFT, row.state == State.SIGNED
    running = approval.running(row) if draft else None
    busy = draft and approval.is_pending(row)
    owes = draft and bool(row.template.approval) and running is None
    table: tuple[tuple[bool, tuple[str, ...], str, Any, str], ...] = (
        (draft and not busy, (gate.DRAFT,), "edit", _("修改草稿"), ""),
        (owes, (gate.DRAFT,), "approval", _("提交审批"), "quiet"),
        (draft, (gate.SIGN,), "sign", _("签发"), ""),
        (signed and row.sealing == Sealing.OWED, (gate.DRAFT, gate.SIGN), "seal", _("申请用印"), ""),
        (signed and row.sealing == Sealing.REQUESTED, (gate.SEAL,), "seal-register", _("登记用印"), ""),
        (signed and row.sealing == Sealing.REGISTERED, (gate.SEAL, gate.DRAFT), "seal-scan", _("扫描回传"), ""),
        (
            draft or (queries.effective(row) and queries.is_his(view.actor, row)),
            (gate.SIGN, gate.NUMBERS),
            "void",
            _("作废"),
            "danger",
        ),
    )
    return [
        {"text": text, "href": reverse(f"documents:{name}", args=[row.pk]), "kind": kind}
        for able, abilities, name, text, kind in table
        if able and any(view.actor.may(ability, row.agency) for ability in abilities)
    ]


def rev_in(request: HttpRequest) -> int:
    """The version that the page showed."""
    text = request.POST.get("rev", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid({"rev": [str(_("页面不完整，请刷新后重试。"))]})
    return int(text)
