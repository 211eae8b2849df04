"""The page that walks one draw from its plan to the opened names."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound, Refused, Stale
from xiezhi.inspection import announced, fairness, gate, life, queries, services
from xiezhi.inspection.codes import (
    AWAITING_SOURCE,
    BEFORE_COMMITMENT,
    PUBLIC,
    WITH_RESULT,
    Level,
    State,
)
from xiezhi.inspection.models import READ, Draw
from xiezhi.web import problems
from xiezhi.web.pages import ConsoleView, Crumb

from .setting_up import crumb
from .shown import SHOWN, exclusions, facts, lacking, plan, sources, targets


def find(view: ConsoleView) -> Draw:
    """The draw that the address names, if the actor may see it."""
    found = queries.visible_to(view.actor).filter(pk=view.kwargs["draw"]).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(f"draw {view.kwargs['draw']}")  # type: ignore[attr-defined]
    return found


def address(draw: Draw) -> str:
    """The draw's own page."""
    return reverse("inspection:draw", args=[draw.pk])


class DrawPage(ConsoleView):
    """Steps, what can be done now, result, exclusions, changes, bundles, who did what when."""

    ability = READ
    template_name = "inspection/draw.html"

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("draws"),)

    def page_title(self) -> str:
        return f"{self.draw.draw_id} {self.draw.title}"

    @cached_property
    def draw(self) -> Draw:
        """The draw."""
        return find(self)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown()

    def shown(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, also as the answer to an act that was refused."""
        draw, now = self.draw, clock.now()
        return self.page(
            status=status,
            draw=draw,
            facts=facts(draw, plan_link(self.actor, draw)),
            steps=life.steps(draw, now),
            acts=acts(self, draw),
            links=links(self, draw),
            plan=plan(draw),
            sources=sources(draw),
            exclusions=exclusions(draw),
            targets=targets(draw),
            may_replace=life.may(self.actor, draw, gate.DRAW),
            more_targets=draw.targets.count() > SHOWN,
            fairness=fairness.figures(draw),
            bundles=draw.bundles.all(),
            waits=life.waits(draw),
            lacking=lacking(draw),
            entries=life.timeline(draw),
            **more,
        )


class Act(DrawPage):
    """A button of the draw's page: one service, then back to the page."""

    service: Any
    done: Any = ""
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            type(self).service(self.actor, self.draw.pk, rev=rev_of(request))
        except (Refused, Stale, Invalid) as error:
            problem = problems.of(error)
            del self.draw
            return self.shown(status=problem.status, problem=problem)
        messages.success(request, str(self.done))
        return HttpResponseRedirect(address(self.draw))


_WITNESSED = _("承诺已作出，正在封存。见证人在公告的时间揭示，随机源公布之后再录入。")
_COMMITTED = {
    Level.JOINT: _WITNESSED,
    Level.CONTESTED: _WITNESSED,
    Level.QUICK: _("承诺已作出，正在封存。封存之后由另一人启用系统随机数。"),
}


class Commit(Act):
    """作出承诺."""

    ability = gate.DRAW
    service = staticmethod(services.commit_draw)

    @property
    def done(self) -> Any:
        return _COMMITTED.get(self.draw.level, _("承诺已作出，正在封存。随机源公布之后再录入。"))


class Release(Act):
    """启用系统随机数."""

    ability = READ
    service = staticmethod(services.release_number)
    done = _("系统随机数已启用，可以抽取。")

    def admit(self) -> None:
        gate.allowed(self.actor, self.draw.agency, gate.WITNESS, gate.DRAW)


class Run(Act):
    """抽取."""

    ability = gate.DRAW
    service = staticmethod(services.run_draw)
    done = _("抽取完成，名称密封。")


class Publish(Act):
    """公布数据包."""

    ability = gate.PUBLISH
    service = staticmethod(services.publish_bundle)
    done = _("数据包已公布。")


class Open(Act):
    """公开名称."""

    ability = gate.OPEN_NAMES
    service = staticmethod(services.open_names)
    done = _("名称已公开。封存后数据包自动重新公布，包含已公开的名称。")


def plan_link(actor: Actor, draw: Draw) -> str:
    """Address of the plan that the draw rests on, if the actor may see it: that of a body above he may not."""
    if draw.line is None or not queries.plans_visible_to(actor).filter(pk=draw.line.plan_id).exists():
        return ""
    return reverse("inspection:plan", args=[draw.line.plan_id])


_INSTEAD = {"release_number": (gate.DRAW,)}  # abilities that serve as well


def acts(view: ConsoleView, draw: Draw) -> list[dict[str, Any]]:
    """Buttons with a confirmation, for what may be done now by this actor."""
    table = (
        (BEFORE_COMMITMENT, gate.DRAW, "commit", _("作出承诺"), _("固定名录、规则与排除名单？"),
         _("承诺之后都不能再改，只能作废后另立新号。")),
        ((State.COMMITTED,) if draw.level == Level.QUICK else (), gate.WITNESS, "release_number", _("启用系统随机数"),
         _("启用系统随机数？"), _("须由作出承诺以外的另一人启用；启用后不能更换。")),
        ((State.CONFIRMED,), gate.DRAW, "run", _("抽取"), _("现在抽取？"),
         _("每次抽取只能执行一次，结果不能重来。")),
        (PUBLIC if draw.committed_at else (), gate.PUBLISH, "publish", _("公布数据包"), _("公布目前的数据包？"),
         _("任何人都能下载并独立复算；此前公布的各版仍可下载。")),
        ((State.PUBLISHED,), gate.OPEN_NAMES, "open", _("公开名称"), _("公开抽中对象的名称？"),
         _("公开后不能收回。")),
    )  # fmt: skip
    return [
        {"id": name, "trigger": text, "title": ask, "text": explain, "submit": text,
         "action": reverse(f"inspection:{name}", args=[draw.pk])}
        for states, ability, name, text, ask, explain in table
        if draw.state in states and life.may(view.actor, draw, ability, *_INSTEAD.get(name, ()))
    ]  # fmt: skip


def links(view: ConsoleView, draw: Draw) -> list[dict[str, Any]]:
    """Forms that this actor may open now."""
    witness = (gate.WITNESS, gate.DRAW)
    revealing = announced.unrevealed(draw) and clock.now() < announced.reveals_end(draw)
    table: tuple[tuple[Any, tuple[str, ...], str, Any, str], ...] = (
        (BEFORE_COMMITMENT, (gate.PLAN,), "exclude", _("登记排除"), "quiet"),
        (BEFORE_COMMITMENT, (gate.PLAN,), "discard", _("弃用并重拟"), "quiet"),
        ((State.COMMITTED,) if revealing else (), (gate.WITNESS,), "reveal", _("录入见证人揭示"), ""),
        (AWAITING_SOURCE if announced.public(draw) else (), (gate.DRAW,), "enter", _("录入随机源"), ""),
        ((State.ENTERED,), witness, "confirm", _("复核随机源"), ""),
        (WITH_RESULT[:-1], (gate.READ_NAMES,), "names", _("查看密封的名称"), "quiet"),
        ((State.PUBLISHED,) if lacking(draw) else (), (gate.PLAN,), "officers", _("抽取检查人员"), ""),
        ((State.PUBLISHED, State.OPENED), (gate.OPEN_NAMES,), "entry", _("向对象提供其条目"), "quiet"),
        (PUBLIC[:-1], (gate.DRAW,), "void", _("作废"), "danger"),
    )
    return [
        {"text": text, "href": reverse(f"inspection:{name}", args=[draw.pk]), "kind": kind}
        for states, abilities, name, text, kind in table
        if draw.state in states and life.may(view.actor, draw, *abilities)
    ]


def rev_of(request: HttpRequest) -> int:
    """The revision that the page showed; :class:`Invalid` where the form does not hold it."""
    text = request.POST.get("rev", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid({"rev": [str(_("页面不完整，请刷新后重试。"))]})
    return int(text)
