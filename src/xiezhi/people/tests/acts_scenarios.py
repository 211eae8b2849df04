"""For the walk over every service: what prepares the database, and a valid call."""

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from xiezhi.people import flow, services
from xiezhi.people.approval_kinds import CASE_CLOSURE
from xiezhi.people.models import Account, Officer
from xiezhi.people.tests import house

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
DAY, LATER = date(2026, 3, 1), date(2026, 12, 31)


def _setup(service: Callable[..., Any], **fixed: Any) -> Callable[[], Call]:
    """A call by the set-up component that needs the bureau and nothing else."""

    def prepare() -> Call:
        house.build()
        return service, (house.SETUP,), fixed

    return prepare


def _on(service: Callable[..., Any], make: Callable[[], dict[str, Any]]) -> Callable[[], Call]:
    """A call by the set-up component whose arguments must be made first."""

    def prepare() -> Call:
        house.build()
        return service, (house.SETUP,), make()

    return prepare


def _by(service: Callable[..., Any], username: str, make: Callable[[], dict[str, Any]]) -> Callable[[], Call]:
    """A call by a person."""

    def prepare() -> Call:
        house.build()
        arguments = make()
        return service, (house.actor(username),), arguments

    return prepare


def _install_roles() -> Call:
    return services.install_default_roles, (house.SETUP,), {}


def _officer() -> Officer:
    return services.register_officer(house.SETUP, unit=house.SQUAD_1, name="示例执")


def _certificate() -> dict[str, Any]:
    return {
        "officer": _officer().id,
        "number": "S-1",
        "scope": "城乡建设",
        "scopes": ["construction"],
        "authority": "示例省司法厅",
        "valid_from": DAY,
        "valid_to": LATER,
    }


def _leave() -> dict[str, Any]:
    return {"officer": _officer().id, "kind": "annual", "valid_from": DAY, "valid_to": LATER}


def _relation() -> dict[str, Any]:
    return {"officer": _officer().id, "kind": "relative", "person_number": "329901199001011234"}


def _lin() -> dict[str, Any]:
    return {"account": house.account("lin").id}


def _letter() -> dict[str, Any]:
    return {
        "principal": house.BUREAU,
        "delegate": house.DETACHMENT,
        "number": "示例局委〔2026〕1号",
        "matters": "城乡建设领域行政处罚的调查取证与实施",
        "valid_from": DAY,
        "valid_to": LATER,
    }


def _recorded_letter() -> Any:
    return services.record_letter(house.SETUP, **_letter()).id


def _authorisation() -> dict[str, Any]:
    return {
        "principal": house.account("zhou").id,
        "substitute": house.account("dai").id,
        "role": "squad_leader",
        "agency": house.SQUAD_1,
        "document": "示例支队授〔2026〕5号",
        "reason": "外出培训",
        "valid_from": DAY,
        "valid_to": LATER,
    }


def _approval() -> dict[str, Any]:
    approval = house.submitted()
    return {"approval": approval.id, "text": "同意。", "rev": approval.rev}


def _returned() -> dict[str, Any]:
    approval = house.submitted()
    approval = services.return_approval(
        house.actor("zhou"), approval=approval.id, text="补材料。", rev=approval.rev
    )
    return {"approval": approval.id, "text": "已补。", "rev": approval.rev}


def _session_of(account: Account) -> None:
    store = SessionStore()
    store.save(must_create=True)
    UserSession.objects.create(user=account, ip="192.0.2.1", session_key=store.session_key, user_agent="test")


def _with_session() -> dict[str, Any]:
    _session_of(house.account("lin"))
    return _lin()


def _with_authenticator() -> dict[str, Any]:
    Authenticator.objects.create(user=house.account("lin"), type=Authenticator.Type.TOTP, data={})
    return _lin()


def _deactivated() -> dict[str, Any]:
    account = house.account("lin")
    services.deactivate_account(house.SETUP, account=account.id, reason="借调")
    return {"account": account.id, "reason": "返岗"}


def _linked() -> dict[str, Any]:
    identity = {**_lin(), "provider": "oidc", "subject": "u-1"}
    services.link_identity(house.SETUP, **identity)
    return identity


def _grant() -> dict[str, Any]:
    return {
        "stream": "case:1",
        "account": str(house.account("mei").id),
        "role": "协办",
        "agency": house.SQUAD_1,
    }


def _opened_grant() -> dict[str, Any]:
    services.open_grant(house.SETUP, **_grant())
    return _grant()


def _empty_division() -> dict[str, Any]:
    services.create_agency(
        house.SETUP,
        parent=house.DETACHMENT,
        code="d9",
        name="九大队",
        short="九大队",
        kind="division",
        district="329901",
    )
    return {"agency": f"{house.DETACHMENT}d9/", "on": DAY}


_ROUTE = {
    "kind": CASE_CLOSURE,
    "agency": house.BUREAU,
    "steps": [flow.Step("支队长", ("detachment_head",))],
    "source": "示例局〔2026〕1号",
    "valid_from": DAY,
}
_UNIT = {
    "parent": house.DETACHMENT,
    "code": "d3",
    "name": "三大队",
    "short": "三大队",
    "kind": "division",
    "district": "329901",
}

_BY_FUNCTION: dict[Callable[..., Any], Callable[[], Call]] = {
    services.register_district: _setup(services.register_district, code="329901", name="示例区"),
    services.create_agency: _setup(services.create_agency, **_UNIT),
    services.rename_agency: _setup(
        services.rename_agency, agency=house.SQUAD_1, name="一大队（市区）", short="一大队", rev=1
    ),
    services.dissolve_agency: _on(services.dissolve_agency, _empty_division),
    services.demand_agency_totp: _setup(services.demand_agency_totp, agency=house.DETACHMENT, demanded=True),
    services.create_account: _setup(
        services.create_account, username="xin", name="示例新", unit=house.SQUAD_1, password=house.PASSWORD
    ),
    services.deactivate_account: _on(services.deactivate_account, lambda: {**_lin(), "reason": "离职"}),
    services.activate_account: _on(services.activate_account, _deactivated),
    services.demand_account_totp: _on(services.demand_account_totp, lambda: {**_lin(), "demanded": True}),
    services.reset_password: _on(services.reset_password, lambda: {**_lin(), "password": "Another-2026-pass"}),
    services.change_password: _by(
        services.change_password, "lin", lambda: {**_lin(), "password": "Another-2026-pass"}
    ),
    services.link_identity: _on(services.link_identity, lambda: {**_lin(), "provider": "oidc", "subject": "u-1"}),
    services.unlink_identity: _on(services.unlink_identity, _linked),
    services.note_sign_in: _on(services.note_sign_in, lambda: {**_lin(), "method": "password", "failures": 2}),
    services.note_lockout: _setup(services.note_lockout, username="lin", failures=5),
    services.revoke_sessions: _on(services.revoke_sessions, _with_session),
    services.reset_authenticator: _on(services.reset_authenticator, _with_authenticator),
    services.note_authenticator_change: _on(
        services.note_authenticator_change, lambda: {**_lin(), "change": "added", "kind": "totp"}
    ),
    services.register_officer: _setup(
        services.register_officer, unit=house.SQUAD_1, name="示例执", skills=["tower-crane"]
    ),
    services.change_officer: _on(
        services.change_officer, lambda: {"officer": _officer().id, "rev": 1, "unit": house.SQUAD_2}
    ),
    services.release_officer: _on(services.release_officer, lambda: {"officer": _officer().id, "reason": "退休"}),
    services.record_certificate: _on(services.record_certificate, _certificate),
    services.revoke_certificate: _on(
        services.revoke_certificate,
        lambda: {
            "certificate": services.record_certificate(house.SETUP, **_certificate()).id,
            "on": DAY,
            "reason": "调离执法岗位",
        },
    ),
    services.record_leave: _on(services.record_leave, _leave),
    services.cancel_leave: _on(
        services.cancel_leave, lambda: {"leave": services.record_leave(house.SETUP, **_leave()).id}
    ),
    services.declare_relation: _on(services.declare_relation, _relation),
    services.end_relation: _on(
        services.end_relation,
        lambda: {
            "relation": services.declare_relation(house.SETUP, **_relation()).id,
            "on": LATER.replace(year=2099),
            "reason": "关系终止",
        },
    ),
    services.register_assistant: _setup(services.register_assistant, unit=house.SQUAD_1, name="示例辅"),
    services.release_assistant: _on(
        services.release_assistant,
        lambda: {
            "assistant": services.register_assistant(house.SETUP, unit=house.SQUAD_1, name="示例辅").id,
            "reason": "合同到期",
        },
    ),
    services.record_letter: _on(services.record_letter, _letter),
    services.publish_letter: _on(
        services.publish_letter,
        lambda: {
            "letter": _recorded_letter(),
            "published_at": "https://example.org/wts/1",
            "published_on": DAY,
            "rev": 1,
        },
    ),
    services.revoke_letter: _on(
        services.revoke_letter, lambda: {"letter": _recorded_letter(), "on": DAY, "reason": "职能调整"}
    ),
    services.authorise_substitute: _by(services.authorise_substitute, "zhou", _authorisation),
    services.revoke_authorisation: _on(
        services.revoke_authorisation,
        lambda: {
            "authorisation": services.authorise_substitute(house.SETUP, **_authorisation()).id,
            "on": DAY,
            "reason": "返岗",
        },
    ),
    services.define_role: _setup(
        services.define_role, code="clerk", name="内勤", abilities=["people.read", "registry.read"]
    ),
    services.install_default_roles: _install_roles,
    services.assign_role: _on(
        services.assign_role, lambda: {**_lin(), "role": "overseer", "agency": house.DETACHMENT}
    ),
    services.end_assignment: _on(
        services.end_assignment,
        lambda: {"assignment": house.account("lin").assignments.get().id, "on": DAY, "reason": "轮岗"},
    ),
    services.open_grant: _on(services.open_grant, _grant),
    services.close_grant: _on(services.close_grant, _opened_grant),
    services.adopt_route: _setup(services.adopt_route, **_ROUTE),
    services.submit: _by(
        services.submit,
        "lin",
        lambda: {
            "kind": "inspection.plan",
            "subject": "plan:2027",
            "title": "2027年度抽查计划",
            "agency": house.SQUAD_1,
            "text": "请审批。",
        },
    ),
    services.agree: _by(services.agree, "zhou", _approval),
    services.return_approval: _by(services.return_approval, "zhou", _approval),
    services.resubmit: _by(services.resubmit, "lin", _returned),
    services.withdraw: _by(services.withdraw, "lin", _approval),
    services.withdraw_ended: _by(
        services.withdraw_ended,
        "zhou",
        lambda: {"approval": _approval()["approval"], "text": "事项已终止。"},
    ),
}
SCENARIOS: dict[str, Callable[[], Call]] = {
    f"{service.__module__}.{service.__name__}": prepare for service, prepare in _BY_FUNCTION.items()
}
