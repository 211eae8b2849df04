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

Why our own table and worker and not ``django_tasks_db``: its row knows no retry, heartbeat, progress or cancel, so
each job would need a second row that must agree with it, and a job whose worker dies stays "running" for good; its
worker does 34 jobs a second and ends a waiting process by ``sys.exit`` inside a signal handler. One table that
says all is less code than two that agree.
"""
