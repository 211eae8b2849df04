"""Event types of people. ``data`` holds ids, dates, codes and bodies' names; persons' names go to ``private``."""

import uuid
from datetime import date, datetime

from xiezhi.record.types import Data, event_type

# ---------------------------------------------------------------- agencies


class DistrictRegistered(Data):
    code: str
    name: str


class AgencyCreated(Data):
    agency: uuid.UUID
    path: str
    kind: str
    name: str
    short: str
    district: str


class AgencyRenamed(Data):
    agency: uuid.UUID
    name: str
    short: str


class AgencyDissolved(Data):
    agency: uuid.UUID
    on: date


class AgencyDemandsTotp(Data):
    agency: uuid.UUID
    demanded: bool


event_type("people.district_registered", "登记行政区划", DistrictRegistered)
event_type("people.agency_created", "设立机构", AgencyCreated)
event_type("people.agency_renamed", "机构更名", AgencyRenamed)
event_type("people.agency_dissolved", "撤销机构", AgencyDissolved)
event_type("people.agency_totp_set", "设定机构动态口令要求", AgencyDemandsTotp)

# ---------------------------------------------------------------- accounts and sign-in


class AccountOpened(Data):
    account: uuid.UUID
    kind: str
    unit: str
    officer: uuid.UUID | None = None
    assistant: uuid.UUID | None = None
    must_use_totp: bool = False


class AccountPrivate(Data):
    username: str
    name: str
    email: str = ""


class AccountRef(Data):
    account: uuid.UUID


class AccountTotp(Data):
    account: uuid.UUID
    demanded: bool


class Reason(Data):
    reason: str


class IdentityPrivate(Data):
    provider: str
    subject: str


class SignedIn(Data):
    account: uuid.UUID
    method: str
    failures: int = 0


class SignInLocked(Data):
    account: uuid.UUID | None
    failures: int


class SessionsRevoked(Data):
    account: uuid.UUID
    sessions: int


class AuthenticatorChanged(Data):
    account: uuid.UUID
    change: str
    kind: str


event_type("people.account_created", "开立账号", AccountOpened, AccountPrivate)
event_type("people.account_deactivated", "停用账号", AccountRef, Reason)
event_type("people.account_activated", "恢复账号", AccountRef, Reason)
event_type("people.account_totp_set", "设定账号动态口令要求", AccountTotp)
event_type("people.password_reset", "重置密码", AccountRef)
event_type("people.password_changed", "修改密码", AccountRef)
event_type("people.identity_linked", "绑定统一身份", AccountRef, IdentityPrivate)
event_type("people.identity_unlinked", "解除统一身份", AccountRef, IdentityPrivate)
event_type("people.signed_in", "登录", SignedIn)
event_type("people.sign_in_locked", "登录失败次数过多被锁定", SignInLocked)
event_type("people.sessions_revoked", "注销会话", SessionsRevoked)
event_type("people.authenticator_changed", "变更动态口令", AuthenticatorChanged)

# ---------------------------------------------------------------- officers and assistants


class OfficerRegistered(Data):
    officer: uuid.UUID
    unit: str
    skills: list[str]


class PersonPrivate(Data):
    name: str


class OfficerMoved(Data):
    officer: uuid.UUID
    unit: str
    skills: list[str]


class OfficerRef(Data):
    officer: uuid.UUID


class CertificateRecorded(Data):
    certificate: uuid.UUID
    officer: uuid.UUID
    scopes: list[str]
    authority: str
    valid_from: date
    valid_to: date | None


class CertificatePrivate(Data):
    number: str
    scope: str


class CertificateRevoked(Data):
    certificate: uuid.UUID
    officer: uuid.UUID
    on: date


class LeaveRecorded(Data):
    leave: uuid.UUID
    officer: uuid.UUID


class LeavePrivate(Data):
    kind: str
    valid_from: date
    valid_to: date | None


class RelationDeclared(Data):
    relation: uuid.UUID
    officer: uuid.UUID


class RelationPrivate(Data):
    kind: str
    entity: str
    person: str
    valid_from: date
    valid_to: date | None


class RelationWithdrawn(Data):
    relation: uuid.UUID
    officer: uuid.UUID


class RelationEnd(Data):
    on: date
    reason: str


class AssistantRef(Data):
    assistant: uuid.UUID


class AssistantRegistered(Data):
    assistant: uuid.UUID
    unit: str


event_type("people.officer_registered", "登记执法人员", OfficerRegistered, PersonPrivate)
event_type("people.officer_changed", "变更执法人员", OfficerMoved, PersonPrivate)
event_type("people.officer_left", "执法人员离任", OfficerRef, Reason)
event_type("people.certificate_recorded", "登记执法证", CertificateRecorded, CertificatePrivate)
event_type("people.certificate_revoked", "注销执法证", CertificateRevoked, Reason)
event_type("people.leave_recorded", "登记请假", LeaveRecorded, LeavePrivate)
event_type("people.leave_cancelled", "撤销请假", LeaveRecorded)
event_type("people.relation_declared", "申报利害关系", RelationDeclared, RelationPrivate)
event_type("people.relation_ended", "利害关系终止", RelationWithdrawn, RelationEnd)
event_type("people.assistant_registered", "登记辅助人员", AssistantRegistered, PersonPrivate)
event_type("people.assistant_left", "辅助人员离任", AssistantRef, Reason)

# ---------------------------------------------------------------- letters


class LetterRecorded(Data):
    letter: uuid.UUID
    principal: str
    delegate: str
    number: str
    matters: str
    valid_from: date
    valid_to: date


class LetterPublished(Data):
    letter: uuid.UUID
    published_at: str
    published_on: date


class LetterRevoked(Data):
    letter: uuid.UUID
    on: date
    reason: str


class SubstituteAuthorised(Data):
    authorisation: uuid.UUID
    principal: uuid.UUID
    substitute: uuid.UUID
    role: str
    agency: str
    document: str
    valid_from: date
    valid_to: date


class AuthorisationRevoked(Data):
    authorisation: uuid.UUID
    on: date


event_type("people.letter_recorded", "登记委托书", LetterRecorded)
event_type("people.letter_published", "公布委托书", LetterPublished)
event_type("people.letter_revoked", "撤销委托", LetterRevoked)
event_type("people.substitute_authorised", "授权代办", SubstituteAuthorised, Reason)
event_type("people.authorisation_revoked", "撤销代办授权", AuthorisationRevoked, Reason)

# ---------------------------------------------------------------- rights


class RoleDefined(Data):
    role: uuid.UUID
    code: str
    name: str
    abilities: list[str]


class RoleAssigned(Data):
    assignment: uuid.UUID
    account: uuid.UUID
    role: str
    agency: str
    valid_from: date
    valid_to: date | None
    document: str


class AssignmentEnded(Data):
    assignment: uuid.UUID
    valid_to: date


class GrantOpened(Data):
    grant: uuid.UUID
    stream: str
    actor: str
    role: str
    begins: datetime
    ends: datetime | None


class GrantClosed(Data):
    grant: uuid.UUID
    ends: datetime


event_type("people.role_defined", "设定角色", RoleDefined)
event_type("people.role_assigned", "授予角色", RoleAssigned)
event_type("people.assignment_ended", "收回角色", AssignmentEnded, Reason)
event_type("people.grant_opened", "授予个案参与", GrantOpened)
event_type("people.grant_closed", "收回个案参与", GrantClosed)

# ---------------------------------------------------------------- approvals


class RouteStep(Data):
    title: str
    roles: list[str]
    meeting: bool


class RouteAdopted(Data):
    route: uuid.UUID
    kind: str
    agency: str
    version: int
    steps: list[RouteStep]
    source: str
    valid_from: date


class RouteClosed(Data):
    route: uuid.UUID
    valid_to: date


class ApprovalMoved(Data):
    """What every step of an approval carries: where it stands afterwards."""

    approval: uuid.UUID
    kind: str
    subject: str
    state: str
    step: int
    round: int
    waiting: list[str]


class ApprovalSubmitted(ApprovalMoved):
    route: uuid.UUID


class OpinionGiven(ApprovalMoved):
    opinion: uuid.UUID
    at_step: int
    role: str
    principal: uuid.UUID | None = None
    authorisation: uuid.UUID | None = None
    minutes: str = ""


class ApprovalReturned(OpinionGiven):
    return_to: int


class Approved(Data):
    """Upper apps follow this one: the act that ``subject`` waited for may now be done."""

    approval: uuid.UUID
    kind: str
    subject: str
    route: uuid.UUID
    decided_at: datetime


class OpinionPrivate(Data):
    name: str
    text: str
    principal_name: str = ""
    title: str = ""


event_type("people.route_adopted", "启用审批流程", RouteAdopted)
event_type("people.route_closed", "停用审批流程", RouteClosed)
event_type("people.approval_submitted", "提交审批", ApprovalSubmitted, OpinionPrivate)
event_type("people.step_agreed", "审批同意", OpinionGiven, OpinionPrivate)
event_type("people.approval_returned", "审批退回", ApprovalReturned, OpinionPrivate)
event_type("people.approval_resubmitted", "重新提交审批", ApprovalMoved, OpinionPrivate)
event_type("people.approval_withdrawn", "撤回审批", ApprovalMoved, OpinionPrivate)
event_type("people.approved", "审批通过", Approved)
