"""WikiANN (Pan et al. 2017) and its part in XTREME, PAN-X: Wikipedia's languages, PER ORG LOC.

Files are found in the layouts that are in use: a folder a language with ``test.txt``,
``test.conllu``, ``test.tsv`` or plain ``test``, the language by its code of two or three letters;
or ``test-LANG.tsv``, as XTREME's script writes them. Rows are word and tag or number, word and tag;
words with the language before them (``sw:Dodoma``, the original release) lose it.
"""

from collections.abc import Iterable

from spacy.tokens import Doc

from spacy_xproj.text.tokenizers import set_entities

from .base import BENCHMARKS, DOWNLOADS, Benchmark, Corpus, reader
from .language_table import XTREME

_SUFFIXES = ("txt", "conllu", "tsv", "conll", "iob2", "bio")


class WikiANN(Corpus):
    """A language of WikiANN, with or without language prefixes."""

    def read(self) -> Iterable[Doc]:
        docs = list(super().read())
        prefixes = {token.text.partition(":")[0] + ":" for doc in docs for token in doc}
        if len(prefixes) == 1:
            [prefix] = prefixes
            if all(token.text.startswith(prefix) for doc in docs for token in doc):
                return [_without(doc, len(prefix)) for doc in docs]
        return docs


def wikiann_files(lang: str, split: str) -> list[str]:
    """Where the file of a language may be, by either of its codes."""
    codes = _codes(lang)
    names = [f"{code}/{split}.{suffix}" for code in codes for suffix in _SUFFIXES]
    names += [f"{code}/{split}" for code in codes]
    return [*names, *(f"{split}-{code}.tsv" for code in codes)]


def _codes(lang: str) -> list[str]:
    """The code of two letters, where there is one, then that of three, then as given."""
    import langcodes

    try:
        language = langcodes.Language.get(lang)
        codes = [language.language or lang, language.to_alpha3()]
    except (ValueError, LookupError):
        codes = []
    return list(dict.fromkeys([*codes, lang]))


def _without(doc: Doc, length: int) -> Doc:
    """The Doc without the first characters of each word."""
    words = [token.text[length:] or token.text for token in doc]
    spans = [(e.start, e.end, e.label_) for e in doc.ents]
    spaces = [bool(token.whitespace_) for token in doc]
    return set_entities(Doc(doc.vocab, words=words, spaces=spaces), spans)


make_wikiann = reader(
    "WikiANN",
    wikiann_files,
    "a language of WikiANN or XTREME's PAN-X, from local files.\n\n"
    "lang: ``sw`` or ``swa``; Docs are of the former. XTREME's 39 languages are in "
    "``language_table.XTREME``. split: train, dev or test.",
    kind=WikiANN,
    code=lambda lang: _codes(lang)[0],
)

BENCHMARKS["wikiann"] = Benchmark(
    f"{DOWNLOADS}/wikiann", make_wikiann, wikiann_files, tuple(sorted(("en", *XTREME)))
)
