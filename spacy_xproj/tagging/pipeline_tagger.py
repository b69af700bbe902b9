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

    model: the name of a package, or a folder; it is loaded at first use. spans_key: take the spans
    of ``doc.spans`` under this key, as ``spancat`` puts them there with their scores, in place of
    ``doc.ents``; they may overlap.
    """

    def __init__(
        self, *, model: str | None = None, spans_key: str | None = None, batch_size: int = 128
    ) -> None:
        self.model = model
        self.spans_key = spans_key
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
            wanted = {"doc.spans"} if self.spans_key else {"doc.ents", "token.ent_type"}
            if not wanted & assigned:
                pipes = ", ".join(nlp.pipe_names) or "none"
                raise XProjError(Errors.XP305.format(model=self.model, pipes=pipes))
            self._nlp = nlp
        return self._nlp

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """The ``doc.ents`` that the pipeline finds, for which it gives no scores; with
        ``spans_key`` those spans, in order of position, with their scores where there are any."""
        from spacy.tokens import Doc

        docs = [Doc(self.nlp.vocab, words=list(v.words), spaces=list(v.spaces)) for v in views]
        tagged = self.nlp.pipe(docs, batch_size=self.batch_size)
        if self.spans_key is None:
            return [[Tagged(e.start, e.end, e.label_) for e in doc.ents] for doc in tagged]
        return [self._spans(doc, self.spans_key) for doc in tagged]

    def _spans(self, doc: Any, key: str) -> list[Tagged]:
        if key not in doc.spans:
            have = ", ".join(map(repr, doc.spans)) or "nothing"
            raise XProjError(Errors.XP308.format(model=self.model, key=key, have=have))
        group = doc.spans[key]
        scores = group.attrs.get("scores")
        found = [
            Tagged(s.start, s.end, s.label_, None if scores is None else round(float(scores[i]), 4))
            for i, s in enumerate(group)
        ]
        return sorted(found, key=lambda one: (one.start, one.end, one.label))

    def check_ready(self) -> None:
        """Raise XProjError where no pipeline is named, or it is not on this machine."""
        from spacy.util import is_package

        if not self.model:
            raise XProjError(Errors.XP301)
        there = is_package(self.model) or is_local(self.model) or self.model.startswith("blank:")
        if self._nlp is None and not there:
            reason = "it is neither a package that is installed nor a folder"
            raise XProjError(Errors.XP302.format(model=self.model, reason=reason))

    def identity(self) -> dict[str, Any]:
        """What the entities depend on: the version of a package, the content of a folder. Nothing
        is loaded."""
        key = {} if self.spans_key is None else {"spans_key": self.spans_key}
        return {**self._model(), **key}

    def _model(self) -> dict[str, Any]:
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
