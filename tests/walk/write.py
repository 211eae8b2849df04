"""``python -m tests.walk.write``: walk, and write ``tests/walk.csv``. Whoever runs it reads the difference after.

The walk takes place in a database of its own, as the suite's does.
"""

import os
import sys


def main() -> int:
    """Exit 1 where a request failed inside."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.settings.test")
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        return _walk()
    finally:
        teardown_databases(databases, verbosity=0)


def _walk() -> int:
    from tests.walk import addresses, table
    from tests.walk.conftest import everyone_in_the_house

    rows, broken = [], []
    with everyone_in_the_house() as walk:
        for stop in addresses.stops():
            found = walk.at(stop)
            rows.append((stop, {column: answer.word for column, answer in found.items()}))
            broken += [f"{stop} {column}" for column, a in found.items() if a.response.status_code >= 500]
    table.write(rows)
    print(f"{table.PATH}: {len(rows)} rows")
    for line in broken:
        print(f"failed inside: {line}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
