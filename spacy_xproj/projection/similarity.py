"""How alike entity and candidate are as texts of their own, by encoder or translation model."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..data.views import Sentence, SourceView
from ..errors import Errors, XProjError
from .base import Candidates, PairScorer, Scores, WordEncoder, check_part
from .batch import BatchCache
from .scores import make_align_score

Words = tuple[str, ...]
# text given, text wanted, and their languages
Translation = tuple[str, str, str, str]


class EmbScore:
    """What ``make_emb_score`` describes."""

    def __init__(self, *, encoder: WordEncoder, min_score: float) -> None:
        self.encoder = encoder
        self.min_score = min_score
        self._vectors = BatchCache(self._encode)

    def _encode(self, texts: list[Words]) -> list[np.ndarray]:
        """A vector of length 1 for each text, or of zeros for one without subwords."""
        result = []
        for encoded in self.encoder.encode(texts):
            vectors = np.asarray(encoded.vectors, dtype=np.float64)
            mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1:])
            norm = np.linalg.norm(mean)
            result.append(mean if norm == 0 else mean / norm)
        return result

    def _texts(self, view: SourceView, target: Sentence, candidates: Candidates) -> list[Words]:
        """The words of each entity, then those of each candidate."""
        if not view.entities or not len(candidates):
            return []
        return [
            *(view.words[e.start : e.end] for e in view.entities),
            *(target.words[start:end] for start, end in candidates.tolist()),
        ]

    def prepare(
        self,
        views: Sequence[SourceView],
        targets: Sequence[Sentence],
        candidates: Sequence[Candidates],
    ) -> None:
        """Encode each distinct text of a batch once."""
        pairs = zip(views, targets, candidates, strict=True)
        self._vectors.prepare(text for pair in pairs for text in self._texts(*pair))

    def __call__(self, view: SourceView, target: Sentence, candidates: Candidates) -> Scores:
        texts = self._texts(view, target, candidates)
        n = len(view.entities or ())
        if not texts:
            return Scores.from_dense(np.zeros((n, len(candidates))))
        vectors = self._vectors.get(texts)
        rows = np.stack([vectors[text] for text in texts])
        dense = rows[:n] @ rows[n:].T
        dense[dense < self.min_score] = 0.0
        return Scores.from_dense(dense)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "emb_score",
            "min_score": self.min_score,
            "encoder": self.encoder.describe(),
        }


def make_emb_score(encoder: Any, min_score: float = 0.0) -> EmbScore:
    """``spacy-xproj.EmbScore.v1``: the cosine of the embeddings of entity and candidate, each read
    without its sentence; an embedding is the mean over the subwords (METHODS, "emb").

    encoder: a block of ``xproj_encoders``. min_score: below it the score is 0; many encoders give
    unrelated texts a cosine of .7 or more. Each distinct text of a batch is encoded once.
    """
    check_part("spacy-xproj.EmbScore.v1", "encoder", encoder, "encode")
    return EmbScore(encoder=encoder, min_score=min_score)


class NmtScore:
    """What ``make_nmt_score`` describes."""

    def __init__(
        self,
        *,
        translator: PairScorer,
        target_lang: str,
        max_candidates: int | None,
        min_score: float,
    ) -> None:
        self.translator = translator
        self.target_lang = target_lang
        self.max_candidates = max_candidates
        self.min_score = min_score
        self._align = make_align_score()
        self._log_p = BatchCache(self._run)

    def _run(self, pairs: list[Translation]) -> list[float]:
        by_langs: dict[tuple[str, str], list[Translation]] = {}
        for pair in pairs:
            by_langs.setdefault(pair[2:], []).append(pair)
        found: dict[Translation, float] = {}
        for (source_lang, target_lang), own in sorted(by_langs.items()):
            values = self.translator.score(
                [pair[0] for pair in own],
                [pair[1] for pair in own],
                source_lang=source_lang,
                target_lang=target_lang,
            )
            found.update(zip(own, values, strict=True))
        return [found[pair] for pair in pairs]

    def _chosen(
        self, view: SourceView, target: Sentence, candidates: Candidates
    ) -> Iterator[tuple[int, int, list[Translation]]]:
        """The pairs of entity and candidate to score, each with the four translations it needs:
        A given B, A given A, B given A, B given B."""
        entities = view.entities or ()
        if not entities or not len(candidates):
            return
        if self.max_candidates is None:
            picks = [list(range(len(candidates)))] * len(entities)
        else:
            aligned = self._align(view, target, candidates).to_dense()
            order = np.argsort(-aligned, axis=1, kind="stable")[:, : self.max_candidates]
            picks = [[t for t in row if aligned[s, t] > 0] for s, row in enumerate(order.tolist())]
        offsets, text = target.offsets, target.text
        for s, entity in enumerate(entities):
            a = view.entity_text(entity)
            for t in picks[s]:
                start, end = candidates[t].tolist()
                b = text[offsets[start][0] : offsets[end - 1][1]]
                src, tgt = view.lang, self.target_lang
                yield s, t, [(b, a, tgt, src), (a, a, src, src), (a, b, src, tgt), (b, b, tgt, tgt)]

    def prepare(
        self,
        views: Sequence[SourceView],
        targets: Sequence[Sentence],
        candidates: Sequence[Candidates],
    ) -> None:
        """Score each distinct pair of texts of a batch once."""
        pairs = zip(views, targets, candidates, strict=True)
        self._log_p.prepare(
            needed for pair in pairs for _, _, four in self._chosen(*pair) for needed in four
        )

    def __call__(self, view: SourceView, target: Sentence, candidates: Candidates) -> Scores:
        dense = np.zeros((len(view.entities or ()), len(candidates)))
        chosen = list(self._chosen(view, target, candidates))
        log_p = self._log_p.get(needed for _, _, four in chosen for needed in four)
        for s, t, four in chosen:
            a_b, a_a, b_a, b_b = (log_p[needed] for needed in four)
            value = (_ratio(a_b, a_a) + _ratio(b_a, b_b)) / 2
            dense[s, t] = 0.0 if value < self.min_score else value
        return Scores.from_dense(dense)

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


def make_nmt_score(
    translator: Any,
    target_lang: str,
    max_candidates: int | None = 10,
    min_score: float = 0.1,
) -> NmtScore:
    """``spacy-xproj.NmtScore.v1``: are entity A and candidate B translations of each other?
    (p(A|B) / p(A|A) + p(B|A) / p(B|B)) / 2 with p the geometric mean over tokens (Vamvas & Sennrich
    2022; METHODS, "nmt"). Below ``min_score`` it is 0.

    translator: a block of ``xproj_translators`` that scores given translations, also from a
    language into itself: ``Seq2Seq`` with a multilingual model such as NLLB-200 or M2M-100.
    target_lang: of the documents, e.g. ``${nlp.lang}``; the other language is the view's.
    max_candidates: score only that many candidates an entity, those that the links speak for most;
    null scores all, and needs no links. Each distinct pair of texts of a batch is scored once.
    """
    check_part("spacy-xproj.NmtScore.v1", "translator", translator, "score")
    if max_candidates is not None and max_candidates < 1:
        raise XProjError(Errors.XP503.format(name="max_candidates", value=max_candidates))
    return NmtScore(
        translator=translator,
        target_lang=target_lang,
        max_candidates=max_candidates,
        min_score=min_score,
    )
