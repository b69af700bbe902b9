"""XL-WA: word links against gold links drawn by hand (Martelli et al. 2023), English to others."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy_xproj.alignment.pharaoh import check_range, parse_line
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.hf.loading import DEFAULT_ENCODER
from spacy_xproj.io.lines import place, read_lines
from spacy_xproj.io.tables import Cell, format_table

from ..names.systems import ALIGNERS, Models, lacking, pick
from ..pages.alignment import score_links
from ..pages.intervals import Interval, f1_interval, item_counts
from ..speed.encoding import SharedEncoder
from ..speed.linking import Say, check_limit, peak_mib, rate, silent, timed_links

SOURCE = "en"
SPLITS = ("test", "dev")
# Soft links of at least this strength count as links. Chosen on dev, where it is best with the head
# and without.
THRESHOLD = 0.45


class GoldPair(NamedTuple):
    """The words of both sides, and the gold links between them."""

    view: SourceView
    target: Sentence
    links: Links


class LangLinks(NamedTuple):
    """One aligner in one language: precision, recall, F1 and AER; F1 with its interval."""

    scores: dict[str, float]
    f1: Interval
    links: int
    seconds: float


@dataclasses.dataclass(frozen=True)
class XLWAResult:
    """All runs by aligner and language. sentences: by language."""

    encoder: dict[str, Any]
    threshold: float
    sentences: dict[str, int]
    encode_seconds: dict[str, float]
    runs: dict[str, dict[str, LangLinks]]

    def table(self) -> str:
        """One table, a row for each aligner and language."""
        columns = ["aligner", "lang", "precision", "recall", "F1", "95 %", "AER", "links", "pair/s"]
        rows: list[list[Cell]] = []
        for lang, n in self.sentences.items():
            for name, by_lang in self.runs.items():
                run = by_lang[lang]
                s = run.scores
                scored = (s["precision"], s["recall"], s["f1"])
                speed = rate(n, run.seconds)
                rows.append([name, lang, *scored, run.f1.text(), s["aer"], run.links, speed])
        return format_table(columns, rows)

    def summary(self) -> str:
        """What the table is about, in a few lines."""
        sizes = ", ".join(f"{lang} {n}" for lang, n in self.sentences.items())
        return (
            f"XL-WA, gold word links from {SOURCE}; sentence pairs: {sizes}. All gold links count "
            "as sure, so AER = 1 - F1.\n"
            f"Encoder {self.encoder['model']}, layers {self.encoder['layers']}. Links with "
            f"strengths count from {self.threshold:g}.\n"
            "pair/s: sentence pairs a second in one process, without encoding."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "benchmark": "xl-wa",
            "encoder": self.encoder,
            "threshold": self.threshold,
            "sentences": self.sentences,
            "encode_seconds": {lang: round(s, 3) for lang, s in self.encode_seconds.items()},
            "peak_mib": peak_mib(),
            "aligners": [
                {
                    "name": name,
                    "languages": {
                        lang: {
                            **{key: round(value, 6) for key, value in run.scores.items()},
                            "f1_interval": run.f1.to_json(),
                            "links": run.links,
                            "seconds": round(run.seconds, 3),
                        }
                        for lang, run in by_lang.items()
                    },
                }
                for name, by_lang in self.runs.items()
            ],
        }


def read_gold_links(path: str | Path, *, limit: int | None = None) -> list[GoldPair]:
    """The pairs of a file with the columns English, target, links, tabs between; words are
    separated by blanks. Raises XProjError naming the line that is not so."""
    path = Path(path)
    if not path.is_file():
        raise XProjError(Errors.XP680.format(path=path))
    pairs = []
    for number, line in enumerate(read_lines(path)[: check_limit(limit)], 1):
        where = place(path, number)
        columns = line.split("\t")
        if len(columns) != 3:
            raise XProjError(Errors.XP725.format(where=where, reason=f"{len(columns)} columns"))
        source, target = (tuple(column.split()) for column in columns[:2])
        if not source or not target:
            raise XProjError(Errors.XP725.format(where=where, reason="a side without words"))
        links = parse_line(columns[2], where=where)
        check_range(links, len(source), len(target), where=where)
        view = SourceView(SOURCE, source, (True,) * len(source), row=number - 1)
        pairs.append(GoldPair(view, Sentence(target, (True,) * len(target)), links))
    if not pairs:
        raise XProjError(Errors.XP613.format(path=path))
    return pairs


def run_xl_wa(
    folder: str | Path,
    *,
    aligners: Sequence[str] | None = None,
    encoder: str = DEFAULT_ENCODER,
    langs: Sequence[str] | None = None,
    split: str = "test",
    threshold: float = THRESHOLD,
    limit: int | None = None,
    say: Say = silent,
) -> XLWAResult:
    """Score the links of each aligner against the gold links of each language.

    folder: with the files ``LANG/SPLIT.tsv``. langs: by default all of them that are there. split:
    "test", or "dev" for what settings are chosen on. aligners: names of ``ALIGNERS``, by default
    all that are installed. threshold: links of at least this strength count. Aligners that learn
    are trained on these pairs alone. Raises XProjError for an aligner, file or model that is not
    there.
    """
    known = {name: name for name in ALIGNERS}
    names = pick(aligners, known, kind="aligner", without=lacking(ALIGNERS, ()))
    if split not in SPLITS:
        raise XProjError(
            Errors.XP150.format(
                kind="split of XL-WA", name=split, fix="--split test", known=", ".join(SPLITS)
            )
        )
    there = sorted(path.parent.name for path in Path(folder).glob(f"*/{split}.tsv"))
    paths = {lang: Path(folder) / lang / f"{split}.tsv" for lang in langs or there or ("es",)}
    gold = {lang: read_gold_links(path, limit=limit) for lang, path in paths.items()}
    shared = SharedEncoder(encoder)
    shared.load()
    encode_seconds: dict[str, float] = {}
    runs: dict[str, dict[str, LangLinks]] = {name: {} for name in names}
    for lang, pairs in gold.items():
        views, targets = [pair.view for pair in pairs], [pair.target for pair in pairs]
        words = [side.words for pair in pairs for side in (pair.view, pair.target)]
        start = time.perf_counter()
        shared.add(words)
        encode_seconds[lang] = time.perf_counter() - start
        say(f"{lang}: encoded {len(pairs)} pairs in {encode_seconds[lang]:.1f} s")
        gold_links = [pair.links.pairs for pair in pairs]
        for name in names:
            links, seconds = timed_links(ALIGNERS[name].make(Models(shared, lang)), views, targets)
            found = [{(k, l) for k, l, a in own if a >= threshold} for own in links]
            runs[name][lang] = LangLinks(
                scores=score_links(gold_links, found),
                f1=f1_interval(item_counts(gold_links, found)),
                links=sum(map(len, found)),
                seconds=seconds,
            )
            say(f"{lang} {name}: F1 {runs[name][lang].f1.value:.3f}, {seconds:.1f} s")
        shared.forget(words)
    sentences = {lang: len(pairs) for lang, pairs in gold.items()}
    return XLWAResult(shared.describe(), threshold, sentences, encode_seconds, runs)
