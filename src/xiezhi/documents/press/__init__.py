"""Setting pages: processes that keep a Typst compiler each, with a time limit a page.

    pdf = press.pdf(input, moment)        # the same input and moment: the same bytes

Input is what ``core.paper.page`` fills, with title, watermark and code. Faults: :class:`NoFonts` (no Chinese font on
this machine), :class:`Unset` (a character that no font has, or a page that took too long).
"""

import atexit
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from xiezhi.core.errors import Invalid, XiezhiError

CHILD = Path(__file__).with_name("child.py")
BUNDLED = Path(__file__).parents[1] / "fonts"
# In order of preference: the face that the setting names stands before them.
FAMILIES = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans SC", "Noto Sans CJK SC")


class NoFonts(XiezhiError):
    """This machine has no Chinese font: nothing can be set."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "本机没有可用的中文字体，不能生成文书。请安装 fonts-noto-cjk，"
                "或把字体放进一个文件夹并用 XIEZHI_FONTS 指明。"
            )
        )


class Unset(Invalid):
    """The page can't be set: a field of the form says why."""

    def __init__(self, text: str) -> None:
        super().__init__({"": [text]})


class _Process:
    """One child. Used by one thread at a time."""

    def __init__(self) -> None:
        folders = [
            str(folder) for folder in (settings.FONTS, BUNDLED) if folder and any(Path(folder).glob("*.[to]t[fc]"))
        ]
        wanted = [name for name in (settings.DOCUMENT_FONT, *FAMILIES) if name]
        self.child = subprocess.Popen(
            [sys.executable, "-P", str(CHILD), *folders, "--", *wanted],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if self.child.stdin is None or self.child.stdout is None:
            raise RuntimeError("the child of the press has no pipes")
        self.asks, self.answers = self.child.stdin, self.child.stdout
        hello = self._line(settings.PRESS_SECONDS)
        self.families: list[str] = list(hello.get("families", []))
        self.engine = f"typst {hello.get('typst', '')}"

    def make(self, asked: Mapping[str, Any]) -> tuple[bytes, int]:
        """The file and the number of its pages (1 for PDF)."""
        self.asks.write(json.dumps(asked, ensure_ascii=False).encode() + b"\n")
        self.asks.flush()
        answer = self._line(settings.PRESS_SECONDS)
        if "fault" in answer:
            raise Unset(_("排版没有成功：%(fault)s") % {"fault": answer["fault"]})
        return self.answers.read(int(answer["size"])), int(answer["pages"])

    def _line(self, seconds: int) -> dict[str, Any]:
        """The child's next line; a child that takes longer is ended."""
        alarm = threading.Timer(seconds, self.child.kill)
        alarm.start()
        try:
            line = self.answers.readline()
        finally:
            alarm.cancel()
        if not line:
            self.end()
            raise Unset(_("排版超过 %(seconds)s 秒，已停止。请缩短内容。") % {"seconds": seconds})
        return dict(json.loads(line))

    def alive(self) -> bool:
        return self.child.poll() is None

    def end(self) -> None:
        self.child.kill()
        self.child.wait()
        for pipe in (self.asks, self.answers):
            try:
                pipe.close()
            except OSError:
                # What could not be written to an ended child is lost with it.
                continue


class Press:
    """Up to ``settings.PRESSES`` children, started when first needed, each kept until it fails."""

    def __init__(self) -> None:
        self._free: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        self._all: list[_Process] = []
        for _number in range(max(1, settings.PRESSES)):
            self._free.put(None)

    def make(self, asked: Mapping[str, Any]) -> tuple[bytes, int]:
        """What a child makes of it; waits while all are busy."""
        with self._taken() as process:
            try:
                return process.make(asked)
            except BrokenPipeError as error:
                raise Unset(_("排版程序已停止，请再试一次。")) from error

    def engine(self) -> str:
        """What sets: program and face, as kept with a signed document."""
        with self._taken() as process:
            return f"{process.engine} · {process.families[0]}"

    @contextmanager
    def _taken(self) -> Iterator[_Process]:
        """A child of one's own; a dead one is replaced."""
        process = self._free.get()
        try:
            if process is None or not process.alive():
                process = _Process()
                self._all.append(process)
            if not process.families:
                raise NoFonts
            yield process
        finally:
            self._free.put(process)

    def close(self) -> None:
        """End the children."""
        for process in self._all:
            process.end()
        self._all.clear()


_press: Press | None = None
_lock = threading.Lock()


def press() -> Press:
    """This process's press."""
    global _press
    with _lock:
        if _press is None:
            _press = Press()
            atexit.register(_press.close)
        return _press


def pdf(page: Mapping[str, Any], moment: datetime) -> bytes:
    """PDF/A-2b with embedded fonts; ``moment`` (aware) is the creation date inside."""
    asked = {"input": page, "timestamp": int(moment.timestamp()), "format": "pdf", "page": 1, "ppi": 0}
    return press().make(asked)[0]


def picture(page: Mapping[str, Any], number: int, *, ppi: int = 96) -> tuple[bytes, int]:
    """PNG of the page ``number`` (from 1; the last where there are fewer), and how many pages there are."""
    asked = {"input": page, "timestamp": 0, "format": "png", "page": number, "ppi": ppi}
    return press().make(asked)


def engine() -> str:
    """Program and face."""
    return press().engine()
