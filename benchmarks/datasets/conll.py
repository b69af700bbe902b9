"""The shared tasks CoNLL-2002 (Spanish, Dutch) and CoNLL-2003 (English, German): PER ORG LOC MISC.

Their licences do not allow to give them away; the files are read where the user has them. The
Spanish, Dutch and German originals are in Latin-1 and have to be converted to UTF-8 first.
"""

from collections.abc import Sequence

from .base import BENCHMARKS, DOWNLOADS, Benchmark, Corpus, need_file, reader, reads

LANGS_2002 = ("es", "nl")
LANGS_2003 = ("en", "de")
_STEMS = {"es": "esp", "nl": "ned", "en": "eng", "de": "deu"}
_ORIGINAL = {"train": "train", "dev": "testa", "test": "testb"}
_COPIES = {"dev": ("dev", "valid", "validation")}


def conll_files(lang: str, split: str) -> list[str]:
    """The original name, then those of common copies (``train.txt``, ``valid.txt``, ``test.txt``,
    in the folder or in one of the language)."""
    original = f"{_STEMS.get(lang, lang)}.{_ORIGINAL.get(split, split)}"
    copies = [f"{name}.txt" for name in _COPIES.get(split, (split,))]
    return [original, *(f"{lang}/{name}" for name in copies), *copies]


make_conll2002 = reader(
    "CoNLL2002", conll_files, "Spanish (es) or Dutch (nl); ``esp.testa`` is the split dev."
)


@reads("spacy-xproj.CoNLL2003.v1")
def make_conll2003(
    folder: str,
    lang: str = "en",
    split: str = "test",
    ignore_labels: Sequence[str] = (),
    limit: int | None = None,
    checksum: str | None = None,
) -> Corpus:
    """``spacy-xproj.CoNLL2003.v1``: English (en) or German (de); ``eng.testa`` is the split dev."""
    names = conll_files(lang, split)
    path = need_file(folder, names, benchmark="CoNLL2003", lang=lang, split=split)
    return Corpus("CoNLL2003", path, lang, split, tuple(ignore_labels), limit, checksum)


BENCHMARKS["conll2002"] = Benchmark(
    f"{DOWNLOADS}/conll2002", make_conll2002, conll_files, LANGS_2002
)
BENCHMARKS["conll2003"] = Benchmark(
    f"{DOWNLOADS}/conll2003", make_conll2003, conll_files, LANGS_2003
)
