"""The forms of a draw: each is one act, with the ``rev`` that was read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.inspection import announced, forms, gate, queries, replacing, services
from xiezhi.inspection.models import READ, Draw
from xiezhi.inspection.own_entry import OwnEntry
from xiezhi.people.models import Approval
from xiezhi.record import services as record
from xiezhi.web.pages import Crumb, FormPage

from .draws import address, find
from .setting_up import crumb


class DrawForm(FormPage):
    """A form whose fields are what ``service`` takes, beside the draw and what else the address names."""

    service: Any

    @cached_property
    def draw(self) -> Draw:
        """The draw."""
        return find(self)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("draws"), (self.draw.draw_id, address(self.draw)))

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.draw.rev}

    def act(self, data: Mapping[str, Any]) -> Any:
        return type(self).service(self.actor, **self.kwargs, **data)  # type: ignore[attr-defined]

    def done_url(self, result: Any) -> str:
        return address(self.draw)


class Exclude(DrawForm):
    """Leave a target out before the commitment."""

    ability = gate.PLAN
    title = _("抽取前排除检查对象")
    form_class = forms.ExcludeForm
    submit = _("排除")
    done = _("已排除。事由与文号会公布，名称不会。")
    service = staticmethod(services.exclude_target)


class Readmit(DrawForm):
    """Take an exclusion back."""

    ability = gate.PLAN
    title = _("撤回排除")
    form_class = forms.RevForm
    submit = _("撤回排除")
    done = _("已撤回排除。")
    service = staticmethod(services.readmit_target)


class EnterSource(DrawForm):
    """Type the source."""

    ability = gate.DRAW
    title = _("录入公开随机源")
    form_class = forms.SourceForm
    submit = _("录入")
    done = _("已录入。请由另一人登录后重新键入并复核。")
    service = staticmethod(services.enter_source)

    def form_kwargs(self) -> dict[str, Any]:
        public = [source["label"] for source in announced.public(self.draw)]
        waiting = self.draw.values.filter(confirmed_by="", label__in=public)
        return {"labels": [value.label for value in waiting]}


class Reveal(DrawForm):
    """Enter what an outside witness hands over."""

    ability = gate.WITNESS
    template_name = "inspection/reveal.html"
    title = _("录入见证人揭示")
    form_class = forms.RevealForm
    submit = _("录入")
    done = _("与事先的承诺相符，已录入。")
    service = staticmethod(services.reveal_witness)

    def form_kwargs(self) -> dict[str, Any]:
        return {"labels": announced.unrevealed(self.draw)}


class ConfirmSource(DrawForm):
    """Type it again."""

    ability = READ
    title = _("复核公开随机源")
    form_class = forms.ConfirmForm
    submit = _("复核")
    done = _("两人键入一致，已复核。")
    service = staticmethod(services.confirm_source)

    def admit(self) -> None:
        gate.allowed(self.actor, self.draw.agency, gate.WITNESS, gate.DRAW)

    def form_kwargs(self) -> dict[str, Any]:
        waiting = self.draw.values.filter(confirmed_by="").exclude(entered_by="")
        return {"labels": [value.label for value in waiting]}


class Replace(DrawForm):
    """Remove a drawn object; the next reserve follows, at once or (where the matrix says so) once approved."""

    ability = gate.DRAW
    title = _("移出抽中对象")
    form_class = forms.GroundForm
    submit = _("移出并递补")
    service = staticmethod(services.replace_drawn)

    def finished(self, result: Any) -> HttpResponse:
        text = (
            _("已移出，由备选第 %(place)s 位递补；两者都会公布。") % {"place": result.place}
            if result
            else _("已移出；备选已用完，空缺不补。")
        )
        messages.success(self.request, str(text))
        return HttpResponseRedirect(address(self.draw))


class AskReplacement(DrawForm):
    """The same through the approval matrix."""

    ability = gate.DRAW
    title = _("申请移出抽中对象")
    form_class = forms.AskForm
    submit = _("提交审批")
    done = _("已提交审批。批准之前抽取结果不变；批准后由系统移出并递补。")
    service = staticmethod(services.ask_replacement)

    def done_url(self, result: Approval) -> str:
        return reverse("console:approval", args=[result.pk])


def replacement(request: Any, **kwargs: Any) -> Any:
    """The form that the agency's matrix calls for today."""
    draw = queries.visible_to(request.actor).filter(pk=kwargs["draw"]).first()
    today = clock.today()
    page = AskReplacement if draw is not None and replacing.route(draw, today) is not None else Replace
    return page.as_view()(request, **kwargs)


class Void(DrawForm):
    """Void the draw."""

    ability = gate.DRAW
    title = _("作废抽取")
    form_class = forms.VoidForm
    submit = _("作废")
    done = _("抽取已作废，记录保留。已公布过的，封存后自动重新公布数据包；再次抽取须另立新号、另定随机源。")
    service = staticmethod(services.void_draw)


class Discard(DrawForm):
    """Give a plan up; the next form begins with what this one said."""

    ability = gate.PLAN
    title = _("弃用拟定")
    form_class = forms.DiscardForm
    submit = _("弃用")
    done = _("已弃用，抽取号保留，不对外公布。下面的方案照原样填好，改好后另行拟定。")
    service = staticmethod(services.discard_draw)

    def done_url(self, result: Any) -> str:
        if self.draw.parent_id:
            return reverse("inspection:officers", args=[self.draw.parent_id])
        return f"{reverse('inspection:new_draw', args=[self.draw.roster_id])}?like={self.draw.pk}"


class HandOutEntry(DrawForm):
    """Give a target its own entry, as a file."""

    ability = gate.OPEN_NAMES
    title = _("向对象提供其名录条目")
    form_class = forms.EntryForm
    submit = _("提供")
    service = staticmethod(services.hand_out_entry)

    def finished(self, result: OwnEntry) -> HttpResponse:
        response = JsonResponse(result.document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = 'attachment; filename="entry.json"'
        return response


class Names(DrawForm):
    """Read the sealed names; the reading is recorded with its purpose."""

    ability = gate.READ_NAMES
    title = _("查看密封的名称")
    form_class = forms.PurposeForm
    submit = _("查看")
    template_name = "inspection/names.html"

    def initial(self) -> Mapping[str, Any]:
        return {}

    def act(self, data: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
        names = queries.sealed_names(self.actor, self.draw)
        record.note_sensitive_read(
            self.actor, subject=f"draw:{self.draw.pk}", fields=["name", "code"], purpose=data["purpose"]
        )
        return names

    def finished(self, result: Any) -> HttpResponse:
        rows = [(row, *result.get(row.opaque, ("", ""))) for row in self.draw.targets.all()]
        return self.page(names=rows, draw=self.draw)
