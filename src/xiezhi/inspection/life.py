"""A draw's life in words: its steps for console and portal, and who did what when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.actor import Actor, system
from xiezhi.people import queries as people
from xiezhi.record import queries as record
from xiezhi.record.types import LATEST
from xiezhi.web.lists.columns import display

from . import announced, gate
from .codes import Level, State
from .models import Draw

Text = str | Promise

TITLES: tuple[tuple[State, Text], ...] = (
    (State.PREPARED, gettext_lazy("固定名录，拟定方案")),
    (State.COMMITTED, gettext_lazy("作出承诺并封存")),
    (State.ENTERED, gettext_lazy("录入公开随机源")),
    (State.CONFIRMED, gettext_lazy("另一人复核随机源")),
    (State.DRAWN, gettext_lazy("抽取")),
    (State.PUBLISHED, gettext_lazy("公布结果与数据包")),
    (State.OPENED, gettext_lazy("检查结束后公开名称")),
)
ORDER = [state for state, _title in TITLES]
QUICK_TITLES: dict[State, Text] = {
    State.ENTERED: gettext_lazy("生成系统随机数"),
    State.CONFIRMED: gettext_lazy("另一人启用系统随机数"),
}


@dataclass(frozen=True)
class Entry:
    """Something that was done, for the timeline."""

    at: datetime
    title: Text
    text: str


def steps(draw: Draw, now: datetime) -> list[dict[str, Any]]:
    """The steps as ``web/components/steps.html`` shows them."""
    reached = _reached(draw)
    texts = _texts(draw, now)
    shown = []
    other = QUICK_TITLES if draw.level == Level.QUICK else {}
    for number, (state, title) in enumerate(TITLES):
        stands = "done" if number <= reached else "current" if number == reached + 1 else "todo"
        if draw.state == State.VOID and stands != "done":
            stands = "failed" if stands == "current" else "todo"
        shown.append({"title": other.get(state, title), "state": stands, "text": texts.get(state, "")})
    return shown


def _reached(draw: Draw) -> int:
    """How many steps (from 0) are done; a void draw stopped where its times say."""
    if draw.state != State.VOID:
        return ORDER.index(State(draw.state))
    done = [draw.prepared_at, draw.committed_at, _entered(draw), _confirmed(draw), draw.drawn_at]
    done += [draw.published_at if draw.drawn_at else None, draw.opened_at]
    return next((n for n, moment in enumerate(done) if moment is None), len(done)) - 1


def _texts(draw: Draw, now: datetime) -> dict[State, str]:
    due = min(map(announced.due, announced.public(draw)), default=now)
    texts = {
        State.PREPARED: _("名录 %(size)s 个对象，固定于 %(at)s。")
        % {"size": draw.roster.size, "at": display(draw.roster.frozen_at)},
        State.COMMITTED: _committed(draw, due, now),
        State.ENTERED: _source(draw, due, now),
        State.CONFIRMED: _("录入与复核必须是两个人，两次键入的值必须一致。"),
        State.DRAWN: _("只用承诺的名录与规则、复核过的随机源，按公开算法计算，每次抽取只能执行一次。"),
        State.PUBLISHED: _("数据包可由任何人独立复算；此时只有密封编号，没有名称。"),
        State.OPENED: _("检查时间段 %(first)s 至 %(last)s，结束次日起公开抽中对象的名称与盐值。")
        % {"first": draw.window_from.isoformat(), "last": draw.window_to.isoformat()},
    }
    texts |= _typed(draw)
    if seen := announced.witnessed(draw, now):
        texts[State.ENTERED] = f"{seen}{texts[State.ENTERED]}"
    if draw.level == Level.QUICK:
        texts |= _quick(draw)
    if draw.drawn_at:
        texts[State.DRAWN] = _("%(at)s 抽取，抽中 %(count)s 个。") % {
            "at": display(draw.drawn_at),
            "count": draw.drawn_count,
        }
    if draw.opened_at:
        texts[State.OPENED] = _("%(at)s 公开 %(count)s 个名称。") % {
            "at": display(draw.opened_at),
            "count": draw.opened_count,
        }
    return texts


def _quick(draw: Draw) -> dict[State, str]:
    """Of a draw on the system's own number: there is no source to be typed."""
    found = {
        State.ENTERED: _("系统随机数在承诺时生成并固定，不另录入。"),
        State.CONFIRMED: _("承诺封存之后，由作出承诺以外的另一人启用。"),
    }
    if released := _first(draw, "confirmed_at"):
        found[State.CONFIRMED] = _("%(at)s 由另一人启用。") % {"at": display(released)}
    if draw.committed_at is None:
        found[State.COMMITTED] = _("承诺时生成系统随机数并固定；此后名录与规则不能再改。")
    return found


def _typed(draw: Draw) -> dict[State, str]:
    """When the source was typed and confirmed, once it was."""
    found = {}
    if entered := _entered(draw):
        found[State.ENTERED] = _("%(at)s 录入。") % {"at": display(entered)}
    if confirmed := _confirmed(draw):
        found[State.CONFIRMED] = _("%(at)s 由另一人重新键入，两次一致。") % {"at": display(confirmed)}
    return found


def _committed(draw: Draw, due: datetime, now: datetime) -> str:
    if draw.committed_at is None:
        if now >= due:
            return _("随机源公布时间已过，不能再作出承诺；请作废后另立新号。")
        return _("须在随机源公布（%(due)s）之前作出承诺，还有%(left)s。承诺后名录与规则不能再改。") % {
            "due": display(due),
            "left": left(due - now),
        }
    sealed = record.sealed_at(draw.commitment_event) if draw.commitment_event else None
    if sealed is None:
        return _("%(at)s 作出承诺，等待封存（通常两秒）。") % {"at": display(draw.committed_at)}
    return _("%(at)s 作出承诺，%(sealed)s 封存入全过程记录。") % {
        "at": display(draw.committed_at),
        "sealed": display(sealed),
    }


def _source(draw: Draw, due: datetime, now: datetime) -> str:
    if draw.state == State.COMMITTED and now < due:
        return _("随机源于 %(due)s 公布，还有%(left)s，届时才能录入。") % {
            "due": display(due),
            "left": left(due - now),
        }
    return _("随机源公布时间须晚于承诺；早于承诺的值不予采用。")


def left(span: timedelta) -> str:
    """A span in words, to the minute: ``1 天 3 小时 5 分``."""
    minutes = max(0, int(span.total_seconds() // 60))
    parts = ((minutes // 1440, _("天")), (minutes // 60 % 24, _("小时")), (minutes % 60, _("分")))
    shown = [f" {number} {unit}" for number, unit in parts if number]
    return "".join(shown) or _("不到一分钟")


def timeline(draw: Draw) -> list[Entry]:
    """Who did what when, from the record."""
    events = record.visible_to(system("inspection")).filter(stream=draw.stream_name)
    rows = list(events.order_by("recorded_at", "id"))
    names = actor_names([event.actor for event in rows])
    return [
        Entry(event.occurred_at, LATEST[event.type].title, names.get(event.actor, event.actor)) for event in rows
    ]


def waits(draw: Draw) -> str:
    """What the draw's published bundle does not hold yet, in words; empty where it holds everything."""
    if draw.state == State.PREPARED or not gate.proved(draw):
        return ""
    if gate.unsealed(draw):
        return _("待封存：最近一步尚未封存入全过程记录（通常两秒）。封存之后数据包才带有其收录证明。")
    published = gate.events_of(draw, "inspection.bundle_published")
    if published and max(gate.proved(draw)) > published[-1].id and draw.state != State.DRAWN:
        return _("最近一步已封存，数据包即将自动重新公布。")
    return ""


def actor_names(ids: Sequence[str]) -> dict[str, str]:
    """Actor id → name, for those who have an account."""
    known = [one for one in set(ids) if len(one) == 36 and ":" not in one]
    rows = people.accounts(system("inspection")).filter(pk__in=known)
    return {str(row.pk): row.name or row.username for row in rows}


def may(actor: Actor, draw: Draw, *abilities: str) -> bool:
    """Whether the page offers an act."""
    return any(actor.may(ability, draw.agency) for ability in abilities)


def _first(draw: Draw, column: str) -> datetime | None:
    return draw.values.exclude(**{column: None}).values_list(column, flat=True).first()


def _entered(draw: Draw) -> datetime | None:
    """When the first source was typed; a witness's reveal before it is none."""
    rows = draw.values.exclude(entered_at=None)
    if draw.level != Level.QUICK:
        rows = rows.filter(reveal_event=None)
    return rows.values_list("entered_at", flat=True).first()


def _confirmed(draw: Draw) -> datetime | None:
    outside = [source["label"] for source in announced.outside(draw)]
    rows = draw.values.exclude(label__in=outside)
    if rows.filter(confirmed_at=None).exists():
        return None
    return rows.values_list("confirmed_at", flat=True).first()
