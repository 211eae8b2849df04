"""An account that may approve an erasure."""

from datetime import date

from xiezhi.people.models import Account, Role, RoleAssignment


def approver(username: str = "approver", *, ability: str = "record.erase", place: str = "/", **fields) -> str:
    """The id of a new account that holds ``ability`` in the subtree ``place``."""
    account = Account.objects.create_user(username, **fields)
    role, _ = Role.objects.get_or_create(code=ability, defaults={"name": ability, "abilities": [ability]})
    RoleAssignment.objects.create(account=account, role=role, agency=place, valid_from=date(2026, 1, 1))
    return str(account.id)
