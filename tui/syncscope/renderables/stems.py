"""What tasks or resources of one kind have in common in their names: `Worker-17` and `Worker-18` are both `Worker-#`."""

import re
from functools import lru_cache

from syncscope_engine.tables import TaskInfo

_NUMBER = re.compile(r"\d+")
_UNNAMED_TASK = "Task-#"
_LONGEST = 120


@lru_cache(maxsize=4096)
def stem_of_name(name: str) -> str:
    return _NUMBER.sub("#", name[:_LONGEST])


def stem_of(info: TaskInfo) -> str:
    """The name without its numbers; an asyncio task that nobody named goes by its coroutine."""
    stem = stem_of_name(info.name)
    if info.kind == "asyncio" and stem == _UNNAMED_TASK and info.callee:
        return info.callee
    return stem


def name_of_stem(stem: str) -> str:
    """For people: `Worker-#` is `Worker`, `Thread-# (work)` is `Thread (work)`."""
    shown = re.sub(r"[-_:. ]*#", "", stem).strip()
    return shown or stem
