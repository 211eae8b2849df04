"""What a command does when nobody reads its output any longer (``| head``)."""

import os
import sys

EXIT_PIPE = 141


def pipe_closed() -> int:
    """Send what is still buffered nowhere, and give the exit code that SIGPIPE would have made."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return EXIT_PIPE
