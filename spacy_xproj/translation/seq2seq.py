"""Translation with a sequence-to-sequence model in Hugging Face format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..abilities import check_all_ready
from ..data.char_links import CharLinks
from ..errors import Errors, XProjError
from ..hf.identity import check_model, model_version
from .attention import attention_links, token_chars
from .base import Translation, is_blank
from .direction import Direction, set_direction
from .generation import Attending, TokenGenerator, TransformersGenerator, check_least
from .sentences import NOTHING, Rendering, by_sentences

DEFAULT_MODEL = "facebook/nllb-200-distilled-600M"
# To be raised when the code around the model (cutting, joining) changes what comes out, so that
# kept translations of before are not taken for those of now.
_CODE_VERSION = 1


class ModelTranslator:
    """Translates with NLLB-200, M2M-100, mBART, Marian (OPUS-MT) or a model that works like one.

    This class deals with text: sentences, languages, limits and statuses. ``generator`` runs the
    model. The sentences of all texts go to it in one pool, each distinct one once.
    """

    def __init__(
        self,
        generator: TokenGenerator,
        *,
        max_length: int = 256,
        split_sentences: bool = True,
        source_code: str | None = None,
        target_code: str | None = None,
        links: bool = False,
    ) -> None:
        """``Seq2Seq`` and ``CTranslate2`` describe the settings. Raises XProjError for one that is
        invalid."""
        check_least(max_length=(max_length, 8))  # room for the special tokens and some text
        self.generator = generator
        self.max_length = max_length
        self.split_sentences = split_sentences
        self.source_code = source_code
        self.target_code = target_code
        self.links = links

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        """Translate each text, sentence by sentence, and join with the white space of the original.

        TRUNCATED, with what there is and a reason, where a sentence is longer than the model takes,
        where its translation reached the limit, or where it came back empty while others did not.
        Raises XProjError for a language that the model has no code for, ModelNotFoundError where
        the model cannot be had.
        """
        texts = [_clean(text) for text in texts]
        return by_sentences(
            texts,
            lambda sentences: self._run(sentences, source_lang, target_lang),
            target_lang=target_lang,
            split=self.split_sentences,
        )

    def score(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        *,
        source_lang: str,
        target_lang: str,
    ) -> list[float]:
        """Mean natural-log probability per token of each target given its source, <= 0.

        The tokens are those of the target, its language code where the model writes one, and the
        end of sentence: the model's negative loss on the pair. Not split into sentences; of a text
        longer than the model takes, what fits is scored. A blank text on either side gives -inf
        and does not reach the model. Raises as ``translate`` does.
        """
        if len(sources) != len(targets):
            raise XProjError(Errors.XP209.format(n_sources=len(sources), n_targets=len(targets)))
        scores = [float("-inf")] * len(sources)
        rows = [
            i
            for i, pair in enumerate(zip(sources, targets, strict=True))
            if not any(map(is_blank, pair))
        ]
        if not rows:
            return scores
        tokenizer = self.generator.tokenizer()
        prefix, start = self._set_direction(source_lang, target_lang)
        limit = self._limit()
        inputs, _ = self._encode([prefix + _clean(sources[i]) for i in rows], limit)
        wanted = [_clean(targets[i]) for i in rows]
        outputs = tokenizer(text_target=wanted, truncation=True, max_length=limit)["input_ids"]
        values = self.generator.score(inputs, outputs, start=start)
        for i, value in zip(rows, values, strict=True):
            scores[i] = value
        return scores

    def check_ready(self) -> None:
        """Raise XProjError where the model cannot be had, or what runs it is not installed."""
        check_all_ready(self.generator)
        check_model(self.generator.model, self.generator.revision)

    def describe(self) -> dict[str, Any]:
        return {
            **self.generator.describe(),
            "max_length": self.max_length,
            "split_sentences": self.split_sentences,
            "source_code": self.source_code,
            "target_code": self.target_code,
            **({"links": True} if self.links else {}),
        }

    def identity(self) -> dict[str, Any] | None:
        """``describe()`` with what the model's files hold in place of its name; no model is
        loaded. None where a model of the hub is not on this machine yet and its commit unknown."""
        version = model_version(self.generator.model, self.generator.revision)
        if version is None:
            return None
        return {**self.describe(), "model": version, "revision": None, "code": _CODE_VERSION}

    def _limit(self) -> int:
        """Most tokens of an input, special ones included, and of an output."""
        positions = self.generator.positions() or self.max_length
        return min(self.max_length, self.generator.tokenizer().model_max_length, positions)

    def _set_direction(self, source_lang: str, target_lang: str) -> Direction:
        return set_direction(
            self.generator.tokenizer(),
            source_lang,
            target_lang,
            model=self.generator.model,
            source_code=self.source_code,
            target_code=self.target_code,
        )

    def _encode(self, texts: list[str], limit: int) -> tuple[list[list[int]], list[int]]:
        """The ids of each text, cut at the limit, and how many there would be without it."""
        tokenizer = self.generator.tokenizer()
        rows = tokenizer(texts, verbose=False)["input_ids"]
        lengths = [len(row) for row in rows]
        long = [i for i, length in enumerate(lengths) if length > limit]
        if long:
            cut = tokenizer([texts[i] for i in long], truncation=True, max_length=limit)
            for i, row in zip(long, cut["input_ids"], strict=True):
                rows[i] = row
        return rows, lengths

    def _run(
        self, sentences: list[str], source_lang: str, target_lang: str
    ) -> dict[str, Rendering]:
        """What becomes of each sentence."""
        tokenizer = self.generator.tokenizer()
        prefix, start = self._set_direction(source_lang, target_lang)
        limit = self._limit()
        longest = self.generator.longest(limit)
        inputs, lengths = self._encode([prefix + sentence for sentence in sentences], limit)
        attended: list[list[int]] | None = None
        if self.links and isinstance(self.generator, Attending):
            both = self.generator.generate_attending(inputs, start=start, longest=longest)
            outputs, attended = [ids for ids, _ in both], [places for _, places in both]
        else:
            outputs = self.generator.generate(inputs, start=start, longest=longest)
        # A tokenizer that was saved anew may not know that the language it begins with is no text.
        forced = [] if start.forced is None else [start.forced]
        read = [ids[1:] if ids[:1] == forced else ids for ids in outputs]
        texts = tokenizer.batch_decode(
            read, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        results: dict[str, Rendering] = {}
        for i, (sentence, text) in enumerate(zip(sentences, texts, strict=True)):
            text, ids = text.strip(), outputs[i]
            missing = ""
            if lengths[i] > limit:
                missing = f"cut at {limit} of {lengths[i]} tokens"
            elif is_blank(text):
                text, missing = "", NOTHING
            # Marian's and mBART's settings put an end at the limit.
            elif ids[-1] != tokenizer.eos_token_id or len(ids) >= longest:
                missing = f"translated up to {longest} tokens only"
            links = None
            if attended is not None:
                links = self._link(prefix, sentence, inputs[i], text, ids, attended[i])
            results[sentence] = Rendering(text, missing, links)
        return results

    def _link(
        self,
        prefix: str,
        sentence: str,
        given: Sequence[int],
        text: str,
        made: Sequence[int],
        attended: Sequence[int],
    ) -> CharLinks:
        tokenizer = self.generator.tokenizer()
        special = set(tokenizer.all_special_ids)

        def chars(ids: Sequence[int], own: str) -> list[tuple[int, int] | None]:
            names = tokenizer.convert_ids_to_tokens(list(ids))
            plain = ["" if id in special else name for id, name in zip(ids, names, strict=True)]
            return token_chars(plain, own)

        links = attention_links(chars(given, prefix + sentence), chars(made, text), attended)
        cut = len(prefix)
        return tuple((a - cut, b - cut, c, d) for a, b, c, d in links if a >= cut)


class Seq2Seq(ModelTranslator):
    """``spacy-xproj.Seq2Seq.v1``: a Hugging Face sequence-to-sequence model.

    model: name on the hub or a folder. revision: commit or tag of the hub to hold it at.
    device: "auto", "cpu", "cuda", "cuda:1", "mps". half: half precision, on a GPU only.
    batch_size: sentences at a time. max_length: most tokens of a sentence and of its translation.
    num_beams: width of the beam search. generation: more settings of transformers' ``generate``,
    e.g. ``{"no_repeat_ngram_size": 4}``.
    split_sentences: translate sentence by sentence (NLLB leaves out sentences otherwise).
    source_code, target_code: the model's own codes for the language of the given texts and of the
    result, where the language that is asked for has none.
    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        revision: str | None = None,
        device: str = "auto",
        batch_size: int = 16,
        max_length: int = 256,
        num_beams: int = 4,
        generation: dict[str, Any] = {},  # noqa: B006  (spaCy fills configs from it; it is copied)
        split_sentences: bool = True,
        source_code: str | None = None,
        target_code: str | None = None,
        half: bool = False,
    ) -> None:
        generator = TransformersGenerator(
            model,
            revision=revision,
            device=device,
            batch_size=batch_size,
            num_beams=num_beams,
            generation=generation,
            half=half,
        )
        super().__init__(
            generator,
            max_length=max_length,
            split_sentences=split_sentences,
            source_code=source_code,
            target_code=target_code,
        )


def _clean(text: str) -> str:
    """Half surrogate pairs, which no tokenizer takes, as "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
