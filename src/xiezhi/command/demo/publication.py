"""一公开 for a stage: what waits on the work list is prepared by the handler and signed by the head, then delivered."""

from collections import Counter
from collections.abc import Collection

from xiezhi.command.demo import bureau, ceremony
from xiezhi.disclosure import jobs, services
from xiezhi.disclosure.codes import Kind, State
from xiezhi.disclosure.models import Publication
from xiezhi.jobs.registry import Budget

WAIVER = "演示数据均为虚构，已逐处核对。"


def publish(kinds: Collection[str] = tuple(Kind.values), most: int | None = None) -> Counter[str]:
    """What is due, or ``most`` of it, and what changed since it was published; answers how many of each kind."""
    ceremony.news()
    done: Counter[str] = Counter()
    for row in Publication.objects.filter(state=State.DUE, kind__in=kinds).order_by("kind", "pk")[:most]:
        _signed(prepare(row), done)
    changed = Publication.objects.filter(state=State.PUBLISHED, kind__in=kinds).exclude(source_change_event=None)
    for row in changed.order_by("kind", "pk"):
        reason = f"来源有变化：{row.get_source_change_display()}"
        row = services.correct(bureau.actor(bureau.HANDLER), row.pk, rev=row.rev, reason=reason, waiver=WAIVER)
        _signed(row, done)
    while jobs.deliver(Budget.of(60)):
        pass
    ceremony.news()
    return done


def prepare(row: Publication) -> Publication:
    """By the handler, for the head to sign."""
    return services.prepare(bureau.actor(bureau.HANDLER), row.pk, rev=row.rev, waiver=WAIVER)


def _signed(row: Publication, done: Counter[str]) -> None:
    services.sign(bureau.actor(bureau.HEAD), row.pk, rev=row.rev, waiver=WAIVER)
    done[row.kind] += 1


def told(done: Counter[str]) -> str:
    """The counts for people."""
    return "、".join(f"{Kind(kind).label} {count}" for kind, count in sorted(done.items())) or "没有待公示的"
