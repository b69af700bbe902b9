"""Europarl-NER (Agerri et al. 2018): 799 parallel sentences in en de es it, PER ORG LOC MISC."""

from collections.abc import Sequence

from .base import BENCHMARKS, DOWNLOADS, Benchmark, Corpus, need_file, reads

LANGS = ("en", "de", "es", "it")


def europarl_files(lang: str, split: str) -> list[str]:
    """The name of the file of a language; there is one split, test."""
    return [f"{lang}-europarl.{split}.conll02"]


@reads("spacy-xproj.EuroparlNER.v1")
def make_europarl_ner(
    folder: str,
    lang: str,
    split: str = "test",
    ignore_labels: Sequence[str] = (),
    limit: int | None = None,
    checksum: str | None = None,
) -> Corpus:
    """``spacy-xproj.EuroparlNER.v1``: sentence n is the same in every language."""
    names = europarl_files(lang, split)
    path = need_file(folder, names, benchmark="EuroparlNER", lang=lang, split=split)
    return Corpus("EuroparlNER", path, lang, split, tuple(ignore_labels), limit, checksum)


BENCHMARKS["europarl-ner"] = Benchmark(
    f"{DOWNLOADS}/europarl-ner", make_europarl_ner, europarl_files, LANGS
)
