"""What the public gets: the bundle at every stage, and the names once the visits are over."""

import uuid

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.inspection import bundles, cycles, gate, guards, reckoning, searching, task_guards
from xiezhi.inspection.codes import PUBLIC, Standing, State
from xiezhi.inspection.models import Draw, DrawBundle, DrawnTarget
from xiezhi.record.acts import act, at, emit, unchanged

LISTED = (Standing.DRAWN, Standing.CALLED, Standing.REMOVED)


@act("inspection.bundle_published")
def publish_bundle(actor: Actor, draw: uuid.UUID, *, rev: int) -> DrawBundle:
    """Build bundle.zip from what is known now and publish it; after the draw this publishes the result.

    :raises Refused: the draw's events are not all sealed yet
    """
    row = gate.locked(actor, draw, rev, gate.PUBLISH)
    # A draw that was void before its commitment has nothing to publish.
    states = PUBLIC if row.committed_at else ()
    guards.demand(
        guards.in_state(row, states, _("公布数据包")), guards.sealed_events(row, len(gate.unsealed(row)))
    )
    return _publish(row)


@act("inspection.bundle_published")
def republish_bundle(actor: Actor, draw: uuid.UUID, *, change: uuid.UUID) -> DrawBundle | None:
    """After ``change`` (an event of the draw, sealed by now): what was published before is published anew.

    Nothing is done where nothing was published yet (a result is published by a person), a later bundle holds the
    change already, or a later change waits to be sealed, whose own news will come.
    :raises Denied: anyone but the system itself
    """
    gate.itself(actor, gate.PUBLISH, actor.agency)
    row = Draw.objects.select_for_update().get(pk=draw)
    published = gate.events_of(row, "inspection.bundle_published")
    held = any(event.id > change for event in published)
    if not published or held or row.state == State.DRAWN or gate.unsealed(row):
        unchanged()
        return None
    return _publish(row)


def _publish(row: Draw) -> DrawBundle:
    """Build, keep and announce it; its events must be sealed.

    Built inside of the act: the draw stays locked meanwhile (on SQLite every other writer waits), the longer the
    more objects it has.
    """
    built = bundles.build(row)
    blob = store.put(built.zip, media_type="application/zip")
    state = State.PUBLISHED if row.state == State.DRAWN else State(row.state)
    made = DrawBundle.objects.create(
        draw=row,
        built_at=at(),
        sha256=blob.sha256,
        size=len(built.zip),
        stage=state,
        vkey=built.vkey,
        file=blob,
    )
    emit(
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "bundle": str(made.id),
            "sha256": made.sha256,
            "size": made.size,
            "stage": str(row.state),
            "state": str(state),
            "published_at": rules_of_draw.stamp(reckoning.whole_second(at())),
            "log_size": built.log_size,
            "vkey": built.vkey,
        },
    )
    return made


@act("inspection.names_opened")
def open_names(actor: Actor, draw: uuid.UUID, *, rev: int) -> Draw:
    """Open the names of everyone drawn, removed or called up: code and salt of each become public.

    Whoever was not drawn stays opaque: the weights would tell his class. :class:`Refused` while visits may come.
    """
    row = gate.locked(actor, draw, rev, gate.OPEN_NAMES)
    today = clock.day(at())
    guards.demand(
        guards.in_state(row, (State.PUBLISHED,), _("公开名称")),
        guards.window_closed(row, today),
        task_guards.no_visit_ahead(row),
    )
    opened = _open(row)
    names = files_of_draw.opened_file(bundles.opened(row))
    emit(
        **gate.scope(row),
        data={
            "draw": str(row.id),
            "opened_at": rules_of_draw.stamp(reckoning.whole_second(at())),
            "opened": opened,
            "files": bundles.digests({"opened.tsv": names}),
        },
    )
    row.refresh_from_db()
    searching.let_find_opened(row)
    return row


def _open(draw: Draw) -> int:
    """Write code, name and salt beside the ids; answers how many objects."""
    secret, by_id = reckoning.secret_of(draw), cycles.drawn_names(draw)
    rows = list(DrawnTarget.objects.filter(draw=draw, standing__in=LISTED))
    names = reckoning.code_names(draw, [by_id[row.opaque] for row in rows])
    for row in rows:
        row.code = by_id[row.opaque]
        row.name = names[row.code]
        row.salt = secret.salt(row.code).hex()
    # An upsert by id: bulk_update writes a CASE per row and column, minutes for a roster of a million.
    DrawnTarget.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["code", "name", "salt"],
    )
    return len({row.opaque for row in rows})
