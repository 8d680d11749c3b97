"""What tasks share by objects of other people's making: whoever comes first makes a difference, and both are tried."""

from pathlib import Path

import pytest
from real_programs import explored

from syncscope_engine.explore.verdict import Verdict

PROGRAM = """
import threading
{setup}
class Box:
    value = None
boxes = [Box(), Box()]
def work(i, box):
    {act}
threads = [threading.Thread(target=work, args=(i, boxes[i]), name=str(i)) for i in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert {first} != {unwanted}
"""
SHARED = {
    "a text in memory": ("import io; f = io.StringIO()", "f.write(str(i))", "int(f.getvalue()[0])"),
    "a file": (
        "import tempfile; f = tempfile.NamedTemporaryFile('w+')",
        "f.write(str(i)); f.flush()",
        "int(open(f.name).read()[0])",
    ),
    "the environment": (
        "import os; os.environ['X'] = ''",
        "os.environ['X'] = str(i)",
        "1 - int(os.environ['X'])",
    ),
    "a hash": (
        "import hashlib; h = hashlib.md5(); one = hashlib.md5(b'01').hexdigest()",
        "h.update(str(i).encode())",
        "int(h.hexdigest() != one)",
    ),
    "a dictionary of weak references": (
        "import weakref\nclass W: pass\nw = weakref.WeakValueDictionary(); kept = [W(), W()]",
        "w['k'] = kept[i]",
        "kept.index(w['k'])",
    ),
    "a table in memory": (
        "import sqlite3; c = sqlite3.connect(':memory:', check_same_thread=False); c.execute('create table t (i)')",
        "c.execute('insert into t values (?)', (i,))",
        "c.execute('select i from t order by rowid').fetchone()[0]",
    ),
}


@pytest.mark.parametrize("unwanted", [0, 1])
@pytest.mark.parametrize("name", SHARED)
def test_both_orders_are_tried(tmp_path: Path, name: str, unwanted: int) -> None:
    setup, act, first = SHARED[name]
    source = PROGRAM.format(setup=setup, act=act, first=first, unwanted=unwanted)
    result = explored(tmp_path, source)
    assert result.verdict is Verdict.FAILS
    assert result.failures[0]["error"] == "AssertionError"
