"""Forms of the console's pages; each reads what one act takes. A document's form is made from its contract."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xiezhi.core.paper.contract import Contract, Field
from xiezhi.people.models import Account
from xiezhi.web.forms import DateInput, Form, RevForm, speak

from .codes import SealKind, SealWay
from .wording import said

SPARE_ROWS = 3
# A field of the contract is ``v_<name>`` in the form, so that none collides with the form's own.
PREFIX = "v_"


class RowsWidget(django_forms.Widget):
    """A small table to type into: the rows that are there and a few empty ones."""

    template_name = "documents/widgets/rows.html"

    def __init__(self, columns: tuple[tuple[str, str], ...], label: str):
        super().__init__()
        self.columns, self.label = columns, label

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [row for row in value or [] if isinstance(row, Mapping)]
        rows = [*rows, *[{}] * SPARE_ROWS]
        context["heads"] = [label for _name, label in self.columns]
        context["rows"] = [
            [
                {
                    "name": f"{name}-{number}-{column}",
                    "value": row.get(column, ""),
                    "label": label,
                    "row": number + 1,
                }
                for column, label in self.columns
            ]
            for number, row in enumerate(rows)
        ]
        context["label"] = self.label
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        found = []
        number = 0
        while any(f"{name}-{number}-{column}" in data for column, _label in self.columns):
            row = {
                column: str(data.get(f"{name}-{number}-{column}", "")).strip() for column, _label in self.columns
            }
            if any(row.values()):
                found.append(row)
            number += 1
        return found

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return ""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class RowsField(django_forms.Field):
    """Rows of text; the contract checks them."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


def field_of(one: Field) -> django_forms.Field:
    """A form field that takes what the contract's field takes. It shows what signing demands; a draft may lack it."""
    made = _made(one, {"label": one.label, "required": one.required, "help_text": one.help})
    demanding = made.validate

    def validate(value: Any) -> None:
        if value:
            demanding(value)

    made.validate = validate  # type: ignore[method-assign]
    return made


def _made(one: Field, given: dict[str, Any]) -> django_forms.Field:
    if one.type == "long":
        return django_forms.CharField(widget=django_forms.Textarea, **given)
    if one.type == "date":
        return django_forms.CharField(widget=DateInput(), **given)
    if one.type == "choice":
        choices = [("", _("请选择")), *((choice, choice) for choice in one.choices)]
        return django_forms.ChoiceField(choices=choices, **given)
    if one.type == "choices":
        choices = [(choice, choice) for choice in one.choices]
        return django_forms.MultipleChoiceField(
            choices=choices, widget=django_forms.CheckboxSelectMultiple, **given
        )
    if one.type == "flag":
        return django_forms.BooleanField(**given)
    if one.type == "table":
        return RowsField(widget=RowsWidget(one.columns, one.label), **given)
    return django_forms.CharField(**given)


class DocumentForm(RevForm):
    """Title and the contract's fields; cleaned ``values`` are as ``save_draft`` takes them."""

    use_required_attribute = False

    title = django_forms.CharField(
        label=_("事由"), max_length=200, help_text=_("列表中显示，如“示例家园一期检查”。不要写个人信息。")
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.contract = contract
        for one in contract.fields:
            self.fields[PREFIX + one.name] = made = field_of(one)
            speak(made)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        values = {one.name: cleaned.get(PREFIX + one.name) for one in self.contract.fields}
        for name, fault in self.contract.check(values).faults.items():
            self.add_error(PREFIX + name, said(fault))
        own = {name: value for name, value in cleaned.items() if not name.startswith(PREFIX)}
        return {**own, "values": values}


class NewDocumentForm(DocumentForm):
    """The same for one that begins, with the unit that writes it."""

    rev = django_forms.IntegerField(widget=django_forms.HiddenInput, required=False)
    agency = django_forms.ChoiceField(label=_("承办单位"))
    field_order = ("agency", "title")

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]


class SignForm(RevForm):
    """Which number: the next one, or one that was reserved."""

    number = django_forms.ChoiceField(label=_("文号"), required=False)

    def __init__(self, *args: Any, reserved: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("按顺序编下一个")), *reserved]
        self.fields["number"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(RevForm):
    """Why it no longer counts."""

    reason = django_forms.CharField(
        label=_("事由"), max_length=200, help_text=_("登记簿和全过程记录会留下这句话，不要写个人信息。")
    )


class ApprovalForm(RevForm):
    """The applicant's own opinion."""

    text = django_forms.CharField(label=_("承办意见"), widget=django_forms.Textarea, max_length=1000)


class SealForm(RevForm):
    """A request for the seal."""

    purpose = django_forms.CharField(label=_("用途"), max_length=200)
    copies = django_forms.IntegerField(label=_("份数"), min_value=1, max_value=20, initial=2)
    way = django_forms.ChoiceField(label=_("用印方式"), choices=SealWay.choices, initial=SealWay.PAPER)


class RegisterForm(RevForm):
    """The keeper's entry."""

    seal_name = django_forms.CharField(label=_("印章名称"), max_length=80)


class ScanForm(RevForm):
    """The sealed page's picture."""

    scan = django_forms.FileField(label=_("扫描件"), help_text=_("PDF、JPEG 或 PNG，不超过 30 MB。"))


class AgencyForm(Form):
    """What belongs to a body; ``agencies`` are (path, name)."""

    agency = django_forms.ChoiceField(label=_("机构"))

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]


class NumbersForm(AgencyForm):
    """Numbers of one type: how many."""

    template = django_forms.ChoiceField(label=_("文书种类"))
    count = django_forms.IntegerField(label=_("数量"), min_value=1, max_value=50, initial=1)

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = types  # type: ignore[attr-defined]


class ReserveForm(NumbersForm):
    """Numbers to put by."""

    reason = django_forms.CharField(label=_("预留事由"), max_length=200)


class BlankForm(NumbersForm):
    """Blank forms to hand out."""

    holder = django_forms.ModelChoiceField(label=_("领用人"), queryset=Account.objects.none())

    def __init__(self, *args: Any, holders: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        self.fields["holder"].label_from_instance = lambda account: f"{account.name}（{account.unit.name}）"  # type: ignore[attr-defined]


class UseForm(RevForm):
    """A form filled by hand comes in."""

    title = django_forms.CharField(label=_("事由"), max_length=200, help_text=_("不要写个人信息。"))
    signed_on = django_forms.DateField(label=_("文书上的日期"), widget=DateInput)
    scan = django_forms.FileField(label=_("扫描件"), help_text=_("PDF、JPEG 或 PNG，不超过 30 MB。"))


class TemplateForm(RevForm):
    """A version of a template."""

    rev = django_forms.IntegerField(widget=django_forms.HiddenInput, required=False)
    title = django_forms.CharField(label=_("文书名称"), max_length=100)
    numbering = django_forms.CharField(
        label=_("文号格式"),
        max_length=80,
        required=False,
        help_text=_("如 {agency}检通〔{year}〕{serial}号；不编号则不填。"),
    )
    seal = django_forms.ChoiceField(label=_("用印"), choices=SealKind.choices)
    approval = django_forms.ChoiceField(label=_("签发前审批"), required=False)
    body = django_forms.CharField(
        label=_("正文"),
        widget=django_forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
        max_length=40_000,
        strip=False,
    )
    fields_json = django_forms.CharField(
        label=_("字段表"),
        widget=django_forms.Textarea(attrs={"rows": 20, "spellcheck": "false"}),
        max_length=60_000,
        help_text=_(
            "JSON 列表，每个字段有 name、label、type，可有 required、sensitive、help、choices、columns、sample。"
        ),
    )
    basis = django_forms.CharField(
        label=_("依据"),
        widget=django_forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=4000,
        help_text=_("每行一条；行末写“待核”的，表示尚未与公布的文本核对。"),
    )
    note = django_forms.CharField(label=_("本次修改说明"), max_length=200)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["approval"].choices = [("", _("不需要")), *kinds]  # type: ignore[attr-defined]

    def clean_fields_json(self) -> list[Any]:
        try:
            found = json.loads(self.cleaned_data["fields_json"])
        except ValueError as error:
            raise ValidationError(_("不是 JSON：%(error)s。") % {"error": error}) from error
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise ValidationError(_("须为字段的列表。"))
        return found

    def clean_basis(self) -> list[dict[str, Any]]:
        lines = [line.strip() for line in self.cleaned_data["basis"].splitlines() if line.strip()]
        mark = str(_("待核"))
        return [{"cite": line.removesuffix(mark).strip(), "verified": not line.endswith(mark)} for line in lines]


class PublishForm(RevForm):
    """From when on."""

    valid_from = django_forms.DateField(label=_("施行日期"), widget=DateInput)


class PurposeForm(Form):
    """What personal data are read for."""

    purpose = django_forms.CharField(
        label=_("查看事由"), max_length=200, help_text=_("本次查看连同事由记入全过程记录。")
    )


class CompareForm(Form):
    """A citizen's file."""

    file = django_forms.FileField(label=_("选择要核对的文件"))
