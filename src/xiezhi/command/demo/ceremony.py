"""A draw walked through its ceremony by people of the bureau: commitment, source, draw, bundle; clock by clock."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.command.demo import Failed, bureau
from xiezhi.inspection import queries, services
from xiezhi.inspection.models import Draw
from xiezhi.record import relay, sequencer


def news() -> int:
    """Seal what waits and let every app hear of it, as sequencer and relay do; answers how many were sealed."""
    count = sequencer.seal_all()
    while relay.relay():
        count += sequencer.seal_all()
    return count


def source(due: datetime) -> dict[str, object]:
    """The demonstration's beacon, as it is announced for ``due``."""
    local = timezone.localtime(due)
    return {
        "label": f"示例信标第{local:%Y%m%d%H%M}期",
        "describes": f"示例信标：{local:%Y-%m-%d %H:%M} 由演示信标密钥签名公布，仅供演示",
        "not_before": due,
        "encoding": "hex",
    }


def committed(at: datetime, prepare: Callable[[], Draw]) -> Draw:
    """Prepared and committed by the handler at ``at``, sealed; what is known so far is published by the head."""
    with clock.fixed(at):
        row = prepare()
        row = services.commit_draw(bureau.actor(bureau.HANDLER), row.id, rev=row.rev)
        return publish(row)


def drawn(row: Draw, due: datetime) -> Draw:
    """The source, typed by the handler and again by the counsel; the draw; the result published by the head."""
    announced = row.sources[0]
    value = hashlib.sha256(Ed25519PrivateKey.generate().sign(announced["label"].encode())).hexdigest()
    given = {"label": announced["label"], "value": value}
    with clock.fixed(due + timedelta(minutes=5)):
        handler = bureau.actor(bureau.HANDLER)
        row = services.enter_source(handler, row.id, published_at=due, rev=row.rev, **given)
    with clock.fixed(due + timedelta(minutes=8)):
        row = services.confirm_source(bureau.actor(bureau.COUNSEL), row.id, rev=row.rev, **given)
    with clock.fixed(due + timedelta(minutes=15)):
        row = services.run_draw(bureau.actor(bureau.HANDLER), row.id, rev=row.rev)
        return publish(row)


def publish(row: Draw) -> Draw:
    """Seal, publish the bundle, spread the news."""
    news()
    row.refresh_from_db()
    services.publish_bundle(bureau.actor(bureau.HEAD), row.id, rev=row.rev)
    news()
    row.refresh_from_db()
    return row


def bundle(row: Draw) -> bytes:
    """The bundle.zip that was published last."""
    made = queries.latest_bundle(row)
    if made is None:
        raise Failed(f"{row.draw_id} 的数据包没有公布。")
    with store.open(made.sha256) as file:
        return bytes(file.read())
