"""关怀模式: large type and targets. The choice lies in a cookie, and with the account where one is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .models import Preference

COOKIE = "care"
YEAR = 365 * 24 * 3600


def wanted(request: HttpRequest) -> bool:
    """The cookie, or else what the account chose on another machine."""
    cookie = request.COOKIES.get(COOKIE)
    if cookie is not None:
        return cookie == "1"
    if getattr(request, "signed_by", "") != "session":
        return False
    return Preference.objects.filter(account=request.user.pk, care=True).exists()


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Turn it on or off (``on`` = ``1`` or ``0``) and go back to where the reader was."""
    on = request.POST.get("on") == "1"
    if getattr(request, "signed_by", "") == "session":
        Preference.objects.update_or_create(account=request.user, defaults={"care": on})
    back = request.POST.get("next", "/")
    response = redirect(back if url_has_allowed_host_and_scheme(back, None) else "/")
    response.set_cookie(COOKIE, "1" if on else "0", max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
