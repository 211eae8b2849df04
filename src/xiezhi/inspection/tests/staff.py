"""Accounts that sign in, each holding the abilities named, in the agency of ``cases``."""

from datetime import date

from django.test import Client

from xiezhi.people.models import Account, Agency, Role, RoleAssignment

from . import cases

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def account(name: str, *abilities: str) -> Account:
    """An account of the draw's agency."""
    unit, _made = Agency.objects.get_or_create(
        path=cases.AGENCY,
        defaults={
            "code": "a1",
            "name": "示例支队",
            "short": "示例监",
            "kind": "agency",
            "district": cases.DISTRICT,
        },
    )
    made = Account.objects.create_user(name, "a-long-password", name=name, unit=unit)
    role = Role.objects.create(code=f"role-{name}", name=name, abilities=list(abilities))
    RoleAssignment.objects.create(account=made, role=role, agency=cases.AGENCY, valid_from=date(2020, 1, 1))
    return made


def client(account: Account) -> Client:
    """A browser in which the account is signed in."""
    made = Client()
    made.force_login(account, backend=BACKEND)
    return made
