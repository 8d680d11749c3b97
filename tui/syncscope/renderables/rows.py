"""What a panel shows: rows that are made when they come into view."""

from typing import Protocol

from textual.strip import Strip


class Rows(Protocol):
    """Pure: the same data, look and width give the same strips."""

    @property
    def n_rows(self) -> int: ...

    @property
    def heading(self) -> Strip | None:
        """Stays on top while the rows scroll."""
        ...

    def row(self, y: int) -> Strip: ...
