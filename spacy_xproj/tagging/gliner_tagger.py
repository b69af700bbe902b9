"""GLiNER as the source NER: any labels, in words."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..data.spans import chars_to_words, join_words, word_offsets
from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..hf.identity import model_version
from ..hf.loading import pick_device, quiet_transformers
from ..hf.snapshots import check_folder, safe_folder
from .base import CUTS, Tagged, Unplaced

LABELS = {"PER": "person", "ORG": "organization", "LOC": "location"}
_CONFIG = "gliner_config.json"
_ENDS = ".!?。！？।؟"


class GLiNERTagger:
    """``spacy-xproj.GLiNERTagger.v1``: a GLiNER model (extra ``[gliner]``), which finds entities of
    any kinds that are named in words.

    model: a folder, or a name on the hub (``urchade/gliner_multi-v2.1``), with its weights as
    safetensors; it is loaded at first use. labels: each label with its kind in words, by default
    those of PER, ORG and LOC. threshold: the least score. max_words: of one pass; what is longer is
    read in parts, which end at the end of a sentence where there is one.

    Scores are the model's. A span that cuts a word of the source sentence is left out, and counted
    with its reason.
    """

    def __init__(
        self,
        *,
        model: str = "urchade/gliner_multi-v2.1",
        revision: str | None = None,
        labels: Mapping[str, str] | None = None,
        threshold: float = 0.5,
        device: str = "auto",
        batch_size: int = 8,
        max_words: int = 200,
    ) -> None:
        if not 0 <= threshold <= 1:
            raise XProjError(Errors.XP152.format(name="threshold", value=threshold, fix=0.5))
        self.model = model
        self.revision = revision
        self.labels = dict(LABELS if labels is None else labels)
        self.threshold = threshold
        self.device = device
        self.batch_size = batch_size
        self.max_words = max_words
        self._gliner: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_gliner": None}

    @property
    def gliner(self) -> Any:
        """The model. Raises XProjError where GLiNER is not installed, or it cannot be had."""
        if self._gliner is None:
            try:
                from gliner import GLiNER
            except ImportError as error:
                raise XProjError(Errors.XP310.format(reason=error)) from error
            quiet_transformers()
            folder = safe_folder(self.model, self.revision)
            device = pick_device(self.device)
            model = GLiNER.from_pretrained(str(folder), local_files_only=True, map_location=device)
            self._gliner = model.eval()
        return self._gliner

    def place(self, views: Sequence[SourceView]) -> list[tuple[list[Tagged], list[Unplaced]]]:
        """See ``Placing``."""
        parts = [
            (number, first, last)
            for number, view in enumerate(views)
            for first, last in _parts(view.words, self.max_words)
        ]
        texts = [join_words(views[n].words[a:b], views[n].spaces[a:b]) for n, a, b in parts]
        result: list[tuple[list[Tagged], list[Unplaced]]] = [([], []) for _ in views]
        if not texts:
            return result
        names = {kind: label for label, kind in self.labels.items()}
        answers = self.gliner.inference(
            texts, list(names), threshold=self.threshold, batch_size=self.batch_size
        )
        for (number, first, last), found in zip(parts, answers, strict=True):
            view = views[number]
            offsets = word_offsets(view.words[first:last], view.spaces[first:last])
            tagged, unplaced = result[number]
            for one in sorted(found, key=lambda e: (e["start"], e["end"])):
                words = chars_to_words(offsets, one["start"], one["end"])
                label = names[one["label"]]
                if words is None:
                    unplaced.append(Unplaced(one["text"], label, CUTS))
                else:
                    score = round(float(one["score"]), 4)
                    tagged.append(Tagged(words[0] + first, words[1] + first, label, score))
        return result

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """The entities with their scores; see ``place``."""
        return [found for found, _ in self.place(views)]

    def check_ready(self) -> None:
        """Raise XProjError where GLiNER is not installed, or the model cannot be had."""
        if importlib.util.find_spec("gliner") is None:
            raise XProjError(Errors.XP310.format(reason="No module named 'gliner'"))
        check_folder(self.model, self.revision, file=_CONFIG)

    def identity(self) -> dict[str, Any]:
        """What the entities depend on; of a model that is not on this machine, its name."""
        return {
            "model": model_version(self.model, self.revision) or self.model,
            "revision": self.revision,
            "labels": self.labels,
            "threshold": self.threshold,
            "max_words": self.max_words,
        }

    def describe(self) -> dict[str, Any]:
        return {
            "tagger": "gliner",
            "model": self.model,
            "revision": self.revision,
            "labels": dict(self.labels),
            "threshold": self.threshold,
        }


def _parts(words: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
    """Runs [first, last) of at most so many words, which end after the last end of a sentence that
    there is in the second half of a run."""
    first = 0
    while first < len(words):
        last = min(first + most, len(words))
        if last < len(words):
            ends = (i + 1 for i in range(last - 1, first + most // 2 - 1, -1) if words[i] in _ENDS)
            last = next(ends, last)
        yield first, last
        first = last
