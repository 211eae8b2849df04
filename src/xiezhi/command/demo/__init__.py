"""``xiezhi demo``: the main job from end to end, headless, in a house of its own that is gone afterwards.

It makes a temporary folder with its own database, files and keys, so nothing of ``make run`` is touched. Each
step prints what it did and how long it took; the last line of standard output is a JSON summary. Exit codes: 0 all
held, 1 something did not, 2 the command or a file can't be used (then nothing was done).
"""

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

BUNDLE = "bundle.zip"
# What each stage leaves in the folder that --out names.
LEAVES = {"draw": (BUNDLE,), "inspection": (BUNDLE, "published.json", "codes.txt")}
Summary: TypeAlias = dict[str, object]
# Takes what the stage leaves, by name; answers the bundle's path, or None where no folder was named.
Deliver: TypeAlias = Callable[[Mapping[str, bytes]], Path | None]


class Unusable(Exception):
    """The command or a file can't be used: one sentence for the user."""


class Failed(Exception):
    """A step did not hold: one sentence for the user."""


class Steps:
    """Tells numbered steps with their times; remembers them for the summary."""

    def __init__(self, total: int, tell: Callable[[str], None] | None = None) -> None:
        self.total, self.done, self.tell = total, 0, tell or say
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, key: str, title: str) -> Iterator[Callable[[str], None]]:
        """One step; inside, the callable takes what it found, in words."""
        self.done += 1
        found: list[str] = []
        start = time.perf_counter()
        yield found.append
        spent = time.perf_counter() - start
        self.seconds[key] = round(spent, 3)
        self.tell(f"[{self.done}/{self.total}] {title}：{'；'.join(found)}（{spent:.2f} 秒）")


def main(argv: Sequence[str]) -> int:
    """Run ``xiezhi demo`` with these arguments; the return value is the exit code."""
    _speak_utf8()
    options = _parser().parse_args(argv)
    try:
        with _output(options.out, LEAVES[options.stage]) as deliver, _house() as home:
            return _finish(_run(options, home, deliver), 0)
    except Unusable as error:
        return _complain(options.stage, str(error), 2)
    except Failed as error:
        return _complain(options.stage, str(error), 1)
    except Exception as error:  # noqa: BLE001 - told in full, then summed up
        # The last line is a summary whatever happens; what nobody foresaw is told in full beside it.
        traceback.print_exc()
        return _complain(options.stage, f"程序出错（{type(error).__name__}），详见上面的记录。", 1)


def say(text: str) -> None:
    """A line of output, at once."""
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="xiezhi demo",
        description="导入名录、承诺、抽取、出包、独立校验、公开名称，一次走完；"
        "inspection 另走计划、派员、文书、结果和公示。使用临时数据库。",
    )
    parser.add_argument("--stage", choices=sorted(LEAVES), default="draw", help="draw（默认）或 inspection")
    parser.add_argument("--roster", type=Path, help="名录文件（CSV 或 XLSX），仅用于 draw；不给则用虚构名录")
    parser.add_argument(
        "--out",
        type=Path,
        help=f"结果文件夹；结束时其中恰有 {BUNDLE}（inspection：{'、'.join(LEAVES['inspection'])}）",
    )
    return parser


def _run(options: argparse.Namespace, home: Path, deliver: Deliver) -> Summary:
    if options.stage == "inspection" and options.roster:
        raise Unusable("inspection 用虚构名录，不能给出 --roster；请去掉它，或改用 --stage draw。")
    roster = _readable(options.roster) if options.roster else None
    _set_up(home)
    if options.stage == "inspection":
        from . import inspection_stage

        return inspection_stage.run(home, deliver)
    from . import draw_stage

    return draw_stage.run(home, roster, deliver)


def _readable(path: Path) -> Path:
    if path.is_dir():
        raise Unusable(f"名录 {path} 是文件夹，请给出一个 CSV 或 XLSX 文件。")
    try:
        with path.open("rb"):
            return path
    except FileNotFoundError:
        raise Unusable(f"没有找到名录文件 {path}，请核对路径。") from None
    except OSError as error:
        raise Unusable(f"不能读取名录文件 {path}（{error.strerror}）。") from None


def _set_up(home: Path) -> None:
    """Django on the temporary house, whatever the environment said of another."""
    for name in [name for name in os.environ if name.startswith("XIEZHI_")]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="xiezhi.settings.run",
        XIEZHI_HOME=str(home),
        XIEZHI_DATABASE_URL=f"sqlite:///{home / 'demo.sqlite3'}",
        XIEZHI_BLOBS=f"file://{home / 'blobs'}",
        XIEZHI_KEYS=str(home / "keys"),
        XIEZHI_LOG_ORIGIN="xiezhi.example/demo",
        XIEZHI_LOG_LEVEL="WARNING",
        # One outsider asks for everything at one moment of the demonstration's clock.
        XIEZHI_ANONYMOUS_RATE="0",
        XIEZHI_SEARCH_RATE="0",
    )
    import django

    django.setup()


@contextmanager
def _house() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="xiezhi-demo-")
    except OSError as error:
        raise Unusable(f"不能建立临时文件夹（{error.strerror}），请检查 TMPDIR 是否可写。") from None
    with folder as name:
        try:
            yield Path(name)
        finally:
            if "django" in sys.modules:
                from django.db import connections

                connections.close_all()


@contextmanager
def _output(folder: Path | None, leaves: Sequence[str]) -> Iterator[Deliver]:
    """Check DIR before any work; afterwards ``deliver`` puts the files there, whole or not at all."""
    if folder is None:
        yield lambda _files: None
        return
    made = _prepared(folder, leaves)
    parts = {name: folder / f".{name}.part" for name in leaves}

    def deliver(files: Mapping[str, bytes]) -> Path:
        for name, part in parts.items():
            part.write_bytes(files[name])
        for name, part in parts.items():
            os.replace(part, folder / name)
        return folder / BUNDLE

    try:
        yield deliver
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
        if made and not (folder / BUNDLE).exists():
            folder.rmdir()


def _prepared(folder: Path, leaves: Sequence[str]) -> bool:
    """Make DIR where it is missing; answers whether it was made."""
    try:
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted(path.name for path in folder.iterdir() if path.name not in leaves)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError:
        raise Unusable(f"--out {folder} 不是文件夹，请换一个。") from None
    except OSError as error:
        raise Unusable(f"不能写入文件夹 {folder}（{error.strerror}），请换一个可写的文件夹。") from None
    if others:
        raise Unusable(
            f"文件夹 {folder} 里还有别的文件（{others[0]}{' 等' if len(others) > 1 else ''}），"
            f"结束时其中应只有 {'、'.join(leaves)}，请换一个空文件夹。"
        )
    for name in leaves:
        if (folder / name).is_dir():
            raise Unusable(f"{folder / name} 是文件夹，请移走。")
    return made


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _finish(summary: Summary, code: int) -> int:
    say(json.dumps(summary, ensure_ascii=False))
    return code


def _complain(stage: str, text: str, code: int) -> int:
    print(f"xiezhi demo: {text}", file=sys.stderr, flush=True)
    return _finish({"ok": False, "stage": stage, "error": text}, code)
