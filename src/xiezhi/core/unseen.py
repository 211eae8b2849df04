"""Characters that are not seen but change what is read: direction marks and overrides, zero-width ones, separators."""

import unicodedata

_UNSEEN = frozenset({"Cf", "Zl", "Zp"})


def unseen(text: str) -> str:
    """The first such character as ``U+202E``; empty where there is none. Variation selectors of rare Han are none."""
    found = next((c for c in text if unicodedata.category(c) in _UNSEEN), "")
    return f"U+{ord(found):04X}" if found else ""
