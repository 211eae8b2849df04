"""Templates: list, one version with its pages and what it changed, editing, publication."""

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.core.paper import contract
from xiezhi.documents import approval, forms, gate, queries, services
from xiezhi.documents.codes import TemplateState
from xiezhi.documents.models import NATIONAL, READ, Template
from xiezhi.people.approval_kinds import APPROVAL_KINDS
from xiezhi.people.models import Agency
from xiezhi.web import navigation
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import ConsoleView, Crumb, FormPage

from . import papers, shown

CRUMB = ("templates", _("文书模板"))
KINDS = {TemplateState.DRAFT: "plain", TemplateState.PUBLISHED: "good"}


def address(row: Template) -> str:
    """The version's own page."""
    return reverse("documents:template", args=[row.pk])


def owner(row: Template) -> str:
    """Whose it is, in words."""
    if row.agency == NATIONAL:
        return now("国家范本")
    return Agency.objects.filter(path=row.agency).values_list("name", flat=True).first() or row.agency


def _state(row: Template) -> Any:
    state = TemplateState(row.state)
    return tag(KINDS[state], state.label)


class Templates(ListPage):
    """Every version that concerns one."""

    ability = READ
    title = _("文书模板")
    intro = _("国家范本随系统提供；本机构改动另存为新版本，核对后发布。已起草的文书沿用起草时的版本。")
    order = ("code", "agency", "-version", "pk")
    columns = (
        Column("title", _("文书名称"), link=address),
        Column("owner", _("归属"), value=owner),
        Column("version", _("版本"), number=True),
        Column("state", _("状态"), value=lambda row: str(TemplateState(row.state).label), html=_state),
        Column("numbering", _("文号格式")),
        Column("valid_from", _("施行日期"), sort="valid_from"),
        Column("note", _("修改说明")),
    )
    filters = (
        Search(fields=("title", "code")),
        Choice("state", _("状态"), choices=TemplateState.choices),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.templates(actor)


class OnTemplate:
    """A page about the version that the address names."""

    @cached_property
    def row(self) -> Template:
        """The version."""
        return queries.template(self.actor, self.kwargs["template"])  # type: ignore[attr-defined]

    def breadcrumbs(self) -> Sequence[Crumb]:
        """List, and this version for pages below it."""
        return (papers.crumb(*CRUMB), (str(self.row), address(self.row)))


class TemplatePage(OnTemplate, ConsoleView):
    """Contract, basis, pages filled with sample data, what it changed, the text itself."""

    ability = READ
    template_name = "documents/template.html"

    def page_title(self) -> str:
        return str(self.row)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (papers.crumb(*CRUMB),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.row
        fields = [
            [
                one.label,
                one.name,
                now(contract.TYPES[one.type]),
                _yes(one.required),
                _yes(one.sensitive),
                _options(one),
            ]
            for one in row.contract.fields
        ]
        head = [_("标签"), _("名称"), _("类型"), _("必填"), _("敏感"), _("选项或列")]
        return self.page(
            version=row,
            facts=self.facts(),
            pictures=shown.template_pictures(row),
            head=head,
            fields=fields,
            basis=[
                (one["cite"], tag("good", _("已核")) if one["verified"] else tag("unverified"))
                for one in row.basis
            ],
            changes=changes(row.based_on, row) if row.based_on else [],
            links=self.links(),
        )

    def facts(self) -> list[tuple[Any, Any]]:
        """What identifies it."""
        row = self.row
        kind = APPROVAL_KINDS.get(row.approval, "")
        return [
            (_("状态"), _state(row)),
            (_("归属"), owner(row)),
            (_("编码"), row.code),
            (_("施行日期"), row.valid_from),
            (_("文号格式"), row.numbering or _("不编号")),
            (_("用印"), row.get_seal_display()),
            (_("签发前审批"), now(kind) if kind else _("不需要")),
            (_("修改自"), str(row.based_on) if row.based_on else ""),
            (_("修改说明"), row.note),
            (_("摘要"), row.digest),
        ]

    def links(self) -> list[dict[str, Any]]:
        """What may be done with it."""
        row, found = self.row, []
        draft = row.state == TemplateState.DRAFT
        if navigation.holds(self.actor, gate.TEMPLATES) and (
            not draft or self.actor.may(gate.TEMPLATES, row.agency)
        ):
            text = _("继续编辑") if draft else _("另存为本机构新版本")
            found.append({"text": text, "href": reverse("documents:template-edit", args=[row.pk]), "kind": ""})
        if draft and self.actor.may(gate.PUBLISH, row.agency):
            href = reverse("documents:template-publish", args=[row.pk])
            found.append({"text": _("发布"), "href": href, "kind": ""})
        pdf = reverse("documents:template-pdf", args=[row.pk])
        return [*found, {"text": _("打开样例 PDF"), "href": pdf, "kind": "quiet"}]


class EditTemplate(OnTemplate, FormPage):
    """The next version of this type for one's own body: begun from this version, or its draft continued."""

    ability = gate.TEMPLATES
    title = _("编辑文书模板")
    form_class = forms.TemplateForm
    submit = _("保存")
    done = _("已保存。发布之前不影响现行版本。")
    template_name = "documents/edit_template.html"

    @cached_property
    def agency(self) -> str:
        """The body that the version belongs to: the draft's own, else the one that the editor sits in."""
        if self.row.state == TemplateState.DRAFT:
            return self.row.agency
        paths = self.actor.paths(gate.TEMPLATES)
        here = self.actor.agency if any(self.actor.agency.startswith(path) for path in paths) else paths[0]
        return gate.body_of(here).path

    def admit(self) -> None:
        if not self.actor.may(gate.TEMPLATES, self.agency):
            raise Denied(gate.TEMPLATES, self.agency)
        if not self.agency.startswith(self.row.agency):
            raise NotFound(f"template {self.row.pk}")

    @cached_property
    def draft(self) -> Template | None:
        """The draft that is there already."""
        return Template.objects.filter(agency=self.agency, code=self.row.code, state=TemplateState.DRAFT).first()

    def form_kwargs(self) -> dict[str, Any]:
        return {"kinds": [(kind, now(APPROVAL_KINDS[kind])) for kind in approval.KINDS]}

    def initial(self) -> Mapping[str, Any]:
        row = self.draft or self.row
        mark = now("待核")
        return {
            "rev": self.draft.rev if self.draft else None,
            "title": row.title,
            "numbering": row.numbering,
            "seal": row.seal,
            "approval": row.approval,
            "body": row.body,
            "fields_json": json.dumps(row.fields, ensure_ascii=False, indent=1),
            "basis": "\n".join(one["cite"] + ("" if one["verified"] else f" {mark}") for one in row.basis),
            "note": self.draft.note if self.draft else "",
        }

    def act(self, data: Mapping[str, Any]) -> Template:
        given = {**data, "fields": data["fields_json"]}
        del given["fields_json"]
        return services.draft_template(self.actor, agency=self.agency, code=self.row.code, **given)

    def done_url(self, result: Template) -> str:
        return address(result)


class Publish(OnTemplate, FormPage):
    """Put it in force."""

    ability = gate.PUBLISH
    title = _("发布文书模板")
    form_class = forms.PublishForm
    submit = _("发布")
    done = _("已发布。自施行日期起，新起草的文书使用这一版。")

    def admit(self) -> None:
        gate.allowed(self.actor, self.row.agency, gate.PUBLISH)

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.row.rev, "valid_from": gate.day_of(clock.now())}

    def act(self, data: Mapping[str, Any]) -> Template:
        return services.publish_template(self.actor, self.row.pk, **data)

    def done_url(self, result: Template) -> str:
        return address(result)


def changes(before: Template, after: Template) -> list[tuple[str, str, str]]:
    """Lines that differ, as (sign, word, line): ``-`` 删去, ``+`` 增加; of the text, then of the contract."""
    words = {"-": now("删去"), "+": now("增加")}
    found: list[tuple[str, str, str]] = []
    for old, new in ((before.body, after.body), (_json(before), _json(after))):
        lines = difflib.ndiff(old.splitlines(), new.splitlines())
        found += [(line[0], words[line[0]], line[2:]) for line in lines if line[0] in words]
    return found


def _json(row: Template) -> str:
    return "\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in row.fields)


def _yes(flag: bool) -> str:
    return now("是") if flag else ""


def _options(one: contract.Field) -> str:
    return "、".join(one.choices or tuple(label for _name, label in one.columns))
