"""What the components share: batches, errors per document, and saving."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

import srsly
from spacy import util
from spacy.pipeline import Pipe
from spacy.tokens import Doc
from spacy.training import Example

from ..abilities import Saveable, check_all_ready, check_part, check_parts, once_more, usage_of
from ..data.access import Views
from ..data.provenance import Provenance
from ..data.views import SourceView
from ..errors import Errors, XProjError, reason_of

_log = logging.getLogger(__name__)

BACKEND = "backend"
BY_LANG = "by_lang"


def check_langs(langs: Sequence[str] | None, *, name: str) -> list[str] | None:
    """The source languages of a component. Raises XProjError where there is none, or one twice."""
    if langs is None:
        return None
    repeated = sorted({lang for lang in langs if langs.count(lang) > 1})
    if repeated or not langs:
        why = f"{', '.join(map(repr, repeated))} twice" if repeated else "no language"
        fix = list(dict.fromkeys(langs)) or ["en"]
        raise XProjError(Errors.XP570.format(name=name, why=why, fix=srsly.json_dumps(fix)))
    return list(langs)


def check_places(
    by_lang: Mapping[str, Any], langs: Sequence[str] | None, *, name: str, setting: str
) -> None:
    """Raise XProjError where a part is given for a language that the component does not see."""
    for lang in by_lang:
        if langs is not None and lang not in langs:
            have = ", ".join(map(repr, langs))
            raise XProjError(Errors.XP571.format(name=name, setting=setting, lang=lang, langs=have))


@runtime_checkable
class Fits(Protocol):
    """A component that learns from documents whose views are there, without labels."""

    def fit(self, docs: Iterable[Doc]) -> None:
        """Learn from all of a corpus, in place of what was learnt before."""
        ...


# All views of a document, and one of them.
Held: TypeAlias = tuple[Views, SourceView]


class XProjPipe(Pipe):
    """A component that works on batches of documents in place.

    Subclasses implement ``process``, which must set nothing before all it computes has succeeded:
    when a batch fails, each of its documents is tried on its own, and only those that fail on their
    own are handed to the error handler.

    backend: what does the work, for all source languages but those that ``by_lang`` gives their
    own; None where each has its own. Raises XProjError where one is not of its ``kind``.

    setting: what the config calls the backend. kind: what it must be. example: one that is, as a
    config names it.
    """

    setting: ClassVar[str]
    kind: ClassVar[type]
    example: ClassVar[str]
    scorer: Callable[..., dict[str, Any]] | None = None

    def __init__(
        self, *, name: str, backend: Any, by_lang: Mapping[str, Any] | None = None
    ) -> None:
        self.name = name
        self.seconds = 0.0  # at work since it was made
        check: dict[str, Any] = {"user": f"The component {name!r}", "example": self.example}
        if backend is not None or not by_lang:
            check_part(backend, self.kind, setting=self.setting, **check)
        self.backend = backend
        self.by_lang = check_parts(by_lang or {}, self.kind, setting=f"{self.setting}s", **check)

    def parts(self) -> dict[str, Any]:
        """What does the work, by the name of the setting that gives it."""
        return {self.setting: self.backend, f"{self.setting}s": self.by_lang}

    def backend_of(self, lang: str) -> Any:
        """What does the work for a source language. Raises XProjError where nothing does."""
        backend = self.by_lang.get(lang, self.backend)
        if backend is None:
            have = ", ".join(map(repr, self.by_lang)) or "none"
            raise XProjError(
                Errors.XP572.format(name=self.name, setting=self.setting, lang=lang, have=have)
            )
        return backend

    def check_ready(self) -> None:
        """Raise XProjError where a part, for one source language or for all, would have to learn
        from the whole input first, or lacks what its settings name."""
        check_all_ready(*self._workers())

    def usage(self) -> dict[str, float]:
        """What its work has cost since it was made: seconds, and what its parts count (calls,
        tokens, cache hits ...), of all languages together."""
        parts = {id(part): part for part in self._workers()}
        return {**usage_of(*parts.values()), "seconds": self.seconds}

    def _workers(self) -> list[Any]:
        return [self.backend, *self.by_lang.values()]

    def each_backend(
        self,
        pairs: Sequence[Held],
        work: Callable[[Any, list[Held]], Sequence[Any]],
    ) -> list[Any]:
        """One result a pair, in order: ``work(backend, its pairs)``. Each backend is called once,
        with all its pairs of the batch, so that what they share (the target) is done once."""
        groups: dict[int, list[int]] = {}
        backends = [self.backend_of(view.lang) for _, view in pairs]
        for place, backend in enumerate(backends):
            groups.setdefault(id(backend), []).append(place)
        results: list[Any] = [None] * len(pairs)
        for places in groups.values():
            found = work(backends[places[0]], [pairs[place] for place in places])
            for place, result in zip(places, found, strict=True):
                results[place] = result
        return results

    def describe(self, lang: str) -> dict[str, Any]:
        """What does the work for a source language, with which settings, as plain data."""
        said: dict[str, Any] = self.backend_of(lang).describe()
        return said

    def provenances(self, pairs: Sequence[Held], stage: str) -> list[Provenance]:
        """For each pair where its view comes from, now that the backend of its language has done
        this stage, too."""
        described: dict[str, Any] = {}
        known: dict[tuple[str, Provenance], Provenance] = {}  # the same for most of a batch
        for _, view in pairs:
            key = view.lang, view.provenance
            if key not in known:
                if view.lang not in described:
                    described[view.lang] = self.describe(view.lang)
                known[key] = view.provenance.with_stage(stage, described[view.lang])
        return [known[view.lang, view.provenance] for _, view in pairs]

    def process(self, docs: list[Doc]) -> None:
        raise NotImplementedError(f"{type(self).__name__} has no process()")

    def _timed(self, docs: list[Doc]) -> None:
        began = time.monotonic()
        try:
            self.process(docs)
        finally:
            self.seconds += time.monotonic() - began

    def __call__(self, doc: Doc) -> Doc:
        self._timed([doc])
        return doc

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """What the scorer gives; of components that set ``doc.ents`` entity precision, recall and
        F1, as spaCy's ``ner`` gives them."""
        examples = list(examples)
        if self.scorer is None or not examples:
            return {}
        return self.scorer(examples)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        for docs in util.minibatch(stream, size=batch_size):
            batch = list(docs)
            try:
                self._timed(batch)
            # spaCy's contract: whatever goes wrong in a component is the error handler's.
            except Exception as error:
                if len(batch) > 1:
                    _log.warning(
                        "%s: a batch of %d failed, and each is tried on its own: %s",
                        *(self.name, len(batch), reason_of(error)),
                    )
                with once_more():
                    batch = [doc for doc in batch if self._process_alone(doc)]
            yield from batch

    def _process_alone(self, doc: Doc) -> bool:
        try:
            self._timed([doc])
        except Exception as error:
            self.get_error_handler()(self.name, self, [doc], error)
            return False
        return True

    def views(self, docs: list[Doc], langs: list[str] | None) -> list[Held]:
        """The views of each document, of these source languages or of all."""
        return [
            (views, views[lang])
            for doc in docs
            for views in (Views(doc, steady=True),)
            for lang in views
            if langs is None or lang in langs
        ]

    # A backend that carries data (a bitext, links) is saved with the pipeline; the others are
    # named by the config, as their models are.
    def _writers(self) -> dict[str, Callable[[], bytes]]:
        writers: dict[str, Callable[[], bytes]] = {}
        if isinstance(self.backend, Saveable):
            writers[BACKEND] = self.backend.to_bytes
        # Names of files are not made from languages.
        return {**writers, BY_LANG: self._write_by_lang} if self._savers() else writers

    def _readers(self) -> dict[str, Callable[[bytes], Any]]:
        readers: dict[str, Callable[[bytes], Any]] = {}
        if isinstance(self.backend, Saveable):
            readers[BACKEND] = self.backend.from_bytes
        return {**readers, BY_LANG: self._read_by_lang} if self._savers() else readers

    def _savers(self) -> dict[str, Saveable]:
        return {k: part for k, part in self.by_lang.items() if isinstance(part, Saveable)}

    def _write_by_lang(self) -> bytes:
        return bytes(srsly.msgpack_dumps({k: p.to_bytes() for k, p in self._savers().items()}))

    def _read_by_lang(self, data: bytes) -> None:
        saved = srsly.msgpack_loads(data)
        for lang, part in self._savers().items():
            part.from_bytes(saved[lang])

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        data: bytes = util.to_bytes(self._writers(), exclude)
        return data

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> "XProjPipe":
        if self._writers():
            util.from_bytes(bytes_data, self._readers(), exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        def write(write_data: Callable[[], bytes]) -> Callable[[Path], Any]:
            return lambda p: p.write_bytes(write_data())

        util.to_disk(path, {k: write(w) for k, w in self._writers().items()}, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "XProjPipe":
        def read(read_data: Callable[[bytes], Any]) -> Callable[[Path], Any]:
            return lambda p: read_data(p.read_bytes())

        if self._writers():
            util.from_disk(path, {k: read(r) for k, r in self._readers().items()}, exclude)
        return self
