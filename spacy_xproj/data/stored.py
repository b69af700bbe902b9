"""What a document holds in ``doc.user_data["xproj"]``: its views, and of which words they speak.

srsly's msgpack, by which spaCy writes ``doc.user_data``, is taught it where this module is
imported. What versions before wrote is read as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import srsly.msgpack

from ..errors import Errors, XProjError
from .packing import pack_view, unpack_view, view_from_dict
from .provenance import NAMED, SETTINGS, Provenance
from .sentence import Sentence
from .views import SourceView

KEY = "xproj"
MARK, FORM = "xproj_views", 2
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


class Stored(Mapping[str, SourceView]):
    """Views by language, and the key (``words_key``) of the target words that they speak of;
    immutable.

    stale: languages of views that speak of words that the document no longer has. sentence: those
    words themselves, where they were looked up; not written.
    """

    __slots__ = ("key", "sentence", "stale", "views")

    def __init__(
        self,
        views: dict[str, SourceView],
        key: int | None = None,
        stale: frozenset[str] = frozenset(),
        sentence: Sentence | None = None,
    ) -> None:
        self.views, self.key, self.stale, self.sentence = views, key, stale, sentence

    def __getitem__(self, lang: str) -> SourceView:
        return self.views[lang]

    def __iter__(self) -> Iterator[str]:
        return iter(self.views)

    def __len__(self) -> int:
        return len(self.views)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Stored)
            and list(self.views.items()) == list(other.views.items())
            and (self.key, self.stale) == (other.key, other.stale)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Stored({', '.join(self.views) or 'no view'})"

    def __deepcopy__(self, memo: Any) -> Stored:
        return self  # nothing in it can be changed

    def to_plain(self) -> dict[str, Any]:
        """Lists, dicts, strings, bytes and numbers."""
        plain: dict[str, Any] = {MARK: FORM, "views": [pack_view(v) for v in self.views.values()]}
        if self.key is not None:
            plain["words"] = self.key
        if self.stale:
            plain["stale"] = sorted(self.stale)
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Stored:
        """From what ``to_plain`` gave, of this version or of one before. Raises XProjError for
        anything else."""
        try:
            if MARK not in plain:
                return cls({lang: view_from_dict(view) for lang, view in plain.items()})
            if plain[MARK] != FORM:
                raise XProjError(Errors.XP110.format(why=f"their form is {plain[MARK]!r}"))
            views = {view.lang: view for view in map(unpack_view, plain["views"])}
            return cls(views, plain.get("words"), frozenset(plain.get("stale", ())))
        except XProjError:
            raise
        except _BROKEN as error:
            why = f"{type(error).__name__}: {error}"
            raise XProjError(Errors.XP110.format(why=why)) from error


def encode(obj: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """srsly's msgpack is given this for objects that it does not know."""
    if isinstance(obj, (Stored, Provenance)):
        return obj.to_plain()
    return obj if chain is None else chain(obj)


def decode(obj: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """And this for each dict that it reads."""
    if MARK in obj:
        return Stored.from_plain(obj)
    if SETTINGS in obj or NAMED in obj:
        return Provenance.from_plain(obj)
    return obj if chain is None else chain(obj)


srsly.msgpack.msgpack_encoders.register("spacy_xproj", func=encode)
srsly.msgpack.msgpack_decoders.register("spacy_xproj", func=decode)
