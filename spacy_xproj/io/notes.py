"""What readers leave out or change without it being an error: counted, and told at the end.

A reader calls ``note``. Whoever runs it collects the notes (``with collected() as notes``) and
shows them; where nobody does, each kind is logged once.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_logger = logging.getLogger("spacy_xproj")


_SHOWN = 3


class Notes:
    """How often each kind of thing was noted, and the first places of each, in order of coming.

    every: how those kinds begin of which all places are wanted: they are in ``places``.
    """

    def __init__(self, every: str | None = None) -> None:
        self._found: dict[str, tuple[int, list[str]]] = {}
        self._every = every
        self.places: list[str] = []
        self._told: list[str] = []

    def add(self, kind: str, where: str, n: int = 1) -> int:
        """Count ``n`` more; returns how many there are of its kind."""
        if self._every is not None and kind.startswith(self._every):
            self.places.append(where)
        before, places = self._found.get(kind, (0, []))
        if len(places) < _SHOWN and where not in places:
            places = [*places, where]
        self._found[kind] = (before + n, places)
        return before + n

    def tell(self, text: str) -> None:
        """Show this, too."""
        self._told.append(text)

    def hand_on(self) -> None:
        """Note and tell all of these where this is called."""
        for kind, (n, (*others, last)) in self._found.items():
            for where in others:
                note(kind, where)
            note(kind, last, n=n - len(others))
        for text in self._told:
            tell(text)

    def lines(self, kind: str = "") -> list[str]:
        """What was told, and a line a kind: ``12 x a record left out: answer 'reject' (first:
        a.jsonl:3, a.jsonl:5, a.jsonl:6)``. kind: how those begin that are wanted alone."""
        return ([] if kind else self._told) + [
            f"{n} x {own} (first: {', '.join(places)})"
            for own, (n, places) in self._found.items()
            if own.startswith(kind)
        ]


_collector: ContextVar[Notes | None] = ContextVar("spacy_xproj_notes", default=None)
_unheard = Notes()


def note(kind: str, where: str, n: int = 1) -> None:
    """Count something that a reader left out or changed, ``n`` times. where: file and line of the
    first."""
    collector = _collector.get()
    if collector is not None:
        collector.add(kind, where, n)
    elif _unheard.add(kind, where, n) == n:
        _logger.warning("%s: %s; told once", where, kind)


def tell(text: str) -> None:
    """Say what was read in another way than it may seem."""
    collector = _collector.get()
    if collector is not None:
        collector.tell(text)
    else:
        _logger.warning(text)


@contextmanager
def collected(every: str | None = None) -> Iterator[Notes]:
    """The notes of what runs in it. every: as of ``Notes``."""
    notes = Notes(every)
    token = _collector.set(notes)
    try:
        yield notes
    finally:
        _collector.reset(token)
