"""The press: a process of its own that keeps one Typst compiler. Started by ``Press``, never imported.

In, a line of JSON a page: ``{"input": …, "timestamp": seconds, "format": "pdf", "page": 1, "ppi": 96}``.
Out, a line of JSON (``{"size": n, "pages": n}`` or ``{"fault": text}``) and then
n bytes. It ends when its input does.

    python child.py FOLDER_OF_FONTS… -- FAMILY…
"""

import json
import os
import sys

import typst

HERE = os.path.dirname(os.path.abspath(__file__))


def main() -> None:
    cut = sys.argv.index("--")
    folders, wanted = sys.argv[1:cut], sys.argv[cut + 1 :]
    # Fonts of the system only where none came with the program: what a page looks like must not depend on both.
    fonts = typst.Fonts(include_system_fonts=not folders, include_embedded_fonts=False, font_paths=folders)
    known = set(fonts.families())
    families = [name for name in wanted if name in known][:1]
    out = sys.stdout.buffer
    say(out, {"families": families, "typst": typst.__version__})
    compiler = typst.Compiler(
        os.path.join(HERE, "page.typ"),
        root=HERE,
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=os.path.join(HERE, "no-packages"),
        package_cache_path=os.path.join(HERE, "no-packages"),
    )
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        page = json.dumps({**asked["input"], "fonts": families}, ensure_ascii=False)
        try:
            made = compiler.compile(
                format=asked["format"],
                ppi=asked["ppi"],
                sys_inputs={"d": page},
                timestamp=asked["timestamp"],
                pdf_standards=["a-2b"] if asked["format"] == "pdf" else [],
            )
        except typst.TypstError as error:
            say(out, {"fault": str(error.message)[:500]})
            continue
        # A page at a time where each is a picture of its own.
        pages = made if isinstance(made, list) else [made]
        made = pages[min(asked["page"], len(pages)) - 1]
        say(out, {"size": len(made), "pages": len(pages)})
        out.write(made)
        out.flush()


def say(out, value: dict) -> None:
    out.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
