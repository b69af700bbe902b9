"""Running a pipeline over a corpus of any size: shards, resume, one writer, several workers."""

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language

from ..errors import Errors, XProjError
from ..io.formats.files import corpus_files
from .checking import check_order
from .consensus import CHANGED, agree, wants_consensus
from .cost import Cost, added, cost_so_far, less
from .fingerprint import Watch, fingerprint
from .folder import CannotWrite
from .local import Shards, compute_here, compute_in_processes, may_fork
from .outdir import OutDir, piece_name, piece_of, read_cost
from .pipelines import build_pipeline, read_config
from .resumable import Interrupted, Pieces, Resumable
from .source import check_files, count_sentences
from .statuses import Counts
from .stopping import Stop, stoppable
from .worker import Job, ShardResult, check_ready, load_code

SHARD_SIZE = 2000
ENGINES = ("local", "ray")


@dataclass(frozen=True)
class RunOptions:
    """How a run is done.

    shard_size: sentences in each shard; limit: read only so many; consensus: at the end give the
    same words the label that most of their projections have. These three change the output, the
    others do not. workers: processes, or Ray actors. fail_fast: stop at the first sentence that
    fails. overwrite: delete the output of a run that differs. code: a Python file to import first.
    fork: where the system can do so, workers are copies of this process, which start at once; only
    for a process that does nothing but this run, since one that has run a model has threads that a
    copy has not, and waits for.
    """

    shard_size: int = SHARD_SIZE
    limit: int | None = None
    consensus: bool = True
    workers: int = 1
    engine: str = "local"
    ray_address: str | None = None
    ray_gpus: float = 0.0
    fail_fast: bool = False
    overwrite: bool = False
    code: str | None = None
    progress: bool = True
    fork: bool = False

    def __post_init__(self) -> None:
        for name in ("shard_size", "limit", "workers"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise XProjError(
                    Errors.XP151.format(
                        name=f"--{name}".replace("_", "-"), value=value, least=1, fix=1
                    )
                )
        if self.engine not in ENGINES:
            known = ", ".join(ENGINES)
            raise XProjError(
                Errors.XP150.format(
                    kind="engine", name=self.engine, fix="--engine local", known=known
                )
            )


def annotate_corpus(
    source: str | Path,
    out_dir: str | Path,
    *,
    config: str | Path,
    overrides: dict[str, Any] | None = None,
    options: RunOptions | None = None,
    on_stop: Callable[[Cost], Any] = lambda cost: None,
) -> dict[str, Any]:
    """Run the pipeline of a config file over a file or folder; write shards into a folder.

    What is there already, of the same run, is kept and not computed again. The result is the same,
    byte for byte, however often the run was stopped, and whatever workers and engine computed it.

    on_stop: called with what shards have cost so far, where a signal or an error stops the run.

    Returns the summary, as ``summary.json`` has it. Raises XProjError for settings, input or an
    output folder that do not hold, and for what stops the run (the message says what is kept);
    Interrupted on Ctrl-C.
    """
    options = options or RunOptions()
    with stoppable():
        try:
            return _annotate(source, out_dir, config, overrides or {}, options, on_stop)
        except Interrupted:
            raise
        except KeyboardInterrupt as error:
            number = error.number if isinstance(error, Stop) else 2
            raise Interrupted(0, 0, number) from error


def _annotate(
    source: str | Path,
    out_dir: str | Path,
    config: str | Path,
    overrides: dict[str, Any],
    options: RunOptions,
    on_stop: Callable[[Cost], Any],
) -> dict[str, Any]:
    out = OutDir(out_dir)
    check_files(source)
    out.check_place(source)
    load_code(options.code)
    resolved = read_config(config, overrides)
    nlp = build_pipeline(resolved, name=str(config))
    check_order(nlp, name=str(config))
    check_ready(nlp)
    lang = nlp.lang or "xx"
    with out.locked():
        watch = Watch(nlp, source, code=options.code)
        total = count_sentences(source, lang=lang, limit=options.limit)
        watch.read()
        run = fingerprint(
            watch,
            limit=options.limit,
            shard_size=options.shard_size,
            consensus=options.consensus,
        )
        job = Job(
            config=resolved.to_str(),
            config_name=str(config),
            lang=lang,
            paths=[str(path) for path in corpus_files(source)],
            code=options.code,
            shard_size=options.shard_size,
            total=total,
            fail_fast=options.fail_fast,
        )
        out.begin(run, overwrite=options.overwrite, counted_whole=watch.counted_whole())
        run_of_shards = _Run(out, job, nlp, options, watch)
        try:
            return run_of_shards.complete(run)
        except BaseException:
            on_stop(run_of_shards.keep_cost())
            raise


class _Run:
    """The shards of a job: those that are there, and those to compute."""

    def __init__(
        self, out: OutDir, job: Job, nlp: Language, options: RunOptions, watch: Watch
    ) -> None:
        self._out, self._job, self._nlp, self._options, self._watch = out, job, nlp, options, watch
        self._n_done = 0  # sentences
        self._paid: Cost = {}  # for shards that are kept
        self._something_works = False

    def complete(self, run: dict[str, Any]) -> dict[str, Any]:
        """Compute and write what is missing; give the summary."""
        names = {piece_name(number): number for number in range(self._job.n_shards)}
        shards = Resumable(self._out, list(names), unchanged=self._watch.check)
        for about in shards.done.values():
            self._add(Counts(about["counts"]))
        done = shards.complete(lambda todo: self._compute([names[name] for name in todo]))
        with shards.explained():
            self._watch.check(last=True)
            consensus = None
            if self._options.consensus and wants_consensus(self._nlp):
                done = agree(self._out, done, nlp=self._nlp, shard_size=self._job.shard_size)
                consensus = {CHANGED: sum(about[CHANGED] for about in done.values())}
            return self._out.finish(run, done, consensus=consensus)

    def keep_cost(self) -> Cost:
        """What was spent so far, also on a shard that is not complete, where this process computes
        them; it is kept as far as it can be."""
        total = read_cost(self._out.path)
        if self._options.workers > 1 or self._options.engine != "local":
            return total
        rest = less(cost_so_far(self._nlp), self._paid)
        if any(rest.values()):
            with suppress(CannotWrite):
                self._out.add_cost(rest)
        return added(total, rest)

    def _compute(self, todo: list[int]) -> Pieces:
        from tqdm import tqdm

        hide = None if self._options.progress else True
        # Workers start here: before the bar, which has a thread.
        with closing(self._results(todo, lambda n: show(n))) as results:
            bar = tqdm(total=self._job.total, initial=self._n_done, unit="doc", disable=hide)

            def show(in_work: int) -> None:
                bar.update(self._n_done + in_work - bar.n)

            with bar:
                for result in results:
                    counts = Counts(result.counts)
                    if not self._something_works and counts.all_failed:
                        raise self._nothing_works(result)
                    yield piece_of(result)
                    self._out.add_cost(result.cost)
                    self._paid = added(self._paid, result.cost)
                    self._add(counts)
                    show(0)

    def _add(self, counts: Counts) -> None:
        self._n_done += counts.documents
        self._something_works |= not counts.all_failed

    def _results(self, todo: list[int], show: Any) -> Shards:
        job, options = self._job, self._options
        if options.engine == "ray":
            from .ray_engine import compute_with_ray

            address, gpus = options.ray_address, options.ray_gpus
            return compute_with_ray(job, todo, options.workers, address=address, gpus=gpus)
        if options.workers == 1:
            return compute_here(job, self._nlp, todo, show)
        fork = options.fork and options.code is None and may_fork()
        forked = self._nlp if fork else None
        return compute_in_processes(job, todo, options.workers, show, forked=forked)

    def _nothing_works(self, result: ShardResult) -> XProjError:
        """Where every sentence fails, the settings are wrong, not the text."""
        first = result.failures[0]
        return XProjError(
            Errors.XP857.format(
                n=result.counts["documents"],
                place=first.place,
                component=first.component,
                reason=first.reason,
            )
        )
