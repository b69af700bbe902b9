"""Line-parallel labelled text, as Universal NER's PUD sets: target Docs with a source view."""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from spacy_xproj.corpus.pairing import add_views
from spacy_xproj.io.formats.files import read_docs

from .base import Corpus, reads


@dataclasses.dataclass(frozen=True)
class ParallelNER(Corpus):
    """``path`` is the target file. The labels of the target stay as ``doc.ents``; the source
    sentence with its gold entities is the view ``doc._.xproj[source_lang]``."""

    source: Path = Path()
    source_lang: str = "en"

    def read(self) -> Iterable[Doc]:
        sources = read_docs(self.source, lang=self.source_lang, labelled=True)
        for doc in sources:
            self.leave_out(doc)
        targets = read_docs(self.path, lang=self.lang)
        names = (str(self.source), str(self.path))
        return add_views(sources, targets, source_lang=self.source_lang, names=names)

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "source": str(self.source)}


@reads("spacy-xproj.ParallelNER.v1")
def make_parallel_ner(
    source: str,
    target: str,
    target_lang: str,
    source_lang: str = "en",
    ignore_labels: Sequence[str] = (),
    limit: int | None = None,
    checksum: str | None = None,
) -> ParallelNER:
    """``spacy-xproj.ParallelNER.v1``: two files of which line i is the translation of line i.

    source: labelled, in any format. target: the same sentences in ``target_lang``, labelled or
    not. checksum: of the target file.
    """
    return ParallelNER(
        "ParallelNER",
        Path(target),
        target_lang,
        "test",
        tuple(ignore_labels),
        limit,
        checksum,
        Path(source),
        source_lang,
    )
