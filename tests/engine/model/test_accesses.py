"""What the lanes tell of accesses: a column's first stale write, else its last write, else its last read."""

from syncscope_engine.events import Event, Flag, Kind
from syncscope_engine.model.accesses import Access, Accesses
from syncscope_engine.model.state import State
from syncscope_engine.tables import Tables

TASK, X, Y = 1, 8, 9
BIG = -(1 << 63)


def told(*accesses, columns=3, of=(X,)):
    """`accesses`: (t_ns, kind, variable, value, flags).  Columns are ten nanoseconds wide."""
    kept = Accesses()
    for n, (t_ns, kind, variable, value, flags) in enumerate(accesses, 1):
        kept.observe(Event(n, t_ns, kind, TASK, variable, 0, value, 0, flags, TASK), State(), Tables())
    return kept.by_column(TASK, 0, 10, columns, of), kept


def test_what_says_most_is_told():
    found, kept = told(
        (1, Kind.READ, X, 4, 0),
        (2, Kind.WRITE, X, 5, 0),
        (9, Kind.READ, X, 5, 0),
        (12, Kind.READ, X, 5, 0),
        (13, Kind.READ, Y, 6, 0),
        (20, Kind.WRITE, X, BIG, Flag.STALE),
        (21, Kind.WRITE, X, 7, Flag.STALE),
        (30, Kind.WRITE, X, 8, 0),
    )
    assert found == {
        0: Access(2, X, 5, True, False),
        1: Access(12, X, 5, False, False),
        2: Access(20, X, BIG, True, True),
    }
    assert kept.broken == {X}


def test_nothing_is_told_of_others():
    assert told((1, Kind.READ, Y, 1, 0))[0] == {}
    assert told()[0] == {}
    assert told((95, Kind.READ, X, 1, 0))[0] == {}
