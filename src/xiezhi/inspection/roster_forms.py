"""The form of a roster: who goes into it, who is left out, and how it is parted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xiezhi.registry.models import Project

from .codes import Strata, TargetKind
from .forms import AgencyForm
from .models import InspectionItem
from .targets import Selection

OF_PROJECTS = ("states", "kinds", "district")
OF_ENTITIES = ("county",)


class RosterForm(AgencyForm):
    """Who goes into a roster, and how it is parted."""

    item = forms.ModelChoiceField(label=_("抽查事项"), queryset=InspectionItem.objects.none())
    title = forms.CharField(label=_("名录名称"), max_length=200)
    county = forms.CharField(
        label=_("所在区县"), max_length=30, required=False, help_text=_("筛选市场主体；不填则不限。")
    )
    states = forms.MultipleChoiceField(
        label=_("工程状态"),
        choices=Project.State.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("筛选工程项目；不选则为在建和停工。"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("工程类别"),
        choices=Project.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("筛选工程项目；不选则不限。"),
    )
    district = forms.ChoiceField(
        label=_("工程所在行政区划"), required=False, help_text=_("筛选工程项目；不选则不限。")
    )
    words = forms.CharField(
        label=_("名称包含"), max_length=60, required=False, help_text=_("多个词用空格隔开，须同时包含。")
    )
    strata = forms.ChoiceField(
        label=_("分层方式"),
        choices=Strata.choices,
        help_text=_("不足 5 个对象的层会合并，否则密封编号掩护不了名称。"),
    )
    weights = forms.CharField(
        label=_("各等级权重"),
        widget=forms.Textarea,
        required=False,
        help_text=_("每行一个等级与权重，如“A 1”。不填则权重都为 1。"),
    )
    grades = forms.CharField(
        label=_("信用风险等级"),
        widget=forms.Textarea,
        required=False,
        help_text=_("每行一个代码与等级，如“代码 A”。不填则未分级。"),
    )

    without = forms.CharField(
        label=_("不列入的对象"),
        widget=forms.Textarea,
        required=False,
        help_text=_("每行一个代码或项目编号；删去该行即恢复。先“预览名录”再勾选也可以。"),
    )
    why = forms.CharField(
        label=_("不列入的理由"), max_length=200, required=False, help_text=_("有不列入的对象时必填，随名录留存。")
    )

    def __init__(self, *args: Any, items: Any, districts: Sequence[str] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["district"].choices = [("", _("不限")), *((one, one) for one in districts)]  # type: ignore[attr-defined]

    def clean_words(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["words"].split())

    def clean_grades(self) -> dict[str, str]:
        return {code: grade[:10] for code, grade in _pairs(self.cleaned_data["grades"])}

    def clean_weights(self) -> dict[str, int]:
        weights = {}
        for grade, text in _pairs(self.cleaned_data["weights"]):
            if not (text.isascii() and text.isdigit() and len(text) < 7):
                raise ValidationError(_("“%(text)s”不是权重，请填写不小于零的整数。") % {"text": text})
            weights[grade] = int(text)
        return weights

    def clean_without(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.cleaned_data["without"].split()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        item = data.get("item")
        if item is not None:
            # A filter that would be passed over in silence makes another roster than the one asked for.
            idle = OF_PROJECTS if item.target_kind == TargetKind.ENTITY else OF_ENTITIES
            for name in idle:
                if data.get(name):
                    told = {"kind": item.get_target_kind_display()}
                    self.add_error(name, _("所选事项的检查对象是“%(kind)s”，不能按此项筛选。") % told)
        if data.get("without") and not data.get("why", "").strip():
            self.add_error("why", _("请写明不列入的理由。"))
        return data


def selection_of(data: Mapping[str, Any]) -> Selection:
    """How targets are chosen, from what the form cleaned; the item says whether they are entities or projects."""
    return Selection(
        agency=data["agency"],
        county=data["county"],
        words=data["words"],
        kind=data["item"].target_kind,
        states=tuple(data["states"]),
        kinds=tuple(data["kinds"]),
        district=data["district"],
        without=data["without"],
        why=data["why"].strip(),
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = line.replace("，", " ").replace(",", " ").split()
        if len(parts) != 2:
            raise ValidationError(_("第 %(number)s 行须为两项，用空格隔开。") % {"number": number})
        pairs.append((parts[0], parts[1]))
    return pairs
