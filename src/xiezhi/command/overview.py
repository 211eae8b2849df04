"""``xiezhi --help``: every command with one line, grouped. No Django is read for it."""

GROUPS: dict[str, dict[str, str]] = {
    "Doors for outside testers (plain text in and out; no database but for record verify)": {
        "draw select": "who is drawn from id<TAB>weight lines with a seed",
        "draw verify": "does a published bundle hold?",
        "evidence verify": "what is missing or altered in an evidence export?",
        "uscc check": "unified social credit codes, with the reason why not",
        "law due": "when a legal limit ends, explained",
        "law rules": "all limits of time, one a line",
        "record root": "the Merkle root over leaves in hex",
        "record check-inclusion": "does a leaf belong to a tree? (JSON)",
        "record check-consistency": "is a tree a prefix of another? (JSON)",
        "record verify": "recompute this installation's whole record",
    },
    "Running": {
        "run": "serve the whole system from one command",
        "demo": "import, commit, draw, bundle, verify, headless, in a house of its own",
        "demo_data": "load synthetic demo data into an empty database; --inspections: what its house did too",
        "worker": "run background jobs, schedules and loops",
        "sequencer": "give committed events their place in the sealed record",
        "relay": "hand sealed events to their followers",
    },
    "Upkeep": {
        "migrate": "bring the database to this version",
        "settings": "print every setting, from the code that reads it",
        "lawbase": "load the catalogues, figures and calendars of this version",
        "documents": "load the national document templates of this version",
        "search": "make the full-text index anew",
        "backup": "write database, files and keys to one tar",
        "restore": "bring back a backup into an empty installation",
        "record": "replay, seal, keys, rotate and forget keys: see `xiezhi record --help`",
    },
    "Building": {
        "openapi": "write openapi.yaml, or check it",
        "legal-basis": "write docs/legal-basis.md, or check it",
    },
}
ASKED = ([], ["-h"], ["--help"], ["help"])


def text() -> str:
    """The whole overview, ended by a line break."""
    width = max(len(name) for group in GROUPS.values() for name in group)
    lines = ["usage: xiezhi COMMAND ..."]
    for title, commands in GROUPS.items():
        lines += ["", f"{title}:", *(f"  {name:<{width}}  {line}" for name, line in commands.items())]
    lines += [
        "",
        "`xiezhi COMMAND --help` tells a command's form, `xiezhi help --commands` lists Django's own too.",
    ]
    return "".join(f"{line}\n" for line in lines)
