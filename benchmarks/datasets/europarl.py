"""Europarl-NER (Agerri et al. 2018): 799 parallel sentences in en de es it, PER ORG LOC MISC."""

from .base import BENCHMARKS, DOWNLOADS, Benchmark, reader

LANGS = ("en", "de", "es", "it")


def europarl_files(lang: str, split: str) -> list[str]:
    """The name of the file of a language; there is one split, test."""
    return [f"{lang}-europarl.{split}.conll02"]


make_europarl_ner = reader(
    "EuroparlNER", europarl_files, "sentence n is the same in every language."
)

BENCHMARKS["europarl-ner"] = Benchmark(
    f"{DOWNLOADS}/europarl-ner", make_europarl_ner, europarl_files, LANGS
)
