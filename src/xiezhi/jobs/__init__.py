"""Background work: jobs with progress, cancelling and retries, schedules, and loops that work in batches.

An app declares its work in ``jobs.py`` (found at start in every installed app):

    @job("registry.apply_import", title=_("写入导入批次"), retries=3)
    def apply_import(ctx: JobContext, *, batch: str) -> dict[str, Json] | None: ...

    @periodic("record.monitor", daily="02:30", title=_("核对记录"))
    def monitor(ctx: JobContext) -> None: ...

    @loop("notify.mail", interval=1.0)
    def deliver(budget: Budget) -> int: ...

and orders it in its act's own transaction with ``queue.enqueue(actor, "registry.apply_import", batch="…")``. Jobs
are machinery: they have no acts; what a job changes it changes through services, whose events tell of it.

Why our own table and worker: docs/adr/0020-our-own-job-table.md.
"""
