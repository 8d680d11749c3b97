"""A thread that has the turn and does not give it back: does it compute, or wait outside?"""


def is_computing(cpu: float, wall: float) -> bool:
    """Who waits in C uses nothing; who computes on a busy machine may not get much, but gets something."""
    return cpu > wall / 200


def interrupt(ident: int, error: "type[BaseException]") -> None:
    """Raise in another thread, as soon as it is back in Python code."""
    try:
        import ctypes

        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))
    except (ImportError, AttributeError):  # an interpreter without ctypes: it stays where it is
        pass
