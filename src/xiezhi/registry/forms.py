"""Forms of the registry's pages. What a field may hold is judged by the services; here it is only asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.forms import DateInput, Form, RevForm

from .importing.fields import ENTITY_FIELDS, Field
from .models import EntityPerson, ImportBatch, PermitKind, Project, Role, Site

_LONG = {"business_scope"}


def _unkept() -> forms.TextInput:
    """A field whose value no browser offers again to the next user of the machine."""
    return forms.TextInput(attrs={"autocomplete": "off"})


def _entity_fields() -> dict[str, forms.Field]:
    return {
        field.name: forms.CharField(
            label=field.title,
            required=field.required,
            widget=forms.Textarea if field.name in _LONG else forms.TextInput,
        )
        for field in ENTITY_FIELDS
    }


class EntityForm(Form):
    """A new entity."""

    def __init__(self, *args: Any, **kwargs: Any):
        self.base_fields = {**self.base_fields, **_entity_fields()}
        super().__init__(*args, **kwargs)


class EntityEditForm(RevForm):
    """Facts of an entity, but its code."""

    def __init__(self, *args: Any, **kwargs: Any):
        fields = _entity_fields()
        del fields["code"]
        self.base_fields = {**self.base_fields, **fields}
        super().__init__(*args, **kwargs)


class CodeForm(RevForm):
    """Another code."""

    code = forms.CharField(label=_("新代码"))
    begins = forms.DateField(label=_("启用日期"), widget=DateInput)


class ProjectForm(Form):
    """A new project."""

    number = forms.CharField(label=_("项目编号"), max_length=40, help_text=_("项目代码，或本机构编的号。"))
    name = forms.CharField(label=_("项目名称"), max_length=200)
    kind = forms.ChoiceField(label=_("工程类型"), choices=Project.Kind.choices)
    address = forms.CharField(label=_("建设地址"), max_length=300, required=False)
    area = forms.IntegerField(label=_("建筑面积（平方米）"), min_value=0, max_value=2**53 - 1, required=False)
    cost = forms.DecimalField(
        label=_("工程造价（万元）"), min_value=0, max_digits=13, decimal_places=6, required=False
    )

    def clean_cost(self) -> int | None:
        """万元 as fen."""
        given = self.cleaned_data["cost"]
        return None if given is None else int(given * 1_000_000)


class ProjectEditForm(ProjectForm, RevForm):
    """Facts of a project, but its number."""

    number = None  # type: ignore[assignment]


class ProjectMoveForm(RevForm):
    """The next state of a project; the choices are what may follow on the present one."""

    state = forms.ChoiceField(label=_("变更为"))
    reason = forms.CharField(label=_("事由"), max_length=300, required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, states: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["state"]
        chosen.choices = [(state, Project.State(state).label) for state in states]


class EndForm(Form):
    """The last day of a role."""

    ends = forms.DateField(label=_("退出日期"), widget=DateInput)


class LeaveForm(Form):
    """The last day of a person's place."""

    ends = forms.DateField(label=_("离任日期"), widget=DateInput)


class ParticipantForm(Form):
    """A participant of a project."""

    code = forms.CharField(label=_("参建单位的代码"), help_text=_("统一社会信用代码或旧注册号；单位须已登记。"))
    role = forms.ChoiceField(label=_("参建角色"), choices=Role.choices)
    section = forms.CharField(label=_("标段"), max_length=60, required=False)
    begins = forms.DateField(label=_("进场日期"), widget=DateInput, required=False)


class SiteForm(Form):
    """Where a project is built."""

    name = forms.CharField(label=_("工地名称"), max_length=200)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)
    latitude = forms.DecimalField(label=_("纬度"), max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(label=_("经度"), max_digits=9, decimal_places=6)
    datum = forms.ChoiceField(
        label=_("坐标系"), choices=Site.Datum.choices, help_text=_("手机定位为 WGS-84；国内地图软件多为 GCJ-02。")
    )


class SiteEditForm(SiteForm, RevForm):
    """Correct a site."""


class PersonForm(Form):
    """Who stands for an entity."""

    role = forms.ChoiceField(label=_("职务"), choices=EntityPerson.Role.choices)
    name = forms.CharField(label=_("姓名"), max_length=60, widget=_unkept())
    number = forms.CharField(
        label=_("公民身份号码"),
        max_length=18,
        required=False,
        widget=_unkept(),
        help_text=_("加密保存，列表和页面只显示姓氏；填写后可据以核对是否同一人。"),
    )
    begins = forms.DateField(label=_("任职日期"), widget=DateInput, required=False)


class PurposeForm(Form):
    """Why personal data are looked at; it is recorded."""

    purpose = forms.CharField(label=_("查看事由"), max_length=200, help_text=_("事由、时间和查看人会被记录。"))


class FindPersonForm(Form):
    """Look a person up by number. It is sent in the body, so that no address holds it."""

    number = forms.CharField(label=_("公民身份号码"), max_length=18, widget=_unkept())


class MergeForm(RevForm):
    """Which entity it is the same as. ``checked``: the id of the one whose preview was seen."""

    code = forms.CharField(
        label=_("并入主体的代码"), help_text=_("两条记录是同一主体时，填写应保留的那一条的代码。")
    )
    reason = forms.CharField(label=_("合并理由"), max_length=300, widget=forms.Textarea)
    checked = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ReasonForm(RevForm):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea)


class PermitForm(Form):
    """A permit that was granted."""

    kind = forms.ChoiceField(label=_("许可种类"), choices=PermitKind.choices)
    number = forms.CharField(label=_("许可编号"), max_length=60)
    code = forms.CharField(label=_("持证单位的代码"), help_text=_("统一社会信用代码或旧注册号；单位须已登记。"))
    project = forms.CharField(
        label=_("项目编号"), max_length=40, required=False, help_text=_("施工许可证必填；项目须已登记。")
    )
    issuer = forms.CharField(label=_("发证机关"), max_length=100)
    issued_on = forms.DateField(label=_("发证日期"), widget=DateInput)
    valid_until = forms.DateField(
        label=_("有效期至"), widget=DateInput, required=False, help_text=_("长期有效的不填。")
    )
    content = forms.CharField(label=_("许可内容"), max_length=4000, required=False, widget=forms.Textarea)


class PermitChangeForm(RevForm):
    """What a permit says from a day on: validity, issuer, content."""

    valid_until = forms.DateField(
        label=_("有效期至"), widget=DateInput, required=False, help_text=_("延续许可时填写新的有效期。")
    )
    issuer = forms.CharField(label=_("发证机关"), max_length=100)
    content = forms.CharField(label=_("许可内容"), max_length=4000, required=False, widget=forms.Textarea)
    on = forms.DateField(label=_("变更日期"), widget=DateInput)
    document = forms.CharField(label=_("依据文号"), max_length=100, required=False)


class PermitStepForm(RevForm):
    """A step in a permit's life."""

    on = forms.DateField(label=_("生效日期"), widget=DateInput)
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea)
    document = forms.CharField(label=_("决定文号"), max_length=100, required=False)


class PermitExpireForm(RevForm):
    """The day on which a permit is found to have run out."""

    on = forms.DateField(label=_("处理日期"), widget=DateInput)


class UploadForm(Form):
    """The file of an import."""

    file = forms.FileField(
        label=_("名录文件"),
        help_text=_("CSV（UTF-8 或 GB18030）或 XLSX，第一行为列名，不超过 100 MB。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    target = forms.ChoiceField(
        label=_("名录种类"),
        choices=ImportBatch.Target.choices,
        initial=ImportBatch.Target.ENTITY,
        help_text=_("项目的参建单位、许可的持证单位按代码对应，须先登记或导入。"),
    )
    source = forms.CharField(
        label=_("数据来源"), max_length=60, help_text=_("提供数据的部门或系统，例如“市场监管登记”。")
    )
    lenient = forms.BooleanField(label=_("来源为登记机关：代码校验位不符时予以接收并标记"), required=False)


class ColumnField(forms.ChoiceField):
    """Which field a column is. The column is not optional or needed, the field is: its choice says so."""

    unmarked = True


class MappingForm(Form):
    """Which column of the file is which field: one choice a column, with a sample of what stands in it."""

    save_as = forms.CharField(
        label=_("保存为常用对应关系"),
        max_length=60,
        required=False,
        help_text=_("填写名称，下次遇到相同的列自动套用。"),
    )

    def __init__(
        self,
        *args: Any,
        headers: Sequence[str],
        columns: Mapping[str, str],
        sample: Sequence[Sequence[str]],
        fields: Sequence[Field],
        **kwargs: Any,
    ):
        self.headers = headers
        needed = _("%(title)s（必填）")
        titles = (
            (field.name, needed % {"title": field.title} if field.required else field.title) for field in fields
        )
        choices = [("", _("不导入")), *titles]
        asked: dict[str, forms.Field] = {}
        for place, header in enumerate(headers):
            cells = [row[place][:30] for row in sample if row[place]]
            asked[f"column{place}"] = ColumnField(
                label=header,
                choices=choices,
                required=False,
                initial=columns.get(header, ""),
                help_text=_("例如：%(cells)s") % {"cells": "、".join(cells)} if cells else "",
            )
        self.base_fields = {**asked, **self.base_fields}
        super().__init__(*args, **kwargs)

    def chosen(self) -> dict[str, str]:
        """Header → field, of the columns that are imported."""
        given = ((header, self.cleaned_data[f"column{place}"]) for place, header in enumerate(self.headers))
        return {header: name for header, name in given if name}
