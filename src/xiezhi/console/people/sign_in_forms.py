"""The sign-in library's forms with our words; the rest of it is theirs."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as BaseChangePasswordForm
from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.account.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseMFAReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as BaseActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.forms import speak


def _say(form: forms.Form, **labels: Any) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)
    form.label_suffix = ""
    for field in form.fields.values():
        speak(field)


class LoginForm(BaseLoginForm):
    """User name and password."""

    error_messages = {
        "account_inactive": _("该账号已停用，请联系本单位系统管理员。"),
        "username_password_mismatch": _("用户名或密码不正确。"),
        "email_password_mismatch": _("用户名或密码不正确。"),
        "too_many_login_attempts": _("登录失败次数过多，请稍后再试。"),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _say(self, login=_("用户名"), password=_("密码"))
        self.fields["password"].help_text = ""


class ChangePasswordForm(BaseChangePasswordForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _say(self, oldpassword=_("当前密码"), password1=_("新密码"), password2=_("再输入一次新密码"))
        # The library links to a reset by mail, which is not offered here.
        self.fields["oldpassword"].help_text = _("忘记密码的，请联系本单位系统管理员重置。")


class ReauthenticateForm(BaseReauthenticateForm):
    """The password once more, before a sensitive change."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _say(self, password=_("密码"))


class AuthenticateForm(BaseAuthenticateForm):
    """A code of the authenticator, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _say(self, code=_("动态口令或恢复码"))


class MFAReauthenticateForm(BaseMFAReauthenticateForm):
    """A code once more, before a sensitive change."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _say(self, code=_("动态口令或恢复码"))


class ActivateTOTPForm(BaseActivateTOTPForm):
    """The first code proves that the authenticator holds the secret."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _say(self, code=_("动态口令"))
