"""Translation with a sequence-to-sequence model in Hugging Face format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import Errors, XProjError
from ..hf.loading import load_model, load_tokenizer
from ..views import ViewStatus
from .base import Translation, blank_translation, is_blank
from .codes import is_same_language, model_code, near_codes
from .sentences import split_sentences

DEFAULT_MODEL = "facebook/nllb-200-distilled-600M"
# Written without spaces between sentences.
_UNSPACED = ("zh", "yue", "ja")
# NLLB's "swh_Latn" and mBART's "sw_KE" among a tokenizer's special tokens.
_LANGUAGE_TOKEN = re.compile(r"[a-z]{2,3}_[A-Za-z]{2,4}")
_OWN_SETTINGS = (
    "decoder_start_token_id",
    "do_sample",
    "forced_bos_token_id",
    "num_beams",
    "num_return_sequences",
    "return_dict_in_generate",
)


class Seq2Seq:
    """Translates with NLLB-200, M2M-100, mBART, Marian (OPUS-MT) or a model that works like one.

    The model is loaded at first use. The sentences of all texts go to it in one pool, each distinct
    one once, in batches of like length; beam search without sampling, so that the same texts give
    the same result.
    """

    def __init__(
        self,
        model: str,
        *,
        revision: str | None = None,
        device: str = "auto",
        batch_size: int = 16,
        max_length: int = 256,
        num_beams: int = 4,
        generation: dict[str, Any] | None = None,
        split_sentences: bool = True,
        source_code: str | None = None,
        target_code: str | None = None,
        half: bool = False,
    ) -> None:
        """``make_seq2seq`` describes the settings. Raises XProjError for one that is invalid."""
        for setting, value, least in (
            ("batch_size", batch_size, 1),
            ("num_beams", num_beams, 1),
            ("max_length", max_length, 8),  # room for the special tokens and some text
        ):
            if value < least:
                why = f"it must be at least {least}."
                raise XProjError(Errors.XP207.format(setting=setting, value=value, why=why))
        self.model = model
        self.revision = revision
        self.device = device
        self.batch_size = batch_size
        self.max_length = max_length
        self.num_beams = num_beams
        self.generation = dict(generation or {})
        for name in _OWN_SETTINGS:
            if name in self.generation:
                why = f"{name!r} is not free; leave it out (num_beams is a setting of its own)."
                raise XProjError(
                    Errors.XP207.format(setting="generation", value=self.generation, why=why)
                )
        self.split_sentences = split_sentences
        self.source_code = source_code
        self.target_code = target_code
        self.half = half
        self._loaded: tuple[Any, Any] | None = None

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
        cut = split_sentences if self.split_sentences else lambda text: [(text.strip(), "")]
        pieces = [[] if is_blank(text) else cut(text) for text in texts]
        pool = dict.fromkeys(s for row in pieces for s, _ in row if not is_blank(s))
        if not pool:
            return [blank_translation() for _ in texts]
        done = self._run(list(pool), source_lang, target_lang)
        spaced = not any(is_same_language(target_lang, code) for code in _UNSPACED)
        return [self._join(row, done, spaced) if row else blank_translation() for row in pieces]

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
        import torch

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
        tokenizer, model = self._load()
        prefix, _ = self._set_languages(source_lang, target_lang)
        limit = self._limit()
        given = [_clean(sources[i]) for i in rows]
        wanted = [_clean(targets[i]) for i in rows]
        inputs = self._encode([prefix + text for text in given], limit)
        outputs = tokenizer(text_target=wanted, truncation=True, max_length=limit)["input_ids"]
        order = [len(ids) + len(out) for ids, out in zip(inputs, outputs, strict=True)]
        for batch in self._batches(order):
            ids, mask = self._pad([inputs[i] for i in batch])
            labels, label_mask = self._pad([outputs[i] for i in batch])
            labels = labels.masked_fill(label_mask == 0, -100)
            with torch.inference_mode():
                logits = model(input_ids=ids, attention_mask=mask, labels=labels).logits
                losses = torch.nn.functional.cross_entropy(
                    logits.float().transpose(1, 2), labels, ignore_index=-100, reduction="none"
                )
                means = -losses.sum(dim=1) / label_mask.sum(dim=1)
            for i, value in zip(batch, means.tolist(), strict=True):
                scores[rows[i]] = value
        return scores

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "seq2seq",
            "model": self.model,
            "revision": self.revision,
            "half": self.half,
            "max_length": self.max_length,
            "num_beams": self.num_beams,
            "generation": dict(self.generation),
            "split_sentences": self.split_sentences,
            "source_code": self.source_code,
            "target_code": self.target_code,
        }

    def _load(self) -> tuple[Any, Any]:
        """The tokenizer and the model."""
        if self._loaded is None:
            from transformers import GenerationConfig

            known = GenerationConfig()
            for name in self.generation:
                if not hasattr(known, name):
                    why = f"generate() has no setting {name!r}."
                    raise XProjError(
                        Errors.XP207.format(setting="generation", value=self.generation, why=why)
                    )
            tokenizer = load_tokenizer(self.model, revision=self.revision)
            model = load_model(
                "AutoModelForSeq2SeqLM",
                self.model,
                revision=self.revision,
                device=self.device,
                half=self.half,
            )
            self._loaded = tokenizer, model
        return self._loaded

    def _limit(self) -> int:
        """Most tokens of an input, special ones included, and of an output."""
        tokenizer, model = self._load()
        positions = getattr(model.config, "max_position_embeddings", None) or self.max_length
        return min(self.max_length, tokenizer.model_max_length, positions)

    def _set_languages(self, source_lang: str, target_lang: str) -> tuple[str, dict[str, int]]:
        """Tell the tokenizer the languages. Gives what to put before each text, and the arguments
        that make ``generate`` write the target language."""
        tokenizer, _ = self._load()
        if getattr(tokenizer, "supported_language_codes", None):  # Marian, several targets
            codes = [code[2:-2] for code in tokenizer.supported_language_codes]
            return f">>{self._code('target_code', target_lang, codes)}<< ", {}
        if not hasattr(tokenizer, "src_lang"):  # one pair of languages
            self._check_pair("source", source_lang)
            self._check_pair("target", target_lang)
            return "", {}
        if hasattr(tokenizer, "get_lang_id"):  # M2M-100: the token of "sw" is "__sw__"
            codes, to_id = list(tokenizer.lang_code_to_token), tokenizer.get_lang_id
        else:  # NLLB, mBART
            special = tokenizer.additional_special_tokens
            codes = [token for token in special if _LANGUAGE_TOKEN.fullmatch(token)]
            to_id = tokenizer.convert_tokens_to_ids
        tokenizer.src_lang = self._code("source_code", source_lang, codes)
        tokenizer.tgt_lang = self._code("target_code", target_lang, codes)
        # mBART-cc25 starts its output with the language, mBART-50 and the others force it next.
        first = type(tokenizer).__name__.startswith("MBartTokenizer")
        argument = "decoder_start_token_id" if first else "forced_bos_token_id"
        return "", {argument: to_id(tokenizer.tgt_lang)}

    def _code(self, setting: str, lang: str, codes: Sequence[str]) -> str:
        code = self.source_code if setting == "source_code" else self.target_code
        if code is None:
            return model_code(lang, codes)
        if code not in codes:
            near = ", ".join(near_codes(code, codes)) or "none is near"
            raise XProjError(
                Errors.XP206.format(setting=setting, code=code, model=self.model, near=near)
            )
        return code

    def _check_pair(self, side: str, lang: str) -> None:
        """A model of the other direction gives fluent nonsense, so what Marian's tokenizer says is
        compared; codes of three letters may be those of families ("roa") and are believed."""
        have = getattr(self._load()[0], f"{side}_lang", None)
        meant = (self.source_code if side == "source" else self.target_code) or lang
        if have and len(have) == 2 and is_same_language(have, meant) is False:
            what = "from" if side == "source" else "into"
            raise XProjError(
                Errors.XP208.format(
                    model=self.model, what=what, have=have, lang=meant, setting=f"{side}_code"
                )
            )

    def _encode(self, texts: list[str], limit: int) -> list[list[int]]:
        tokenizer, _ = self._load()
        return tokenizer(texts, truncation=True, max_length=limit)["input_ids"]

    def _run(
        self, sentences: list[str], source_lang: str, target_lang: str
    ) -> dict[str, tuple[str, str]]:
        """Per sentence its translation, and what is missing from it or ""."""
        import torch

        tokenizer, model = self._load()
        prefix, arguments = self._set_languages(source_lang, target_lang)
        limit = self._limit()
        settings = {"max_new_tokens": limit, **arguments, **self.generation}
        most = settings["max_new_tokens"]
        texts = [prefix + sentence for sentence in sentences]
        inputs = self._encode(texts, limit)
        full = tokenizer(texts, verbose=False)["input_ids"]
        results: dict[str, tuple[str, str]] = {}
        for batch in self._batches([len(ids) for ids in inputs]):
            ids, mask = self._pad([inputs[i] for i in batch])
            with torch.inference_mode():
                output = model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    num_beams=self.num_beams,
                    do_sample=False,
                    pad_token_id=tokenizer.pad_token_id,
                    **settings,
                )
            decoded = tokenizer.batch_decode(
                output, skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
            # The first is where the decoder starts. Marian's settings put an end at the limit.
            ended = (output[:, 1:most] == tokenizer.eos_token_id).any(dim=1).tolist()
            for i, text, complete in zip(batch, decoded, ended, strict=True):
                text = text.strip()
                missing = ""
                if len(full[i]) > limit:
                    missing = f"cut at {limit} of {len(full[i])} tokens"
                elif is_blank(text):
                    text, missing = "", "translated to nothing"
                elif not complete:
                    missing = f"translated up to {most} tokens only"
                results[sentences[i]] = text, missing
        return results

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        """Indices in batches, the longest first, so that too big a batch shows at once."""
        order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
        for start in range(0, len(order), self.batch_size):
            yield order[start : start + self.batch_size]

    def _pad(self, rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        """Token ids and their mask, both of shape (rows, longest), on the model's device."""
        import torch

        tokenizer, model = self._load()
        width = max(map(len, rows))
        ids = [[*row, *[tokenizer.pad_token_id] * (width - len(row))] for row in rows]
        mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
        return torch.tensor(ids, device=model.device), torch.tensor(mask, device=model.device)

    def _join(
        self, row: Sequence[tuple[str, str]], done: dict[str, tuple[str, str]], spaced: bool
    ) -> Translation:
        parts: list[str] = []
        missing: list[str] = []
        gap = ""
        for sentence, after in row:
            text, lack = done.get(sentence, ("", ""))
            if lack:
                missing.append(lack)
            if text:
                parts += [gap, text] if parts else [text]
            gap = after or (" " if spaced else "")
        text = "".join(parts)
        if not text:
            return Translation("", ViewStatus.EMPTY_TRANSLATION, "; ".join(dict.fromkeys(missing)))
        if missing:
            what = "; ".join(dict.fromkeys(missing))
            reason = f"{len(missing)} of {len(row)} sentences incomplete: {what}"
            return Translation(text, ViewStatus.TRUNCATED, reason)
        return Translation(text, ViewStatus.OK)


def make_seq2seq(
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
) -> Seq2Seq:
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
    return Seq2Seq(
        model,
        revision=revision,
        device=device,
        batch_size=batch_size,
        max_length=max_length,
        num_beams=num_beams,
        generation=generation,
        split_sentences=split_sentences,
        source_code=source_code,
        target_code=target_code,
        half=half,
    )


def _clean(text: str) -> str:
    """Half surrogate pairs, which no tokenizer takes, as "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
