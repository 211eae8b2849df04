"""The only door out: reading agencies, people, rights and approvals. ``visible_to(actor)`` first."""

from .agencies import agencies, agency, districts, letter_in_force, letters
from .approvals import (
    approval,
    approvals,
    authorisations,
    concerning,
    form_rows,
    inbox,
    may_act,
    route_in_force,
    routes,
)
from .officers import assistants, available_officers, certified, officer, officers, recused, valid_certificates
from .rights import accounts, actor_of, assignments, must_enrol, roles

__all__ = [
    "accounts",
    "actor_of",
    "agencies",
    "agency",
    "approval",
    "approvals",
    "assignments",
    "assistants",
    "authorisations",
    "available_officers",
    "certified",
    "concerning",
    "districts",
    "form_rows",
    "inbox",
    "letter_in_force",
    "letters",
    "may_act",
    "must_enrol",
    "officer",
    "officers",
    "recused",
    "roles",
    "route_in_force",
    "routes",
    "valid_certificates",
]
