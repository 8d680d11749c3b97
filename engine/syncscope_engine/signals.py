"""Names of the operating system's signals."""

import signal


def signal_name(number: int) -> str:
    """`SIGSEGV`; `signal 99` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
