"""Statistical word alignment, learnt from the bitext at hand, with sil-thot (extra ``[stat]``)."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import srsly

from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..errors import Errors, NotLearntError, XProjError
from ..text.tokenizers import Blank

MODELS = {
    "fast_align": "FastAlignModel",
    "hmm": "HmmAlignmentModel",
    "ibm1": "Ibm1AlignmentModel",
}
_NULL = 0  # thot's index of the empty word

Pair = tuple[tuple[str, ...], tuple[str, ...]]


class Statistical:
    """``spacy-xproj.Statistical.v1`` (extra ``[stat]``), for languages that no encoder covers.

    path: a JSONL bitext with one object a pair, keyed by language; without it the model is trained
    on the corpus at hand (``nlp.initialize``, ``spacy xproj project``). model: "hmm",
    "fast_align" or "ibm1".

    Trains one model in either direction and links words by their posterior probabilities.

    a_kl is the mean over both directions of p(l | k) / sum over k' of p(l | k'), where k' runs over
    the words of the other side and the empty word. Words are compared in lower case. Training is
    deterministic; a saved pipeline keeps the bitext and trains again.
    """

    def __init__(
        self,
        *,
        path: str | None = None,
        source_lang: str | None = None,
        target_lang: str | None = None,
        model: str = "hmm",
        iterations: int = 5,
        min_strength: float = 0.05,
    ) -> None:
        if model not in MODELS:
            raise XProjError(
                Errors.XP150.format(
                    kind="method", name=model, fix='method = "inter"', known=", ".join(MODELS)
                )
            )
        self.path = path
        self.source_lang = source_lang
        self.target_lang = target_lang
        self.model = model
        self.iterations = iterations
        self.min_strength = min_strength
        self._pairs: list[Pair] = []
        self._models: tuple[Any, Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_models": None}

    def train(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> None:
        """Learn from these pairs, in place of what was learnt before; a named file goes first."""
        if self.path is not None:
            return
        pairs = zip(views, targets, strict=True)
        self._pairs = [(v.words, t.words) for v, t in pairs if v.words and t.words]
        self._models = None

    def _read(self, path: str) -> list[Pair]:
        def broken(where: str, why: object) -> XProjError:
            langs = {"source_lang": self.source_lang, "target_lang": self.target_lang}
            return XProjError(Errors.XP415.format(where=where, why=why, **langs))

        if not self.source_lang or not self.target_lang:
            raise XProjError(Errors.XP412)
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as err:
            raise broken(path, err) from err
        tokenizers = [Blank(lang).tokenize for lang in (self.source_lang, self.target_lang)]
        pairs = []
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                record = srsly.json_loads(line)
                texts = [record[lang] for lang in (self.source_lang, self.target_lang)]
                source, target = (
                    tuple(t.text for t in tokenize(text))
                    for tokenize, text in zip(tokenizers, texts, strict=True)
                )
            except (ValueError, KeyError, TypeError) as err:
                raise broken(f"{path}:{number}", f"{type(err).__name__} {err}") from err
            if source and target:
                pairs.append((source, target))
        return pairs

    @property
    def pairs(self) -> list[Pair]:
        """The bitext that the models learn from. Raises XProjError where there is none."""
        if not self._pairs and self.path is not None:
            self._pairs = self._read(self.path)
        if not self._pairs:
            raise XProjError(Errors.XP412)
        return self._pairs

    @property
    def models(self) -> tuple[Any, Any]:
        """The trained models, source to target and target to source."""
        if self._models is None:
            try:
                import thot.alignment
            except ImportError as err:
                raise XProjError(Errors.XP411) from err
            trained = []
            for flip in (False, True):
                model = getattr(thot.alignment, MODELS[self.model])()
                for source, target in self.pairs:
                    sides = _lower(source), _lower(target)
                    model.add_sentence_pair(*(reversed(sides) if flip else sides))
                model.start_training()
                for _ in range(self.iterations):
                    model.train()
                model.end_training()
                trained.append(model)
            self._models = trained[0], trained[1]
        return self._models

    def check_ready(self) -> None:
        """Raise XProjError where the aligner is not installed, or its file is not there;
        NotLearntError where there is no parallel text to learn from."""
        if importlib.util.find_spec("thot") is None:
            raise XProjError(Errors.XP411)
        named = self.source_lang and self.target_lang
        if self.path is not None and not (named and Path(self.path).is_file()):
            _ = self.pairs  # says what is wrong
        if not self._pairs and self.path is None:
            raise NotLearntError(Errors.XP412)

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """Links with posteriors as strengths, those of at least ``min_strength``."""
        result = []
        for view, target in zip(views, targets, strict=True):
            if not view.words or not len(target):
                result.append(Links())
                continue
            source, other = _lower(view.words), _lower(target.words)
            forward, backward = self.models
            strengths = _posterior(forward, source, other) + _posterior(backward, other, source).T
            strengths /= 2
            strengths[strengths < self.min_strength] = 0.0
            result.append(Links.from_matrix(strengths.round(4)))
        return result

    def describe(self) -> dict[str, Any]:
        return {
            "aligner": "statistical",
            "model": self.model,
            "iterations": self.iterations,
            "pairs": len(self.pairs),
        }

    def to_bytes(self) -> bytes:
        """The bitext, so that ``from_bytes`` needs no file; nothing where there is none yet."""
        pairs = self.pairs if self._pairs or self.path is not None else []
        return bytes(srsly.msgpack_dumps([[list(s), list(t)] for s, t in pairs]))

    def from_bytes(self, data: bytes) -> None:
        self._pairs = [(tuple(s), tuple(t)) for s, t in srsly.msgpack_loads(data)]
        self._models = None


def _lower(words: Sequence[str]) -> list[str]:
    return [word.lower() for word in words]


def _posterior(model: Any, source: list[str], target: list[str]) -> np.ndarray:
    """p(source word | target word) in this pair of sentences, shape (n_source, n_target)."""
    k = [model.get_src_word_index(word) for word in source]
    l = [model.get_trg_word_index(word) for word in target]
    table = np.array([[model.translation_prob(i, j) for j in l] for i in [_NULL, *k]])
    posterior: np.ndarray = table[1:] / np.maximum(table.sum(axis=0), 1e-12)
    return posterior
