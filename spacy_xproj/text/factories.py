"""Pipelines that are made without importing packages that they do not use.

spaCy imports each package that registers a factory where any pipeline is made: with
spacy-transformers that is transformers and what it needs, half of the time that a command takes to
start.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from spacy import util
from spacy.language import Language

_log = logging.getLogger(__name__)

GROUP = "spacy_factories"
_OWN = __name__.partition(".")[0] + "."
_SPACY = "spacy."
_PARTS = (_SPACY, "spacy-xproj.")  # what the names of their parts begin with


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
    _register()
    of_others = {entry.name for entry in _entries() if not _is_own(entry)}

    def has_factory(name: str) -> bool:
        if _registered(name) or name in of_others:
            return True
        Language()  # a package may register more than its entry points name
        return bool(_registered(name))

    return has_factory


def factories_for(config: Mapping[str, Any]) -> AbstractContextManager[None]:
    """``own_factories`` where a pipeline is made of parts of spaCy and this package only. Any other
    may ask for any factory while it is made: one of the user's own wraps "transformer", say.

    config: of the pipeline, its sections ``nlp`` and ``components``.
    """
    plain = all(name.startswith(_PARTS) for name in _part_names(config.get("nlp", {})))
    components = config.get("components", {})
    if plain and components:
        _register()
        plain = all(map(_is_plain, components.values()))
    return own_factories() if plain else nullcontext()


def _register() -> None:
    """Let the factories of spaCy and of this package be registered."""
    with own_factories():
        Language()


def _registered(name: str) -> list[Any]:
    """What makes components by a name: there may be one for all languages, and some for one each,
    as "ja.morphologizer"."""
    known = util.registry.factories.get_all()
    return [made_by for one, made_by in known.items() if one == name or one.endswith(f".{name}")]


def _is_plain(component: Any) -> bool:
    if not isinstance(component, Mapping) or "source" in component:
        return False
    modules = [str(made_by.__module__) for made_by in _registered(str(component.get("factory")))]
    return bool(modules) and all(module.startswith((_SPACY, _OWN)) for module in modules)


def _part_names(block: Any) -> Iterator[str]:
    """The names of registered parts in a block of a config, at any depth."""
    for key, value in block.items() if isinstance(block, Mapping) else ():
        if str(key).startswith("@"):
            yield str(value)
        yield from _part_names(value)


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
