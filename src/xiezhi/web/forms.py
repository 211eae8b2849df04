"""Forms that keep what was typed and say in Chinese what to mend. Rendered by ``components/form.html``."""

from typing import Any

from django import forms
from django.core import validators
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from xiezhi.core.unseen import unseen

# Django's own Chinese speaks of variables and fields; a reader is told what to do.
TEXTS = {
    "required": _("请填写或选择此项。"),
    "invalid_choice": _("请从列表中选择。"),
    "invalid_date": _("请填写日期，例如 2026-03-02。"),
    "invalid_list": _("请从列表中选择。"),
    "invalid_pk_value": _("请从列表中选择。"),
    "incomplete": _("请填写完整。"),
    "overflow": _("数值过大，请核对。"),
    "contradiction": _("请选择文件，或者勾选清除，两者取其一。"),
    "empty": _("文件是空的，请重新选择。"),
    "missing": _("没有收到文件，请重新选择。"),
    "email": _("请填写电子邮箱，例如 name@example.cn。"),
    "url": _("请填写网址，例如 https://example.cn/。"),
    "min_value": _("不能小于 %(limit_value)s。"),
    "max_value": _("不能大于 %(limit_value)s。"),
}
BY_CLASS: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.Field, _("填写的内容不符合要求，请核对。")),
    (forms.DateField, TEXTS["invalid_date"]),
    (forms.DateTimeField, _("请填写日期和时间，例如 2026-03-02 09:00。")),
    (forms.TimeField, _("请填写时间，例如 09:00。")),
    (forms.IntegerField, _("请填写整数。")),
    (forms.FloatField, _("请填写数字。")),
    (forms.DecimalField, _("请填写数字。")),
    (forms.FileField, TEXTS["missing"]),
    (forms.URLField, TEXTS["url"]),
    (forms.EmailField, TEXTS["email"]),
)
BY_VALIDATOR: tuple[tuple[type[Any], Any], ...] = (
    (validators.MaxLengthValidator, _("最多 %(limit_value)s 个字，现在有 %(show_value)s 个。")),
    (validators.MinLengthValidator, _("至少 %(limit_value)s 个字，现在有 %(show_value)s 个。")),
    (validators.MinValueValidator, TEXTS["min_value"]),
    (validators.MaxValueValidator, TEXTS["max_value"]),
    (validators.EmailValidator, TEXTS["email"]),
    (validators.URLValidator, TEXTS["url"]),
    (validators.ProhibitNullCharactersValidator, _("不能含有控制字符，请删去后重试。")),
)
DECIMALS = {
    "invalid": _("请填写数字。"),
    "max_digits": _("最多 %(max)s 位数字。"),
    "max_decimal_places": _("最多 %(max)s 位小数。"),
    "max_whole_digits": _("小数点前最多 %(max)s 位。"),
}


class Renderer(DjangoTemplates):
    """``{{ form }}`` renders error summary and fields as our components (setting ``FORM_RENDERER``)."""

    form_template_name = "web/components/form.html"
    field_template_name = "web/components/field.html"


class Form(forms.Form):
    """Base of our forms: labels without a colon, messages that say what to do.

    A field's own ``error_messages`` win.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak(field)
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                field.validators.append(all_seen)


def all_seen(typed: object) -> None:
    """``ValidationError`` for a character that is not seen but changes what is read (bidi overrides, zero width).

    A field may have made something else of what was typed; of a list its texts are looked at.
    """
    texts = typed if isinstance(typed, list | tuple) else [typed]
    if code := next(filter(None, (unseen(one) for one in texts if isinstance(one, str))), ""):
        raise forms.ValidationError(
            _("含有看不见的格式控制字符 %(code)s，请删去后重新填写。"), params={"code": code}
        )


def speak(field: forms.Field) -> None:
    """Give a field our wording where it has Django's."""
    ours = dict(TEXTS)
    for kind, text in BY_CLASS:
        if isinstance(field, kind):
            ours["invalid"] = text
    own = dict(field.error_messages)
    for kind in type(field).__mro__:
        for code, text in getattr(kind, "default_error_messages", {}).items():
            if code in ours and own.get(code) is text:
                field.error_messages[code] = ours[code]
    for validator in field.validators:
        if type(validator) is validators.DecimalValidator:
            validator.messages = DECIMALS
        for kind, text in BY_VALIDATOR:
            if type(validator) is kind and validator.message == kind.message:
                validator.message = text


class RevForm(Form):
    """A form that edits an aggregate: carries the version that was read."""

    rev = forms.IntegerField(widget=forms.HiddenInput)


class DateInput(forms.DateInput):
    """The browser's own date field; ISO, as it wants."""

    input_type = "date"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%d", **kwargs)
