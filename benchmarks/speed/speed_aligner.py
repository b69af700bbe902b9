"""Part ``aligner`` of the benchmark of speed: ours beside ``simalign.SentenceAligner``, on the same
encoder, layer and sentences."""

import contextlib
import dataclasses
import importlib.util
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from spacy_xproj.alignment import HFEncoder, SimAlign
from spacy_xproj.alignment.encoders import best_layer
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.hf.bundled import export_bundled
from spacy_xproj.hf.loading import load_config, locate, quiet_transformers
from spacy_xproj.io.tables import Cell, format_table

from ..names.europarl import SOURCE, read_europarl
from .linking import rate
from .parts import SpeedSettings, Target
from .timing import RUNS, Timing, interleave

PAIRS = 256  # by default; simalign takes long
METHODS = {"inter": "a", "itermax": "i"}  # ours, and simalign's letter for it
OURS, THEIRS = "ours", "simalign"

Pairs = set[tuple[int, int]]


class Contender(NamedTuple):
    """A matching method, an aligner's name, and what links all pairs: one set of links for each."""

    method: str
    name: str
    link: Callable[[], list[Pairs]]


def share_of_links(first: Sequence[Pairs], second: Sequence[Pairs]) -> float:
    """Links that both found, of those that either did; 1 where there are none at all."""
    both = sum(len(a & b) for a, b in zip(first, second, strict=True))
    either = sum(len(a | b) for a, b in zip(first, second, strict=True))
    return both / either if either else 1.0


@dataclasses.dataclass(frozen=True)
class AlignerResult:
    """Times by (matching method, aligner), over the same ``pairs`` sentence pairs."""

    encoder: str
    layer: int
    langs: tuple[str, str]
    pairs: int
    timings: dict[tuple[str, str], Timing]

    def rows(self) -> list[dict[str, Any]]:
        """Per matching method and aligner: the ratio is of medians, against simalign's."""
        result = []
        for (method, name), timing in self.timings.items():
            theirs = self.timings[method, THEIRS]
            row = {"matching": method, "aligner": name, "seconds": round(timing.median, 3)}
            row["pairs_per_second"] = rate(self.pairs, timing.median)
            row["times_simalign"] = round(theirs.median / max(timing.median, 1e-9), 2)
            row["same_links"] = round(share_of_links(timing.result, theirs.result), 5)
            result.append(row)
        return result

    def table(self) -> str:
        """One table, a row for each matching method and aligner."""
        columns = ["matching", "aligner", "seconds", "pairs/s", "x simalign", "same links"]
        rows: list[list[Cell]] = [
            [*list(row.values())[:-2], f"{row['times_simalign']:.2f}", f"{row['same_links']:.3%}"]
            for row in self.rows()
        ]
        return format_table(columns, rows)

    def summary(self) -> str:
        """What the table is about, in a few lines."""
        runs = len(next(iter(self.timings.values())).seconds)
        return (
            f"Word links of {self.pairs} sentence pairs of Europarl-NER {'-'.join(self.langs)}, "
            f"layer {self.layer} of {self.encoder}; medians of {runs} interleaved runs.\n"
            "same links: those that simalign found too, of all that either found."
        )

    def targets(self) -> list[Target]:
        """Five times as fast as simalign in 32-bit floats, with the same links."""
        return [
            target
            for row in self.rows()
            if row["aligner"] == OURS
            for target in (
                Target(f"{row['matching']}: times simalign", ">=", 5, row["times_simalign"]),
                Target(f"{row['matching']}: same links", ">=", 99.9, 100 * row["same_links"], " %"),
            )
        ]

    def to_json(self) -> dict[str, Any]:
        return {
            "encoder": self.encoder,
            "layer": self.layer,
            "langs": list(self.langs),
            "pairs": self.pairs,
            "aligners": [
                {**row, "runs": [round(s, 4) for s in timing.seconds]}
                for row, timing in zip(self.rows(), self.timings.values(), strict=True)
            ],
        }


def load_simalign() -> Any:
    """``simalign.SentenceAligner``, without the DEBUG messages that its import turns on."""
    if importlib.util.find_spec("simalign") is None:
        raise XProjError(Errors.XP730)
    from simalign import SentenceAligner

    logger = logging.getLogger("simalign.simalign")
    logger.handlers.clear()
    logger.setLevel(logging.WARNING)
    quiet_transformers()
    return SentenceAligner


@contextlib.contextmanager
def _loadable(encoder: str) -> Iterator[str]:
    """A path or name that transformers loads this encoder from; the bundle is written out."""
    if locate(encoder) != "bundle":
        yield encoder
        return
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/encoder"
        export_bundled(path)
        yield path


def _our_links(
    encoder: HFEncoder, method: str, views: Sequence[SourceView], targets: Sequence[Sentence]
) -> list[Pairs]:
    return [links.pairs for links in SimAlign(encoder=encoder, method=method).align(views, targets)]


def _their_links(
    aligner: Any, method: str, views: Sequence[SourceView], targets: Sequence[Sentence]
) -> list[Pairs]:
    # One pair a call: it has no other way.
    return [
        set(aligner.get_word_aligns(list(view.words), list(target.words))[method])
        for view, target in zip(views, targets, strict=True)
    ]


def _contenders(
    path: str, layer: int, views: Sequence[SourceView], targets: Sequence[Sentence]
) -> Iterator[Contender]:
    """All that are compared, loaded and warm, on the CPU."""
    aligner_class = load_simalign()
    make = partial(HFEncoder, name=path, layers=[layer], device="cpu")
    encoders = {OURS: make(), f"{OURS}, bfloat16": make(bfloat16=True)}
    for encoder in encoders.values():
        _our_links(encoder, "inter", views[:1], targets[:1])
    for method, letter in METHODS.items():
        for name, encoder in encoders.items():
            yield Contender(method, name, partial(_our_links, encoder, method, views, targets))
        settings = {"token_type": "bpe", "matching_methods": letter, "layer": layer}
        theirs = aligner_class(model=path, device="cpu", **settings)
        _their_links(theirs, method, views[:1], targets[:1])
        yield Contender(method, THEIRS, partial(_their_links, theirs, method, views, targets))


def run_aligner(settings: SpeedSettings, *, runs: int = RUNS) -> AlignerResult:
    """Link the first sentence pairs of Europarl-NER by our aligner and by simalign, in turn.

    settings: limit is the number of sentence pairs, by default 256; the first of langs is linked
    with English.
    """
    lang, n = settings.langs[0], settings.limit or PAIRS
    layer = best_layer(load_config(settings.encoder).num_hidden_layers)
    docs = read_europarl(settings.folder, [lang])
    views = [SourceView.from_doc(doc, lang=SOURCE) for doc in docs[SOURCE][:n]]
    targets = [Sentence.from_doc(doc) for doc in docs[lang][:n]]
    with _loadable(settings.encoder) as path:
        contenders = list(_contenders(path, layer, views, targets))
        by_name = {f"{c.name}, {c.method}": c.link for c in contenders}
        timings = interleave(by_name, runs=runs, say=settings.say)
    return AlignerResult(
        settings.encoder,
        layer,
        (SOURCE, lang),
        len(views),
        {(c.method, c.name): timings[f"{c.name}, {c.method}"] for c in contenders},
    )
