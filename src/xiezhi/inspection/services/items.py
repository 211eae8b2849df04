"""The list of items (抽查事项清单): published by the agency, adopted from national law, or loaded from a file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.inspection import gate, national, texts
from xiezhi.inspection.codes import Field, Method, Origin, TargetKind
from xiezhi.inspection.models import Draw, InspectionItem
from xiezhi.record.acts import act, at, emit, unchanged

AT_MOST = 500
CONTENT = (
    "title", "basis", "field", "target_kind", "inspectors", "applies_to", "methods", "share", "per_year",
    "contents", "scope", "skills", "least_officers", "origin", "unverified", "valid_to",
)  # fmt: skip


@act("inspection.item_published")
def publish_item(
    actor: Actor,
    *,
    code: str,
    title: str,
    basis: str,
    target_kind: str,
    valid_from: date,
    agency: str,
    district: str,
    **more: Any,
) -> InspectionItem:
    """Publish an item, or the next version of the item with this code, from a day on that no other begins on.

    A draw was committed with the item: the next version begins today or later. :class:`Invalid` by field.

    more    of ``models.InspectionItem``: field, inspectors, applies_to, methods, share, per_year, contents,
            scope, skills, least_officers, origin, unverified, valid_to
    """
    gate.allowed(actor, agency, gate.PLAN)
    given = {"title": title, "basis": basis, "target_kind": target_kind, **more}
    return _publish(code, valid_from, agency, district, given)


@act("inspection.item_published")
def adopt_items(
    actor: Actor, *, codes: Sequence[str], valid_from: date, inspectors: str, agency: str, district: str
) -> list[InspectionItem]:
    """Take items of national law into the agency's list; those whose text it has already are left as they are."""
    gate.allowed(actor, agency, gate.PLAN)
    known = national.items(valid_from)
    if missing := [code for code in codes if code not in known]:
        raise Invalid({"codes": [_("没有国家事项 %(codes)s。") % {"codes": "、".join(missing[:10])}]})
    if not codes:
        raise Invalid({"codes": [_("请至少选择一个事项。")]})
    texts.demand(inspectors=inspectors)
    found = []
    for code in codes:
        item = known[code]
        given = {
            "title": item.title,
            "basis": item.basis,
            "field": item.field,
            "target_kind": item.target_kind,
            "inspectors": inspectors,
            "applies_to": item.applies_to,
            "methods": list(item.methods),
            "share": item.share,
            "contents": [dict(content) for content in item.contents],
            "scope": item.scope,
            "skills": list(item.skills),
            "origin": Origin.NATIONAL,
            "unverified": item.unverified,
        }
        found += _publish_changed(code, valid_from, agency, district, given)
    if not found:
        unchanged()
    return found


@act("inspection.item_published")
def load_items(
    actor: Actor, *, rows: Iterable[Mapping[str, Any]], agency: str, district: str
) -> list[InspectionItem]:
    """Publish a local list, all of it or nothing; rows whose text is there already are left as they are.

    rows    as :func:`publish_item` takes them; at most 500
    :raises Invalid: ``rows``: a line for each fault, with the row's number (the first is 1)
    """
    gate.allowed(actor, agency, gate.PLAN)
    listed = list(rows)
    if not 0 < len(listed) <= AT_MOST:
        raise Invalid({"rows": [_("清单须有 1 至 %(most)s 行。") % {"most": AT_MOST}]})
    found, faults, seen = [], [], set()
    for number, row in enumerate(listed, 1):
        given = dict(row)
        code, valid_from = given.pop("code"), given.pop("valid_from")
        try:
            if code in seen:
                raise Invalid({"code": [_("编码在文件中重复。")]})
            seen.add(code)
            found += _publish_changed(code, valid_from, agency, district, given)
        except Invalid as error:
            faults += [
                _("第 %(number)s 行：%(text)s") % {"number": number, "text": text}
                for messages in error.fields.values()
                for text in messages
            ]
    if faults:
        raise Invalid({"rows": faults[:50]})
    if not found:
        unchanged()
    return found


def _publish_changed(
    code: str, valid_from: date, agency: str, district: str, given: Mapping[str, Any]
) -> list[InspectionItem]:
    latest = _versions(code, agency, district).first()
    if latest and all(getattr(latest, name) == given.get(name, _default(name)) for name in CONTENT):
        return []
    return [_publish(code, valid_from, agency, district, given)]


def _publish(code: str, valid_from: date, agency: str, district: str, given: Mapping[str, Any]) -> InspectionItem:
    _check(code, valid_from, given)
    latest = _versions(code, agency, district).select_for_update().first()
    if latest is not None:
        _check_day(latest, valid_from)
    item = InspectionItem.objects.create(
        code=code,
        version=latest.version + 1 if latest else 1,
        valid_from=valid_from,
        agency=agency,
        district=district,
        **given,
    )
    emit(
        stream=f"item:{agency}{code}"[:120],
        subject=f"item:{item.id}",
        data={
            "item": str(item.id),
            "code": code,
            "version": item.version,
            "title": item.title,
            "basis": item.basis,
            "field": item.field,
            "origin": item.origin,
            "unverified": item.unverified,
        },
        agency=agency,
        district=district,
    )
    return item


def _check_day(latest: InspectionItem, valid_from: date) -> None:
    """A next version begins on a day of its own; not in the past, once a draw was committed with the item.

    What was in force on the day of a commitment stays readable: nobody may say afterwards that it was another text.
    """
    versions = _versions(latest.code, latest.agency, latest.district)
    said = ""
    if versions.filter(valid_from=valid_from).exists():
        said = _("事项 %(code)s 已有 %(day)s 起生效的版本；同一编码的两个版本不能同日生效，请另选生效日期。")
    elif (
        valid_from < clock.day(at())
        and Draw.objects.filter(roster__item__in=versions, committed_at__isnull=False).exists()
    ):
        said = _("事项 %(code)s 已用于作出承诺的抽取，新版本不能从过去的 %(day)s 起生效，请从今日或以后起生效。")
    if said:
        raise Invalid({"valid_from": [said % {"code": latest.code, "day": valid_from.isoformat()}]})


def _versions(code: str, agency: str, district: str) -> Any:
    return InspectionItem.objects.filter(code=code, agency=agency, district=district).order_by("-version")


def _default(name: str) -> Any:
    return InspectionItem._meta.get_field(name).get_default()


def _check(code: str, valid_from: date, given: Mapping[str, Any]) -> None:
    texts.demand(code=code, title=given.get("title", ""), basis=given.get("basis", ""))
    wrong: dict[str, list[str]] = {}
    if given.get("target_kind") not in TargetKind.values:
        wrong["target_kind"] = [_("请选择检查对象的种类。")]
    if given.get("field", Field.OTHER) not in Field.values:
        wrong["field"] = [_("请选择监管领域。")]
    if odd := [method for method in given.get("methods", []) if method not in Method.values]:
        wrong["methods"] = [_("没有检查方式“%(method)s”。") % {"method": odd[0]}]
    if given.get("least_officers", 2) < 2:  # 行政处罚法第四十二条
        wrong["least_officers"] = [_("执法人员不得少于两人（行政处罚法第四十二条）。")]
    valid_to = given.get("valid_to")
    if valid_to is not None and valid_to <= valid_from:
        wrong["valid_to"] = [_("失效日期须晚于生效日期：失效当日起不再有效。")]
    if wrong:
        raise Invalid(wrong)
