"""The data sets of the benchmark: spans in English and, in the same sentences of other languages,
the spans that people drew there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.files import read_docs

from ..datasets.europarl import europarl_files
from ..datasets.pairs import Pair, pair_of_docs, read_tagged_pairs

SOURCE = "en"
NAMES, TARGETS, ARGUMENTS = "names", "opinion targets", "arguments"


class SpanSet(NamedTuple):
    """One language of one kind of spans. split: which part. read: its pairs."""

    kind: str
    lang: str
    split: str
    read: Callable[[], list[Pair]]

    @property
    def name(self) -> str:
        return f"{self.kind} {self.lang}"


class Published(NamedTuple):
    """F1 as the source states it: of kinds the means over their languages."""

    name: str
    f1: dict[str, float]


# García-Ferrero et al. 2023 (T-Projection), its chart: means over de es it, es fr ru, and es.
PUBLISHED = (
    Published("fast_align [TP]", {NAMES: 0.71, TARGETS: 0.75, ARGUMENTS: 0.84}),
    Published("SimAlign [TP]", {NAMES: 0.84, TARGETS: 0.86, ARGUMENTS: 0.85}),
    Published("AWESoME [TP]", {NAMES: 0.87, TARGETS: 0.92, ARGUMENTS: 0.54}),
    Published("T-Projection [TP]", {NAMES: 0.91, TARGETS: 0.94, ARGUMENTS: 0.96}),
)


def span_sets(
    data: str | Path, *, kinds: Sequence[str] | None = None, langs: Sequence[str] | None = None
) -> list[SpanSet]:
    """Those whose files are in a folder: ``ote/LANG.SYSTEM.SPLIT.tsv`` beside ``en.absa.SPLIT.tsv``
    (of a language the test part, or else the training part), ``abstrct/LANG.neoplasm.test.tsv``,
    and ``europarl-ner/LANG-europarl.test.conll02``.

    kinds, langs: only these. Raises XProjError where there is none.
    """
    folder = Path(data)
    found = [
        *_europarl(folder / "europarl-ner"),
        *_opinion_targets(folder / "ote"),
        *_arguments(folder / "abstrct"),
    ]
    chosen = [
        one
        for one in found
        if (kinds is None or one.kind in kinds) and (langs is None or one.lang in langs)
    ]
    if not chosen:
        raise XProjError(Errors.XP680.format(path=folder / "ote" / "es.DeepL.test.tsv"))
    return chosen


def _europarl(folder: Path) -> list[SpanSet]:
    suffix = europarl_files("", "test")[0]
    files = {path.name.removesuffix(suffix): path for path in sorted(folder.glob(f"*{suffix}"))}

    def reader(lang: str) -> Callable[[], list[Pair]]:
        return lambda: read_labelled_pairs(files[SOURCE], files[lang], SOURCE, lang)

    return [
        SpanSet(NAMES, lang, "test", reader(lang))
        for lang in files
        if lang != SOURCE and SOURCE in files
    ]


def _opinion_targets(folder: Path) -> list[SpanSet]:
    found: dict[str, SpanSet] = {}
    for split in ("test", "train"):
        source = folder / f"{SOURCE}.absa.{split}.tsv"
        for path in sorted(folder.glob(f"*.*.{split}.tsv")):
            lang = path.name.partition(".")[0]
            if lang != SOURCE and lang not in found and source.is_file():
                found[lang] = SpanSet(TARGETS, lang, split, _tagged(source, path))
    return [found[lang] for lang in sorted(found)]


def _arguments(folder: Path) -> list[SpanSet]:
    source = folder / f"{SOURCE}.neoplasm.test.tsv"
    return [
        SpanSet(ARGUMENTS, path.name.partition(".")[0], "test", _tagged(source, path))
        for path in sorted(folder.glob("*.neoplasm.test.tsv"))
        if path != source and source.is_file()
    ]


def _tagged(source: Path, target: Path) -> Callable[[], list[Pair]]:
    return lambda: read_tagged_pairs(source, target, source_lang=SOURCE)


def read_labelled_pairs(
    source: str | Path, target: str | Path, source_lang: str, target_lang: str
) -> list[Pair]:
    """Any two labelled files that ``read_docs`` reads, line by line translations.

    Raises XProjError for a missing file, or one of another length.
    """
    sources = read_docs(source, lang=source_lang, labelled=True)
    targets = read_docs(target, lang=target_lang, labelled=True)
    if len(sources) != len(targets):
        counts = {"n_first": len(sources), "n_second": len(targets)}
        raise XProjError(Errors.XP726.format(first=source, second=target, **counts))
    sides = zip(sources, targets, strict=True)
    return [pair_of_docs(one, other, source_lang=source_lang) for one, other in sides]
