"""What users read goes through gettext, Chinese being the source: in Python, in templates, in scripts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import xiezhi

PACKAGE = Path(xiezhi.__file__).resolve().parent
CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
TRANSLATION = "django.utils.translation"
# Our own callables that take a message: its text is marked by being their argument.
MARKS = {"event_type", "gettext_noop", "ErrorDetail"}
# Ids of provisions and citations of law are the same in every language.
LAW = re.compile(r"[\u4e00-\u9fff]+[0-9]*(?:-[0-9]+)+|《[^》]+》第?[\u4e00-\u9fff、]*")
# Units of an amount as it is typed, which the form reads back.
UNITS = {"万", "元人民币"}
# Where Chinese is no message, and why. A folder ends in "/".
DATA = {
    "api/": "the OpenAPI document: one committed file, in Chinese",
    "registry/api.py": "likewise",
    "command/": "what a terminal reads, and the demonstration's synthetic data",
    "core/draw/": "the draw's own words, the same as those of verify.py in every bundle, which runs without us",
    "core/tlog/check_event.py": "a script of its own, which runs without us",
    "core/evidence/": "names of kinds as the law has them, and a script of its own, which runs without us",
    "core/ids/": "codes and patterns of public numbers",
    "core/masking/": "what the law on disclosure puts in place of a name, and patterns",
    "core/paper/page.py": "words as a document prints them, whose language is the law's",
    "core/law/words.py": "names of the days of the week inside of sentences that are messages",
    "disclosure/api.py": "the OpenAPI document",
    "documents/api.py": "the OpenAPI document",
    "inspection/api.py": "the OpenAPI document",
    "inspection/fixed_words.py": "a label that is hashed with its commitment, and words that a typed line is read by",
    "inspection/item_files.py": "names that files give their columns",
    "inspection/numbering.py": "a document number as it is printed",
    "inspection/targets.py": "names of strata: they are committed with the roster, byte for byte",
    "lawbase/legal_basis.py": "a document for developers, and a pattern",
    "lawbase/models.py": "待核 as it is stored",
    "lawbase/notices.py": "words that a notice's file uses",
    "registry/gate.py": "the name of a source as it is stored",
    "registry/importing/": "names that files give their columns, and patterns of cells",
    "registry/synthetic.py": "synthetic data",
    "settings/": "names of the language and of the issuer in an authenticator, read before a language is known",
    "web/components.py": "samples of the gallery of components",
}


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path.relative_to(PACKAGE).as_posix(), path


TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in sources()}


def exempt(name: str) -> str:
    """The line of DATA that lets the file be, or nothing."""
    return next((key for key in DATA if name == key or (key.endswith("/") and name.startswith(key))), "")


def markers(tree: ast.Module) -> set[str]:
    """Names that this module knows gettext's functions by."""
    found = set(MARKS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(TRANSLATION):
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    known = markers(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if name in known:
                yield node


def documentation(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield body[0].value


def loose(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of Chinese that no gettext call holds."""
    kept = {id(node) for node in documentation(tree)}
    kept |= {id(part) for call in calls(tree) for part in ast.walk(call)}
    for node in ast.walk(tree):
        # A pattern is no sentence.
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"compile", "fullmatch"}:
            kept |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in kept:
            continue
        if CJK.search(node.value) and not LAW.fullmatch(node.value) and node.value not in UNITS:
            yield node.lineno, node.value


def test_no_module_says_anything_past_gettext():
    said = {name: list(loose(tree)) for name, tree in TREES.items() if not exempt(name)}
    assert {name: found for name, found in said.items() if found} == {}


def test_a_message_is_one_text_that_any_tool_finds():
    """Neither put together from parts nor filled in beforehand: what changes stands as ``%(name)s`` in it."""
    made_up = [
        f"{name}:{call.lineno}"
        for name, tree in TREES.items()
        for call in calls(tree)
        if any(isinstance(one, ast.JoinedStr | ast.BinOp) for one in call.args[:1])
    ]
    assert made_up == []


def test_no_exemption_outlives_its_reason():
    used = {exempt(name) for name, tree in TREES.items() if list(loose(tree))}
    assert sorted(set(DATA) - used) == []


MARKED = re.compile(
    r"{%\s*(?:blocktranslate|blocktrans)\b.*?{%\s*(?:endblocktranslate|endblocktrans)\s*%}"
    r"|{%\s*(?:translate|trans)\b.*?%}|_\(\"[^\"]*\"\)|_\('[^']*'\)|{#.*?#}|{%\s*comment.*?endcomment\s*%}",
    re.DOTALL,
)
# The one sign on the seal, which is read by nobody.
SEAL = '<span class="xz-brand__seal" aria-hidden="true">豸</span>'


def test_no_template_says_anything_past_gettext():
    said = {}
    for path in (p for suffix in ("html", "txt") for p in PACKAGE.rglob(f"templates/**/*.{suffix}")):
        rest = MARKED.sub("", path.read_text(encoding="utf-8").replace(SEAL, ""))
        said[path.relative_to(PACKAGE).as_posix()] = "".join(CJK.findall(rest))
    assert len(said) > 50
    assert {name: found for name, found in said.items() if found} == {}


SCRIPTS = PACKAGE.parent.parent / "frontend"
SPOKEN = re.compile(r"gettext\(\s*\"[^\"]*\"\s*\)|/\*.*?\*/|//[^\n]*", re.DOTALL)
# The verifier's findings are the draw's own words, the same as those of verify.py.
VERIFIER = "portal/draw/"


def test_no_script_says_anything_past_gettext():
    said = {}
    for path in (p for folder in ("desk", "portal", "shared") for p in (SCRIPTS / folder).rglob("*.ts")):
        name = path.relative_to(SCRIPTS).as_posix()
        if not name.startswith(VERIFIER):
            said[name] = "".join(CJK.findall(SPOKEN.sub("", path.read_text(encoding="utf-8"))))
    assert "portal/verify.ts" in said
    assert {name: found for name, found in said.items() if found} == {}
