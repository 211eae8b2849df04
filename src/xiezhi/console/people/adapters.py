"""What the sign-in library asks us: nobody signs himself up, every sign-in is an act, secrets are encrypted."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows import login as login_flow
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.errors import Invalid
from xiezhi.people import services
from xiezhi.people.models import Account
from xiezhi.people.queries import actor_of
from xiezhi.web.client_address import client_address

from . import authenticator_keys
from .attempts import hashed_name


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "失败次数过多，登录已暂停，请不要继续尝试。请稍后再试；急需登录的，请联系本单位系统管理员重置密码。"
        ),
        "rate_limited": gettext_lazy("失败或重复次数过多，请五分钟后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by administrators alone."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in within the last minutes is not asked again at once; everyone else is."""
        steps = login_flow.get_authentication_records(self.request, self.request.user)
        if steps and time.time() - steps[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """A demonstration account, whose password everyone may know, gets into no real office."""
        if user.demo and not settings.DEMO_ACCOUNTS_SIGN_IN:
            return _demonstration_only(request)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: Account) -> None:
        # Counted before, since a sign-in that succeeds clears the failures.
        attempts = AccessAttempt.objects.filter(username=hashed_name(user.username))
        failures = attempts.aggregate(Sum("failures_since_start"))["failures_since_start__sum"] or 0
        super().login(request, user)
        services.note_sign_in(actor_of(user), account=user.pk, method=_method(request), failures=failures)

    def set_password(self, user: Account, password: str) -> None:
        """The holder changed his own password; the view has checked the old one."""
        try:
            services.change_password(actor_of(user), account=user.pk, password=password)
        except Invalid as error:
            raise ValidationError([text for texts in error.fields.values() for text in texts]) from error
        user.refresh_from_db()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The library sends no mail of its own; notices go through ``notify``."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Identities of the province's or city's sign-on (OIDC): linked by an administrator, or refused."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(_unknown_identity(request))
        # Names and numbers that the provider sends along are not ours to keep.
        sociallogin.account.extra_data = {}
        sociallogin.account.save(update_fields=["extra_data"])


class MFAAdapter(DefaultMFAAdapter):
    """Authenticators' secrets and recovery seeds are stored under the house's wrapping key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "动态口令不正确，或者已经用过。请核对手机时间是否为自动校准，等下一个口令出现后再输入；"
            "手机不在身边的，可输入一个恢复码；都没有的，请联系本单位系统管理员。"
        ),
        "cannot_generate_recovery_codes": gettext_lazy("请先启用动态口令，再生成恢复码。"),
    }

    def encrypt(self, text: str) -> str:
        return authenticator_keys.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return authenticator_keys.decrypt(encrypted_text)


def _method(request: HttpRequest) -> str:
    """The strongest that was shown: oidc, totp or recovery_codes, else password."""
    shown = login_flow.get_authentication_records(request, request.user)  # type: ignore[arg-type]
    kinds = [step.get("type") or step.get("method") for step in shown]
    for kind, name in (("totp", "totp"), ("recovery_codes", "recovery_codes"), ("socialaccount", "oidc")):
        if kind in kinds:
            return name
    return "password"


def _demonstration_only(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("演示账号不能登录"),
        "text": _("该账号是演示账号，密码是公开的，正式环境不允许登录。"),
        "remedy": _("请联系本单位系统管理员开立正式账号，并停用演示账号。"),
    }
    return render(request, "account/refused.html", context, status=403)


def _unknown_identity(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("该统一身份未绑定账号"),
        "text": _("您的统一身份已通过验证，但没有绑定本平台的账号，不能登录。"),
        "remedy": _("请联系本单位系统管理员绑定统一身份，或使用用户名和密码登录。"),
    }
    return render(request, "account/refused.html", context, status=403)
