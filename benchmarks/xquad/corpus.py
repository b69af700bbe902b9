"""XQuAD-NER as a corpus: what ``build_xquad_ner`` made, read back."""

from collections.abc import Iterable

from spacy.tokens import Doc

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.docbin import read_docbin

from ..datasets.base import BENCHMARKS, Benchmark, Corpus, reader
from ..datasets.language_table import XQUAD
from .build import GROUP


class XQuADNERCorpus(Corpus):
    """A language of XQuAD-NER: Docs with mentions in ``doc.spans["xquad_ner"]``."""

    def read(self) -> Iterable[Doc]:
        for number, doc in enumerate(read_docbin(self.path, lang=self.lang), 1):
            if GROUP not in doc.spans:
                have = ", ".join(sorted(doc.spans)) or "none"
                raise XProjError(
                    Errors.XP691.format(path=self.path, number=number, group=GROUP, have=have)
                )
            yield doc

    def leave_out(self, doc: Doc) -> None:
        doc.spans[GROUP] = [s for s in doc.spans[GROUP] if s.label_ not in self.ignore_labels]


def xquad_ner_files(lang: str, split: str) -> list[str]:
    """The name of the file of a language; there is one split, test."""
    return [f"{lang}.spacy"] if split == "test" else [f"{lang}-{split}.spacy"]


make_xquad_ner = reader(
    "XQuADNER",
    xquad_ner_files,
    "a folder that ``python -m benchmarks xquad-ner`` wrote.\n\n"
    "Unit n is the same in every language. Mentions are a subset of the entities.",
    kind=XQuADNERCorpus,
)

BENCHMARKS["xquad-ner"] = Benchmark(
    "corpus/xquad-ner", make_xquad_ner, xquad_ner_files, XQUAD, True
)
