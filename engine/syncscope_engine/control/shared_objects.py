"""What every primitive under control has in common.

An object may outlive an execution (a lock that a library made when it was imported): whenever it meets another
execution, it begins anew.  Outside of executions, and for threads that are not ours, the real thing is used.
"""

from .run import Run, current, now


class SharedObject:
    kind = "object"
    _name = ""
    _run: "Run | None" = None
    _key = 0

    def _made(self) -> None:
        """To be called by `__init__`."""
        run = now.run
        self._name = run.name_of_new(self.kind) if run is not None and current() is run else self.kind

    def _in(self, run: Run) -> int:
        """The number of this object in the execution."""
        if self._run is not run:
            self._run = run
            self._key = run.key(self)
            self._begin()
        return self._key

    def _begin(self) -> None:
        """The state is what it was when the object was made."""
