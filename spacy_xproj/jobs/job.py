"""Running a pipeline over a corpus of any size: shards, resume, one writer, several workers."""

import errno
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from confection import Config
from spacy.language import Language

from ..errors import Errors, XProjError
from ..io.formats.files import corpus_files
from .fingerprint import fingerprint
from .local import ShardFailed, Shards, WorkerDied, compute_here, compute_in_processes, may_fork
from .outdir import OutDir
from .pipelines import CONFIG_ERRORS, build_pipeline
from .source import count_sentences
from .statuses import Counts
from .worker import FirstFailure, Job, ShardResult, check_ready, load_code

SHARD_SIZE = 2000
ENGINES = ("local", "ray")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class RunOptions:
    """How a run is done.

    shard_size: sentences in each shard; limit: read only so many. These two change the output, the
    others do not. workers: processes, or Ray actors. fail_fast: stop at the first sentence that
    fails. overwrite: delete the output of a run that differs. code: a Python file to import first.
    fork: where the system can do so, workers are copies of this process, which start at once; only
    for a process that does nothing but this run, since one that has run a model has threads that a
    copy has not, and waits for.
    """

    shard_size: int = SHARD_SIZE
    limit: int | None = None
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
                    Errors.XP860.format(name=f"--{name}".replace("_", "-"), value=value)
                )
        if self.engine not in ENGINES:
            known = ", ".join(ENGINES)
            raise XProjError(Errors.XP861.format(engine=self.engine, known=known))


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with the number of shards that are complete and of all."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(done, total)
        self.done, self.total = done, total


def annotate_corpus(
    source: str | Path,
    out_dir: str | Path,
    *,
    config: str | Path,
    overrides: dict[str, Any] | None = None,
    options: RunOptions | None = None,
) -> dict[str, Any]:
    """Run the pipeline of a config file over a file or folder; write shards into a folder.

    What is there already, of the same run, is kept and not computed again. The result is the same,
    byte for byte, however often the run was stopped, and whatever workers and engine computed it.

    Returns the summary, as ``summary.json`` has it. Raises XProjError for settings, input or an
    output folder that do not hold, and for what stops the run (the message says what is kept);
    Interrupted on Ctrl-C.
    """
    options = options or RunOptions()
    out = OutDir(out_dir)
    out.check(source)
    load_code(options.code)
    resolved = _resolve(config, overrides or {})
    nlp = build_pipeline(resolved, name=str(config))
    check_ready(nlp)
    lang = nlp.lang or "xx"
    with out.locked():
        paths = [str(path) for path in corpus_files(source)]
        job = Job(
            config=resolved.to_str(),
            config_name=str(config),
            lang=lang,
            paths=paths,
            code=options.code,
            shard_size=options.shard_size,
            total=count_sentences(source, lang=lang, limit=options.limit),
            fail_fast=options.fail_fast,
        )
        run = fingerprint(
            nlp,
            source,
            code=options.code,
            limit=options.limit,
            shard_size=options.shard_size,
        )
        out.begin(run, overwrite=options.overwrite)
        return _Run(out, job, nlp, options).complete(run)


def _resolve(path: str | Path, overrides: dict[str, Any]) -> Config:
    try:
        return spacy.util.load_config(path, overrides=overrides, interpolate=True)
    except CONFIG_ERRORS as err:
        raise XProjError(Errors.XP910.format(path=path, error=err)) from err


class _Run:
    """The shards of a job: those that are there, and those to compute."""

    def __init__(self, out: OutDir, job: Job, nlp: Language, options: RunOptions) -> None:
        self._out, self._job, self._nlp, self._options = out, job, nlp, options
        self._done: set[int] = set()
        self._n_done = 0  # sentences
        self._something_works = False

    def complete(self, run: dict[str, Any]) -> dict[str, Any]:
        """Compute and write what is missing; give the summary."""
        job, out = self._job, self._out
        for number in range(job.n_shards):
            counts = out.counts(number)
            if counts is not None:
                self._add(number, counts)
        todo = [number for number in range(job.n_shards) if number not in self._done]
        try:
            self._compute(todo)
            return out.finish(run, job.n_shards)
        except KeyboardInterrupt as error:
            # One may have been written just before.
            done = [n for n in range(job.n_shards) if n in self._done or out.counts(n) is not None]
            raise Interrupted(len(done), job.n_shards) from error
        except (XProjError, OSError) as error:
            raise self._explained(error) from error

    def _compute(self, todo: list[int]) -> None:
        from tqdm import tqdm

        if not todo:
            return
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
                    self._out.write_shard(result)
                    self._add(result.number, counts)
                    show(0)

    def _add(self, number: int, counts: Counts) -> None:
        self._done.add(number)
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

    def _explained(self, error: XProjError | OSError) -> Exception:
        """The error, with what is kept and what to do."""
        done = len(self._done)
        if isinstance(error, FirstFailure):
            return XProjError(Errors.XP854.format(**error.failure._asdict(), done=done))
        if isinstance(error, WorkerDied):
            return XProjError(
                Errors.XP856.format(
                    number=error.number,
                    first=error.first,
                    last=error.last,
                    how=error.how,
                    done=done,
                )
            )
        if isinstance(error, ShardFailed):
            return XProjError(
                Errors.XP863.format(number=error.number, reason=error.reason, done=done)
            )
        if isinstance(error, OSError) and error.errno in _FULL:
            reason = error.strerror or str(error)
            return XProjError(Errors.XP855.format(out_dir=self._out.path, reason=reason, done=done))
        return error
