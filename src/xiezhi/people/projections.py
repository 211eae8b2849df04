"""Which events set which columns: everything here is rebuilt by ``xiezhi record replay``."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models

from xiezhi.record.projections import Envelope, project

from .models import (
    Account,
    Agency,
    Approval,
    ApprovalRoute,
    Assistant,
    Certificate,
    DelegationLetter,
    Grant,
    Leave,
    Officer,
    Role,
    RoleAssignment,
    SubstituteAuthorisation,
)

Key = Callable[[Mapping[str, Any]], str]


def _key(name: str) -> Key:
    return lambda data: str(data[name])


def _copy(type_: str, model: type[models.Model], key: str, *columns: str) -> None:
    """The event's fields of the same names are the columns."""
    project(
        type_,
        model,
        key=_key(key),
        set=lambda e: {column: _value(model, column, e["data"][column]) for column in columns},
    )


def _fix(type_: str, model: type[models.Model], key: str, **columns: object) -> None:
    """The event's mere being sets these columns."""
    project(type_, model, key=_key(key), set=lambda e: columns)


def _rename(type_: str, model: type[models.Model], key: str, **columns: str) -> None:
    """Columns take the event's fields of other names: ``column="field"``."""
    project(
        type_,
        model,
        key=_key(key),
        set=lambda e: {column: _value(model, column, e["data"][field]) for column, field in columns.items()},
    )


def _value(model: type[models.Model], column: str, raw: Any) -> Any:
    field = model._meta.get_field(column)
    if isinstance(raw, str) and isinstance(field, models.DateTimeField):
        return datetime.fromisoformat(raw)
    if isinstance(raw, str) and isinstance(field, models.DateField):
        return date.fromisoformat(raw)
    return raw


def _place(e: Envelope) -> dict[str, Any]:
    data = e["data"]
    waiting = f",{','.join(data['waiting'])}," if data["waiting"] else ""
    return {"state": data["state"], "step": data["step"], "round": data["round"], "waiting": waiting}


_copy("people.agency_created", Agency, "agency", "name", "short")
_copy("people.agency_renamed", Agency, "agency", "name", "short")
_rename("people.agency_dissolved", Agency, "agency", dissolved_on="on")
_rename("people.agency_totp_set", Agency, "agency", demands_totp="demanded")

_fix("people.account_created", Account, "account", is_active=True)
_copy("people.account_created", Account, "account", "must_use_totp")
_fix("people.account_deactivated", Account, "account", is_active=False)
_fix("people.account_activated", Account, "account", is_active=True)
_rename("people.account_totp_set", Account, "account", must_use_totp="demanded")

_fix("people.officer_registered", Officer, "officer", state=Officer.SERVING)
_copy("people.officer_registered", Officer, "officer", "skills")
_copy("people.officer_changed", Officer, "officer", "skills")
_rename("people.officer_registered", Officer, "officer", agency="unit")
_rename("people.officer_changed", Officer, "officer", agency="unit")
_fix("people.officer_left", Officer, "officer", state=Officer.LEFT)
_rename("people.certificate_revoked", Certificate, "certificate", revoked_on="on")
_fix("people.leave_cancelled", Leave, "leave", cancelled=True)
_fix("people.assistant_registered", Assistant, "assistant", state=Officer.SERVING)
_fix("people.assistant_left", Assistant, "assistant", state=Officer.LEFT)

_copy("people.letter_published", DelegationLetter, "letter", "published_at", "published_on")
_rename("people.letter_revoked", DelegationLetter, "letter", revoked_on="on")
_rename("people.authorisation_revoked", SubstituteAuthorisation, "authorisation", revoked_on="on")

_copy("people.role_defined", Role, "role", "name", "abilities")
_copy("people.role_assigned", RoleAssignment, "assignment", "valid_to")
_copy("people.assignment_ended", RoleAssignment, "assignment", "valid_to")
_copy("people.grant_opened", Grant, "grant", "ends")
_copy("people.grant_closed", Grant, "grant", "ends")

_copy("people.route_closed", ApprovalRoute, "route", "valid_to")
for _type in ("approval_submitted", "step_agreed", "approval_returned"):
    project(f"people.{_type}", Approval, key=_key("approval"), set=_place)
for _type in ("approval_resubmitted", "approval_withdrawn"):
    project(f"people.{_type}", Approval, key=_key("approval"), set=_place)
_copy("people.approved", Approval, "approval", "decided_at")
