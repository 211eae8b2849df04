"""The authenticity page: what the code on a paper stands for. It names neither party nor case."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from xiezhi.core.actor import system
from xiezhi.core.errors import NotFound
from xiezhi.documents import forms, queries
from xiezhi.documents.codes import NumberState, State
from xiezhi.documents.models import Document, DocumentNumber
from xiezhi.record import queries as record

LIMIT = 30 * 1024 * 1024
BLANK_TEXTS = {
    NumberState.HANDED: _("这是一份预编号的空白文书，已由执法人员领用，尚未登记使用。"),
    NumberState.RETURNED: _("这是一份预编号的空白文书，已交回，未使用。"),
    NumberState.VOID: _("这是一份预编号的空白文书，文号已作废。"),
}


@dataclass(frozen=True)
class Shown:
    """``standing``: good, warning or error; ``proof`` says whether the record's proof can be fetched."""

    standing: str
    text: str
    facts: list[tuple[Any, Any]]
    hashes: tuple[str, ...]
    proof: bool


@require_http_methods(["GET", "HEAD", "POST"])
def authenticity(request: HttpRequest, code: str) -> HttpResponse:
    """What the code stands for; POST compares a file with what was signed, and keeps nothing of it."""
    shown = _shown(_found(code))
    form = forms.CompareForm(request.POST, request.FILES) if request.method == "POST" else forms.CompareForm()
    outcome: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        outcome = _compared(form.cleaned_data["file"], shown.hashes)
    return render(
        request,
        "documents/authenticity.html",
        {"title": now("文书验真"), "code": code, "shown": shown, "form": form, "outcome": outcome},
        status=422 if form.errors else 200,
    )


@require_safe
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """The signing event with its proof, as ``/log/check_event.py`` checks it. It holds ids, number and hash alone."""
    row = _found(code)
    if not isinstance(row, Document) or row.signed_event is None or record.sealed_at(row.signed_event) is None:
        raise NotFound(f"proof {code}")
    response = JsonResponse(record.event_proof(system("documents"), row.signed_event))
    response["Content-Disposition"] = f'attachment; filename="{code}.proof.json"'
    return response


def _found(code: str) -> Document | DocumentNumber:
    row = queries.by_code(code.upper())
    if row is None:
        raise NotFound(f"document {code}")
    return row


def _shown(row: Document | DocumentNumber) -> Shown:
    body = queries.body_name(row.agency)
    if isinstance(row, DocumentNumber):
        state = NumberState(row.state)
        facts: list[tuple[Any, Any]] = [
            (_("文号"), row.text),
            (_("文书种类"), row.type_title),
            (_("制作机关"), body),
        ]
        return Shown("warning", str(BLANK_TEXTS.get(state, state.label)), facts, (), False)
    standing, text = _standing(row)
    hashes = (str(row.pdf_id), *(use.scan_id for use in row.seal_uses.exclude(scan=None)))
    sealed_at = record.sealed_at(row.signed_event) if row.signed_event else None
    facts = [
        (_("文号"), row.number or now("不编号")),
        (_("文书种类"), row.template.title),
        (_("制作机关"), body),
        (_("签发时间"), row.signed_at),
        (_("文件摘要（SHA-256）"), row.pdf_id),
        (_("用印件摘要（SHA-256）"), "、".join(hashes[1:])),
        (_("封存入全过程记录"), sealed_at or now("等待封存（通常两秒）")),
    ]
    return Shown(standing, text, [fact for fact in facts if fact[1]], hashes, sealed_at is not None)


def _standing(row: Document) -> tuple[str, str]:
    if row.state == State.VOID:
        return "error", now("这件文书已作废。") + _sample(row)
    if row.corrected_by is not None:
        later = Document.objects.filter(pk=row.corrected_by).values_list("number", "state").first()
        number = later[0] if later and later[1] != State.VOID else ""
        corrected = now("这件文书已由 %(number)s 更正。") % {"number": number or now("另一件文书")}
        return "warning", corrected + _sample(row)
    if row.synthetic:
        return "warning", _sample(row)
    return "success", now("本系统签发过这件文书，现为有效。")


def _sample(row: Document) -> str:
    return now("这是演示用的样例文书，没有法律效力。") if row.synthetic else ""


def _compared(file: UploadedFile, hashes: tuple[str, ...]) -> dict[str, str]:
    if (file.size or 0) > LIMIT:
        return {"kind": "error", "text": now("文件过大，请核对所选文件。")}
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    if digest.hexdigest() in hashes:
        return {"kind": "success", "text": now("一致：所选文件与签发或用印时存档的文件逐字节相同。")}
    return {
        "kind": "error",
        "text": now(
            "不一致：所选文件不是存档的那一份（可能是另行扫描、打印或被改动）。请以纸质原件和本页所列内容核对。"
        ),
    }
