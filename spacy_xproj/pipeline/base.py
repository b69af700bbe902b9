"""What the components share: batches, errors per document, and saving."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy import util
from spacy.pipeline import Pipe
from spacy.tokens import Doc

from ..views import SourceView, Views

BACKEND = "backend"


class XProjPipe(Pipe):
    """A component that works on batches of documents in place.

    Subclasses implement ``process``, which must set nothing before all it computes has succeeded:
    when a batch fails, each of its documents is tried on its own, and only those that fail on their
    own are handed to the error handler.
    """

    def __init__(self, *, name: str, backend: Any) -> None:
        self.name = name
        self.backend = backend

    def process(self, docs: list[Doc]) -> None:
        raise NotImplementedError(f"{type(self).__name__} has no process()")

    def __call__(self, doc: Doc) -> Doc:
        self.process([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        for docs in util.minibatch(stream, size=batch_size):
            batch = list(docs)
            try:
                self.process(batch)
            # spaCy's contract: whatever goes wrong in a component is the error handler's.
            except Exception:
                batch = [doc for doc in batch if self._process_alone(doc)]
            yield from batch

    def _process_alone(self, doc: Doc) -> bool:
        try:
            self.process([doc])
        except Exception as error:
            self.get_error_handler()(self.name, self, [doc], error)
            return False
        return True

    def views(self, docs: list[Doc], langs: list[str] | None) -> list[tuple[Doc, SourceView]]:
        """The views of each document, of these source languages or of all; only to read."""
        return [
            (doc, views.peek(lang))
            for doc in docs
            for views in (Views(doc),)
            for lang in views
            if langs is None or lang in langs
        ]

    # A backend that carries data (a bitext, links) is saved with the pipeline; the others are
    # named by the config, as their models are.
    def _writers(self) -> dict[str, Callable[[], bytes]]:
        return {BACKEND: self.backend.to_bytes} if hasattr(self.backend, "to_bytes") else {}

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        data: bytes = util.to_bytes(self._writers(), exclude)
        return data

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> "XProjPipe":
        if self._writers():
            util.from_bytes(bytes_data, {BACKEND: self.backend.from_bytes}, exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        def write(write_data: Callable[[], bytes]) -> Callable[[Path], Any]:
            return lambda p: p.write_bytes(write_data())

        util.to_disk(path, {k: write(w) for k, w in self._writers().items()}, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "XProjPipe":
        if self._writers():
            util.from_disk(
                path, {BACKEND: lambda p: self.backend.from_bytes(p.read_bytes())}, exclude
            )
        return self
