"""Which texts surely have one cell for each character.  Looking it up character by character takes long."""

import re
from functools import lru_cache

_ONE_CELL = re.compile(
    "[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u25fc"
    "\u2713\u2717\u2800-\u28ff]*"
)


@lru_cache(maxsize=8192)
def is_narrow(text: str) -> bool:
    """False for all that is wide, has no width, or is not known."""
    return _ONE_CELL.fullmatch(text) is not None
