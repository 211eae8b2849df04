"""What may follow on what in a project's life; a finished project is not begun again under the same number."""

NEXT: dict[str, set[str]] = {
    "planned": {"running"},
    "running": {"suspended", "finished"},
    "suspended": {"running", "finished"},
    "finished": set(),
}
