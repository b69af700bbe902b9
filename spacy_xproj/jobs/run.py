"""Running a pipeline over documents: progress, failures listed, no document lost."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from ..components.base import Fits
from ..data.access import Views
from ..data.labels import clear_labels
from ..data.status import Status, ViewStatus
from ..data.views import Projection, SourceView
from ..errors import ModelNotFoundError, reason_of
from .faults import fault


class Failure(NamedTuple):
    """A document that a component could not process: its place (from 0), where and why."""

    place: int
    component: str
    reason: str


class Annotated(NamedTuple):
    """All documents in order, and the failures; a failed one is not labelled."""

    docs: list[Doc]
    failures: list[Failure]

    def statuses(self) -> Counter[str]:
        """How many source entities ended with which status."""
        counts: Counter[str] = Counter()
        for doc in self.docs:
            counts.update(Views(doc).statuses())
        return counts

    def view_statuses(self) -> Counter[str]:
        """How many views are not usable as they are, by status."""
        return Counter(
            view.status.value
            for doc in self.docs
            for view in Views(doc).values()
            if view.status is not ViewStatus.OK
        )

    def n_views(self) -> int:
        """How many views the documents have together."""
        return sum(len(Views(doc)) for doc in self.docs)

    def ignored(self) -> Counter[str]:
        """How many source entities the settings left out, by label."""
        counts: Counter[str] = Counter()
        for doc in self.docs:
            for view in Views(doc).values():
                counts.update(view.ignored)
        return counts


def fit(nlp: Language, docs: Sequence[Doc]) -> None:
    """Let the components that learn from parallel text learn from the views of ``docs``."""
    for _, component in nlp.pipeline:
        if isinstance(component, Fits):
            component.fit(docs)


def annotate(
    nlp: Language,
    docs: Sequence[Doc],
    *,
    batch_size: int | None = None,
    progress: bool = True,
    report: Callable[[int], Any] | None = None,
    place_name: Callable[[int], str] = lambda place: f"sentence {place + 1}",
) -> Annotated:
    """Run ``nlp`` over documents. One that fails stays in its place, not labelled; its source
    entities get the status ``error`` and the reason. Raises ModelNotFoundError, since a model that
    is not there is missing for all of them, and Fault for a fault of the surroundings.

    batch_size: of documents; by default the pipeline's. progress: show a bar. report: called with
    the number of documents done since it was last. place_name: how a fault names the document at a
    place.
    """
    places = {id(doc): i for i, doc in enumerate(docs)}
    failures: list[Failure] = []

    def note(name: str, proc: Any, failed: list[Doc], error: Exception) -> Any:
        if isinstance(error, ModelNotFoundError):
            raise error
        place = places[id(failed[0])]
        stops = fault(error, component=name, place=place_name(place))
        if stops is not None:
            raise stops from error
        reason = reason_of(error)
        for doc in failed:
            failures.append(Failure(places[id(doc)], name, reason))
            clear_labels(doc)
            for view in list(Views(doc).values()):
                Views(doc)[view.lang] = _as_error(view, reason)

    previous = nlp.default_error_handler
    nlp.set_error_handler(note)
    try:
        stream = nlp.pipe(docs, batch_size=batch_size)
        # Failed documents leave the stream; they keep their place in ``docs``.
        for _ in _with_bar(stream, len(docs)) if progress else stream:
            if report is not None:
                report(1)
    finally:
        nlp.set_error_handler(previous)
    return Annotated(list(docs), sorted(failures))


def _with_bar(stream: Iterable[Doc], total: int) -> Iterable[Doc]:
    # Even a bar that is not shown holds a semaphore, which a worker may end without giving back.
    from tqdm import tqdm

    bar: Iterable[Doc] = tqdm(stream, total=total, unit="doc", disable=None)
    return bar


def _as_error(view: SourceView, reason: str) -> SourceView:
    missed = [
        Projection(i, entity.label, Status.ERROR, reason=reason)
        for i, entity in enumerate(view.entities or ())
    ]
    return view.replace(projections=tuple(missed))
