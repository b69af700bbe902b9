"""Runs of ``annotate`` that are measured, each in a process of its own, on a corpus of any size."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from spacy_xproj.alignment.pharaoh import format_line
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.spans import spans_to_iob
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import Errors, XProjError

from ..names.europarl import SOURCE, read_europarl
from ..names.systems import ALIGNERS, Models
from .encoding import SharedEncoder
from .linking import Say, peak_mib, rate, timed_links
from .parts import SpeedSettings

LINKS = "itermax"  # without strengths, as Pharaoh files mostly are
SAID_EVERY = 10.0  # seconds
POLL = 0.1

CONFIG = """[nlp]
lang = "{lang}"
pipeline = ["xproj_source_ner", "xproj_aligner", "xproj_projector"]
[components]
[components.xproj_source_ner]
factory = "xproj_source_ner"
[components.xproj_source_ner.tagger]
@xproj_taggers = "spacy-xproj.GoldTagger.v1"
[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.Pharaoh.v1"
path = {links}
[components.xproj_projector]
factory = "xproj_projector"
"""


class Pair(NamedTuple):
    """A labelled source sentence, its translation, and their links."""

    source: SourceView
    target: Sentence
    links: Links


class Corpus(NamedTuple):
    """Files in a folder, and how many sentences they hold."""

    folder: Path
    size: int

    @property
    def sentences(self) -> Path:
        return self.folder / "corpus.jsonl"

    @property
    def links(self) -> Path:
        return self.folder / "links.pharaoh"

    @property
    def config(self) -> Path:
        return self.folder / "annotate.cfg"


class Measured(NamedTuple):
    """A run. seconds: of ``annotate_corpus`` as a whole: reading the input and its hash, loading
    the pipeline, starting workers, all shards, the summary; not the imports of the first process.
    steady: sentences a second between the first shard that is written and the last; None with fewer
    than two. peak_mib: of the process, or of its largest worker where there are several.
    """

    workers: int
    size: int
    seconds: float
    steady: float | None
    peak_mib: float | None

    @property
    def rate(self) -> int:
        """Sentences a second, of the run as a whole."""
        return rate(self.size, self.seconds)


def linked_pairs(settings: SpeedSettings) -> list[Pair]:
    """The sentences of Europarl-NER in English and the first of ``langs``, with binary links."""
    return _linked_pairs(settings.folder, settings.langs[0], settings.encoder)


@lru_cache(maxsize=1)  # several parts of one run need them
def _linked_pairs(folder: Path, lang: str, encoder: str) -> list[Pair]:
    docs = read_europarl(folder, [lang])
    views = [SourceView.from_doc(doc, lang=SOURCE) for doc in docs[SOURCE]]
    targets = [Sentence.from_doc(doc) for doc in docs[lang]]
    aligner = ALIGNERS[LINKS].make(Models(SharedEncoder(encoder), lang))
    links, _ = timed_links(aligner, views, targets)
    return [Pair(*pair) for pair in zip(views, targets, links, strict=True)]


def varied(pairs: Sequence[Pair], size: int) -> Iterator[tuple[str, str]]:
    """``size`` lines of JSONL, and of links: the pairs over and over, each ended by a word that
    occurs nowhere else, linked with itself; so vocabularies grow with the corpus, as real ones do.
    """
    for i in range(size):
        source, target, links = pairs[i % len(pairs)]
        n_source, n_target = len(source.words), len(target)
        tags = spans_to_iob([(e.start, e.end, e.label) for e in source.entities or ()], n_source)
        view = {"lang": source.lang, "words": [*source.words, f"n{i}"], "tags": [*tags, "O"]}
        record = {"words": [*target.words, f"n{i}"], "source": view}
        line = format_line(Links([*links, (n_source, n_target, 1.0)]))
        yield json.dumps(record, ensure_ascii=False), line


def write_corpus(pairs: Sequence[Pair], size: int, folder: Path, *, lang: str) -> Corpus:
    """Write the sentences, their links and the config of a run into a folder."""
    corpus = Corpus(folder, size)
    folder.mkdir(parents=True)
    lines = varied(pairs, size)
    with (
        corpus.sentences.open("w", encoding="utf-8", newline="\n") as sentences,
        corpus.links.open("w", encoding="utf-8", newline="\n") as links,
    ):
        while block := list(islice(lines, 1000)):
            sentences.writelines(f"{record}\n" for record, _ in block)
            links.writelines(f"{line}\n" for _, line in block)
    config = CONFIG.format(lang=lang, links=json.dumps(str(corpus.links)))
    corpus.config.write_text(config, encoding="utf-8")
    return corpus


def measure(corpus: Corpus, out_dir: Path, *, workers: int, shard_size: int, say: Say) -> Measured:
    """Annotate in a new process, one thread a worker. Raises XProjError with its last words where
    it fails."""
    command = [sys.executable, "-m", __name__, str(corpus.sentences), str(out_dir)]
    command += [str(corpus.config), str(workers), str(shard_size)]
    log = out_dir.with_name(f"{out_dir.name}.log")
    with log.open("w+", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        try:
            _wait(process, corpus, out_dir, shard_size, say)
        finally:
            process.kill()
            output, _ = process.communicate()
        stream.seek(0)
        errors = stream.read()
    if process.returncode:
        reason = "\n".join(errors.strip().splitlines()[-5:]) or f"exit code {process.returncode}"
        raise XProjError(Errors.XP731.format(size=corpus.size, workers=workers, reason=reason))
    plain = json.loads(output)
    written = sorted(part.stat().st_mtime for part in out_dir.glob("parts/*.json"))
    steady = None
    if len(written) > 1 and written[-1] > written[0]:
        first = min(shard_size, corpus.size)
        steady = (corpus.size - first) / (written[-1] - written[0])
    return Measured(workers, corpus.size, plain["seconds"], steady, plain["peak_mib"])


def _wait(
    process: "subprocess.Popen[str]", corpus: Corpus, out_dir: Path, shard_size: int, say: Say
) -> None:
    last = time.monotonic()
    while process.poll() is None:
        time.sleep(POLL)
        if time.monotonic() - last > SAID_EVERY:
            last = time.monotonic()
            done = min(corpus.size, shard_size * len(list(out_dir.glob("parts/*.json"))))
            say(f"{done} of {corpus.size} sentences")


def run_here(source: str, out_dir: str, config: str, workers: int, shard_size: int) -> Any:
    """Annotate in this process: seconds, and peak memory in MiB."""
    from spacy_xproj.jobs.job import RunOptions, annotate_corpus
    from spacy_xproj.jobs.pipelines import load_pipeline

    # fork: as the command does
    options = RunOptions(workers=workers, shard_size=shard_size, progress=False, fork=True)
    load_pipeline(config)  # imports what it needs; the run loads it again
    start = time.perf_counter()
    annotate_corpus(source, out_dir, config=config, options=options)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peak_mib": peak_mib(children=workers > 1)}


if __name__ == "__main__":
    given, out, described, *numbers = sys.argv[1:]
    n_workers, n_in_shard = map(int, numbers)
    print(json.dumps(run_here(given, out, described, n_workers, n_in_shard)))
