"""Types of command line arguments that the doors share."""

import argparse

LONGEST_NUMBER = 4000  # digits; what Python converts without asking


def whole(text: str) -> int:
    """A whole number ≥ 0 in ASCII digits; what is none is an argument error."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number ≥ 0")
    return int(text)
