"""Words that are the same in every language: hashed with a commitment, or read back from a typed line."""

import re

from xiezhi.core.draw.levels import NOTARY, WITNESS

OWN_LABEL = "系统随机数"
KINDS = {"公证": NOTARY, "见证": WITNESS}
WITNESS_LINE = re.compile(r"(公证|见证)\s+(\S(?:.*\S)?)\s+([0-9a-f]{64})")
