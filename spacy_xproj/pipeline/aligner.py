"""``xproj_aligner``: word links between each source sentence and the target."""

from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from ..alignment.base import Aligner
from ..views import Sentence, Views
from .base import XProjPipe


class AlignerPipe(XProjPipe):
    """Links the words of the views of each document to its own."""

    def __init__(
        self, *, name: str, aligner: Aligner, source_langs: list[str] | None = None
    ) -> None:
        super().__init__(name=name, backend=aligner)
        self.source_langs = source_langs

    def fit(self, docs: Iterable[Doc]) -> None:
        """Let an aligner that learns from parallel text learn from the views of these documents."""
        if hasattr(self.backend, "train"):
            pairs = self.views(list(docs), self.source_langs)
            self.backend.train(
                [view for _, view in pairs], [Sentence.from_doc(doc) for doc, _ in pairs]
            )

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None
    ) -> None:
        """Called by ``nlp.initialize``: fit on the examples whose reference has views."""
        docs = [example.reference for example in get_examples()]
        if self.views(docs, self.source_langs):
            self.fit(docs)

    def process(self, docs: list[Doc]) -> None:
        todo = self.views(docs, self.source_langs)
        links = self.backend.align(
            [view for _, view in todo], [Sentence.from_doc(doc) for doc, _ in todo]
        )
        provenance = self.backend.describe() if todo else {}
        for (doc, view), own in zip(todo, links, strict=True):
            Views(doc)[view.lang] = view.replace(
                links=own, provenance={**view.provenance, "aligner": provenance}
            )


@Language.factory(
    "xproj_aligner",
    assigns=["doc._.xproj_links"],
    requires=["doc._.xproj"],
    default_config={
        "aligner": {"@xproj_aligners": "spacy-xproj.SoftAlign.v1"},
        "source_langs": None,
    },
)
def make_aligner(
    nlp: Language, name: str, aligner: Aligner, source_langs: list[str] | None
) -> AlignerPipe:
    """aligner: a block of the registry ``xproj_aligners``. source_langs: which views to align, by
    default all."""
    return AlignerPipe(name=name, aligner=aligner, source_langs=source_langs)
