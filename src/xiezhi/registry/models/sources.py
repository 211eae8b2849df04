"""Where a fact comes from."""

from django.db import models

from xiezhi import clock


class SourceRecord(models.Model):
    """What one source said of one subject, once: nothing is known without one.

    source   who said it, e.g. ``市场监管登记``, or ``录入`` for what an officer typed
    key      the subject's key in that source (an entity's code, a permit's number)
    batch    the import that brought it; NULL: typed or sent singly
    payload  the columns it stated, as canonical values; columns that were not mapped are not kept
    digest   SHA-256 (hex) of the canonical JSON of ``payload``
    One of ``entity``, ``project``, ``permit``, ``site`` is set.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    batch = models.ForeignKey(
        "ImportBatch", null=True, on_delete=models.PROTECT, related_name="records", db_index=False
    )
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    entity = models.ForeignKey("Entity", null=True, on_delete=models.CASCADE, related_name="sources")
    project = models.ForeignKey(
        "Project", null=True, on_delete=models.CASCADE, related_name="sources", db_index=False
    )
    permit = models.ForeignKey(
        "Permit", null=True, on_delete=models.CASCADE, related_name="sources", db_index=False
    )
    site = models.ForeignKey("Site", null=True, on_delete=models.CASCADE, related_name="sources", db_index=False)
    received_at = models.DateTimeField()

    class Meta:
        # Most records are of entities; an index over a column that is mostly NULL would slow every import.
        indexes = [
            models.Index(fields=["key", "source"]),
            *(
                models.Index(
                    fields=[name], name=f"source_{name}", condition=models.Q(**{f"{name}__isnull": False})
                )
                for name in ("project", "permit", "site")
            ),
        ]
