"""Tables of agencies, people and their rights. Other apps may hold foreign keys to what is listed here."""

from .accounts import Account
from .agencies import Agency, District
from .approvals import Approval, ApprovalOpinion, ApprovalRoute
from .letters import DelegationLetter, SubstituteAuthorisation
from .officers import Assistant, Certificate, DeclaredRelation, Leave, Officer
from .rights import Grant, Role, RoleAssignment

__all__ = [
    "Account",
    "Agency",
    "Approval",
    "ApprovalOpinion",
    "ApprovalRoute",
    "Assistant",
    "Certificate",
    "DeclaredRelation",
    "DelegationLetter",
    "District",
    "Grant",
    "Leave",
    "Officer",
    "Role",
    "RoleAssignment",
    "SubstituteAuthorisation",
]
