"""Europarl-NER: the gold English entities projected to German, Spanish and Italian."""

import dataclasses
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_xproj.corpus.consensus import LabelConsensus
from spacy_xproj.corpus.scoring import Scores, score_tags
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.spans import Span, spans_to_iob
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.hf.loading import DEFAULT_ENCODER
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.projection import Projector
from spacy_xproj.tagging.hf_tagger import HFTagger
from spacy_xproj.translation.seq2seq import Seq2Seq

from ..datasets.europarl import europarl_files
from ..pages.intervals import Difference, Interval, f1_difference, f1_interval, item_counts
from ..speed.encoding import SharedEncoder
from ..speed.linking import CHUNK, Say, check_limit, peak_mib, rate, silent, timed_links
from .systems import ALIGNERS, SYSTEMS, Models, lacking, pick

SOURCE = "en"
LANGS = ("de", "es", "it")
BASE = "default"  # the system that the others are compared with


class Published(NamedTuple):
    """F1 per language of ``LANGS`` and their mean, as the source states them."""

    name: str
    f1: tuple[float | None, float | None, float | None]
    mean: float
    source: str


_P = "Politov et al. 2025, arXiv 2501.18750"
_T = "Shkalikov 2025 (thesis)"
PUBLISHED = (
    Published("model transfer [P]", (0.675, 0.741, 0.696), 0.704, _P),
    Published("heuristic, SimAlign [P]", (0.801, 0.907, 0.870), 0.859, _P),
    Published("heuristic, AWESoME [P]", (0.819, 0.903, 0.873), 0.865, _P),
    Published("n-gram matching, SimAlign [P]", (0.898, 0.892, 0.878), 0.889, _P),
    Published("n-gram matching, AWESoME [P]", (0.920, 0.886, 0.872), 0.893, _P),
    Published("best per language [T]", (0.921, 0.916, 0.879), 0.905, _T),
    Published(
        "T-Projection [TP]", (None, None, None), 0.91, "García-Ferrero et al. 2023, its own chart"
    ),
)


class LangRun(NamedTuple):
    """One system in one language. counts: (sentences, 3), see ``pages.intervals``."""

    scores: Scores
    counts: np.ndarray
    statuses: dict[str, int]
    link_seconds: float
    projection_seconds: float

    @property
    def missed(self) -> int:
        """Source entities without a projection."""
        return sum(n for s, n in self.statuses.items() if s != Status.PROJECTED.value)

    def to_json(self) -> dict[str, Any]:
        n = len(self.counts)
        return {
            **self.scores.to_json(),
            "f1_interval": f1_interval(self.counts).to_json(),
            "statuses": self.statuses,
            "link_seconds": round(self.link_seconds, 3),
            "links_sentences_per_second": rate(n, self.link_seconds),
            "projection_seconds": round(self.projection_seconds, 3),
            "projection_sentences_per_second": rate(n, self.projection_seconds),
        }


@dataclasses.dataclass(frozen=True)
class EuroparlResult:
    """All runs by system and language. encode_seconds: by language; shared by the systems."""

    encoder: dict[str, Any]
    langs: tuple[str, ...]
    sentences: int
    encode_seconds: dict[str, float]
    runs: dict[str, dict[str, LangRun]]
    # systems left out since a model was not given, and which
    lacking: dict[str, str]

    def counts(self, system: str) -> np.ndarray:
        """Counts of shape (sentences, languages, 3)."""
        return np.stack([self.runs[system][lang].counts for lang in self.langs], axis=1)

    def mean(self, system: str) -> Interval:
        """Mean F1 over the languages; the interval resamples the sentence in all of them."""
        return f1_interval(self.counts(system))

    def difference(self, first: str, second: str) -> Difference:
        """Mean F1 of one system less that of another, by paired bootstrap."""
        return f1_difference(self.counts(first), self.counts(second))

    def table(self) -> str:
        """One table: the systems of this run, then the published figures."""
        columns = ["system", *self.langs, "mean", "95 % of mean", "missed", "links/s", "project/s"]
        rows: list[list[Cell]] = []
        for name, by_lang in self.runs.items():
            runs = [by_lang[lang] for lang in self.langs]
            mean, total = self.mean(name), self.sentences * len(runs)
            rows.append(
                [
                    name,
                    *(run.scores.overall.f1 for run in runs),
                    mean.value,
                    mean.text(),
                    sum(run.missed for run in runs),
                    rate(total, sum(run.link_seconds for run in runs)),
                    rate(total, sum(run.projection_seconds for run in runs)),
                ]
            )
        for published in PUBLISHED:
            f1 = dict(zip(LANGS, published.f1, strict=True))
            mean_f1 = published.mean if set(self.langs) == set(LANGS) else None
            own = [f1.get(lang) for lang in self.langs]
            rows.append([published.name, *own, mean_f1, None, None, None, None])
        return format_table(columns, rows)

    def summary(self) -> str:
        """What the table is about, in a few lines."""
        encoded = ", ".join(f"{lang} {s:.1f}" for lang, s in self.encode_seconds.items())
        return (
            f"Europarl-NER, {self.sentences} sentences, gold {SOURCE} entities projected; strict "
            "F1 (exact span and label), all labels.\n"
            f"Encoder {self.encoder['model']}, layers {self.encoder['layers']}; seconds to encode, "
            f"once for all systems: {encoded}.\n"
            "missed: source entities without a projection. links/s, project/s: sentence pairs a "
            "second in one process, without encoding.\n"
            f"[P] {_P} and [T] {_T}: mBERT aligners, all 799 sentences. [TP] T-Projection."
            + "".join(
                f"\nNot run without --{model} MODEL: "
                + ", ".join(name for name, lacks in self.lacking.items() if lacks == model)
                for model in sorted(set(self.lacking.values()))
            )
        )

    def to_json(self) -> dict[str, Any]:
        systems = []
        for name, by_lang in self.runs.items():
            entry: dict[str, Any] = {
                "name": name,
                "aligner": SYSTEMS[name].aligner,
                "mean_f1": self.mean(name).to_json(),
            }
            if BASE in self.runs and name != BASE:
                entry[f"mean_f1_less_{BASE}"] = self.difference(name, BASE).to_json()
            entry["languages"] = {lang: run.to_json() for lang, run in by_lang.items()}
            systems.append(entry)
        return {
            "benchmark": "europarl",
            "encoder": self.encoder,
            "sentences": self.sentences,
            "encode_seconds": {lang: round(s, 3) for lang, s in self.encode_seconds.items()},
            "peak_mib": peak_mib(),
            "not_run": self.lacking,
            "systems": systems,
            "published": [
                {
                    "name": p.name,
                    "f1": dict(zip(LANGS, p.f1, strict=True)),
                    "mean_f1": p.mean,
                    "source": p.source,
                }
                for p in PUBLISHED
            ],
        }


def europarl_path(folder: str | Path, lang: str) -> Path:
    """The file of a language. Raises XProjError where it is not there."""
    path = Path(folder) / europarl_files(lang, "test")[0]
    if not path.is_file():
        raise XProjError(Errors.XP680.format(path=path))
    return path


def read_europarl(
    folder: str | Path, langs: Sequence[str], *, limit: int | None = None
) -> dict[str, list[Doc]]:
    """The labelled sentences of English and of ``langs``, line by line translations.

    limit: only the first so many. Raises XProjError for a missing file or one of another length.
    """
    # All names are checked first, so that a missing last file costs no time.
    paths = {lang: europarl_path(folder, lang) for lang in (SOURCE, *langs)}
    docs = {lang: read_docs(path, lang=lang, labelled=True) for lang, path in paths.items()}
    n = len(docs[SOURCE])
    for lang in langs:
        if len(docs[lang]) != n:
            raise XProjError(
                Errors.XP726.format(
                    first=paths[SOURCE], n_first=n, second=paths[lang], n_second=len(docs[lang])
                )
            )
    return {lang: own[: check_limit(limit)] for lang, own in docs.items()}


def _project(
    projector: Projector,
    views: Sequence[SourceView],
    targets: Sequence[Sentence],
    links: Sequence[Links],
) -> tuple[list[list[Projection]], float]:
    linked = [view.replace(links=own) for view, own in zip(views, links, strict=True)]
    start = time.perf_counter()
    projections: list[list[Projection]] = []
    for i in range(0, len(linked), CHUNK):
        projections += projector.project(linked[i : i + CHUNK], targets[i : i + CHUNK])
    return projections, time.perf_counter() - start


def _agree(
    projections: Sequence[Sequence[Projection]], targets: Sequence[Sentence]
) -> list[list[Projection]]:
    consensus = LabelConsensus()
    for target, own in zip(targets, projections, strict=True):
        consensus.learn(target, own)
    return [consensus.apply(t, own) for t, own in zip(targets, projections, strict=True)]


def _score(
    gold: Sequence[Doc],
    projections: Sequence[Sequence[Projection]],
    *,
    link_seconds: float,
    projection_seconds: float,
) -> LangRun:
    gold_spans = [[Span(e.start, e.end, e.label_) for e in doc.ents] for doc in gold]
    spans = [
        [Span(p.start, p.end, p.label) for p in own if p.start is not None and p.end is not None]
        for own in projections
    ]

    def tags(sides: Sequence[Sequence[Span]]) -> list[list[str]]:
        return [spans_to_iob(own, len(doc)) for own, doc in zip(sides, gold, strict=True)]

    statuses = Counter(p.status.value for own in projections for p in own)
    return LangRun(
        scores=score_tags(tags(gold_spans), tags(spans)),
        counts=item_counts(gold_spans, spans),
        statuses=dict(sorted(statuses.items())),
        link_seconds=link_seconds,
        projection_seconds=projection_seconds,
    )


def run_europarl(
    folder: str | Path,
    *,
    systems: Sequence[str] | None = None,
    encoder: str = DEFAULT_ENCODER,
    langs: Sequence[str] = LANGS,
    limit: int | None = None,
    ner: str | None = None,
    translator: str | None = None,
    say: Say = silent,
) -> EuroparlResult:
    """Project the gold English entities by each system, and score them against each language.

    folder: with the files ``LANG-europarl.test.conll02``. systems: names of ``SYSTEMS``, by default
    all that are not slow. encoder: a model by path or name. limit: only the first sentences. ner,
    translator: models by path or name for the systems that need them: token classification, for the
    target languages; sequence to sequence, from English to them (NMT scores: and back). say:
    called with a line of text as the run goes on. Sentences are encoded once, and links made once
    for the systems that share an aligner. Raises XProjError for a system, file or model that is not
    there.
    """
    aligner_of = {name: system.aligner for name, system in SYSTEMS.items()}
    slow = [name for name, system in SYSTEMS.items() if system.slow]
    given: dict[str, Any] = {
        "ner": HFTagger(model=ner) if ner else None,
        "translator": Seq2Seq(model=translator) if translator else None,
    }
    without = lacking(SYSTEMS, [name for name, model in given.items() if model is not None])
    names = pick(systems, aligner_of, kind="system", slow=slow, without=without)
    docs = read_europarl(folder, langs, limit=limit)
    views = [SourceView.from_doc(d, lang=SOURCE, row=i) for i, d in enumerate(docs[SOURCE])]
    shared = SharedEncoder(encoder)
    shared.load()
    encode_seconds: dict[str, float] = {}

    def encode(lang: str, sentences: Sequence[tuple[str, ...]]) -> None:
        start = time.perf_counter()
        shared.add(sentences)
        encode_seconds[lang] = time.perf_counter() - start
        say(f"{lang}: encoded {len(sentences)} sentences in {encode_seconds[lang]:.1f} s")

    source_words = [view.words for view in views]
    encode(SOURCE, source_words)
    runs: dict[str, dict[str, LangRun]] = {name: {} for name in names}
    for lang in langs:
        targets = [Sentence.from_doc(doc) for doc in docs[lang]]
        target_words = [target.words for target in targets]
        encode(lang, target_words)
        for aligner in dict.fromkeys(aligner_of[name] for name in names):
            models = Models(shared, lang, **given)
            made = ALIGNERS[aligner].make(models)
            links, link_seconds = timed_links(made, views, targets)
            for name in (name for name in names if aligner_of[name] == aligner):
                projector = SYSTEMS[name].projector(models)
                projections, seconds = _project(projector, views, targets, links)
                if SYSTEMS[name].consensus:
                    projections = _agree(projections, targets)
                run = _score(
                    docs[lang], projections, link_seconds=link_seconds, projection_seconds=seconds
                )
                runs[name][lang] = run
                say(
                    f"{lang} {name}: F1 {run.scores.overall.f1:.3f}, links {link_seconds:.1f} s, "
                    f"projection {seconds:.1f} s"
                )
        shared.forget(set(target_words) - set(source_words))
    found = tuple(langs), len(views), encode_seconds, runs
    return EuroparlResult(shared.describe(), *found, {} if systems else without)
