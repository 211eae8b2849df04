"""What the house of ``make run`` has behind and before it, so that whoever signs in finds something of everything.

One inspection is over, its names open, its results public but for a few; another is under way; a third draw waits
for its source. It is walked by the same steps as ``xiezhi demo --stage inspection``, on a calendar that ends today,
and while it goes on nobody else seals: a commitment is sealed on the day on which it was made.
"""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from xiezhi import clock
from xiezhi.command.demo import Steps, bureau, drawing, founding, planning, publication, visiting, visits
from xiezhi.command.demo.walk import Days, Walk, at, days_from
from xiezhi.disclosure.codes import Kind, State
from xiezhi.disclosure.models import Publication
from xiezhi.documents import press
from xiezhi.inspection.models import InspectionItem, Plan
from xiezhi.people.models import Account
from xiezhi.registry.models import Entity

AGO, RATIO = timedelta(days=40), (1, 15)
ON_THE_WAY = (Kind.ITEM, Kind.PLAN, Kind.DRAW)
# Of the results of the inspection that is over: how many are public, and how many more wait for a signature.
PUBLIC, WAITING = 4, 2


def wanted() -> bool:
    """The house is the demonstration's, and nothing was ever planned in it: once only, however often it is started."""
    ours = Account.objects.filter(username=bureau.HANDLER, demo=True, unit__path__startswith=bureau.AGENCY)
    return ours.exists() and not InspectionItem.objects.exists()


def seed() -> bool:
    """Walk it all; answers False where there is nothing to do."""
    if not wanted():
        return False
    today = clock.today()
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk(Path(folder), Steps(0, lambda _text: None), ratio=RATIO, publishes=ON_THE_WAY)
        walk.codes = sorted(Entity.objects.filter(agency=bureau.AGENCY).values_list("code", flat=True))
        walk.done.written = _fonts()
        past, current, ahead = behind(today), under_way(today), before(today)
        walk.days = past
        item = founding.items(walk)
        years = sorted({days.year for days in (past, current, ahead)})
        plans = {year: founding.plan(walk, item, year) for year in years}
        _over(walk, item, plans[past.year])
        walk.days = current
        _under_way(walk, item, plans[current.year])
        walk.days = ahead
        now = clock.now().replace(microsecond=0)
        due = now + timedelta(hours=12)
        drawing.commit(walk, item, plans[ahead.year], "待抽取的示例抽查", moment=now, due=due)
    return True


def behind(today: date) -> Days:
    """An inspection that is over; its window does not run past the year of its plan."""
    days = days_from(today - AGO)
    while days.first.year != days.over.year:
        days = days_from(days.planned - timedelta(days=1))
    return days


def under_way(today: date) -> Days:
    """One whose window is open today, in the year of its plan."""
    first = max(today - timedelta(days=4), date(today.year, 1, 1))
    planned, drawn, sent = (first - timedelta(days=days) for days in (6, 5, 4))
    last = planning.within_year(first, today + timedelta(days=10))
    return Days(planned, drawn, sent, sent, first, last, today - timedelta(days=1), last)


def before(today: date) -> Days:
    """One that is committed today."""
    first = today + timedelta(days=2)
    last = planning.within_year(first, first + timedelta(days=10))
    return Days(today, today, today, today, first, last, last, last)


def _over(walk: Walk, item: InspectionItem, plan: Plan) -> None:
    draw = drawing.commit(walk, item, plan, "示例抽查（已办结）")
    draw = drawing.draw(walk, draw)
    sent = drawing.officers(walk, draw, "officers", "", walk.days.sent)
    draw = drawing.replace(walk, draw)
    again = drawing.officers(walk, draw, "again", "", walk.days.changed + timedelta(days=1))
    visiting.release(walk)
    visiting.recuse(walk)
    if walk.done.written:
        visiting.notices(walk)
    visiting.visit(walk)
    visiting.review(walk)
    visiting.publish(walk, PUBLIC)
    with at(walk.days.reviewed, 16):
        for row in Publication.objects.filter(state=State.DUE, kind=Kind.RESULT).order_by("pk")[:WAITING]:
            publication.prepare(row)
    drawing.open_names(walk, draw, [sent, again])


def _under_way(walk: Walk, item: InspectionItem, plan: Plan) -> None:
    """Some were visited, of those some reviewed; to the others the officers are yet to go."""
    draw = drawing.commit(walk, item, plan, "示例抽查（正在检查）")
    draw = drawing.draw(walk, draw)
    drawing.officers(walk, draw, "officers", "", walk.days.sent)
    visiting.release(walk)
    past = max(0, (walk.days.reviewed - walk.days.first).days + 1)  # a visit a day; none is of today
    done = visits.go(visiting.open_tasks()[:past], walk.days.first, written=walk.done.written)
    reviewed = [task for task in visiting.open_tasks() if str(task) in done.outcomes][: len(done.outcomes) // 2]
    visits.review(reviewed, done, walk.days.reviewed)


def _fonts() -> bool:
    try:
        press.engine()
    except press.NoFonts:
        return False
    return True
