"""The sign-in library writes authenticators itself; each that comes or goes is one act, in its transaction.

The library's own signals are sent after the commit, too late for that; so the rows are watched.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .queries.rights import actor_of
from .services.sign_in import note_authenticator_change


@receiver(post_save, sender=Authenticator, dispatch_uid="xiezhi.people.authenticator_added")
def _added(instance: Authenticator, created: bool, raw: bool = False, **more: Any) -> None:
    if created and not raw:
        _note(instance, "added")


@receiver(post_delete, sender=Authenticator, dispatch_uid="xiezhi.people.authenticator_removed")
def _removed(instance: Authenticator, **more: Any) -> None:
    _note(instance, "removed")


def _note(row: Authenticator, change: str) -> None:
    note_authenticator_change(actor_of(row.user), account=row.user_id, change=change, kind=row.type)
