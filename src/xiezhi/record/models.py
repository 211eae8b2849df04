"""Tables of the whole-process record (全过程记录). Rows are inserted; triggers refuse the rest."""

from django.db import models

from xiezhi import clock


class Event(models.Model):
    """One act. Every column but ``leaf_hash`` is an index over the canonical body and can be rebuilt from it."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    leaf_hash = models.BinaryField(max_length=32)
    type = models.CharField(max_length=80)
    stream = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)
    actor = models.CharField(max_length=80)
    agency = models.CharField(max_length=200)
    district = models.CharField(max_length=6)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    prev = models.UUIDField(null=True)
    cause = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "prev"], name="event_stream_no_fork"),
            models.UniqueConstraint(
                fields=["stream"], condition=models.Q(prev__isnull=True), name="event_stream_one_start"
            ),
        ]
        indexes = [
            models.Index(fields=["stream", "recorded_at", "id"]),
            models.Index(fields=["subject", "recorded_at", "id"]),
            models.Index(fields=["type", "recorded_at", "id"]),
            models.Index(fields=["cause"]),
        ]


class EventBody(models.Model):
    """The canonical event (RFC 8785 text) and its encrypted private part.

    data      the whole event as it is bound by the leaf: envelope, data, and the salted hash of ``private``
    private   AES-256-GCM of salt and canonical JSON; NULL where there is none
    One transition only: both to NULL, beside an erasure event.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="body")
    salt = models.BinaryField(max_length=16)
    data = models.TextField(null=True)
    private = models.BinaryField(null=True)


class EventKey(models.Model):
    """The key of one private part, wrapped by the key ``key_id``: rotation rewraps here and touches no body."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="key")
    key_id = models.CharField(max_length=40)
    wrapped = models.BinaryField()


class StreamHead(models.Model):
    """The last event of a stream and their count: the row that writers of one stream queue up at.

    A projection; rebuilt by ``xiezhi record replay``.
    """

    stream = models.CharField(max_length=120, primary_key=True)
    last = models.UUIDField()
    count = models.PositiveIntegerField()


class Pending(models.Model):
    """Committed and not yet in the tree. The sequencer empties it; its rows need no order."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="pending")


class Sequence(models.Model):
    """The place of an event in a log."""

    log = models.CharField(max_length=120)
    index = models.BigIntegerField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="sequence")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="sequence_place")]


class Tile(models.Model):
    """A tile of the tree (C2SP tlog-tiles): up to 256 hashes; only the rightmost of a level may still grow."""

    log = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    width = models.PositiveSmallIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "index"], name="tile_place")]


class Checkpoint(models.Model):
    """A signed statement of size and root (C2SP checkpoint, signed note)."""

    log = models.CharField(max_length=120)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="checkpoint_size")]


class Cursor(models.Model):
    """How far a follower (``reactions.py`` of an upper app) has read a log: all below ``index`` are done."""

    name = models.CharField(max_length=120, primary_key=True)
    log = models.CharField(max_length=120)
    index = models.BigIntegerField(default=0)
