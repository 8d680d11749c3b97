"""Names of resources, as the program itself calls them.

What the program does with the value that the creating call returns gives the name: the target of an
assignment, an attribute (`Buffer.not_empty` for `self.not_empty`), an element (`table['x']`), a list that it
is appended to, a parameter that it is passed as.  A value that is returned gets its name from the caller.
Without source, the variable that the probe saw it stored into has to do.
"""

from collections.abc import Sequence

from .source_names import RETURNED, Name, Site, Source, read_source

__all__ = ["Namer", "Site"]

_LONGEST_NAME = 48


class Namer:
    """Names the resources of one recording, each name once per process."""

    def __init__(self) -> None:
        self._sources: dict[str, Source | None] = {}
        self._used: dict[tuple[int, str], int] = {}

    def name(
        self,
        process: int,
        sites: Sequence[Site],
        type_name: str,
        store: str | None = None,
        holder: str | None = None,
        part: str = "",
    ) -> str:
        """A name for what `sites[0]` created, called from `sites[1]` and so on.

        `holder`: class of `self` in the creating method.  `part`: appended; the thing belongs to what the
        site is named after.
        """
        found = self._find(sites, type_name, holder)
        if found is None and not self._is_ambiguous(sites, type_name):
            found = _stored(store, holder)
        if found is None:
            found = Name(f"{type_name}@{sites[0].line}" if sites and sites[0].line else type_name)
        text = _shortened(found.text) + part
        n = self._used[process, text] = self._used.get((process, text), 0) + 1
        return f"{text} #{n}" if found.plural or n > 1 else text

    def _find(self, sites: Sequence[Site], type_name: str, holder: str | None) -> Name | None:
        callee = type_name
        for site in sites:
            source = self._source(site.file)
            node = source.expression(site, callee) if source else None
            if source is None or node is None:
                return None
            found = source.describe(node, holder)
            if found is not RETURNED:
                return found
            callee = site.function.rpartition(".")[2]
            if callee == "__init__":
                callee = site.function.split(".")[-2] if "." in site.function else ""
            holder = None
        return None

    def _is_ambiguous(self, sites: Sequence[Site], type_name: str) -> bool:
        """Without positions: `a, b = Lock(), Lock()`, where what is stored next may belong to the other call."""
        if not sites or sites[0].position is not None:
            return False
        source = self._source(sites[0].file)
        return source is not None and len(source.calls_on(sites[0].line, type_name)) > 1

    def _source(self, file: str) -> Source | None:
        if file not in self._sources:
            self._sources[file] = read_source(file)
        return self._sources[file]


def _stored(store: str | None, holder: str | None) -> Name | None:
    if not store or store.startswith("?"):
        return None
    head, dot, tail = store.partition(".")
    return Name(f"{holder}.{tail}" if holder and dot and head == "self" else store)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
