"""The sign-in library announces changes of authenticators by signals; each becomes one act here."""

from allauth.mfa import signals
from django.dispatch import receiver

from .queries.rights import actor_of
from .services.sign_in import note_authenticator_change


@receiver(signals.authenticator_added, dispatch_uid="xiezhi.people.authenticator_added")
def _added(user, authenticator, **kwargs):  # type: ignore[no-untyped-def]
    _note(user, authenticator, "added")


@receiver(signals.authenticator_removed, dispatch_uid="xiezhi.people.authenticator_removed")
def _removed(user, authenticator, **kwargs):  # type: ignore[no-untyped-def]
    _note(user, authenticator, "removed")


@receiver(signals.authenticator_reset, dispatch_uid="xiezhi.people.authenticator_reset")
def _reset(user, authenticator, **kwargs):  # type: ignore[no-untyped-def]
    _note(user, authenticator, "renewed")


def _note(user, authenticator, change: str) -> None:  # type: ignore[no-untyped-def]
    note_authenticator_change(actor_of(user), account=user.pk, change=change, kind=authenticator.type)
