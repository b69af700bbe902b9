"""Word links by way of a back-translation: source -> target language -> target words [P].

The translated source is in the target's own language, where words are easier to align.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import srsly

from ..abilities import Saveable, Trainable, check_all_ready, check_part
from ..data.links import Links
from ..data.sentence import Sentence
from ..data.spans import chars_to_words, cut_at, word_offsets
from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..text.markers import mark, match_pieces, pick_marks, unmark
from ..text.tokenizers import Blank
from .base import EXAMPLE, Aligner

MODES = ("compose", "tgt2tgt")


@runtime_checkable
class TextTranslator(Protocol):
    """What this room needs of a translator, a part of another room: a text, or something with a
    ``text``, for each text."""

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> Sequence[Any]: ...

    def describe(self) -> dict[str, Any]: ...


class BackTranslation:
    """``spacy-xproj.BackTranslation.v1``: refine links by a translation into the target language.

    aligner: for the direct links, and for source words with back-translated ones. target_aligner:
    for back-translated words with target words, the same language; by default ``aligner`` too.
    translator: a block of ``xproj_translators`` that goes from the views' languages to
    ``target_lang``, the language of the documents.
    mode: "compose" takes for each link the weighted mean of its direct strength and of the
    strongest path over the back-translation, which ``weight`` counts for: agreement raises a
    strength, disagreement lowers it. "tgt2tgt" marks the entities, translates, and aligns their
    translations only, as [P] does; ``threshold`` is that of marker projection; it needs the
    entities, so 'xproj_source_ner' goes before 'xproj_aligner'.
    """

    def __init__(
        self,
        *,
        aligner: Any,
        translator: Any,
        target_lang: str,
        mode: str = "compose",
        weight: float = 0.5,
        threshold: float = 0.5,
        target_aligner: Any = None,
    ) -> None:
        if mode not in MODES:
            raise XProjError(
                Errors.XP150.format(
                    kind="mode of back-translation",
                    name=mode,
                    fix='mode = "compose"',
                    known=", ".join(MODES),
                )
            )
        if not 0.0 <= weight <= 1.0:
            raise XProjError(Errors.XP152.format(name="weight", value=weight, fix=0.5))
        if not target_lang:
            raise XProjError(Errors.XP432)

        def check(part: Any, kind: type, setting: str, example: str) -> Any:
            user = "spacy-xproj.BackTranslation.v1"
            return check_part(part, kind, user=user, setting=setting, example=example)

        self.aligner: Aligner = check(aligner, Aligner, "aligner", EXAMPLE)
        self.translator: TextTranslator = check(
            translator,
            TextTranslator,
            "translator",
            '"@xproj_translators": "spacy-xproj.Seq2Seq.v1"',
        )
        self.target_lang = target_lang
        self.mode = mode
        self.weight = weight
        self.threshold = threshold
        self.target_aligner: Aligner | None = None
        if target_aligner is not None:
            self.target_aligner = check(target_aligner, Aligner, "target_aligner", EXAMPLE)
        self._blank: Blank | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_blank": None}

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """Links of each pair. Where the translator gives nothing back, "compose" keeps the direct
        links as they are and "tgt2tgt" has none. Raises XProjError in mode "tgt2tgt" for a view
        without entities, which must be found before the aligner runs."""
        if self.mode == "compose":
            return self._compose(views, targets)
        return self._through_entities(views, targets)

    def _compose(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        direct = self.aligner.align(views, targets)
        usable = [i for i, (v, t) in enumerate(zip(views, targets, strict=True)) if v.words and t]
        translated = self._translate((views[i].lang, views[i].text) for i in usable)
        backs = {i: self._words(translated[views[i].lang, views[i].text], [])[0] for i in usable}
        usable = [i for i in usable if len(backs[i])]
        # A row names a pair of the corpus, which these are not.
        first = self.aligner.align(
            [views[i].replace(row=None) for i in usable], [backs[i] for i in usable]
        )
        second = self._same_language([backs[i] for i in usable], [targets[i] for i in usable])
        result = list(direct)
        for i, one, two in zip(usable, first, second, strict=True):
            n_source, n_back, n_target = len(views[i].words), len(backs[i]), len(targets[i])
            path = best_path(one.to_matrix(n_source, n_back), two.to_matrix(n_back, n_target))
            mean = (1.0 - self.weight) * direct[i].to_matrix(n_source, n_target)
            result[i] = Links.from_matrix((mean + self.weight * path).round(4))
        return result

    def _through_entities(
        self, views: Sequence[SourceView], targets: Sequence[Sentence]
    ) -> list[Links]:
        for view in views:
            if view.entities is None and view.words:
                raise XProjError(
                    Errors.XP106.format(
                        lang=view.lang,
                        what="entities",
                        component="xproj_source_ner",
                        this="xproj_aligner",
                    )
                )
        marks = {i: pick_marks(v.text) for i, v in enumerate(views) if v.entities and targets[i]}
        texts = {
            i: mark(views[i].text, [(e.start_char, e.end_char) for e in views[i].entities or ()], m)
            for i, m in marks.items()
            if m is not None
        }
        names = {
            i: [(views[i].lang, views[i].entity_text(e)) for e in views[i].entities or ()]
            for i in texts
        }
        translated = self._translate(
            [(views[i].lang, text) for i, text in texts.items()]
            + [name for own in names.values() for name in own]
        )
        backs: dict[int, Sentence] = {}
        pieces: dict[int, list[tuple[int, int, int]]] = {}  # entity, and its words there
        for i, text in texts.items():
            plain, spans = unmark(translated[views[i].lang, text], marks[i] or ("", ""))
            alone = [translated[name].strip() for name in names[i]]
            parts = [plain[start:end] for start, end in spans]
            matches = match_pieces(parts, alone, threshold=self.threshold)
            sentence, words = self._words(plain, [spans[m.piece] for m in matches])
            if matches:
                backs[i] = sentence
                pieces[i] = [(m.entity, *span) for m, span in zip(matches, words, strict=True)]
        aligned = self._same_language(list(backs.values()), [targets[i] for i in backs])
        result = [Links() for _ in views]
        for i, links in zip(backs, aligned, strict=True):
            entities = views[i].entities or ()
            triples: list[tuple[int, int, float]] = []
            for index, start, end in pieces[i]:
                entity = entities[index]
                length = entity.end - entity.start
                # The name as a whole is aligned: its words share the strength evenly.
                triples += [
                    (k, l, a / length)
                    for b, l, a in links
                    if start <= b < end
                    for k in range(entity.start, entity.end)
                ]
            result[i] = Links(triples)
        return result

    def _translate(self, texts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The translation of each (language, text) into the target language; "" where none is."""
        by_lang: dict[str, dict[str, None]] = {}
        for lang, text in texts:
            by_lang.setdefault(lang, {})[text] = None
        result = {}
        for lang, own in by_lang.items():
            translations = self.translator.translate(
                list(own), source_lang=lang, target_lang=self.target_lang
            )
            for text, translation in zip(own, translations, strict=True):
                result[lang, text] = (
                    translation if isinstance(translation, str) else translation.text
                )
        return result

    def _words(
        self, text: str, spans: Sequence[tuple[int, int]]
    ) -> tuple[Sentence, list[tuple[int, int]]]:
        """The words of a text, and those that each span of characters covers: where a span cuts a
        word, the word gives way."""
        self._blank = Blank(self.target_lang) if self._blank is None else self._blank.renewed()
        sentence = Sentence.from_doc(self._blank.tokenize(text))
        words, spaces = cut_at(sentence.words, sentence.spaces, [b for span in spans for b in span])
        offsets = word_offsets(words, spaces)
        covered = [chars_to_words(offsets, start, end) for start, end in spans]
        return Sentence(tuple(words), tuple(spaces)), [c for c in covered if c is not None]

    def _same_language(self, backs: Sequence[Sentence], targets: Sequence[Sentence]) -> list[Links]:
        views = [SourceView(self.target_lang, b.words, b.spaces) for b in backs]
        return (self.target_aligner or self.aligner).align(views, targets) if views else []

    def train(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> None:
        """Train the direct aligner, if it learns from a bitext."""
        if isinstance(self.aligner, Trainable):
            self.aligner.train(views, targets)

    def check_ready(self) -> None:
        """Raise XProjError where an aligner or the translator is not ready."""
        check_all_ready(*self._parts().values())

    def describe(self) -> dict[str, Any]:
        target_aligner = self.target_aligner
        return {
            "aligner": "back-translation",
            "mode": self.mode,
            "weight": self.weight if self.mode == "compose" else None,
            "threshold": self.threshold if self.mode == "tgt2tgt" else None,
            "target_lang": self.target_lang,
            "translator": self.translator.describe(),
            "direct": self.aligner.describe(),
            "same_language": None if target_aligner is None else target_aligner.describe(),
        }

    def _parts(self) -> dict[str, Any]:
        return {
            "aligner": self.aligner,
            "target_aligner": self.target_aligner,
            "translator": self.translator,
        }

    def to_bytes(self) -> bytes:
        """What the aligners and the translator carry."""
        parts = self._parts().items()
        data = {name: part.to_bytes() for name, part in parts if isinstance(part, Saveable)}
        return bytes(srsly.msgpack_dumps(data))

    def from_bytes(self, data: bytes) -> None:
        parts = self._parts()
        for name, own in srsly.msgpack_loads(data).items():
            parts[name].from_bytes(own)


def best_path(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The strongest way from each row to each column over one word between, as the product of its
    two links; shapes (n, b), (b, m) -> (n, m). A sum would exceed 1 where several ways agree."""
    best = np.zeros((first.shape[0], second.shape[1]))
    for column, row in zip(first.T, second, strict=True):
        np.maximum(best, np.outer(column, row), out=best)
    return best
