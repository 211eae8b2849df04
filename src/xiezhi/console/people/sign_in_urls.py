"""Addresses under ``/accounts/``: the sign-in library's, without what this house does not offer.

There is no self sign-up, no reset by mail and no linking by oneself: administrators open accounts, reset passwords
and link identities, each as an act.
"""

from django.urls import URLPattern, URLResolver, include, path

from . import sign_in_views

_CLOSED = (
    "signup/",
    "email/",
    "confirm-email/",
    "password/set/",
    "password/reset/",
    "login/code/confirm/",
    "3rdparty/",
    "3rdparty/signup/",
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(address, sign_in_views.not_offered) for address in _CLOSED),
    path("2fa/", sign_in_views.Security.as_view()),
    path("sessions/", sign_in_views.Sessions.as_view()),
    path("", include("allauth.urls")),
]
