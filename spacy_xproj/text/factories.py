"""Pipelines that are made without importing packages that they do not use.

spaCy imports each package that registers a factory where any pipeline is made: with
spacy-transformers that is transformers and what it needs, half of the time that a command takes to
start.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from spacy import util
from spacy.language import Language

_log = logging.getLogger(__name__)

GROUP = "spacy_factories"
_OWN = __name__.partition(".")[0] + "."


class _OwnOnly:
    """Stands in for spaCy's registry of factories, until it is asked once."""

    def __init__(self, registry: Any) -> None:
        self._registry = registry
        self._thread = threading.get_ident()

    def get_all(self) -> dict[str, Any]:
        if threading.get_ident() != self._thread:
            found: dict[str, Any] = self._registry.get_all()
            return found
        self.leave()
        return {entry.name: entry.load() for entry in _entries() if _is_own(entry)}

    def leave(self) -> None:
        if util.registry._entry_point_factories is self:
            util.registry._entry_point_factories = self._registry


@cache
def _entries() -> list[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda entry: entry.name)


def _is_own(entry: EntryPoint) -> bool:
    return entry.value.startswith(_OWN)


def factory_finder() -> Callable[[str], bool]:
    """What tells whether there is a component by a name, of any package, imported or not."""
    with own_factories():
        has_factory = Language().has_factory  # making one reads the entry points
    return lambda name: has_factory(name) or are_of_others({name})


def are_of_others(factories: set[str]) -> bool:
    """Whether one of these factories is another package's than this or spaCy."""
    return not factories.isdisjoint(entry.name for entry in _entries() if not _is_own(entry))


@contextmanager
def own_factories() -> Iterator[None]:
    """The first pipeline that is made here, in this thread, knows the factories of this package, of
    spaCy, and of what is imported; those of other packages are not looked for."""
    given = getattr(util.registry, "_entry_point_factories", None)
    if not hasattr(given, "get_all") or isinstance(given, _OwnOnly):
        if given is None:  # it is spaCy's own affair, and another version may have it otherwise
            _log.warning("this version of spaCy imports all packages with factories, which is slow")
        yield
        return
    alone = _OwnOnly(given)
    util.registry._entry_point_factories = alone
    try:
        yield
    finally:
        alone.leave()
