"""Whoever must have an authenticator sets it up before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from xiezhi.people.queries import must_enrol
from xiezhi.web import problems

# Beginnings of addresses that stay open: the enrolment itself, confirming one's password for it, leaving.
OPEN_NAMES = ("mfa_activate_totp", "account_reauthenticate", "account_logout")


class DemandAuthenticator:
    """Below ``CurrentActor``. A session whose account must enrol gets the enrolment page; the API a 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "signed_by", "") != "session" or self._is_open(request.path):
            # The enrolment page says why one is here.
            request.must_enrol = SimpleLazyObject(lambda: must_enrol(request.user))  # type: ignore[arg-type, attr-defined]
            return self.get_response(request)
        if not must_enrol(request.user):  # type: ignore[arg-type]
            return self.get_response(request)
        if problems.wants_json(request):
            text = _("本账号须先绑定动态口令。")
            remedy = _("请在浏览器中登录并按提示绑定动态口令。")
            return problems.respond(request, problems.of_kind("denied", text, remedy=remedy))
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

    @staticmethod
    def _is_open(path: str) -> bool:
        return path.startswith(("/static/", "/favicon.ico", "/healthz", "/readyz")) or path in {
            reverse(n) for n in OPEN_NAMES
        }
