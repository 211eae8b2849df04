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
from .officers import (
    assistants,
    available_officers,
    certificates_ending,
    certified,
    leaves,
    officer,
    officers,
    own_officer,
    recused,
    valid_certificates,
)
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
    "certificates_ending",
    "certified",
    "concerning",
    "districts",
    "form_rows",
    "inbox",
    "leaves",
    "letter_in_force",
    "letters",
    "may_act",
    "must_enrol",
    "officer",
    "officers",
    "own_officer",
    "recused",
    "roles",
    "route_in_force",
    "routes",
    "valid_certificates",
]
