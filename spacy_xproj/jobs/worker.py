"""What computes shards: a pipeline and a reader, made once, in this process or another."""

import gc
from collections.abc import Callable
from typing import Any, NamedTuple

import spacy
from confection import Config
from spacy.language import Language

from ..components.base import XProjPipe
from ..components.projector import ProjectorPipe
from ..errors import Errors, NotLearntError, XProjError
from ..io.formats.docbin import pack_docs
from .cost import Cost, cost_so_far, less
from .pipelines import build_pipeline
from .run import annotate
from .source import Reader
from .statuses import SHOWN_FAILURES, SentenceFailure, describe_docs

GC_THRESHOLD = 1_000_000
OWN = "xproj_"  # what the names of all factories of this package begin with


class Job(NamedTuple):
    """All that a worker needs to know, as plain data.

    config: the resolved config of the pipeline, as a string. paths: the files of the input. code: a
    Python file to import before, or None. total: how many sentences to read.
    """

    config: str
    config_name: str
    lang: str
    paths: list[str]
    code: str | None
    shard_size: int
    total: int
    fail_fast: bool = False

    @property
    def n_shards(self) -> int:
        return -(-self.total // self.shard_size)

    def span(self, number: int) -> tuple[int, int]:
        """The rows ``[start, stop)`` of a shard."""
        start = number * self.shard_size
        return start, min(start + self.shard_size, self.total)


class ShardResult(NamedTuple):
    """A computed shard: a DocBin, lines of statuses, counts, the first failures, and what it has
    cost."""

    number: int
    docs: bytes
    statuses: bytes
    counts: dict[str, Any]
    failures: list[SentenceFailure]
    cost: Cost


class FirstFailure(XProjError):
    """With ``--fail-fast``: the sentence that failed. ``failure`` says which."""

    def __init__(self, failure: SentenceFailure) -> None:
        super().__init__(failure)
        self.failure = failure


def load_code(path: str | None) -> None:
    """Import a Python file, which may register components. Raises XProjError if it cannot be."""
    if path is None:
        return
    try:
        spacy.util.import_file("spacy_xproj_code", path)
    # It is the user's code, which may raise anything.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise XProjError(Errors.XP865.format(path=path, reason=reason)) from error


def check_ready(nlp: Language, *, learns: bool = False) -> None:
    """Raise XProjError where a component lacks what its settings name, or would have to learn from
    the whole input first, unless it is to do so (``learns``). Asked before the first sentence, as
    what comes before it in the pipeline may cost money."""
    for name, component in nlp.pipeline:
        if isinstance(component, XProjPipe):
            try:
                component.check_ready()
            except NotLearntError as error:
                if learns:
                    continue
                raise XProjError(Errors.XP858.format(component=name, reason=error)) from error


class Worker:
    """Computes shards of a job; loads the pipeline when it is made, models at their first use."""

    def __init__(self, job: Job, nlp: Language | None = None) -> None:
        """nlp: the pipeline of the job, where this process has loaded it already."""
        if nlp is None:
            load_code(job.code)
            nlp = build_pipeline(Config().from_str(job.config), name=job.config_name)
        self._job = job
        self._nlp = nlp
        # Components of this package look at words only; what others look at is not known.
        own = all(factory.startswith(OWN) for factory in nlp.pipe_factories.values())
        self._needs_source = any(isinstance(pipe, ProjectorPipe) for _, pipe in nlp.pipeline)
        self._reader = Reader(job.paths, lang=job.lang, features=not own, nlp=nlp)

    def compute(self, number: int, report: Callable[[int], Any] | None = None) -> ShardResult:
        """Shard ``number``. report: called with the number of sentences done since it was last.

        Raises XProjError where the run cannot go on: FirstFailure with ``fail_fast``, a model that
        is missing, a file that is broken as a whole.
        """
        # Python would look for unused cycles again and again among the many small objects of a
        # shard, which are all in use.
        before = gc.get_threshold()
        gc.set_threshold(GC_THRESHOLD, *before[1:])
        try:
            return self._compute(number, report)
        finally:
            gc.set_threshold(*before)

    def _compute(self, number: int, report: Callable[[int], Any] | None) -> ShardResult:
        start, stop = self._job.span(number)
        loaded = list(self._reader.read(start, stop))
        failures = [
            SentenceFailure(row, one.place, "read", one.error)
            for row, one in enumerate(loaded, start)
            if one.error
        ]
        self._stop_at(failures)
        before = cost_so_far(self._nlp)
        readable = [row for row, one in enumerate(loaded) if not one.error]
        docs = [loaded[row].doc for row in readable]
        result = annotate(
            self._nlp,
            docs,
            progress=False,
            report=report,
            place_name=lambda place: loaded[readable[place]].place,
        )
        for failure in result.failures:
            row = readable[failure.place]
            place = loaded[row].place
            failures.append(SentenceFailure(start + row, place, failure.component, failure.reason))
        failures.sort()
        self._stop_at(failures)
        all_docs = [one.doc for one in loaded]
        places = [one.place for one in loaded]
        statuses, counts = describe_docs(
            all_docs,
            places,
            failures,
            start=start,
            had=[one.had for one in loaded],
            needs_source=self._needs_source,
        )
        packed = pack_docs(all_docs)
        cost = less(cost_so_far(self._nlp), before)
        shown = failures[:SHOWN_FAILURES]
        return ShardResult(number, packed, statuses, counts.to_plain(), shown, cost)

    def _stop_at(self, failures: list[SentenceFailure]) -> None:
        if failures and self._job.fail_fast:
            raise FirstFailure(failures[0])
