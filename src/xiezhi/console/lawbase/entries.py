"""Forms of the jurist: confirm, take back, correct, and a figure of one's own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms as fields
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.lawbase import kinds, queries, rights, services
from xiezhi.lawbase.models import Confirmation, Kind, LawItem
from xiezhi.web import forms
from xiezhi.web.pages import FormPage

from . import names
from .items import address


class ItemForm(FormPage):
    """A form about one version of one row."""

    template_name = "console/lawbase/entry.html"

    @cached_property
    def item(self) -> LawItem:
        """The version that the form is about."""
        return queries.item(self.actor, self.kwargs["item"])

    def admit(self) -> None:
        rights.demand(self.actor, self.ability, self.item.scope)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("全部法规内容"), reverse("console:law_items")), (self.item.title, address(self.item))]

    def context(self, **more: Any) -> dict[str, Any]:
        doubts = [(names.path(d.field), d.said) for d in kinds.doubts(self.item.payload)]
        return super().context(item=self.item, content=list(names.lines(self.item.payload)), doubts=doubts, **more)

    def done_url(self, result: Any) -> str:
        return address(result) if isinstance(result, LawItem) else address(self.item)


class ConfirmForm(forms.Form):
    """What a jurist says when he confirms."""

    citation = fields.CharField(
        label=gettext_lazy("所核对的文本"),
        help_text=gettext_lazy("文件名称、文号和条款，例如《×××规定》（住建部令第55号）第十七条。不写网址。"),
        max_length=300,
    )
    source_text = fields.CharField(
        label=gettext_lazy("原文摘录"), widget=fields.Textarea, help_text=gettext_lazy("照录与该内容有关的原文。")
    )
    consulted_on = fields.DateField(label=gettext_lazy("核对日期"), widget=forms.DateInput)
    remark = fields.CharField(label=gettext_lazy("备注"), widget=fields.Textarea, required=False)


class Confirm(ItemForm):
    """Confirm a 待核 version."""

    ability = rights.CONFIRM
    title = gettext_lazy("核定")
    form_class = ConfirmForm
    submit = gettext_lazy("核定：与原文一致")
    done = gettext_lazy("已核定。")

    def initial(self) -> Mapping[str, Any]:
        return {"consulted_on": clock.today()}

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.confirm_item(self.actor, self.item.pk, **data)


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = fields.CharField(label=gettext_lazy("理由"), widget=fields.Textarea)


class Withdraw(FormPage):
    """Take a confirmation back."""

    ability = rights.CONFIRM
    title = gettext_lazy("撤回核定")
    form_class = ReasonForm
    submit = gettext_lazy("撤回")
    done = gettext_lazy("已撤回，该内容恢复为待核。")

    def admit(self) -> None:
        rights.demand(self.actor, self.ability, self.confirmation.item.scope)

    @cached_property
    def confirmation(self) -> Confirmation:
        """The confirmation, if its row of law is the reader's to see."""
        rows = queries.visible_to(self.actor)
        found = Confirmation.objects.filter(item__in=rows, pk=self.kwargs["confirmation"]).first()
        if found is None:
            raise NotFound(str(self.kwargs["confirmation"]))
        return found

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(self.confirmation.item.title, address(self.confirmation.item))]

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.withdraw_confirmation(self.actor, self.confirmation.pk, reason=data["reason"])

    def done_url(self, result: Any) -> str:
        return address(self.confirmation.item)


class CorrectForm(forms.Form):
    """The payload's own fields, the rest as JSON; ``item`` says which."""

    # What is corrected most; everything else is in the JSON field.
    FIELDS: ClassVar[Mapping[str, Sequence[str]]] = {
        Kind.DEADLINE: ("length", "legal_basis", "consequence", "note"),
        Kind.FIGURE: ("value", "article", "note"),
    }
    NUMBERS = frozenset({"length"})

    valid_from = fields.DateField(
        label=gettext_lazy("自何日起适用"),
        widget=forms.DateInput,
        help_text=gettext_lazy("此前开始的事项仍按原版本。"),
    )
    reason = fields.CharField(label=gettext_lazy("更正理由"), widget=fields.Textarea)

    def __init__(self, *args: Any, item: LawItem, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.item = item
        self.own = tuple(self.FIELDS.get(item.kind, ()))
        late = {name: self.fields.pop(name) for name in ("valid_from", "reason")}
        for name in self.own:
            self.fields[name] = self._field(name)
        rest = {k: v for k, v in item.payload.items() if k not in self.own}
        self.fields["rest"] = fields.CharField(
            label=_("其余内容（JSON）"),
            widget=fields.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
            initial=json.dumps(rest, ensure_ascii=False, indent=1),
            help_text=_("一般不需要改动。"),
        )
        self.fields.update(late)

    def _field(self, name: str) -> fields.Field:
        label, value = names.FIELDS[name], self.item.payload[name]
        if name in self.NUMBERS:
            return fields.IntegerField(label=label, initial=value, min_value=1, required=value is not None)
        return fields.CharField(
            label=label, initial="" if value is None else value, required=False, max_length=500
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            payload = json.loads(data.get("rest", ""))
            if not isinstance(payload, dict):
                raise ValueError
        except (ValueError, RecursionError):
            self.add_error("rest", _("不是有效的 JSON 对象。"))
            return data
        payload.update({name: self._typed(name, data.get(name)) for name in self.own})
        return {**data, "payload": payload}

    def _typed(self, name: str, value: Any) -> Any:
        if value in (None, ""):
            return None
        text = str(value).strip()
        return int(text) if name in (*self.NUMBERS, "value") and _whole(text) else text


def _whole(text: str) -> bool:
    return text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) <= 15


class Correct(ItemForm):
    """Let another content hold from a day on."""

    ability = rights.MANAGE
    title = gettext_lazy("更正")
    form_class = CorrectForm
    submit = gettext_lazy("保存为新版本")
    done = gettext_lazy("已保存为新版本；其中待核的内容请另行核定。")

    def initial(self) -> Mapping[str, Any]:
        return {"valid_from": clock.today()}

    def form_kwargs(self) -> dict[str, Any]:
        return {"item": self.item}

    def act(self, data: Mapping[str, Any]) -> Any:
        try:
            return services.correct_item(
                self.actor,
                self.item.pk,
                payload=data["payload"],
                valid_from=data["valid_from"],
                reason=data["reason"],
            )
        except Invalid as error:
            raise Invalid({"rest" if k == "payload" else k: v for k, v in error.fields.items()}) from error


class OwnFigureForm(forms.Form):
    """A figure for one place."""

    scope = fields.CharField(
        label=gettext_lazy("适用范围"),
        help_text=gettext_lazy("2、4 或 6 位行政区划代码，或机构路径（如 /a/b/）。范围越小越优先。"),
        max_length=200,
    )
    value = fields.CharField(label=gettext_lazy("数值"), max_length=100)
    article = fields.CharField(label=gettext_lazy("依据"), max_length=200)
    valid_from = fields.DateField(label=gettext_lazy("自何日起适用"), widget=forms.DateInput)
    reason = fields.CharField(label=gettext_lazy("理由"), widget=fields.Textarea)


class OwnFigure(ItemForm):
    """Enter the same figure for a narrower place."""

    ability = rights.MANAGE
    title = gettext_lazy("另设数值")
    form_class = OwnFigureForm
    done = gettext_lazy("已保存；请由法制员核定。")

    def admit(self) -> None:
        """Whom the new figure's scope allows, only the form knows; whoever holds the ability at all may look."""

    def initial(self) -> Mapping[str, Any]:
        return {"valid_from": clock.today()}

    def act(self, data: Mapping[str, Any]) -> Any:
        if self.item.kind != Kind.FIGURE:
            raise Invalid({"": [_("只有数值可以另设。")]})
        text = data["value"].strip()
        return services.set_figure(
            self.actor,
            key=self.item.code,
            name=self.item.payload["name"],
            value=int(text) if _whole(text) else text,
            unit=self.item.payload["unit"],
            article=data["article"],
            scope=data["scope"],
            valid_from=data["valid_from"],
            reason=data["reason"],
        )
