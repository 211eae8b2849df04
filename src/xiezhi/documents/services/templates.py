"""Templates: an agency edits its own version, another person publishes it; national ones come with the program."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound, Stale
from xiezhi.core.paper import contract, markup, numbering
from xiezhi.documents import approval, builtin, gate, guards, previews, queries
from xiezhi.documents.codes import SealKind, TemplateState
from xiezhi.documents.models import NATIONAL, Template
from xiezhi.documents.wording import said
from xiezhi.people.models import Agency
from xiezhi.record.acts import act, at, emit, unchanged


@act("documents.template_drafted")
def draft_template(
    actor: Actor,
    *,
    agency: str,
    code: str,
    title: str,
    fields: Sequence[Mapping[str, Any]],
    body: str,
    numbering: str = "",
    seal: str = SealKind.NONE,
    approval: str = "",
    basis: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    rev: int | None = None,
) -> Template:
    """Write the next version of a type of document for the body at ``agency``; published versions never change.

    rev   of the draft that was read; None begins one. :class:`Invalid` names the line or field that can't be used.
    """
    gate.allowed(actor, agency, gate.TEMPLATES)
    given = _checked(code, title, fields, body, numbering, seal, approval, basis, note)
    home = gate.body_of(agency)
    if home.path != agency:
        raise Invalid({"agency": [_("模板属于机构，不属于科室。")]})
    row = Template.objects.select_for_update().filter(agency=agency, code=code, state=TemplateState.DRAFT).first()
    if (row is None) != (rev is None) or (row is not None and row.rev != rev):
        raise Stale(rev or 0, row.rev if row else 0)
    if row is None:
        row = Template(
            agency=agency,
            district=home.district,
            code=code,
            version=_next(agency, code),
            based_on=queries.in_force(code, agency, gate.day_of(at())),
        )
    for name, value in given.items():
        setattr(row, name, value)
    row.rev += 1
    row.save()
    emit(
        stream=_stream(row),
        subject=f"template:{row.id}",
        data={"template": str(row.id), "code": code, "version": row.version, "digest": _digest(row)},
        agency=agency,
        district=row.district,
    )
    row.refresh_from_db()
    return row


@act("documents.template_published")
def publish_template(actor: Actor, template: uuid.UUID, *, rev: int, valid_from: date) -> Template:
    """Put a draft in force from ``valid_from`` on (today or later), after a page of it was set from sample data.

    :raises Refused: he wrote it himself; it breaks the data contract of the version in force
    """
    row = Template.objects.select_for_update().filter(pk=template).first()
    if row is None or not queries.templates(actor).filter(pk=row.pk).exists():
        raise NotFound(f"template {template}")
    gate.allowed(actor, row.agency, gate.PUBLISH)
    if row.rev != rev:
        raise Stale(rev, row.rev)
    if row.state != TemplateState.DRAFT:
        raise Invalid({"": [_("这一版已经发布。")]})
    if valid_from < gate.day_of(at()):
        raise Invalid({"valid_from": [_("施行日期不能早于今天。")]})
    before = queries.in_force(row.code, row.agency, valid_from)
    breaks = [said(one) for one in contract.broken(before.contract, row.contract)] if before else []
    guards.demand(guards.another_publishes(row, actor.id), guards.contract_kept(row, breaks))
    _demand_own_pattern(row)
    previews.sample(row)
    row.rev += 1
    row.save(update_fields=["rev"])
    _publish(row, valid_from)
    return row


@act("documents.template_published")
def load_builtin_templates(actor: Actor) -> list[Template]:
    """Take the national templates that come with the program into the tables; the same again changes nothing."""
    gate.allowed(actor, NATIONAL, gate.PUBLISH)
    loaded = []
    for shipped in builtin.shipped():
        row = Template(agency=NATIONAL, version=_next(NATIONAL, str(shipped["code"])), **shipped)
        latest = Template.objects.filter(agency=NATIONAL, code=row.code).order_by("-version").first()
        if latest is not None and latest.digest == _digest(row):
            continue
        row.save(force_insert=True)
        _publish(row, builtin.VALID_FROM if latest is None else gate.day_of(at()))
        loaded.append(row)
    if not loaded:
        unchanged()
    return loaded


def _digest(row: Template) -> str:
    """SHA-256 over what makes the version: text, contract and the rest, without its place and dates."""
    parts = ("code", "title", "fields", "body", "numbering", "seal", "approval", "basis")
    return hashlib.sha256(canonical.encode({name: getattr(row, name) for name in parts})).hexdigest()


def _publish(row: Template, valid_from: date) -> None:
    emit(
        "documents.template_published",
        stream=_stream(row),
        subject=f"template:{row.id}",
        data={
            "template": str(row.id),
            "code": row.code,
            "version": row.version,
            "digest": _digest(row),
            "valid_from": valid_from.isoformat(),
        },
        agency=row.agency,
        district=row.district,
    )
    row.refresh_from_db()


def _demand_own_pattern(row: Template) -> None:
    """Two types whose patterns print alike for a body that uses both would give the same number twice."""
    others = Template.objects.filter(state=TemplateState.PUBLISHED).exclude(code=row.code).exclude(numbering="")
    same = [one.title for one in others if row.numbering and _print_alike(row, one)]
    if same:
        raise Invalid({"numbering": [_("文号格式与“%(title)s”相同，会编出同样的文号。") % {"title": same[0]}]})


def _print_alike(one: Template, other: Template) -> bool:
    lower, upper = sorted((one.agency, other.agency), key=len, reverse=True)
    bodies = Agency.objects.filter(path__startswith=lower, kind=Agency.AGENCY) if lower.startswith(upper) else ()
    return any(
        numbering.shown(one.numbering, agency=body.short, year=0, serial=0)
        == numbering.shown(other.numbering, agency=body.short, year=0, serial=0)
        for body in bodies
    )


def _stream(row: Template) -> str:
    return f"template:{row.agency}{row.code}"[-120:]


def _next(agency: str, code: str) -> int:
    """Versions count over the national line and the body's own, so that a local change of version 1 is version 2."""
    versions = [row.version for row in Template.objects.filter(code=code) if agency.startswith(row.agency)]
    return max(versions, default=0) + 1


def _checked(
    code: str,
    title: str,
    fields: Sequence[Mapping[str, Any]],
    body: str,
    pattern: str,
    seal: str,
    kind: str,
    basis: Sequence[Mapping[str, Any]],
    note: str,
) -> dict[str, Any]:
    faults: dict[str, list[str]] = {}
    if not contract.NAME.fullmatch(code):
        faults["code"] = [_("编码须为小写字母开头的字母、数字、下划线。")]
    if not title.strip():
        faults["title"] = [_("请填写此项。")]
    if pattern and (why := numbering.fault(pattern)):
        faults["numbering"] = [_(why)]
    if seal not in SealKind.values:
        faults["seal"] = [_("请选择是否用印。")]
    if kind and kind not in approval.KINDS:
        faults["approval"] = [_("请从列表中选择。")]
    try:
        parsed = contract.parse([dict(one) for one in fields])
    except contract.BadContract as bad:
        raise Invalid({**faults, "fields": [said(bad)]}) from bad
    try:
        markup.parse(body, parsed)
    except markup.BadMarkup as bad:
        faults["body"] = [said(bad)]
    if faults:
        raise Invalid(faults)
    return {
        "title": title.strip()[:100],
        "fields": parsed.as_json(),
        "body": body.replace("\r\n", "\n").strip() + "\n",
        "numbering": pattern.strip(),
        "seal": seal,
        "approval": kind,
        "basis": [{"cite": str(one["cite"])[:200], "verified": one.get("verified") is True} for one in basis],
        "note": note.strip()[:200],
    }
