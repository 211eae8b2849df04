"""Too many failed sign-ins: what the user reads, and the one event a lock-out."""

from typing import Any

from axes.helpers import get_cool_off, get_failure_limit
from axes.signals import user_locked_out
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiezhi.core.actor import system
from xiezhi.people.services import note_lockout

SIGN_IN = system("sign-in")


def locked_out(request: HttpRequest, _answer: HttpResponse | None, credentials: Any) -> HttpResponse:
    """The page of a lock-out (429), with what to do. It says the same whether or not the account exists."""
    minutes = int(get_cool_off(request).total_seconds() // 60)
    context = {
        "title": _("登录失败次数过多"),
        "text": _("同一用户名在同一地址连续登录失败 %(limit)s 次，暂停登录 %(minutes)s 分钟。")
        % {"limit": get_failure_limit(request, credentials), "minutes": minutes},
        "remedy": _("请稍后再试；忘记密码的，请联系本单位系统管理员重置密码。"),
    }
    response = render(request, "account/refused.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """The page of allauth's own limits (429): sign-ins, codes and passwords tried from one address."""
    context = {
        "title": _("请求过于频繁"),
        "text": _("同一地址在一分钟内的登录或口令操作过多，本次未处理。"),
        "remedy": _("请一分钟后再试；多人共用一个出口地址经常遇到的，请联系系统管理员。"),
    }
    response = render(request, "account/refused.html", context, status=429)
    response["Retry-After"] = "60"
    return response


@receiver(user_locked_out, dispatch_uid="xiezhi.console.locked_out")
def _note(request: HttpRequest, username: str | None, ip_address: str, **more: Any) -> None:
    """Every further try announces the lock-out again; it is one event until the lock ends.

    Name and address come as keyed hashes (``attempts``).
    """
    seconds = int(get_cool_off(request).total_seconds())
    if cache.add(f"locked-out:{username}:{ip_address}", True, timeout=seconds):
        note_lockout(
            SIGN_IN, username=getattr(request, "tried_name", ""), failures=get_failure_limit(request, None)
        )
