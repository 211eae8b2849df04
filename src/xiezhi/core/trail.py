"""What a log may say about an error: a database's message quotes whole rows, so its words stay out."""

import traceback


def trail(error: BaseException) -> str:
    """Types and places of an error and of those it came from; never their messages.

    ``"builtins.ValueError at app/services.py:12 act; app/x.py:3 f; from sqlite3.IntegrityError at …"``
    """
    return " from ".join(_type_and_places(each) for each in line(error))


def line(error: BaseException) -> list[BaseException]:
    """The error, then what it came from, as a traceback would show them."""
    found: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in found:
        found.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found


def _type_and_places(error: BaseException) -> str:
    frames = "".join(f" {f.filename}:{f.lineno} {f.name};" for f in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__module__}.{type(error).__qualname__} at{frames}"
