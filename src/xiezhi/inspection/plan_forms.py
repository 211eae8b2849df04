"""Forms of items, plans and triggered inspections."""

import uuid
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from xiezhi.people.models import Officer
from xiezhi.web.forms import DateInput, Form, RevForm

from .codes import MOST_LINES, MOST_VISITS, Ground, Measure, PlanKind
from .forms import AgencyForm, ShareField
from .models import InspectionItem, PlanLine

MONTHS = [(month, _("%(month)s 月") % {"month": month}) for month in range(1, 13)]


class AdoptForm(AgencyForm):
    """Which national items the agency takes into its list."""

    inspectors = forms.CharField(label=_("检查主体"), max_length=200, help_text=_("公布在清单上的执法机构名称。"))
    valid_from = forms.DateField(label=_("生效日期"), widget=DateInput)
    codes = forms.MultipleChoiceField(label=_("国家事项"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, national: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = national  # type: ignore[attr-defined]


class LoadForm(AgencyForm):
    """A local list as a file."""

    file = forms.FileField(
        label=_("清单文件"),
        help_text=_(
            "CSV（UTF-8 或 GB18030）或 XLSX，第一行为列名；须有：事项编码、事项名称、检查依据、检查对象、生效日期。"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


class PlanForm(AgencyForm):
    """The head of a plan; its lines are a formset beside it."""

    kind = forms.ChoiceField(label=_("种类"), choices=PlanKind.choices)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("计划名称"), max_length=200)
    begins = forms.DateField(label=_("开始日期"), widget=DateInput, required=False, help_text=_("不填为全年。"))
    ends = forms.DateField(label=_("结束日期"), widget=DateInput, required=False)
    ground = forms.CharField(
        label=_("事由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("专项检查和重点监管必填，随计划公布。"),
    )


class ChangePlanForm(RevForm):
    """What may be changed in a draft."""

    title = PlanForm.base_fields["title"]
    begins = PlanForm.base_fields["begins"]
    ends = PlanForm.base_fields["ends"]
    ground = PlanForm.base_fields["ground"]


class LineForm(Form):
    """One line of a plan."""

    item = forms.ModelChoiceField(label=_("抽查事项"), queryset=InspectionItem.objects.none())
    stratum = forms.CharField(
        label=_("对象类别"), max_length=60, required=False, help_text=_("如风险等级；不填为全部。")
    )
    # Named as the browser posts it: a line that nobody touched counts as empty.
    measure = forms.ChoiceField(label=_("抽取方式"), choices=Measure.choices, initial=Measure.CYCLE.value)
    share = ShareField(label=_("比例"), required=False, help_text=_("按比例时填写，如 2%、1/9。"))
    cycle_years = forms.IntegerField(
        label=_("覆盖周期（年）"), min_value=1, max_value=10, required=False, help_text=_("周期内全覆盖时填写。")
    )
    draws = forms.IntegerField(label=_("抽取次数"), min_value=1, max_value=366, initial=1)
    quota = forms.IntegerField(label=_("计划检查数"), min_value=1, max_value=MOST_VISITS)
    months = forms.TypedMultipleChoiceField(
        label=_("月份"), choices=MONTHS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    together = forms.CharField(
        label=_("综合查一次"), max_length=40, required=False, help_text=_("标记相同的行合并为一次检查。")
    )

    partners = forms.MultipleChoiceField(
        label=_("联合检查机构"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一同到场的其他机构或科室；同一标记的各行合并列出。"),
    )

    def __init__(self, *args: Any, items: Any, partners: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["partners"].choices = partners  # type: ignore[attr-defined]

    def line(self) -> dict[str, Any]:
        """As ``services.draft_plan`` takes it."""
        data = dict(self.cleaned_data)
        return {**data, "item": str(data["item"].pk), "ratio": data.pop("share").get("ratio")}


# absolute_max: as many forms as a hand-made request names would be built, and the writers would wait for them.
LineSet = formset_factory(LineForm, extra=1, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES + 1)


def initial_of(line: PlanLine) -> dict[str, Any]:
    """A stored line as the form begins with it."""
    ratio = Fraction(*line.ratio) if line.ratio else None
    return {
        **{
            name: getattr(line, name)
            for name in ("stratum", "measure", "cycle_years", "draws", "quota", "together", "partners")
        },
        "item": line.item_id,
        "months": line.months,
        "share": f"{ratio.numerator}/{ratio.denominator}" if ratio else "",
    }


class SubmitForm(RevForm):
    """The applicant's opinion."""

    text = forms.CharField(label=_("报批意见"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class PublishForm(RevForm):
    """The number of the notice."""

    document = forms.CharField(label=_("公布文号"), max_length=80, help_text=_("如“示监〔2026〕2号”。"))


class EndForm(RevForm):
    """Why it ends."""

    reason = forms.CharField(label=_("终止原因"), max_length=300)


class SendForm(RevForm):
    """Who goes to a triggered inspection. ``officers``: those who can."""

    leader = forms.ChoiceField(label=_("组长"))
    members = forms.MultipleChoiceField(
        label=_("组员"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "只列出在检查期间在岗、证件全期有效且合事项范围、不须回避的人员。再次指派即换人，原任务取消。"
        ),
    )

    def __init__(self, *args: Any, officers: Sequence[Officer] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        named = [(str(row.pk), f"{row.name}（{row.unit.name}）") for row in officers]
        self.fields["leader"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        self.fields["members"].choices = named  # type: ignore[attr-defined]

    def clean_leader(self) -> uuid.UUID:
        return uuid.UUID(self.cleaned_data["leader"])

    def clean_members(self) -> list[uuid.UUID]:
        return [uuid.UUID(one) for one in self.cleaned_data["members"]]


class TriggerForm(AgencyForm):
    """A triggered inspection to be approved."""

    ground = forms.ChoiceField(label=_("触发事由"), choices=Ground.choices)
    reference = forms.CharField(label=_("来源编号"), max_length=80, help_text=_("工单、移送函或预警的编号。"))
    reason = forms.CharField(label=_("检查理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    code = forms.CharField(
        label=_("检查对象代码"), max_length=60, help_text=_("统一社会信用代码、注册号或项目编号。")
    )
    items = forms.ModelMultipleChoiceField(
        label=_("检查事项"), queryset=InspectionItem.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    window_from = forms.DateField(label=_("检查开始日期"), widget=DateInput)
    window_to = forms.DateField(label=_("检查结束日期"), widget=DateInput)

    def __init__(self, *args: Any, items: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = items  # type: ignore[attr-defined]

    def clean_items(self) -> list[Any]:
        return [item.pk for item in self.cleaned_data["items"]]
