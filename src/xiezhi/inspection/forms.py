"""Forms of the console's pages; each reads what one act takes."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xiezhi.web.forms import DateInput, Form, RevForm

from .codes import Field, Method, Reason, TargetKind
from .source_forms import MomentInput, SourcesForm

SHARE = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(\.[0-9]{1,6})?%|[0-9]{1,9}/[1-9][0-9]{0,8}")
METHODS = [("equal", _("等概率：每个对象机会相同")), ("weighted", _("按权重：机会与权重成比例"))]
PROFILES = [("dr/1", _("SHA-256（dr/1）")), ("dr/1-sm3", _("国密 SM3（dr/1-sm3）"))]


class ShareField(django_forms.CharField):
    """``5`` (objects), ``2%``, ``2.5%`` or ``1/9``; gives ``{"n": 5}`` or ``{"ratio": [1, 9]}``."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "").strip() != str(data or "").strip()

    def to_python(self, value: object) -> Any:
        text = str(value or "").strip().replace("％", "%").replace(" ", "")
        if not text:
            return {}
        if not SHARE.fullmatch(text):
            raise ValidationError(_("请填写数量（如 5）或比例（如 2%、1/9）。"))
        if text.isdigit():
            return {"n": int(text)}
        share = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
        if not 0 <= share <= 1:
            raise ValidationError(_("比例须在 0 与 1 之间。"))
        return {"ratio": [share.numerator, share.denominator]}


class AgencyForm(Form):
    """What belongs to an agency; ``agencies`` are (path, name) of those for which the actor may plan."""

    agency = django_forms.ChoiceField(label=_("所属机构"))

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]


class ItemForm(AgencyForm):
    """A new item, or the next version of one."""

    code = django_forms.CharField(label=_("事项编码"), max_length=40, help_text=_("已有的编码将发布为新版本。"))
    title = django_forms.CharField(label=_("事项名称"), max_length=200)
    basis = django_forms.CharField(
        label=_("检查依据"), widget=django_forms.Textarea, help_text=_("写明法律、法规、规章的名称与条款。")
    )
    field = django_forms.ChoiceField(label=_("监管领域"), choices=Field.choices)
    target_kind = django_forms.ChoiceField(label=_("检查对象"), choices=TargetKind.choices)
    methods = django_forms.MultipleChoiceField(
        label=_("检查方式"), choices=Method.choices, required=False, widget=django_forms.CheckboxSelectMultiple
    )
    inspectors = django_forms.CharField(label=_("检查主体"), max_length=200, required=False)
    applies_to = django_forms.CharField(label=_("适用对象"), max_length=300, required=False)
    share = django_forms.CharField(
        label=_("抽查比例或周期"),
        max_length=100,
        required=False,
        help_text=_("照清单公布的文字；数量由计划确定。"),
    )
    per_year = django_forms.IntegerField(label=_("每年最多次数"), min_value=1, max_value=366, required=False)
    valid_from = django_forms.DateField(label=_("生效日期"), widget=DateInput)
    valid_to = django_forms.DateField(
        label=_("失效日期"), widget=DateInput, required=False, help_text=_("当日起不再有效；长期有效则不填。")
    )


class DrawForm(SourcesForm):
    """The plan of a draw, a group of fields a stratum; cleaned ``plan`` is as ``prepare_draw`` takes it.

    ``lines``: (id, title) of the lines of published plans that it may rest on; the service refuses a draw on none.
    """

    field_order = ("line", "title", "window_from", "window_to")

    line = django_forms.ChoiceField(
        label=_("依据的计划"), required=False, help_text=_("计划之外不得抽查；检查时间段须在计划的起止日期之内。")
    )
    title = django_forms.CharField(label=_("抽查名称"), max_length=200)
    window_from = django_forms.DateField(label=_("检查开始日期"), widget=DateInput)
    window_to = django_forms.DateField(
        label=_("检查结束日期"), widget=DateInput, help_text=_("抽中对象的名称在此日之后公开。")
    )
    profile = django_forms.ChoiceField(label=_("散列算法"), choices=PROFILES)
    cycle_name = django_forms.CharField(
        label=_("覆盖周期名称"),
        max_length=60,
        required=False,
        help_text=_("如“2026 年度全覆盖”；不做覆盖则不填。"),
    )
    cycle_draws = django_forms.IntegerField(
        label=_("周期内抽取总次数"), min_value=1, max_value=366, required=False
    )
    cycle_number = django_forms.IntegerField(label=_("本次是第几次"), min_value=1, max_value=366, required=False)

    def __init__(
        self, *args: Any, strata: list[tuple[str, int]], lines: Sequence[tuple[str, str]] = (), **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.strata = strata
        self.fields["line"].choices = [("", _("请选择")), *lines]  # type: ignore[attr-defined]
        for number, (name, size) in enumerate(strata):
            named = {"stratum": name, "size": size}
            self.fields[f"share_{number}"] = ShareField(
                label=_("“%(stratum)s”层抽多少（共 %(size)s 个）") % named,
                help_text=_("数量（如 5）或比例（如 2%、1/9）。"),
            )
            self.fields[f"method_{number}"] = django_forms.ChoiceField(
                label=_("“%(stratum)s”层抽法") % named, choices=METHODS
            )
            self.fields[f"reserves_{number}"] = django_forms.IntegerField(
                label=_("“%(stratum)s”层备选数量") % named, min_value=0, max_value=10_000, initial=5
            )
            self.fields[f"coverage_{number}"] = django_forms.BooleanField(
                label=_("“%(stratum)s”层在周期内全覆盖") % named, required=False
            )

    def _plan(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "stratum": name,
                "method": data[f"method_{number}"],
                "reserves": data[f"reserves_{number}"],
                "coverage": data[f"coverage_{number}"],
                **data[f"share_{number}"],
            }
            for number, (name, _size) in enumerate(self.strata)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        cycle = [data.get(name) for name in ("cycle_name", "cycle_draws", "cycle_number")]
        if any(cycle) and not all(cycle):
            self.add_error("cycle_name", _("覆盖周期的名称、总次数和第几次须一并填写。"))
        if not self.errors:
            data["plan"] = self._plan(data)
        return data


class GroundForm(RevForm):
    """Reason code and document number."""

    reason = django_forms.ChoiceField(label=_("事由"), choices=Reason.choices)
    document = django_forms.CharField(
        label=_("依据文号"), max_length=80, help_text=_("如“泰建监函〔2026〕3号”。会随结果一并公布。")
    )


class AskForm(GroundForm):
    """A replacement that goes through approval."""

    text = django_forms.CharField(
        label=_("承办人意见"),
        max_length=2000,
        widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text=_("说明事实和理由，列在审批表首行。请勿写明对象名称。"),
    )


class ExcludeForm(GroundForm):
    """One target to leave out."""

    code = django_forms.CharField(label=_("统一社会信用代码或注册号"), max_length=60)


class SourceForm(RevForm):
    """The value of an announced source, and when it came out."""

    label = django_forms.ChoiceField(label=_("随机源"))
    value = django_forms.CharField(
        label=_("公布的值"), max_length=600, help_text=_("照公布页面逐字键入，不要复制他人已键入的内容。")
    )
    published_at = django_forms.DateTimeField(label=_("公布时间"), widget=MomentInput)

    def __init__(self, *args: Any, labels: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["label"].choices = [(label, label) for label in labels]  # type: ignore[attr-defined]


class DispatchForm(SourcesForm):
    """The announced source of an officers' draw; everything else follows from the draw of the objects."""

    profile = django_forms.ChoiceField(label=_("散列算法"), choices=PROFILES)


class RevealForm(RevForm):
    """What an outside witness hands over."""

    label = django_forms.ChoiceField(label=_("见证人"))
    value = django_forms.CharField(
        label=_("揭示的内容"),
        max_length=400,
        help_text=_("照见证人交来的纸面键入或扫码：两段十六进制数，中间用冒号隔开。系统按其承诺核对，不符不收。"),
    )

    def __init__(self, *args: Any, labels: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["label"].choices = [(label, label) for label in labels]  # type: ignore[attr-defined]


class ConfirmForm(SourceForm):
    """The same value, typed again by another."""

    published_at = None  # type: ignore[assignment]


class VoidForm(RevForm):
    """Why a draw does not count."""

    reason = django_forms.CharField(
        label=_("作废事由"),
        max_length=40,
        help_text=_("随机源公布时间已到而值未录入的，只能填“随机源未公布”或“随机源不能采用”，否则请先录入值。"),
    )
    explanation = django_forms.CharField(
        label=_("说明"), max_length=500, help_text=_("会随结果一并公布，请勿写个人信息。")
    )
    document = django_forms.CharField(label=_("依据文号"), max_length=80)


class DiscardForm(RevForm):
    """Why a plan is given up."""

    explanation = django_forms.CharField(
        label=_("弃用原因"), max_length=500, help_text=_("会记入全过程记录，请勿写名称和个人信息。")
    )


class EntryForm(RevForm):
    """Whose entry, and on which request."""

    code = django_forms.CharField(label=_("统一社会信用代码或注册号"), max_length=60)
    document = django_forms.CharField(label=_("申请的文号或日期"), max_length=80)


class PurposeForm(Form):
    """Why sealed names are read."""

    purpose = django_forms.CharField(
        label=_("查看用途"), max_length=100, help_text=_("查看人、时间和用途会记入全过程记录。")
    )
