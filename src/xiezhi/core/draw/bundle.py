"""The files of a published draw (docs/dr-1.md §5), the same bytes for the same draw, and their zip.

:data:`FILES` are always there, empty or ``null`` where a draw has nothing to say. All of them are bound;
only README.md and verify.py are free text.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from xiezhi.core import canonical
from xiezhi.core.errors import Invalid

from .ceremony import Commitment, Drawn, Result, Source, chances
from .rules import is_plain, stamp

FORMAT = "xiezhi-draw-bundle/1"
FILES = (
    "assignment.json", "chances.tsv", "changes.json", "checkpoint.txt", "commitment.json", "coverage.tsv",
    "exclusions.tsv", "officers.tsv", "opened.tsv", "proofs.json", "roster.tsv", "rules.json",
    "selection.json", "sources.json", "void.json",
)  # fmt: skip
UNBOUND = ("README.md", "verify.py")
HERE = Path(__file__).parent
EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """A drawn object that left, and the reserve that took its place (None: no reserve was left).

    Make it with :func:`replacement`, which takes the reserve whose turn it is.
    """

    at: datetime
    stratum: str
    stream: str
    out: str
    into: str | None
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class Void:
    """Why the draw does not count. It stays published; the next draw has a new id and a new source."""

    voided_at: datetime
    reason: str
    explanation: str
    document: str


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event of the record that carries SHA-256 of bundle files, with its RFC 9162 inclusion proof.

    event   the canonical event; ``event["data"]["files"]`` maps a file's name to the hex of its SHA-256
    salt    the salt in front of the canonical event in the leaf
    index   its place in the log; ``proof`` the sibling hashes, leaf to root, at the checkpoint's size
    """

    event: Mapping[str, object]
    salt: bytes
    index: int
    proof: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Seal:
    """A C2SP checkpoint (signed note) of the log, its Ed25519 vkey, and the events proved under it.

    Cosignature lines may follow the log's own; verify.py checks the log's.
    """

    checkpoint: str
    vkey: str
    events: Sequence[SealedEvent] = field(default=())


def bundle(
    commitment: Commitment,
    result: Result | None = None,
    *,
    reveals: Sequence[Source] = (),
    opened: Iterable[tuple[str, str, bytes]] = (),
    changes: Sequence[Change] = (),
    void: Void | None = None,
    seal: Seal | None = None,
) -> dict[str, bytes]:
    """All files by name, manifest.json included. ``result`` is None between commitment and draw.

    reveals  what witnesses revealed so far, in announced order; before the draw only
    opened   (id, code, salt) as :func:`ceremony.opened` gives them
    changes  in the order they were made
    """
    files = {
        "README.md": (HERE / "bundle_readme.txt").read_bytes(),
        "verify.py": (HERE / "verify.py").read_bytes(),
        **committed_files(commitment),
        **drawn_files(result, reveals),
        "changes.json": changes_file(changes),
        "void.json": void_file(void),
        "opened.tsv": opened_file(opened),
        "checkpoint.txt": seal.checkpoint.encode() if seal else b"",
        "proofs.json": canonical.encode(_proofs(seal)),
    }
    files["manifest.json"] = manifest(files)
    return files


def committed_files(commitment: Commitment) -> dict[str, bytes]:
    """What the commitment fixes; its event carries their SHA-256."""
    return {
        "rules.json": commitment.rules_file,
        "commitment.json": commitment.file(),
        "roster.tsv": b"".join(b"%b\t%b\t%d\n" % (i.encode(), s.encode(), w) for i, s, w in commitment.roster),
        "coverage.tsv": _lines((one,) for one in commitment.coverage),
        "exclusions.tsv": _lines(commitment.exclusions),
        "officers.tsv": _lines((e.target, e.officer, str(e.millionths)) for e in commitment.officers),
        "chances.tsv": _lines(
            (stratum, str(weight), str(int(covered)), str(count), ratio(chance))
            for stratum, weight, covered, count, chance in chances(commitment)
        ),
    }


def drawn_files(result: Result | None, reveals: Sequence[Source] = ()) -> dict[str, bytes]:
    """What the draw decides; the event of the draw carries their SHA-256."""
    return {
        "sources.json": canonical.encode(sources_document(result.sources if result else reveals)),
        "selection.json": canonical.encode(selection_document(result)),
        "assignment.json": canonical.encode(assignment_document(result)),
    }


def replacement(
    result: Result, earlier: Sequence[Change], *, out: str, at: datetime, reason: str, document: str
) -> Change:
    """The next change: ``out`` leaves, the first unused reserve of its stream takes its place.

    An object drawn in both streams leaves both; its place in the coverage stream is the one filled.
    :raises Invalid: ``out`` is not among the drawn now, or the reason or document is missing
    """
    active, used = _standing(result, earlier)
    place = next((key for key, ids in active.items() if out in ids), None)
    if place is None:
        raise Invalid({"out": ["该对象不在抽中之列，或已被替换"]})
    if not (is_plain(reason) and is_plain(document)):
        raise Invalid({"reason": ["替换须有事由代码和文号"]})
    if earlier and at < earlier[-1].at:
        raise Invalid({"at": ["替换的时间不得早于上一次替换"]})
    stratum, stream = place
    spare = next(
        one for part in result.strata for one in part.streams if (part.stratum, one.stream) == place
    ).reserves
    into = next((one for one, _ in spare if one not in used), None)
    return Change(at, stratum, stream, out, into, reason, document)


def standing(result: Result, changes: Sequence[Change]) -> list[str]:
    """The ids that are to be inspected after ``changes``, sorted."""
    active, _ = _standing(result, changes)
    return sorted(set().union(*active.values()))


def _standing(result: Result, changes: Sequence[Change]) -> tuple[dict[tuple[str, str], set[str]], set[str]]:
    """(ids now standing by (stratum, stream), all ids that were ever drawn or put in)."""
    active = {
        (part.stratum, one.stream): {target for target, _ in one.drawn}
        for part in result.strata
        for one in part.streams
    }
    used = set().union(*active.values())
    for change in changes:
        for ids in active.values():
            ids.discard(change.out)
        if change.into is not None:
            active[change.stratum, change.stream].add(change.into)
            used.add(change.into)
    return active, used


def manifest(files: Mapping[str, bytes]) -> bytes:
    """manifest.json over ``files``: name, size and SHA-256 of the bound ones, names of the unbound ones."""
    return canonical.encode({
        "files": [
            {"name": name, "sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])}
            for name in FILES
        ],
        "format": FORMAT,
        "unbound": [name for name in UNBOUND if name in files],
    })  # fmt: skip


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip: sorted names, stored, fixed times, so that equal files give equal bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return target.getvalue()


def ratio(value: Fraction) -> str:
    """``num/den`` in lowest terms, ``0/1`` and ``1/1`` included."""
    return f"{value.numerator}/{value.denominator}"


def sources_document(sources: Sequence[Source]) -> list[dict[str, str]]:
    """sources.json: the values in announced order; before the draw what witnesses revealed so far."""
    return [
        {
            "confirmed_by": source.confirmed_by,
            "entered_by": source.entered_by,
            "label": source.label,
            "published_at": "" if source.published_at is None else stamp(source.published_at),
            "value": source.value,
        }
        for source in sources
    ]


def selection_document(result: Result | None) -> dict[str, object] | None:
    """selection.json: seed, and per stratum and stream the drawn, the threshold and the reserves."""
    if result is None:
        return None
    return {
        "draw_id": result.commitment.rules.draw_id,
        "drawn_at": stamp(result.drawn_at),
        "profile": result.commitment.rules.profile.name,
        "seed": result.seed.hex(),
        "strata": [
            {
                "drawn": stratum.drawn,
                "objects": stratum.objects,
                "streams": [_stream(stream) for stream in stratum.streams],
                "stratum": stratum.stratum,
            }
            for stratum in result.strata
        ],
    }


def assignment_document(result: Result | None) -> list[dict[str, object]] | None:
    """assignment.json: teams by target; null where the draw sends nobody."""
    if result is None or not result.commitment.officers:
        return None
    return [
        {"officers": list(team.officers), "reserves": list(team.reserves), "target": team.target}
        for team in result.teams
    ]


def _stream(stream: Drawn) -> dict[str, object]:
    return {
        "drawn": [[one, ticket.hex()] for one, ticket in stream.drawn],
        "expected": ratio(stream.expected),
        "label": stream.label,
        "method": stream.method,
        "reserves": [[one, ticket.hex()] for one, ticket in stream.reserves],
        "stream": stream.stream,
        "threshold": None if stream.threshold is None else stream.threshold.hex(),
    }


def changes_file(changes: Iterable[Change]) -> bytes:
    """changes.json, in the order they were made."""
    return canonical.encode([_change(change) for change in changes])


def void_file(void: Void | None) -> bytes:
    """void.json."""
    return canonical.encode(_void(void))


def opened_file(opened: Iterable[tuple[str, str, bytes]]) -> bytes:
    """opened.tsv, of (id, code, salt)."""
    return _lines((one, code, salt.hex()) for one, code, salt in sorted(opened))


def _change(change: Change) -> dict[str, object]:
    return {
        "at": stamp(change.at),
        "document": change.document,
        "in": change.into,
        "out": change.out,
        "reason": change.reason,
        "stratum": change.stratum,
        "stream": change.stream,
    }


def _void(void: Void | None) -> dict[str, str] | None:
    return None if void is None else {
        "document": void.document,
        "explanation": void.explanation,
        "reason": void.reason,
        "voided_at": stamp(void.voided_at),
    }  # fmt: skip


def _proofs(seal: Seal | None) -> dict[str, object] | None:
    return None if seal is None else {
        "events": [
            {
                "event": dict(sealed.event),
                "index": sealed.index,
                "proof": [one.hex() for one in sealed.proof],
                "salt": sealed.salt.hex(),
            }
            for sealed in seal.events
        ],
        "vkey": seal.vkey,
    }  # fmt: skip


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in rows).encode("utf-8")
