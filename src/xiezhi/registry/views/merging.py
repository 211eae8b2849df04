"""Merging two entities with a look at what follows, and taking a merge back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from xiezhi.core.errors import Denied, Invalid, Refused
from xiezhi.registry import families, forms, queries, services
from xiezhi.registry.gate import EDIT, not_merged
from xiezhi.registry.models import Entity
from xiezhi.web import problems

from .entities import OnEntity, address


class EntityMerge(OnEntity):
    """First which entity it goes into; then what is read there from then on; then the merge."""

    title = _("合并主体")
    template_name = "registry/merge.html"
    form_class = forms.MergeForm
    submit = _("核对")
    done = _("已合并。")

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.entity.rev}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                into = self._into(form.cleaned_data["code"])
            except Invalid as error:
                form.add_error("code", error.fields["code"])
                return self.page(form=form, status=422)
            except Refused as error:
                return self.page(form=form, problem=problems.of(error), status=409)
            if form.cleaned_data["checked"] != into.pk:
                return self._preview(form, into)
        return super().post(request, *args, **kwargs)

    def act(self, data: Mapping[str, Any]) -> Entity:
        into = data["checked"]
        services.merge_entities(self.actor, self.entity.pk, rev=data["rev"], into=into, reason=data["reason"])
        return queries.get_entity(self.actor, into)

    def _into(self, code: str) -> Entity:
        not_merged(self.entity)
        found = queries.find_by_code(self.actor, "".join(code.upper().split()))
        if found is None:
            raise Invalid({"code": [now_("没有登记过这个代码。请核对。")]})
        if found.pk == self.entity.pk:
            raise Invalid({"code": [now_("这是该主体自己的代码，不能与自身合并。")]})
        if not self.actor.may(EDIT, found.agency):
            raise Denied(EDIT, found.agency)
        return found

    def _preview(self, form: Any, into: Entity) -> HttpResponse:
        # The form is sent again with the entity that was looked at; what was typed stays.
        form.data = form.data.copy()
        form.data["checked"] = str(into.pk)
        self.submit = _("确认合并")
        return self.page(
            form=form,
            head=[_("项目"), _("将停用：本主体"), _("将保留：并入的主体")],
            body=[
                [_("名称"), self.entity.name, into.name],
                [_("代码"), self.entity.code, into.code],
                [_("成立日期"), self.entity.established_on or "—", into.established_on or "—"],
                [_("住所"), self.entity.address or "—", into.address or "—"],
                *_counted(families.follows(self.actor, self.entity), families.follows(self.actor, into)),
            ],
        )


class EntitySeparate(OnEntity):
    """The two were not one after all."""

    title = _("撤销合并")
    form_class = forms.ReasonForm
    submit = _("撤销合并")
    done = _("已撤销合并，该主体恢复存续。")

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.entity.rev}

    def act(self, data: Mapping[str, Any]) -> Entity:
        return services.separate_entity(self.actor, self.entity.pk, rev=data["rev"], reason=data["reason"])

    def done_url(self, result: Entity) -> str:
        return address(result)


def _counted(mine: families.Follows, others: families.Follows) -> list[list[Any]]:
    titles = {
        "codes": _("代码（现用和曾用）"),
        "names": _("名称（现用和曾用）"),
        "participations": _("参建记录"),
        "permits": _("许可"),
        "persons": _("人员"),
    }
    return [[title, getattr(mine, name), getattr(others, name)] for name, title in titles.items()]
