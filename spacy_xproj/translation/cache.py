"""Translations that are paid for once: a translator with a memory that outlives the process."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..abilities import Identifiable, Saveable, check_part, usage_of
from ..data.status import ViewStatus
from ..errors import Errors, XProjError
from ..hf.identity import digests
from ..io.files import user_cache
from ..io.hashing import sha256
from ..io.records import to_json
from ..io.store import Item, Store, Table, Value, digest
from .base import (
    EXAMPLE,
    Scorer,
    Translation,
    Translator,
    blank_translation,
    is_blank,
    translated,
)
from .store import SCORES, TRANSLATIONS

# The others say that a translator has nothing to offer now; it may have later.
_KEPT = (ViewStatus.OK, ViewStatus.TRUNCATED, ViewStatus.EMPTY_TRANSLATION)


class CachedTranslator:
    """``spacy-xproj.CachedTranslator.v1``: another translator, asked once for each text.

    translator: a block of the registry ``xproj_translators``; one that scores can be asked for
    scores here too.
    path: a SQLite file, made where there is none, on a local disk; several processes may use it at
    once. By default ``translations.sqlite`` in ~/.cache/spacy-xproj. Of a model of the hub, set
    ``revision`` to a commit: then the file is enough, and the model need not be there.

    What is kept belongs to the text, both languages, and what the translator says it is:
    ``identity()`` where it has one (its settings that change the output, and the *content* of its
    model), else the bytes it carries (``to_bytes``), else ``describe()``. Batch sizes, devices and
    versions of libraries are no part of it: they change a translation at most by rounding, and
    paying again for each update is what the cache is to prevent.

    ``hits`` and ``misses`` count distinct texts that were and were not in the file. They are not
    in ``describe()``, which is the translator's own: documents come out the same with and without
    a cache. The model is loaded at the first miss.
    """

    # With it and without it results are the same, so that a run goes on with a cache that it began
    # without.
    stands_for = "translator"
    score: Callable[..., list[float]]  # only where the translator has it

    def __init__(self, *, translator: Any, path: str | None = None) -> None:
        self.translator: Translator = check_part(
            translator,
            Translator,
            user="spacy-xproj.CachedTranslator.v1",
            setting="translator",
            example=EXAMPLE,
        )
        self.store = Store(path or str(user_cache() / "translations.sqlite"), TRANSLATIONS, SCORES)
        if isinstance(translator, Scorer):
            self.score = self._score
        self.hits = 0
        self.misses = 0
        self._known: str | None = None
        self._settled = False

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        """As the translator does. Raises what it raises, and XProjError where the file is no cache
        or cannot be used."""

        def compute(missing: Sequence[str]) -> list[Translation]:
            return translated(
                self.translator, missing, source_lang=source_lang, target_lang=target_lang
            )

        done = self._fill(
            TRANSLATIONS,
            {text: digest(text) for text in dict.fromkeys(texts) if not is_blank(text)},
            compute,
            lambda translation: translation.status in _KEPT,
            (source_lang, target_lang),
        )
        return [done[text] if text in done else blank_translation() for text in texts]

    def describe(self) -> dict[str, Any]:
        return self.translator.describe()

    def usage(self) -> dict[str, float]:
        """Hits and misses, and what the translator has cost."""
        own = {"cache_hits": self.hits, "cache_misses": self.misses}
        inner = usage_of(self.translator)
        names = [name for name in own if own[name]]
        return {**inner, **{name: own[name] + inner.get(name, 0) for name in names}}

    def to_bytes(self) -> bytes:
        """What the translator carries; the cache is never saved with a pipeline."""
        return self.translator.to_bytes() if isinstance(self.translator, Saveable) else b""

    def from_bytes(self, data: bytes) -> None:
        self._known = None
        if isinstance(self.translator, Saveable):
            self.translator.from_bytes(data)

    def _fill(
        self,
        table: Table[Value],
        keys: Mapping[Item, bytes],
        compute: Callable[[Sequence[Item]], Sequence[Value]],
        is_kept: Callable[[Value], bool],
        langs: tuple[str, str],
    ) -> dict[Item, Value]:
        """The value of each item, from the file, else computed and kept there."""

        def settings(computed: bool) -> str | None:
            if computed and not self._settled:
                # A model that was fetched just now may not be what it was.
                self._known, self._settled = None, True
            known = self._settings(langs)
            if computed and known is None:
                raise XProjError(Errors.XP264.format(kind=type(self.translator).__name__))
            return known

        done, n_found = self.store.fill(table, keys, compute, is_kept=is_kept, settings=settings)
        self.hits += n_found
        self.misses += len(keys) - n_found
        return done

    def _settings(self, langs: tuple[str, str]) -> str | None:
        """What a value depends on beside the text, always written the same way; None where the
        translator cannot tell yet what it is."""
        if self._known is None:
            before = self.store.digests()
            digests.update(before)
            identity = _identity(self.translator)
            new = {state: digests[state] for state in digests.keys() - before.keys()}
            if new:
                self.store.put_digests(new)
            if identity is None:
                return None
            self._known = _to_json(identity)
        return f'{{"languages": {_to_json(langs)}, "translator": {self._known}}}'

    def _score(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        *,
        source_lang: str,
        target_lang: str,
    ) -> list[float]:
        """As the translator does; ``hits`` and ``misses`` count distinct pairs, too."""
        if len(sources) != len(targets):
            raise XProjError(Errors.XP209.format(n_sources=len(sources), n_targets=len(targets)))
        pairs = list(zip(sources, targets, strict=True))

        def compute(missing: Sequence[tuple[str, str]]) -> list[float]:
            assert isinstance(self.translator, Scorer)
            given, wanted = zip(*missing, strict=True)
            return self.translator.score(
                list(given), list(wanted), source_lang=source_lang, target_lang=target_lang
            )

        done = self._fill(
            SCORES,
            {pair: digest(*pair) for pair in pairs},
            compute,
            lambda score: not math.isnan(score),  # SQLite has no such number
            (source_lang, target_lang),
        )
        return [done[pair] for pair in pairs]


def _identity(translator: Any) -> dict[str, Any] | None:
    if isinstance(translator, CachedTranslator):
        return _identity(translator.translator)
    if isinstance(translator, Identifiable):
        return translator.identity()
    if isinstance(translator, Saveable):
        data = sha256(translator.to_bytes())
        return {"kind": type(translator).__name__, "data": f"sha256:{data}"}
    described: dict[str, Any] = translator.describe()
    return described


def _to_json(value: Any) -> str:
    return to_json(value, sort_keys=True)
