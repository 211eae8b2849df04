"""Addresses under ``/accounts/``: the sign-in library's, without what this house does not offer.

There is no self sign-up, no reset by mail and no linking by oneself: administrators open accounts, reset passwords
and link identities, each as an act.
"""

from django.urls import URLPattern, URLResolver, include, path, re_path

from . import sign_in_views

_CLOSED = (
    "signup/",
    "email/",
    "confirm-email/",
    "password/set/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "login/code/confirm/",
    "3rdparty/",
    "3rdparty/signup/",
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(address, sign_in_views.not_offered) for address in _CLOSED),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", sign_in_views.not_offered),
    re_path(r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", sign_in_views.not_offered),
    path("2fa/", sign_in_views.Security.as_view()),
    path("sessions/", sign_in_views.Sessions.as_view()),
    path("", include("allauth.urls")),
]
