"""Any Hugging Face token-classification model as the source NER."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from ..data.spans import iob_to_spans
from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..hf.identity import check_model, settled_version
from ..hf.loading import load_config, locate
from ..hf.runner import Runner
from .base import Tagged


class HFTagger:
    """``spacy-xproj.HFTagger.v1``: a token-classification model by path or hub name.

    Runs token classification over the words of the views; text of any length.

    A word takes the label of its first subword, as in training. A word without subwords is O.
    Letters of a script without blanks that share a subword share its label.
    """

    def __init__(
        self,
        *,
        model: str,
        revision: str | None = None,
        device: str = "auto",
        half: bool = False,
        batch_size: int = 32,
    ) -> None:
        self.model = model
        self.revision = revision
        self.half = half
        self._labels: list[str] | None = None
        self._runner = Runner(
            "AutoModelForTokenClassification",
            model,
            attrgetter("logits"),  # no lambda: a tagger is pickled for worker processes
            revision=revision,
            device=device,
            half=half,
            batch_size=batch_size,
        )

    @property
    def labels(self) -> list[str]:
        """The model's labels, in the order of its outputs."""
        if self._labels is None:
            config = load_config(self.model, revision=self.revision)
            labels = [config.id2label[i] for i in range(len(config.id2label))]
            if "O" not in labels or not all(label == "O" or "-" in label for label in labels):
                raise XProjError(Errors.XP303.format(model=self.model, labels=labels))
            self._labels = labels
        return self._labels

    def probabilities(self, sentences: Sequence[Sequence[str]]) -> list[np.ndarray]:
        """Label probabilities per word, arrays of shape (n_words, n_labels)."""
        from scipy.special import softmax

        outside = np.zeros(len(self.labels))
        outside[self.labels.index("O")] = 1.0
        pieces = self._runner.split(sentences)
        result = []
        for sentence, piece, logits in zip(
            sentences, pieces, self._runner.run(pieces), strict=True
        ):
            rows = np.tile(outside, (len(sentence), 1))
            if piece.words:
                words, first = np.unique(piece.words, return_index=True)
                rows[words] = softmax(logits[first], axis=1)
                if piece.ends is not None:
                    for start, end in zip(words, np.asarray(piece.ends)[first], strict=True):
                        rows[start + 1 : end] = self._inside(rows[start])
            result.append(rows)
        return result

    def _inside(self, row: np.ndarray) -> np.ndarray:
        """Of a word after the first of a subword: what begins there goes on here."""
        row = row.copy()
        for i, label in enumerate(self.labels):
            inside = f"I-{label[2:]}"
            if label.startswith("B-") and inside in self.labels:
                row[self.labels.index(inside)] += row[i]
                row[i] = 0.0
        return row

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """Entities with the mean probability of their words' labels as score."""
        result = []
        for rows in self.probabilities([v.words for v in views]):
            best = rows.argmax(axis=1) if len(rows) else np.zeros(0, dtype=int)
            spans = iob_to_spans([self.labels[i] for i in best])
            result.append(
                [
                    Tagged(*span, round(float(rows.max(axis=1)[span.start : span.end].mean()), 4))
                    for span in spans
                ]
            )
        return result

    def check_ready(self) -> None:
        """Raise XProjError where the model cannot be had."""
        check_model(self.model, self.revision)

    def identity(self) -> dict[str, Any]:
        """What the entities depend on; no model is loaded, but the config of one that is not on
        this machine is fetched. Raises ModelNotFoundError where it cannot be had."""
        return {"model": settled_version(self.model, self.revision), "half": self.half}

    def describe(self) -> dict[str, Any]:
        return {
            "tagger": "huggingface",
            "model": self.model,
            "revision": self.revision,
            "from": locate(self.model, self.revision),
        }
