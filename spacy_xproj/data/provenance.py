"""Where a view came from: what each stage was done with. Said once, and named by an id elsewhere.

The settings of all methods are longer than the view that they made, and the same for every document
of a corpus. So a view names them by an id, which is a hash of them, and they are held once for all
views. A document that is stored by itself (``doc.to_bytes``, pickle, spaCy's ``DocBin``) carries
them with it; in a file that ``packed_once`` was held around, the first document that needs them
does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from typing import Any

from ..errors import Errors, XProjError

SETTINGS, NAMED = "xproj_settings", "xproj_named"  # the two plain forms
_KNOWN: dict[str, str] = {}  # the settings by their id, as JSON; as many as there are pipelines
_PACKED: ContextVar[set[str] | None] = ContextVar("xproj_packed", default=None)


def _not_plain(settings: Mapping[str, Any], error: Exception) -> XProjError:
    stage, reason = "view", str(error)
    for name, said in settings.items():
        try:
            json.dumps(said, sort_keys=True)
        except (TypeError, ValueError) as own:
            stage, reason = name, str(own)
            break
    return XProjError(Errors.XP116.format(stage=stage, reason=reason))


class Provenance(Mapping[str, Any]):
    """What each stage was done with, by stage (``translator``, ``tagger``, ``aligner``,
    ``projector``), as plain data: nothing but dicts with strings as keys, lists, strings and
    numbers. Read-only: what it gives is a copy.

    ``id`` is a hash of all of it. Where a document was torn from the file that held its settings,
    only that is known; reading them raises XProjError then.
    """

    __slots__ = ("id",)
    id: str

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        """Raises XProjError for what is not plain data, with its stage."""
        if isinstance(settings, Provenance):
            self.id = settings.id
            return
        try:
            text = json.dumps(settings or {}, sort_keys=True, separators=(",", ":"))
        except (TypeError, ValueError) as error:
            raise _not_plain(settings or {}, error) from error
        self.id = blake2b(text.encode("ascii"), digest_size=6).hexdigest()
        _KNOWN.setdefault(self.id, text)

    @classmethod
    def named(cls, name: str) -> Provenance:
        """That with an id, whether its settings are known or not."""
        found = cls.__new__(cls)
        found.id = name
        return found

    @property
    def known(self) -> bool:
        return self.id in _KNOWN

    def _settings(self) -> dict[str, Any]:
        text = _KNOWN.get(self.id)
        if text is None:
            raise XProjError(Errors.XP109.format(id=self.id))
        settings: dict[str, Any] = json.loads(text)
        return settings

    def with_stage(self, stage: str, settings: Mapping[str, Any]) -> Provenance:
        """This, and what one more stage was done with."""
        before = self._settings() if self.known else {"unknown": self.id}
        return Provenance({**before, stage: settings})

    def __getitem__(self, stage: str) -> Any:
        return self._settings()[stage]

    def __iter__(self) -> Iterator[str]:
        return iter(self._settings())

    def __len__(self) -> int:
        return len(self._settings())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Provenance):
            return self.id == other.id
        return isinstance(other, Mapping) and self._settings() == other

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        stages = ", ".join(self) if self.known else "settings unknown"
        return f"Provenance({self.id}: {stages})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Provenance, (self._settings(),)) if self.known else (_named, (self.id,))

    def to_plain(self) -> dict[str, str]:
        """Its settings as JSON; or its id, where the file already has them."""
        packed = _PACKED.get()
        if not self.known or (packed is not None and self.id in packed):
            return {NAMED: self.id}
        if packed is not None:
            packed.add(self.id)
        return {SETTINGS: _KNOWN[self.id]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Provenance:
        """From what ``to_plain`` gave. Raises ValueError for anything else."""
        name = plain.get(NAMED)
        if isinstance(name, str):
            return cls.named(name)
        try:
            settings = json.loads(plain[SETTINGS])
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"{plain!r:.60} does not say where a view came from") from error
        if not isinstance(settings, dict):
            raise ValueError(f"{plain!r:.60} does not say where a view came from")
        return cls(settings)


_named = Provenance.named


@contextmanager
def packed_once() -> Iterator[None]:
    """While it is held, settings are written once, with what needs them first. For what is read
    again as a whole, and from its beginning."""
    token = _PACKED.set(set())
    try:
        yield
    finally:
        _PACKED.reset(token)
