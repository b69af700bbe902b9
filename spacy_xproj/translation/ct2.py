"""Token generation by CTranslate2: the same models, with 8-bit weights where speed on a CPU matters
most. How much faster, ``python -m benchmarks speed --parts translation`` measures."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import Errors, XProjError
from ..hf.loading import keep_to_one_thread_after_a_fork, load_tokenizer
from ..io.records import read_json
from .conversion import converted_folder, read_config, read_notes
from .direction import Start
from .generation import Ids, check_least
from .seq2seq import DEFAULT_MODEL, ModelTranslator
from .trust import LEAST, SENTENCES, agreement, keep_check, kind_of_machine, read_checks

_log = logging.getLogger(__name__)

# Settings of ``translate_batch`` that shape the search; the others are set by this package.
SETTINGS = (
    *("coverage_penalty", "disable_unk", "length_penalty", "max_decoding_length"),
    *("min_decoding_length", "no_repeat_ngram_size", "patience", "repetition_penalty"),
)
# What means integers for weights on a CPU.
_INTEGERS = ("auto", "int8", "int8_float32")
# Translators of a parent process: their threads did not survive the fork, and freeing one would
# wait for them for ever.
_INHERITED: list[Any] = []


class _Loaded(NamedTuple):
    process: int
    tokenizer: Any
    translator: Any
    tokens: list[str]  # of the model's vocabulary, by id
    ids: dict[str, int]
    positions: int | None
    generation: dict[str, Any]  # the model's own settings


class CT2Generator:
    """Beam search without sampling by CTranslate2, on a model that is converted at first use."""

    def __init__(
        self,
        model: str,
        *,
        revision: str | None = None,
        device: str = "auto",
        compute_type: str = "default",
        batch_size: int = 16,
        num_beams: int = 4,
        generation: dict[str, Any] | None = None,
        inter_threads: int = 1,
        intra_threads: int = 0,
        cache: str | None = None,
    ) -> None:
        """``CTranslate2`` describes the settings. Raises XProjError for an invalid one."""
        check_least(
            batch_size=(batch_size, 1),
            num_beams=(num_beams, 1),
            inter_threads=(inter_threads, 1),
            intra_threads=(intra_threads, 0),
        )
        self.model = model
        self.revision = revision
        self.device = device
        self.compute_type = compute_type
        self.batch_size = batch_size
        self.num_beams = num_beams
        self.generation = dict(generation or {})
        self.inter_threads = inter_threads
        self.intra_threads = intra_threads
        self.cache = cache
        self._loaded: _Loaded | None = None
        for name in self.generation:
            if name not in SETTINGS:
                why = f"{name!r} is not one of {', '.join(SETTINGS)}."
                raise XProjError(
                    Errors.XP207.format(setting="generation", value=self.generation, why=why)
                )

    def __getstate__(self) -> dict[str, Any]:
        # A worker process loads its own copy; weights do not belong in a pickle.
        return {**self.__dict__, "_loaded": None}

    def check_ready(self) -> None:
        """Raise XProjError where CTranslate2 is not installed."""
        if importlib.util.find_spec("ctranslate2") is None:
            raise XProjError(Errors.XP250)

    def tokenizer(self) -> Any:
        return self._load().tokenizer

    def positions(self) -> int | None:
        return self._load().positions

    def longest(self, limit: int) -> int:
        most: int = self.generation.get("max_decoding_length", limit)
        return most

    def generate(self, rows: Sequence[Ids], *, start: Start, longest: int) -> list[list[int]]:
        return [ids for ids, _ in self._generate(rows, start, longest)]

    def generate_attending(
        self, rows: Sequence[Ids], *, start: Start, longest: int
    ) -> list[tuple[list[int], list[int]]]:
        """The alignment head is that of the converted model: of the last layer the first, which
        OPUS-MT's models are trained for (guided alignment)."""
        found = self._generate(rows, start, longest, return_attention=True)
        return [(ids, [int(np.argmax(row)) for row in attention]) for ids, attention in found]

    def _generate(
        self, rows: Sequence[Ids], start: Start, longest: int, **more: Any
    ) -> list[tuple[list[int], list[Any]]]:
        """Output ids, and the attention of each over the input where it is asked for."""
        loaded = self._load()
        # Where CTranslate2 has no token to start from (mBART-25), it takes the first given one.
        first = [id for id in start if id is not None]
        prefix = [loaded.tokens[id] for id in first]
        skipped = 0 if start.decoder is None else 1
        results = loaded.translator.translate_batch(
            _named(rows, loaded.tokens),
            [prefix] * len(rows) if prefix else None,
            max_batch_size=self.batch_size,  # sorts by length before it cuts
            beam_size=self.num_beams,
            max_input_length=0,
            return_end_token=True,
            **{**loaded.generation, **self.generation, "max_decoding_length": longest, **more},
        )
        return [
            (
                [loaded.ids[token] for token in result.hypotheses[0][skipped:]],
                result.attention[0][skipped:] if result.attention else [],
            )
            for result in results
        ]

    def score(self, rows: Sequence[Ids], outputs: Sequence[Ids], *, start: Start) -> list[float]:
        loaded = self._load()
        end = loaded.tokenizer.eos_token_id
        given = [[id for id in output if id not in (end, start.decoder)] for output in outputs]
        if start.decoder is not None:
            given = [[start.decoder, *output] for output in given]
        results = loaded.translator.score_batch(
            _named(rows, loaded.tokens),
            _named(given, loaded.tokens),
            max_batch_size=self.batch_size,
            max_input_length=0,
        )
        return [sum(result.log_probs) / len(result.log_probs) for result in results]

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "ctranslate2",
            "model": self.model,
            "revision": self.revision,
            "compute_type": self.compute_type,
            **({"weight_bits": 7} if self.compute_type in _INTEGERS else {}),
            "num_beams": self.num_beams,
            "generation": dict(self.generation),
        }

    def _load(self) -> _Loaded:
        keep_to_one_thread_after_a_fork()  # the conversion runs torch
        if self._loaded is not None and self._loaded.process != os.getpid():
            _INHERITED.append(self._loaded)
            self._loaded = None
        if self._loaded is None:
            self.check_ready()
            folder = converted_folder(self.model, self.revision, self.cache)
            tokenizer = load_tokenizer(self.model, revision=self.revision)
            loaded = self._read(folder, tokenizer)
            integers = self.compute_type in _INTEGERS and not _on_gpu(self.device)
            trusted = self._integers(folder, loaded) if integers else None
            translator = trusted or self._open(folder, "float32" if integers else self.compute_type)
            self._loaded = loaded._replace(translator=translator)
        return self._loaded

    def _integers(self, reference: Path, loaded: _Loaded) -> Any:
        """The model with integers for weights, or None where it does not translate as the one in
        ``reference`` does, on this machine."""
        folder = converted_folder(self.model, self.revision, self.cache, integers=True)
        translator = self._open(folder, "int8")
        kind = kind_of_machine()
        agreed = read_checks(folder).get(kind)
        if agreed is None:
            rows = [
                loaded.tokenizer.convert_ids_to_tokens(loaded.tokenizer(text).input_ids)
                for text in SENTENCES
            ]
            exact = self._open(reference, "float32")
            # Where the model has no token to start from (mBART-25), any will do here.
            start = read_config(folder).get("decoder_start_token")
            agreed = agreement(translator, exact, rows, [] if start else rows[0][-1:])
            keep_check(folder, kind, agreed)
        if agreed >= LEAST:
            return translator
        _log.warning(
            "%s with 8-bit weights agrees with 32 bits by %.2f on this machine, less than %.2f: "
            '32 bits are used (compute_type = "float32").',
            *(self.model, agreed, LEAST),
        )
        return None

    def _read(self, folder: Path, tokenizer: Any) -> _Loaded:
        try:
            tokens = read_json(folder / "shared_vocabulary.json")
            notes = read_notes(folder)
        except (OSError, ValueError) as err:
            raise XProjError(Errors.XP253.format(folder=folder, reason=err)) from err
        return _Loaded(
            process=os.getpid(),
            tokenizer=tokenizer,
            translator=None,
            tokens=tokens,
            ids={token: id for id, token in enumerate(tokens)},
            positions=notes["positions"],
            generation=notes["generation"],
        )

    def _open(self, folder: Path, compute_type: str) -> Any:
        import ctranslate2

        kind, _, index = self.device.partition(":")
        try:
            return ctranslate2.Translator(
                str(folder),
                device=kind,
                device_index=int(index or 0),
                compute_type=compute_type,
                inter_threads=self.inter_threads,
                intra_threads=self.intra_threads,
            )
        except (ValueError, RuntimeError) as err:
            if isinstance(err, RuntimeError) and "CUDA" not in str(err):
                raise XProjError(Errors.XP253.format(folder=folder, reason=err)) from err
            # a device or type that there is not, or not here
            have = ", ".join(sorted(ctranslate2.get_supported_compute_types("cpu")))
            raise XProjError(
                Errors.XP252.format(
                    device=self.device, compute_type=self.compute_type, reason=err, have=have
                )
            ) from err


class CTranslate2(ModelTranslator):
    """``spacy-xproj.CTranslate2.v1``: a Hugging Face sequence-to-sequence model, run by CTranslate2
    (extra ``[ct2]``). What is not told here is as in ``spacy-xproj.Seq2Seq.v1``.

    model: converted at first use and kept in ``cache``, by default ~/.cache/spacy-xproj/ct2.
    device: "auto", "cpu", "cuda", "cuda:1".
    compute_type: "default" (the model's own precision, float32 on a CPU), "int8" (a quarter of the
    memory, fastest on a CPU), "float16" (on a GPU), or another that CTranslate2 knows. "auto"
    takes the fastest of the machine, so other machines may translate otherwise. On a CPU "int8" and
    "auto" use weights of 7 bits, which any CPU multiplies rightly; where they do not agree with
    float32 on a few sentences, tried once a machine, float32 is used and a warning logged.
    generation: more settings of CTranslate2's ``translate_batch``: coverage_penalty, disable_unk,
    length_penalty, max_decoding_length, min_decoding_length, no_repeat_ngram_size, patience,
    repetition_penalty. Those that the model brings are used where they are not given. With a
    patience of 1 (its default) the search ends a little earlier than that of transformers.
    inter_threads: batches at a time. intra_threads: threads of each; 0 lets CTranslate2 choose.
    links: also give the word links that the first attention head of the last layer says, for
    ``spacy-xproj.FromTranslator.v1``: good where the model was trained for it, as OPUS-MT's models
    were (guided alignment); of others the links are arbitrary.
    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        revision: str | None = None,
        device: str = "auto",
        compute_type: str = "default",
        batch_size: int = 16,
        max_length: int = 256,
        num_beams: int = 4,
        generation: dict[str, Any] = {},  # noqa: B006  (spaCy fills configs from it; it is copied)
        split_sentences: bool = True,
        source_code: str | None = None,
        target_code: str | None = None,
        inter_threads: int = 1,
        intra_threads: int = 0,
        cache: str | None = None,
        links: bool = False,
    ) -> None:
        generator = CT2Generator(
            model,
            revision=revision,
            device=device,
            compute_type=compute_type,
            batch_size=batch_size,
            num_beams=num_beams,
            generation=generation,
            inter_threads=inter_threads,
            intra_threads=intra_threads,
            cache=cache,
        )
        super().__init__(
            generator,
            max_length=max_length,
            split_sentences=split_sentences,
            source_code=source_code,
            target_code=target_code,
            links=links,
        )


def _on_gpu(device: str) -> bool:
    import ctranslate2

    if device == "auto":
        return bool(ctranslate2.get_cuda_device_count())
    return device.startswith("cuda")


def _named(rows: Sequence[Ids], tokens: Sequence[str]) -> list[list[str]]:
    """CTranslate2 takes tokens by name."""
    return [[tokens[id] for id in row] for row in rows]
