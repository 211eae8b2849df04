"""Forms of the work list and of those who object."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.forms import Form, RevForm

from .codes import Ground, ObjectionState
from .services.objections import MOST as LONG
from .texts import MOST


def _words(label: object, help_text: object = "", *, required: bool = True, most: int = MOST) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=help_text,  # type: ignore[arg-type]
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


WAIVER = _("扫描有提示的，逐处说明为什么可以公示；没有提示的不必填写。")


class PrepareForm(RevForm):
    waiver = _words(_("提示处理理由"), WAIVER, required=False)


class SignForm(RevForm):
    compared = forms.BooleanField(label=_("我已逐项核对来源和脱敏，同意公示"))
    waiver = _words(_("提示处理理由"), WAIVER, required=False)


class SignTogetherForm(Form):
    """``rows``: (key, title) of what may be chosen."""

    chosen = forms.MultipleChoiceField(
        label=_("要签发的公示"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("请至少选择一项。"),
            "invalid_choice": _("所选的公示有了变化，或已由他人签发，请重新核对后再选。"),
        },
    )
    compared = forms.BooleanField(
        label=_("所选各项我已逐项核对来源和脱敏，同意公示"),
        error_messages={"required": _("请逐项核对之后勾选。")},
    )

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = list(rows)  # type: ignore[attr-defined]


class ReturnForm(RevForm):
    reason = _words(_("退回理由"), _("只有办理人员能看到。"))


class CorrectForm(RevForm):
    reason = _words(_("更正说明"), _("与更正后的内容一并公示，请勿写入个人信息。"))
    waiver = _words(_("提示处理理由"), WAIVER, required=False)


class WithdrawForm(RevForm):
    ground = forms.ChoiceField(label=_("撤下事由"), choices=Ground.choices)
    text = _words(_("撤下说明"), _("与撤下事由一并公示，请勿写入个人信息和检查对象的名称、代码。"))


class ReceiptForm(Form):
    receipt = forms.CharField(label=_("对方的回执编号"), max_length=200)


class AnswerForm(RevForm):
    state = forms.ChoiceField(
        label=_("处理结论"),
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (ObjectionState.UPHELD, ObjectionState.REJECTED)],
    )
    text = _words(_("答复内容"), _("提出人凭受理编号可以看到。"), most=LONG)


class FirmForm(Form):
    code = forms.CharField(label=_("统一社会信用代码或项目编号"), max_length=60)


class ObjectionForm(Form):
    name = forms.CharField(label=_("提出人"), max_length=100, help_text=_("单位名称或姓名。"))
    contact = forms.CharField(
        label=_("联系方式"), max_length=100, help_text=_("电话或电子邮箱，只用于办理本次异议，加密保存。")
    )
    text = _words(_("异议的内容和理由"), _("请写明哪一项不准确、应当是什么，有何依据。"), most=LONG)


class NumberForm(Form):
    number = forms.CharField(label=_("受理编号"), max_length=40)
