"""How many rows of a batch there are of which kind."""

from django.db.models import Count

from xiezhi.registry.models import ImportBatch, ImportRow

_Outcome = ImportRow.Outcome
WRITTEN_OUTCOMES = (_Outcome.NEW, _Outcome.CHANGED, _Outcome.CONFIRMED)


def result_counts(batch: ImportBatch) -> dict[str, int]:
    """What became of the rows: ``{"new": …, "changed": …, "shifted": …, "undone": …, "kept": …, …}``."""
    counts: dict[str, int] = {}
    for outcome, result, count in (
        batch.rows.values_list("outcome", "result").annotate(count=Count("id")).order_by()
    ):
        name = outcome if result in ("", "written") else result
        counts[name] = counts.get(name, 0) + count
    return dict(sorted(counts.items()))
