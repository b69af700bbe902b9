"""How alike entity and candidate are as texts of their own, by encoder or translation model."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..abilities import check_all_ready, check_part
from ..errors import Errors, XProjError
from .base import PairScorer, WordEncoder
from .batch import Batch
from .scores import AlignScore

Words = tuple[str, ...]
# text given, text wanted, and their languages
Translation = tuple[str, str, str, str]


class EmbScore:
    """``spacy-xproj.EmbScore.v1``: the cosine of the embeddings of entity and candidate, each read
    without its sentence; an embedding is the mean over the subwords (docs/methods.md, "emb").

    encoder: a block of ``xproj_encoders``. min_score: below it the score is 0; many encoders give
    unrelated texts a cosine of .7 or more. Each distinct text of a batch is encoded once.
    """

    def __init__(self, *, encoder: Any, min_score: float = 0.0) -> None:
        self.encoder: WordEncoder = check_part(
            encoder,
            WordEncoder,
            user="spacy-xproj.EmbScore.v1",
            setting="encoder",
            example='"@xproj_encoders": "spacy-xproj.HFEncoder.v1"',
        )
        self.min_score = min_score

    def score(self, batch: Batch) -> np.ndarray:
        """The cosine of each pair, shape (p,); 0 where a text has no subwords."""
        entities = {int(e): batch.entity_words(e) for e in np.unique(batch.entity)}
        candidates = {int(c): batch.candidate_words(c) for c in np.unique(batch.candidate)}
        vectors = self._vectors([*entities.values(), *candidates.values()])
        values = np.zeros(len(batch.entity))
        for block in batch.blocks():
            if block.pairs.start == block.pairs.stop:
                continue
            rows, columns = (
                np.stack([vectors[texts[i]] for i in range(part.start, part.stop)])
                for texts, part in ((entities, block.entities), (candidates, block.candidates))
            )
            values[block.pairs] = (rows @ columns.T).ravel()
        values[values < self.min_score] = 0.0
        return values

    def _vectors(self, texts: list[Words]) -> dict[Words, np.ndarray]:
        """A vector of length 1 for each distinct text, or of zeros for one without subwords."""
        distinct = list(dict.fromkeys(texts))
        result = {}
        for text, encoded in zip(
            distinct, self.encoder.encode(distinct) if distinct else (), strict=True
        ):
            vectors = np.asarray(encoded.vectors, dtype=np.float64)
            mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1:])
            norm = np.linalg.norm(mean)
            result[text] = mean if norm == 0 else mean / norm
        return result

    def describe(self) -> dict[str, Any]:
        return {
            "name": "emb_score",
            "min_score": self.min_score,
            "encoder": self.encoder.describe(),
        }


class NmtScore:
    """``spacy-xproj.NmtScore.v1``: are entity A and candidate B translations of each other?
    (p(A|B) / p(A|A) + p(B|A) / p(B|B)) / 2 with p the geometric mean over tokens (docs/methods.md,
    "nmt"). Below ``min_score`` it is 0.

    translator: a block of ``xproj_translators`` that scores given translations, also from a
    language into itself: ``Seq2Seq`` with a multilingual model such as NLLB-200 or M2M-100.
    target_lang: of the documents, e.g. ``${nlp.lang}``; the other language is the view's.
    max_candidates: score only that many candidates an entity, those that the links speak for most;
    null scores all, and needs no links. Each distinct pair of texts of a batch is scored once.
    """

    def __init__(
        self,
        *,
        translator: Any,
        target_lang: str,
        max_candidates: int | None = 10,
        min_score: float = 0.1,
    ) -> None:
        self.translator: PairScorer = check_part(
            translator,
            PairScorer,
            user="spacy-xproj.NmtScore.v1",
            setting="translator",
            example='"@xproj_translators": "spacy-xproj.Seq2Seq.v1"',
        )
        if max_candidates is not None and max_candidates < 1:
            raise XProjError(
                Errors.XP151.format(name="max_candidates", value=max_candidates, least=1, fix=10)
            )
        self.target_lang = target_lang
        self.max_candidates = max_candidates
        self.min_score = min_score
        self._align = AlignScore()

    def score(self, batch: Batch) -> np.ndarray:
        """The score of each pair, shape (p,)."""
        values = np.zeros(len(batch.entity))
        needed = {pair: self._translations(batch, pair) for pair in self._chosen(batch)}
        log_p = self._log_p(one for four in needed.values() for one in four)
        for pair, four in needed.items():
            a_b, a_a, b_a, b_b = (log_p[one] for one in four)
            value = (_ratio(a_b, a_a) + _ratio(b_a, b_b)) / 2
            values[pair] = 0.0 if value < self.min_score else value
        return values

    def _chosen(self, batch: Batch) -> list[int]:
        """The pairs to score."""
        if self.max_candidates is None:
            return list(range(len(batch.entity)))
        chosen: list[int] = []
        aligned = self._align.score(batch)
        for block, dense in zip(batch.blocks(), batch.split(aligned), strict=True):
            order = np.argsort(-dense, axis=1, kind="stable")[:, : self.max_candidates]
            for s, row in enumerate(order.tolist()):
                first = block.pairs.start + s * dense.shape[1]
                chosen += [first + t for t in row if dense[s, t] > 0]
        return chosen

    def _translations(self, batch: Batch, pair: int) -> list[Translation]:
        """The four translations that a pair needs: A given B, A given A, B given A, B given B."""
        entity, candidate = batch.entity[pair], batch.candidate[pair]
        view = batch.views[batch.entity_home[entity]]
        target = batch.targets[batch.home[candidate]]
        offsets = target.offsets
        start, end = batch.starts[candidate], batch.ends[candidate]
        a = view.entity_text(batch.entities[entity])
        b = target.text[offsets[start][0] : offsets[end - 1][1]]
        src, tgt = view.lang, self.target_lang
        return [(b, a, tgt, src), (a, a, src, src), (a, b, src, tgt), (b, b, tgt, tgt)]

    def _log_p(self, translations: Iterator[Translation]) -> dict[Translation, float]:
        """The mean log probability per token of each, each distinct one scored once."""
        by_langs: dict[tuple[str, str], list[Translation]] = {}
        for one in dict.fromkeys(translations):
            by_langs.setdefault(one[2:], []).append(one)
        found: dict[Translation, float] = {}
        for (source_lang, target_lang), own in sorted(by_langs.items()):
            values = self.translator.score(
                [one[0] for one in own],
                [one[1] for one in own],
                source_lang=source_lang,
                target_lang=target_lang,
            )
            found.update(zip(own, values, strict=True))
        return found

    def check_ready(self) -> None:
        """Raise XProjError where the translator is not ready."""
        check_all_ready(self.translator)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "nmt_score",
            "target_lang": self.target_lang,
            "max_candidates": self.max_candidates,
            "min_score": self.min_score,
            "translator": self.translator.describe(),
        }


def _ratio(log_p: float, log_q: float) -> float:
    """p / q from their logarithms; 0 where p is 0, as of a text with nothing to read."""
    if log_p == -np.inf:
        return 0.0
    with np.errstate(over="ignore"):
        return float(np.exp(log_p - log_q))
