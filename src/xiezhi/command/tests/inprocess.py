"""A door run in this process: bytes in, (exit code, bytes out, text on standard error) out."""

import contextlib
import io
import sys
from unittest import mock

from xiezhi.command.main import main


def run(*arguments: str, data: bytes = b"") -> tuple[int, bytes, str]:
    """Hundreds of calls in the time of one process."""
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data))),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out.flush()
        err.flush()
    return code, out.buffer.getvalue(), err.buffer.getvalue().decode()
