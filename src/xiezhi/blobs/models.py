"""Tables of the file store."""

from django.db import models

from xiezhi import clock


class Blob(models.Model):
    """One file that is kept. Who points here by a foreign key holds it; so does a :class:`Hold`.

    sha256      of the content, lower-case hex
    size        bytes
    media_type  as its first bringer called it; never trusted when served
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120, default="application/octet-stream")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.sha256


class Hold(models.Model):
    """``holder`` (free text: kind and id) needs this file, though no foreign key of his points here."""

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="holds")
    holder = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "holder"], name="blob_hold_once")]

    def __str__(self) -> str:
        return f"{self.holder} → {self.blob_id}"
