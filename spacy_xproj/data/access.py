"""The views of a document: ``doc._.xproj``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from ..errors import Errors, XProjError
from .rendering import to_html
from .sentence import Sentence, words_key
from .status import ViewStatus
from .stored import KEY, Stored
from .views import Projection, SourceView

if TYPE_CHECKING:
    from spacy.tokens import Doc

_EMPTY = Stored({})


class Views(MutableMapping[str, SourceView]):
    """The source views of one ``Doc``, by source language.

    They are in ``doc.user_data``, and go where it goes. Views are immutable: store a changed one to
    change it, ``doc._.xproj["en"] = doc._.xproj["en"].replace(...)``.

    steady: the words of the document stay as they are as long as this is held, so that they are
    looked at once.
    """

    def __init__(self, doc: Doc, *, steady: bool = False) -> None:
        self._doc = doc
        self._steady = steady
        self._seen: int | None = None

    def _key(self) -> int:
        """Of the words, see ``words_key``."""
        if self._seen is None or not self._steady:
            self._seen = words_key(self._doc)
        return self._seen

    @property
    def _stored(self) -> Stored:
        """Raises XProjError where the document holds anything else."""
        held = self._doc.user_data.get(KEY)
        if isinstance(held, Stored):
            return held
        if held is None:
            return _EMPTY
        if not isinstance(held, Mapping):
            raise XProjError(Errors.XP110.format(why=f"it is {held!r:.60}"))
        # What an earlier version wrote, or was read before this package was imported.
        stored = Stored.from_plain(held)
        if stored.key is None:
            stored = _fitted(stored, self._doc)
        self._doc.user_data[KEY] = stored
        return stored

    @property
    def doc(self) -> Doc:
        """Whose views these are."""
        return self._doc

    @property
    def target(self) -> Sentence:
        """The words of the document; as long as they stay the same, they are looked up once."""
        stored = self._stored
        if stored.sentence is not None and stored.key == self._key():
            return stored.sentence
        sentence, key = Sentence.and_key(self._doc)
        self._seen = key
        if stored is not _EMPTY and stored.key in (None, key):
            self._doc.user_data[KEY] = Stored(stored.views, key, stored.stale, sentence)
        return sentence

    def __getitem__(self, lang: str) -> SourceView:
        """Raises XProjError where the document no longer has the words that the view speaks of."""
        stored = self._stored
        try:
            view = stored.views[lang]
        except KeyError:
            raise self._missing(lang) from None
        if _speaks_of_target(view) and (
            lang in stored.stale or stored.key not in (None, self._key())
        ):
            raise XProjError(Errors.XP108.format(lang=lang, n=len(self._doc)))
        return view

    def __setitem__(self, lang: str, view: SourceView) -> None:
        if view.lang != lang:
            view = view.replace(lang=lang)
        stored = self._stored
        views, key = {**stored.views, lang: view}, stored.key
        stale, sentence = stored.stale - {lang}, stored.sentence
        if _speaks_of_target(view):
            key = self._key()
            if stored.key not in (None, key):
                stale = frozenset(
                    name for name, one in views.items() if name != lang and _speaks_of_target(one)
                )
                sentence = None
        self._doc.user_data[KEY] = Stored(views, key, stale, sentence)

    def __delitem__(self, lang: str) -> None:
        stored = self._stored
        if lang not in stored.views:
            raise self._missing(lang)
        views = {name: view for name, view in stored.views.items() if name != lang}
        self._doc.user_data[KEY] = Stored(views, stored.key, stored.stale - {lang}, stored.sentence)

    def restart(self) -> None:
        """Forget what speaks of the words of the document: all links and projections. What is left
        are the source sentences with their entities; aligner and projector can run again."""
        views = {
            lang: view.replace(links=None, projections=None)
            for lang, view in self._stored.views.items()
        }
        self._doc.user_data[KEY] = Stored(views)

    def _missing(self, lang: str) -> KeyError:
        have = ", ".join(map(repr, self._stored)) or "none"
        return KeyError(Errors.XP104.format(lang=lang, have=have))

    def __contains__(self, lang: object) -> bool:
        return lang in self._stored.views

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __repr__(self) -> str:
        return f"Views({', '.join(self) or 'none'})"

    def _repr_html_(self) -> str | None:
        return to_html("doc", self._doc)

    def statuses(self) -> Counter[str]:
        """How many source entities ended with which status, over all views."""
        return Counter(
            projection.status.value
            for view in self.values()
            for projection in view.projections or ()
        )

    def _next(self, projection: Projection) -> str:
        if projection.runner_up is None or projection.margin is None:
            return ""
        start, end = projection.runner_up
        return f"  next: {self._doc[start:end].text!r} {-projection.margin:+.2f}"

    def report(self) -> str:
        """A readable table: each source entity, where it went, its score, its status and why, and
        the span that came second with its score relative to the first's."""
        text = self._doc.text
        lines = []
        for lang, view in self.items():
            lines.append(f"{lang}: {view.text or '(no source sentence)'}")
            if view.status is not ViewStatus.OK:
                lines.append(f"  {view.status}: {view.reason}")
            if view.entities is None:
                lines.append("  (not tagged)")
            elif view.projections is None:
                lines.extend(f"  {e.label}  {view.entity_text(e)}" for e in view.entities)
            for p in view.projections or ():
                entity = (view.entities or ())[p.entity]
                where = "-" if p.start_char is None else repr(text[p.start_char : p.end_char])
                score = "" if p.score is None else f"{p.score:.2f}"
                lines.append(
                    f"  {p.label:<5} {view.entity_text(entity)!r} -> {where}  {score}  {p.status}"
                    + (f" ({p.reason})" if p.reason else "")
                    + self._next(p)
                )
        return "\n".join(lines) or "(no source view)"


def _speaks_of_target(view: SourceView) -> bool:
    return view.links is not None or view.projections is not None


def _fitted(stored: Stored, doc: Doc) -> Stored:
    """Views of an earlier version, which did not say of which words they speak: those of the
    document, where nothing tells otherwise."""
    stale = set()
    for lang, view in stored.views.items():
        reach = 0 if view.links is None else view.links.reach[1]
        if reach > len(doc) or not all(_lies_in(p, doc) for p in view.projections or ()):
            stale.add(lang)
    return Stored(stored.views, words_key(doc), frozenset(stale))


def _lies_in(projection: Projection, doc: Doc) -> bool:
    start, end = projection.start, projection.end
    if start is None or end is None:
        return True
    if not 0 <= start < end <= len(doc):
        return False
    chars = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    return chars == (projection.start_char, projection.end_char)


def _stage(field: str) -> Any:
    def getter(doc: Doc) -> dict[str, Any]:
        return {lang: getattr(view, field) for lang, view in Views(doc).items()}

    return getter


def install_extensions() -> None:
    """Add ``doc._.xproj``, and one attribute per stage so that ``nlp.analyze_pipes()`` can tell
    a wrong order: ``doc._.xproj_entities``, ``_links``, ``_projections``, each keyed by language.
    """
    from spacy.tokens import Doc

    Doc.set_extension(KEY, getter=Views, force=True)
    for field in ("entities", "links", "projections"):
        Doc.set_extension(f"{KEY}_{field}", getter=_stage(field), force=True)
