"""Files of documents, blanks and templates: PDF, pictures of pages, scans."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi.blobs import store
from xiezhi.core.errors import NotFound
from xiezhi.documents import forms, press, previews, queries
from xiezhi.documents.models import READ
from xiezhi.web.pages import ConsoleView, Crumb, FormPage

from . import papers, shown
from .paper import OnDocument


class Opened(OnDocument, FormPage):
    """A file of a document. Where it holds personal data, the reader says what for, and that is recorded."""

    ability = READ
    title = _("打开含个人信息的文书")
    form_class = forms.PurposeForm
    submit = _("打开")

    def admit(self) -> None:
        queries.demand_private(self.actor, self.document)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (
            papers.crumb("documents", _("文书")),
            (self.document.number or self.document.title, papers.address(self.document)),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.document.template.contract.sensitive:
            return super().get(request, *args, **kwargs)
        return self.file()

    def act(self, data: Mapping[str, Any]) -> None:
        self.note_reading(data["purpose"])

    def finished(self, result: Any) -> HttpResponse:
        return self.file()

    def file(self) -> HttpResponse:
        """The file itself."""
        raise NotImplementedError


class DocumentFile(Opened):
    """The PDF: as signed, or the draft as it would be printed."""

    def file(self) -> HttpResponse:
        row = self.document
        if row.pdf is None:
            name = now("%(title)s（草稿）") % {"title": row.template.title}
            return pdf(press.pdf(previews.of_draft(row), previews.MOMENT), name)
        # What was set here is shown; the scan of a form filled by hand came from outside.
        ours = queries.printed(row) is not None
        return kept(row.pdf.sha256, row.pdf.media_type, row.number or row.template.title, download=not ours)


class DocumentPicture(OnDocument, ConsoleView):
    """A picture of one page, of documents that show no personal data."""

    ability = READ

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = shown.page_of(self.document)
        if self.document.template.contract.sensitive or page is None:
            raise NotFound("picture")
        return picture(page, kwargs["page"])


class Scan(Opened):
    """The sealed page as it was scanned; to be kept, not shown: it came from outside."""

    def file(self) -> HttpResponse:
        use = self.document.seal_uses.filter(pk=self.kwargs["use"]).select_related("scan").first()
        if use is None or use.scan is None:
            raise NotFound("scan")
        name = now("%(number)s（用印件）") % {"number": self.document.number}
        return kept(use.scan.sha256, use.scan.media_type, name, download=True)


class BlankFile(ConsoleView):
    """A blank form to print."""

    ability = READ

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = queries.number(self.actor, kwargs["number"])
        if row.blank_pdf_id is None:
            raise NotFound("blank")
        return kept(str(row.blank_pdf_id), "application/pdf", row.text)


class TemplateFile(ConsoleView):
    """A template filled with sample data."""

    ability = READ

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = queries.template(self.actor, kwargs["template"])
        return pdf(previews.sample(row), now("%(title)s（样例）") % {"title": row.title})


class TemplatePicture(ConsoleView):
    """A picture of one page of it."""

    ability = READ

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return picture(previews.page(queries.template(self.actor, kwargs["template"])), kwargs["page"])


def kept(sha256: str, media_type: str, name: str, *, download: bool = False) -> HttpResponse:
    """A stored file. What is no PDF of our own making is downloaded."""
    ours = media_type == "application/pdf" and not download
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}.get(media_type, "bin")
    response = FileResponse(
        store.open(sha256), as_attachment=not ours, filename=f"{name}.{ending}", content_type=media_type
    )
    response["ETag"] = f'"{sha256}"'
    response["Cache-Control"] = "private, no-cache"
    return response  # type: ignore[return-value]


def pdf(content: bytes, name: str) -> HttpResponse:
    """A file made on the spot."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{_quoted(name)}.pdf"
    return response


def picture(page: dict[str, Any], number: int) -> HttpResponse:
    """PNG of a page."""
    content, count = press.picture(page, max(1, number))
    if not 1 <= number <= count:
        raise NotFound("page")
    response = HttpResponse(content, content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _quoted(text: str) -> str:
    return quote(text, safe="")
