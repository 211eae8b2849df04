"""Append-only, held by the database itself. Installed after migrations and checked in ``/readyz``:
on SQLite a later ``AlterField`` rebuilds the table and drops its triggers silently.

``event``, ``sequence``, ``checkpoint``   no UPDATE, no DELETE
``event_body``   only ``data``/``private`` to NULL, and only beside an erasure event; ``data`` beside one of the whole
``event_key``    rewrapping; DELETE only beside an erasure event
``tile``         only growth of a partial tile
"""

from django.db import connection, transaction

_ERASURE = (
    "EXISTS (SELECT 1 FROM record_event e JOIN record_eventbody b ON b.event_id = e.id"
    " WHERE e.type = 'record.body_erased' AND e.subject = 'event:' || {id}{whole})"
)
# The erased event's id as erasures name it, and the erasure of the whole body among them: only its body tells it.
_DIALECTS = {
    "sqlite": ("{row}.event_id", " AND json_extract(b.data, '$.data.whole')"),
    "postgresql": (
        "replace({row}.event_id::text, '-', '')",
        " AND b.data::json -> 'data' ->> 'whole' = 'true'",
    ),
}
# Never NULL: a condition that is unknown refuses nothing.
_BODY = (
    "NOT (NEW.event_id = OLD.event_id AND NEW.salt = OLD.salt"
    " AND (CASE WHEN NEW.data IS NULL THEN OLD.data IS NULL OR {whole} ELSE COALESCE(NEW.data = OLD.data, FALSE) END)"
    " AND (NEW.private IS NULL OR COALESCE(NEW.private = OLD.private, FALSE)) AND {erased})"
)
_TILE = (
    "NOT (OLD.width < 256 AND NEW.width > OLD.width AND NEW.log = OLD.log"
    ' AND NEW.level = OLD.level AND NEW."index" = OLD."index")'
)

# table, moment, when it is refused (NULL: always)
RULES: tuple[tuple[str, str, str | None], ...] = (
    ("record_event", "UPDATE", None),
    ("record_event", "DELETE", None),
    ("record_eventbody", "UPDATE", _BODY),
    ("record_eventbody", "DELETE", None),
    ("record_eventkey", "DELETE", "NOT {erased}"),
    ("record_sequence", "UPDATE", None),
    ("record_sequence", "DELETE", None),
    ("record_tile", "UPDATE", _TILE),
    ("record_tile", "DELETE", None),
    ("record_checkpoint", "UPDATE", None),
    ("record_checkpoint", "DELETE", None),
)


def install() -> None:
    """Put every trigger in place, as it is now; safe to repeat."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def remove() -> None:
    """Take them away. Only the tests' flush does this, and puts them back."""
    with connection.cursor() as cursor:
        for table, moment, _ in RULES:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, moment)}{on}")


def missing() -> list[str]:
    """Names of triggers that should be there and are not."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted({_name(table, moment) for table, moment, _ in RULES} - present)


def _name(table: str, moment: str) -> str:
    return f"{table}_{moment.lower()}_refused"


def _statements() -> list[str]:
    return _postgres() if connection.vendor == "postgresql" else _sqlite()


def _condition(rule: str | None, moment: str) -> str | None:
    if rule is None:
        return None
    event_id, whole = _DIALECTS[connection.vendor]
    event_id = event_id.format(row="NEW" if moment == "UPDATE" else "OLD")
    return rule.format(
        erased=_ERASURE.format(id=event_id, whole=""), whole=_ERASURE.format(id=event_id, whole=whole)
    )


def _sqlite() -> list[str]:
    made = []
    for table, moment, rule in RULES:
        condition = _condition(rule, moment)
        when = f" WHEN {condition}" if condition else ""
        made.append(f"DROP TRIGGER IF EXISTS {_name(table, moment)}")  # an earlier version may have made it
        made.append(
            f"CREATE TRIGGER {_name(table, moment)} BEFORE {moment} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    return made


def _postgres() -> list[str]:
    made = [
        "CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    ]
    for table, moment, rule in RULES:
        # A trigger's WHEN may hold no subquery in PostgreSQL, so conditions live in a function of their own.
        function = "record_refuse"
        condition = _condition(rule, moment)
        if condition:
            function = f"{_name(table, moment)}_if"
            row = "NEW" if moment == "UPDATE" else "OLD"
            made.append(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN IF {condition} THEN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF;"
                f" RETURN {row}; END $$"
            )
        made.append(
            f"CREATE OR REPLACE TRIGGER {_name(table, moment)} BEFORE {moment} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    return made
