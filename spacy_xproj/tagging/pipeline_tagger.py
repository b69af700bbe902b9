"""Any spaCy pipeline as the source NER."""

from collections.abc import Sequence
from typing import Any

from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..hf.identity import folder_digest
from ..hf.loading import is_local
from .base import Tagged


class SpacyTagger:
    """``spacy-xproj.SpacyTagger.v1``: a spaCy pipeline, run over the words of the views as they are
    tokenised there.

    model: the name of a package, or a folder; it is loaded at first use.
    """

    def __init__(self, *, model: str | None = None, batch_size: int = 128) -> None:
        self.model = model
        self.batch_size = batch_size
        self._nlp: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_nlp": None}

    @property
    def nlp(self) -> Any:
        if self._nlp is None:
            import spacy

            if not self.model:
                raise XProjError(Errors.XP301)
            try:
                nlp = spacy.load(self.model)
            except (OSError, ValueError, ImportError) as err:
                lines = filter(str.strip, str(err).splitlines())
                reason = next(lines, type(err).__name__).rstrip(".")
                raise XProjError(Errors.XP302.format(model=self.model, reason=reason)) from err
            assigned = {a for name in nlp.pipe_names for a in nlp.get_pipe_meta(name).assigns}
            if not {"doc.ents", "token.ent_type"} & assigned:
                pipes = ", ".join(nlp.pipe_names) or "none"
                raise XProjError(Errors.XP305.format(model=self.model, pipes=pipes))
            self._nlp = nlp
        return self._nlp

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """The ``doc.ents`` that the pipeline finds; it gives no scores."""
        from spacy.tokens import Doc

        docs = [Doc(self.nlp.vocab, words=list(v.words), spaces=list(v.spaces)) for v in views]
        tagged = self.nlp.pipe(docs, batch_size=self.batch_size)
        return [[Tagged(e.start, e.end, e.label_) for e in doc.ents] for doc in tagged]

    def identity(self) -> dict[str, Any]:
        """What the entities depend on: the version of a package, the content of a folder. Nothing
        is loaded."""
        from importlib.metadata import version

        from spacy.util import is_package

        if self.model and is_package(self.model):
            return {"model": f"{self.model} {version(self.model)}"}
        if self.model and is_local(self.model):
            return {"model": f"sha256:{folder_digest(self.model)}"}
        return {"model": self.model}

    def describe(self) -> dict[str, Any]:
        meta = self.nlp.meta
        return {
            "tagger": "spacy",
            "model": self.model,
            "name": f"{meta.get('lang')}_{meta.get('name')}",
            "version": meta.get("version"),
        }
