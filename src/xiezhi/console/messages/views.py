"""The inbox, and the messages that leave the house with what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.core.masking import PartialKind, partly
from xiezhi.notify import inbox, queries, services
from xiezhi.notify.models import Channel, Message, State
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search
from xiezhi.web.pages import ConsoleView, DetailPage

REQUEUE = services.REQUEUE
TAGS = {State.QUEUED: "plain", State.UNSENT: "bad", State.SENT: "good", State.FAILED: "bad"}


class Inbox(ListPage):
    """The actor's own messages."""

    ability = ""
    title = gettext_lazy("消息")
    empty = gettext_lazy("与您有关的办理进展会通知到这里。")
    exports = False
    columns = (
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda n: _("已读") if n.read_at else _("未读"),
            html=lambda n: tag("quiet", _("已读")) if n.read_at else tag("good", _("未读")),
        ),
        Column("title", gettext_lazy("内容"), link=lambda n: reverse("console:notification", args=[n.pk])),
        Column("body", gettext_lazy("说明")),
        Column("created_at", gettext_lazy("时间"), sort="created_at"),
    )
    filters = (Search(fields=("title", "body")),)
    order = ("-created_at",)

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.inbox(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not queries.unread(self.actor):
            return []
        return [{"text": _("全部标为已读"), "post": reverse("console:notifications_read"), "kind": "quiet"}]


class Open(ConsoleView):
    """Mark one message as read and go where it points; opening it again does nothing more."""

    ability = ""

    def get(self, request: HttpRequest, notification: Any) -> HttpResponse:
        found = queries.inbox(self.actor).filter(pk=notification).first()
        if found is None:
            raise NotFound(f"notification {notification}")
        inbox.mark_read(self.actor, [found.pk])
        inside = url_has_allowed_host_and_scheme(found.link, allowed_hosts=None)
        return HttpResponseRedirect(found.link if found.link and inside else reverse("console:notifications"))


class ReadAll(ConsoleView):
    """Mark all as read."""

    ability = ""

    def post(self, request: HttpRequest) -> HttpResponse:
        count = inbox.mark_read(self.actor)
        messages.success(request, _("已将 %(n)d 条消息标为已读。") % {"n": count})
        return HttpResponseRedirect(reverse("console:notifications"))


def _tag(message: Message) -> Any:
    return tag(TAGS[State(message.state)], message.status)


def _address(message: Message) -> str:
    if not message.address:
        return _("（已清除）")
    kind = PartialKind.PHONE if message.channel == Channel.SMS else PartialKind.EMAIL
    return partly(kind, message.address)


class Messages(ListPage):
    """Mails and texts of the agencies that the actor may read."""

    ability = queries.READ
    title = gettext_lazy("对外发送记录")
    columns = (
        Column("created_at", gettext_lazy("提交时间"), sort="created_at"),
        Column("channel", gettext_lazy("方式"), value=lambda m: str(m.get_channel_display())),
        Column(
            "what",
            gettext_lazy("内容"),
            value=lambda m: m.subject or m.template or _("（已清除）"),
            link=lambda m: reverse("console:message", args=[m.pk]),
        ),
        Column("address", gettext_lazy("收件地址"), value=_address),
        Column("state", gettext_lazy("状态"), value=lambda m: m.status, html=_tag),
    )
    filters = (
        Choice("state", gettext_lazy("状态"), choices=lambda: State.choices),
        Choice("channel", gettext_lazy("方式"), choices=lambda: Channel.choices),
        DateRange("created", gettext_lazy("提交日期"), field="created_at"),
    )
    order = ("-created_at",)

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.visible_to(actor)


class MessagePage(DetailPage):
    """One message: where it stands and why."""

    ability = queries.READ

    def get_object(self) -> Message:
        found = queries.visible_to(self.actor).filter(pk=self.kwargs["message"]).first()
        if found is None:
            raise NotFound(f"message {self.kwargs['message']}")
        return found

    def page_title(self) -> str:
        return self.object.subject or self.object.template or _("对外发送记录")

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("对外发送记录"), reverse("console:messages"))]

    def facts(self, obj: Message) -> Sequence[tuple[Any, Any]]:
        return [
            (_("状态"), _tag(obj)),
            (_("方式"), obj.get_channel_display()),
            (_("收件地址"), _address(obj)),
            (_("已试次数"), obj.attempts),
            (_("最近一次的答复"), obj.error),
            (_("下次发送"), obj.next_try_at if obj.state == State.QUEUED else None),
            (_("提交时间"), obj.created_at),
            (_("结束时间"), obj.ended_at),
            (_("对方编号"), obj.reference),
        ]

    def actions(self, obj: Message) -> Sequence[Mapping[str, Any]]:
        if obj.state not in (State.UNSENT, State.FAILED) or not self.actor.may(REQUEUE, obj.agency):
            return []
        return [{"text": _("重新发送"), "post": reverse("console:message_requeue", args=[obj.pk])}]


class Requeue(ConsoleView):
    """Try a message again."""

    ability = REQUEUE

    def post(self, request: HttpRequest, message: Any) -> HttpResponse:
        try:
            services.requeue(self.actor, message)
            messages.success(request, _("已排入发送队列。"))
        except Invalid as error:
            for text in (text for texts in error.fields.values() for text in texts):
                messages.error(request, text)
        return HttpResponseRedirect(reverse("console:message", args=[message]))
