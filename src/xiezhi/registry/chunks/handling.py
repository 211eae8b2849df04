"""Which functions match, write and take back the rows of a batch: by what the batch is a list of."""

from collections.abc import Callable
from typing import Any, NamedTuple

from xiezhi.registry.models import ImportBatch

from . import matching, undoing, writing
from .permits import Permits
from .projects import Projects


class Steps(NamedTuple):
    """``match(actor, batch, rows)``, ``write(actor, batch, lines, at)``, ``undo(actor, batch, lines, at)``."""

    match: Callable[..., list[matching.Staged]]
    write: Callable[..., list[dict[str, str]]]
    undo: Callable[..., list[dict[str, str]]]


_PROJECTS, _PERMITS = Projects(), Permits()
_STEPS: dict[str, Steps] = {
    "entity": Steps(matching.match, writing.write, undoing.undo),
    "project": Steps(_PROJECTS.match, _PROJECTS.write, _PROJECTS.undo),
    "permit": Steps(_PERMITS.match, _PERMITS.write, _PERMITS.undo),
}


def steps(batch: ImportBatch) -> Any:
    """The steps of the batch's kind."""
    return _STEPS[batch.target]
