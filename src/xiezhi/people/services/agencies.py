"""Acts on the tree of agencies and on districts. Reference data: codes and paths never change."""

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.people.aggregate import agency_at, demand, need, refuse, take, today
from xiezhi.people.models import Agency, District, Officer, RoleAssignment
from xiezhi.people.models.dated import on as holding_on
from xiezhi.record.acts import act, emit, unchanged

KINDS = (Agency.AGENCY, Agency.DIVISION)
_CODE = re.compile(r"[a-z0-9-]{1,20}")
_DISTRICT = re.compile(r"[0-9]{6}")
_PATH_LIMIT = 200


@act("people.district_registered")
def register_district(actor: Actor, *, code: str, name: str) -> District:
    """Enter or rename a district of GB/T 2260; the same name again changes nothing."""
    need(actor, "people.manage_agencies", "/")
    _check_district(code)
    demand(name=name)
    known = District.objects.select_for_update().filter(code=code).first()
    if known is not None and known.name == name:
        unchanged()
        return known
    district, _created = District.objects.update_or_create(code=code, defaults={"name": name})
    emit(stream=f"district:{code}", subject=f"district:{code}", data={"code": code, "name": name}, district=code)
    return district


@act("people.agency_created")
def create_agency(
    actor: Actor, *, parent: str, code: str, name: str, short: str, kind: str, district: str
) -> Agency:
    """Set up an agency or division under ``parent`` (a path, or ``"/"`` for a root)."""
    need(actor, "people.manage_agencies", parent)
    demand(name=name, short=short)
    _check_district(district)
    above = None if parent == "/" else agency_at(parent)
    if not _CODE.fullmatch(code):
        raise Invalid({"code": [_("代码只能用小写字母、数字和连字符，最多 20 个字符。")]})
    if kind not in KINDS or (kind == Agency.DIVISION and above is None):
        raise Invalid({"kind": [_("科室必须设在机构之内。")]})
    path = f"{parent}{code}/"
    if len(path) > _PATH_LIMIT:
        raise Invalid({"code": [_("机构层级过深。")]})
    if Agency.objects.filter(path=path).exists():
        raise _taken(code)
    try:
        with transaction.atomic():
            agency = Agency.objects.create(
                parent=above, code=code, path=path, name=name, short=short, kind=kind, district=district
            )
    except IntegrityError:
        # A root has nothing above it to wait at: another set one up at the same moment.
        raise _taken(code) from None
    _emit(
        agency,
        {
            "agency": agency.id,
            "path": path,
            "kind": kind,
            "name": name,
            "short": short,
            "district": district,
        },
    )
    return agency


@act("people.agency_renamed")
def rename_agency(actor: Actor, *, agency: str, name: str, short: str, rev: int | None = None) -> Agency:
    """Give the agency at path ``agency`` another name; what was signed before keeps the old one."""
    need(actor, "people.manage_agencies", agency)
    demand(name=name, short=short)
    row = take(Agency, agency_at(agency).pk, rev)
    if (row.name, row.short) == (name, short):
        unchanged()
        return row
    _emit(row, {"agency": row.id, "name": name, "short": short})
    row.refresh_from_db()
    return row


@act("people.agency_dissolved")
def dissolve_agency(actor: Actor, *, agency: str, on: date, rev: int | None = None) -> Agency:
    """Dissolve from day ``on``. Refused while divisions, officers or roles are still in it."""
    need(actor, "people.manage_agencies", agency)
    row = take(Agency, agency_at(agency).pk, rev)
    left = {
        gettext_noop("下级机构"): row.children.filter(dissolved_on=None).count(),
        gettext_noop("在任执法人员"): Officer.objects.filter(unit=row, state=Officer.SERVING).count(),
        gettext_noop("有效角色"): RoleAssignment.objects.filter(holding_on(today()), agency=row.path).count(),
    }
    busy = "、".join(f"{_(name)} {count}" for name, count in left.items() if count)
    if busy:
        raise refuse(
            "xz-agency-in-use",
            gettext_noop("不能撤销%(name)s：尚有%(busy)s。"),
            gettext_noop("先移出或撤销这些内容，再撤销机构。"),
            name=row.name,
            busy=busy,
        )
    _emit(row, {"agency": row.id, "on": on})
    row.refresh_from_db()
    return row


@act("people.agency_totp_set")
def demand_agency_totp(actor: Actor, *, agency: str, demanded: bool) -> Agency:
    """Demand (or no longer demand) the authenticator of everyone in the agency and below it."""
    need(actor, "people.manage_accounts", agency)
    row = agency_at(agency)
    if row.demands_totp == demanded:
        unchanged()
        return row
    _emit(row, {"agency": row.id, "demanded": demanded})
    row.refresh_from_db()
    return row


def _taken(code: str) -> Invalid:
    return Invalid({"code": [_("同级机构中已有代码 %(code)s。") % {"code": code}]})


def _check_district(code: str) -> None:
    if not _DISTRICT.fullmatch(code):
        raise Invalid({"district": [_("行政区划代码为六位数字（GB/T 2260）。")]})


def _emit(agency: Agency, data: dict[str, object]) -> None:
    name = f"agency:{agency.id}"
    emit(stream=name, subject=name, data=data, agency=agency.path, district=agency.district)
