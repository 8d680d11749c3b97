"""Fills the tables of a recording: mints global ids, interns places, keeps notes unique."""

from collections.abc import Sequence
from itertools import count

from .naming import Namer, Site
from .sharing import Sharing
from .tables import Place, Tables


class TableWriter:
    def __init__(self, tables: Tables, directory: str = "") -> None:
        self.tables = tables
        self.sharing = Sharing(tables, directory)
        self.new_id = count(1).__next__
        self.shared: dict[str, int] = {}  # identity between processes -> resource
        self.bare: set[int] = set()  # pids of programs that are not observed
        self.n_damaged = 0  # records and lines that made no sense
        self._namer = Namer()
        self._places: dict[tuple[str, int, str], int] = {}

    def place(self, file: str, line: int, function: str) -> int:
        key = (file, line, function)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._places) + 1
            self.tables.places[place] = Place(place, file, line, function)
        return place

    def resource_name(
        self,
        process: int,
        sites: Sequence[Site],
        type_name: str,
        store: str | None,
        holder: str | None,
        part: str,
    ) -> str:
        return self._namer.name(process, sites, type_name, store, holder, part)

    def note(self, text: str) -> None:
        if text not in self.tables.notes:
            self.tables.notes.append(text)
