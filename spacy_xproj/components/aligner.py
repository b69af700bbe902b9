"""``xproj_aligner``: word links between each source sentence and the target."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from ..abilities import Trainable, check_count, unfit
from ..alignment.base import EXAMPLE, Aligner
from ..data.links import Links
from ..hf.loading import DEFAULT_ENCODER
from .base import Held, XProjPipe, check_langs, check_places

WITH_HEAD, WITHOUT_HEAD = "spacy-xproj.HeadAlign.v1", "spacy-xproj.SoftAlign.v1"


def usual_aligner(encoder: str) -> str:
    """The aligner for an encoder where nobody names one: only the default encoder has a head."""
    return WITH_HEAD if encoder == DEFAULT_ENCODER else WITHOUT_HEAD


@Language.factory(
    "xproj_aligner",
    assigns=["doc._.xproj_links"],
    requires=["doc._.xproj"],
    default_config={
        "aligner": {"@xproj_aligners": WITH_HEAD},
        "aligners": {},
        "source_langs": None,
    },
)
class AlignerPipe(XProjPipe):
    """Links the words of the views of each document to its own.

    aligner: a block of the registry ``xproj_aligners``. aligners: own blocks for some source
    languages, by language. source_langs: which views to align, by default all.
    """

    setting = "aligner"
    kind = Aligner
    example = EXAMPLE

    def __init__(
        self,
        nlp: Language | None = None,
        name: str = "xproj_aligner",
        *,
        aligner: Any = None,
        aligners: Mapping[str, Any] = {},  # read only
        source_langs: list[str] | None = None,
    ) -> None:
        super().__init__(name=name, backend=aligner, by_lang=aligners)
        self.source_langs = check_langs(source_langs, name=name)
        check_places(self.by_lang, self.source_langs, name=name, setting="aligners")

    def fit(self, docs: Iterable[Doc]) -> None:
        """Let an aligner that learns from parallel text learn from the views of these documents."""

        def train(aligner: Any, pairs: list[Held]) -> list[None]:
            if isinstance(aligner, Trainable):
                aligner.train([view for _, view in pairs], [views.target for views, _ in pairs])
            return [None] * len(pairs)

        self.each_backend(self.views(list(docs), self.source_langs), train)

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None
    ) -> None:
        """Called by ``nlp.initialize``: fit on the examples whose reference has views."""
        docs = [example.reference for example in get_examples()]
        if self.views(docs, self.source_langs):
            self.fit(docs)

    def process(self, docs: list[Doc]) -> None:
        todo = self.views(docs, self.source_langs)
        links = self.each_backend(todo, _align)
        provenance = self.provenances(todo, "aligner")
        for (views, view), own, known in zip(todo, links, provenance, strict=True):
            views[view.lang] = view.replace(links=own, provenance=known)


_WANTED = "Links for each pair, within the words of its two sides"


def _align(aligner: Aligner, pairs: list[Held]) -> Sequence[Links]:
    sides = [view for _, view in pairs], [views.target for views, _ in pairs]
    found = check_count(aligner, "align", aligner.align(*sides), len(pairs), wanted=_WANTED)
    for view, target, links in zip(*sides, found, strict=True):
        if not isinstance(links, Links):
            raise unfit(aligner, "align", gave=f"{links!r:.80}", wanted=_WANTED)
        far = links.reach
        if far[0] > len(view.words) or far[1] > len(target):
            gave = f"links up to words {far[0]} and {far[1]}, counted from 1, of the "
            gave += f"{len(view.words)} and {len(target)} of {view.text[:60]!r}"
            raise unfit(aligner, "align", gave=gave, wanted=_WANTED)
    return found
