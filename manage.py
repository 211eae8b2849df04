#!/usr/bin/env python3
"""Same as ``xiezhi``, from a checkout."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from xiezhi.command.main import main

sys.exit(main())
