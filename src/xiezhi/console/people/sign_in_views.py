"""One's own security: authenticator, recovery codes, sessions with revoke."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.people import services
from xiezhi.web.pages import ConsoleView


def not_offered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """A page of the sign-in library that this house does not offer."""
    raise Http404


class Security(ConsoleView):
    """Password, authenticator, recovery codes and sessions of whoever is signed in."""

    ability = ""
    title = gettext_lazy("账号安全")
    template_name = "mfa/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        held = {row.type: row.wrap() for row in Authenticator.objects.filter(user=request.user)}
        codes = held.get(Authenticator.Type.RECOVERY_CODES)
        return self.page(
            totp=held.get(Authenticator.Type.TOTP),
            codes_left=len(codes.get_unused_codes()) if codes else 0,
            sessions=UserSession.objects.filter(user=request.user).count(),
        )


class Sessions(ConsoleView):
    """Where one is signed in; each can be ended, and all others at once."""

    ability = ""
    title = gettext_lazy("登录会话")
    template_name = "usersessions/usersession_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = UserSession.objects.purge_and_list(request.user)
        return self.page(sessions=sorted(rows, key=lambda row: row.last_seen_at, reverse=True))

    def post(self, request: HttpRequest) -> HttpResponse:
        others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
        if chosen := request.POST.get("session", ""):
            others = others.filter(pk=chosen) if chosen.isdecimal() else others.none()
        ended = services.revoke_sessions(
            self.actor, account=request.user.pk, sessions=list(others.values_list("pk", flat=True))
        )
        messages.success(request, _("已注销 %(count)s 个会话。") % {"count": ended})
        return HttpResponseRedirect(reverse("usersessions_list"))

    def breadcrumbs(self) -> Any:
        return ((_("账号安全"), reverse("mfa_index")),)
