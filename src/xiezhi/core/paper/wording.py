"""What is wrong with a template or a value, in words that gettext finds; the surface translates and fills them in."""

from collections.abc import Mapping


def gettext_noop(message: str) -> str:
    """Mark a text for translation. The name is gettext's own, so that its tools find the text; core has no Django."""
    return message


class Fault(ValueError):
    """``message`` (Chinese source text) with ``params`` for its ``%(name)s`` places."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params: Mapping[str, object] = params
