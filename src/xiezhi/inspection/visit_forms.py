"""Forms of checklists and results."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from xiezhi.people.services.officers import RELATIONS
from xiezhi.web.forms import DateInput, Form, RevForm

from . import checking
from .codes import Answer, Change, Outcome, Reason, Why
from .models import Checklist, TaskOfficer


class ChecklistForm(Form):
    """The next version of an item's checklist, as lines."""

    sections = django_forms.CharField(
        label=_("检查表"),
        widget=django_forms.Textarea(attrs={"rows": 16}),
        help_text=_("每节以“# 标题”开头；每项一行：编号 | 检查内容 | 依据（可省略）。"),
    )

    def clean_sections(self) -> list[dict[str, Any]]:
        return checking.parse(self.cleaned_data["sections"])


class ResultForm(RevForm):
    """What a visit came to; one choice for every check of the task's checklists."""

    visited_on = django_forms.DateField(label=_("检查日期"), widget=DateInput)
    outcome = django_forms.ChoiceField(label=_("检查结果"), choices=Outcome.choices)

    def __init__(self, *args: Any, checklists: Sequence[Checklist] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[str, str]] = {}
        for number, one in enumerate(checklists):
            for place, check in enumerate(checking.checks(one.sections)):
                name = f"answer-{number}-{place}"
                self.places[name] = (str(one.pk), check["code"])
                self.fields[name] = django_forms.ChoiceField(
                    label=f"{check['code']} {check['text']}",
                    help_text=check["basis"],
                    choices=[("", "—"), *Answer.choices],
                    required=False,
                )
        self.fields["findings"] = django_forms.CharField(
            label=_("发现的问题"),
            required=False,
            widget=django_forms.Textarea(attrs={"rows": 5}),
            help_text=_("每个问题一行：问题 | 依据 | 处理（后两项可省略）。"),
        )
        self.fields["notes"] = django_forms.CharField(
            label=_("经过与说明"), required=False, max_length=2000, widget=django_forms.Textarea(attrs={"rows": 3})
        )

    def clean_findings(self) -> list[dict[str, str]]:
        return checking.read_findings(self.cleaned_data["findings"])

    def result(self) -> dict[str, Any]:
        """What :func:`services.file_result` takes."""
        answers: dict[str, dict[str, str]] = {}
        for name, (key, code) in self.places.items():
            answers.setdefault(key, {})[code] = self.cleaned_data[name]
        names = ("rev", "visited_on", "outcome", "findings", "notes")
        return {name: self.cleaned_data[name] for name in names} | {"answers": answers}

    def begin(self, answers: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """The choices of an earlier filing, by field."""
        return {name: answers.get(key, {}).get(code, "") for name, (key, code) in self.places.items()}


class ReturnForm(RevForm):
    """Why a result goes back."""

    reason = django_forms.CharField(
        label=_("退回理由"), max_length=300, widget=django_forms.Textarea(attrs={"rows": 3})
    )


class ChangeForm(RevForm):
    """What is to change about a task, and why. ``officers``: those sent, by duty."""

    change = django_forms.ChoiceField(label=_("变更"), choices=Change.choices)
    officer = django_forms.ChoiceField(
        label=_("由候补接替的检查人员"), required=False, help_text=_("改派时选择；按抽取时确定的候补次序接替。")
    )
    why = django_forms.ChoiceField(
        label=_("改派的原因"), choices=Why.choices, required=False, help_text=_("改派时选择。")
    )
    relation = django_forms.ChoiceField(
        label=_("须回避的关系"),
        choices=[("", "—"), *((key, _(text)) for key, text in RELATIONS.items())],
        required=False,
        help_text=_("回避时选择；获批后记入该人员申报的利害关系，以后的抽取也不再派他。"),
    )
    entity = django_forms.CharField(
        label=_("有关系的单位代码"),
        max_length=18,
        required=False,
        help_text=_("回避时填写：统一社会信用代码或注册号。只记入非公开部分。"),
    )
    window_from = django_forms.DateField(
        label=_("新的检查开始日期"), widget=DateInput, required=False, help_text=_("改期时填写。")
    )
    window_to = django_forms.DateField(label=_("新的检查结束日期"), widget=DateInput, required=False)
    ground = django_forms.ChoiceField(
        label=_("移出对象的事由"),
        choices=[("", "—"), *Reason.choices],
        required=False,
        help_text=_("取消时选择：对象随任务移出抽取，由下一备选递补。"),
    )
    document = django_forms.CharField(
        label=_("依据文号"),
        max_length=80,
        required=False,
        help_text=_("取消时填写，如“泰建监函〔2026〕3号”。事由和文号会随结果一并公布。"),
    )
    reason = django_forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text=_("作为承办人意见列在审批表首行。请勿写明对象名称。"),
    )

    def __init__(self, *args: Any, officers: Sequence[TaskOfficer] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        # By duty and place, without names: opening the form is no reading of them.
        named = [(str(row.officer_id), f"{row.get_duty_display()} {row.place}") for row in officers]
        self.fields["officer"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

    def clean_why(self) -> str:
        return self.cleaned_data["why"] or Why.OTHER

    def clean_officer(self) -> uuid.UUID | None:
        return uuid.UUID(self.cleaned_data["officer"]) if self.cleaned_data["officer"] else None
