"""Accounts for tests of pages: one role of just the abilities that a test names."""

from datetime import date

from django.test import Client

from xiezhi.people.models import Account, Agency, District, Role, RoleAssignment

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def agency(code="tz", parent=None, name="示例市监察支队"):
    District.objects.get_or_create(code="999900", defaults={"name": "示例市"})
    path = f"{parent.path if parent else '/'}{code}/"
    found, _made = Agency.objects.get_or_create(
        path=path,
        defaults={
            "code": code,
            "parent": parent,
            "name": name,
            "short": name[:6],
            "kind": Agency.AGENCY,
            "district": "999900",
        },
    )
    return found


def account_with(*abilities, username="officer", unit=None, path=None):
    """An account of ``unit`` that holds exactly ``abilities`` in ``path`` (default: its unit's subtree)."""
    unit = unit or agency()
    account = Account.objects.create_user(username, "a-long-password", unit=unit, name=f"示例人员{username}")
    role = Role.objects.create(code=f"role-{username}", name="测试角色", abilities=sorted(abilities))
    RoleAssignment.objects.create(
        account=account, role=role, agency=path or unit.path, valid_from=date(2000, 1, 1)
    )
    return account


def browser_of(account, **options):
    """Django's test client, signed in."""
    client = Client(**options)
    client.force_login(account, backend=BACKEND)
    return client
