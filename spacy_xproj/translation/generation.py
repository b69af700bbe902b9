"""From token ids to token ids: what a generation backend is, and that of transformers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

from ..errors import Errors, XProjError
from ..hf.loading import keep_to_one_thread_after_a_fork, load_model, load_tokenizer
from ..hf.memory import in_parts
from ..hf.windows import pad_batch
from .direction import Start

Ids = Sequence[int]
# Set by this package, so not free.
_OWN_SETTINGS = (
    "decoder_start_token_id",
    "do_sample",
    "forced_bos_token_id",
    "num_beams",
    "num_return_sequences",
    "return_dict_in_generate",
)


class TokenGenerator(Protocol):
    """Runs a sequence-to-sequence model, loaded at first use. The same rows give the same outputs,
    in whatever batches."""

    model: str
    revision: str | None

    def tokenizer(self) -> Any:
        """The tokenizer in Hugging Face form."""
        ...

    def positions(self) -> int | None:
        """Most tokens that the model takes, or None where it has no limit of its own."""
        ...

    def longest(self, limit: int) -> int:
        """Most tokens of an output: ``limit``, or what the settings say."""
        ...

    def generate(self, rows: Sequence[Ids], *, start: Start, longest: int) -> list[list[int]]:
        """Per row of input ids the output ids: without what the decoder starts from, with the end
        of sentence where the output came to one."""
        ...

    def score(self, rows: Sequence[Ids], outputs: Sequence[Ids], *, start: Start) -> list[float]:
        """Mean natural-log probability per token of each output (as the tokenizer encodes a target
        text) given its row."""
        ...

    def describe(self) -> dict[str, Any]:
        """Kind, model, revision, and the settings that change the output; plain data."""
        ...


@runtime_checkable
class Attending(Protocol):
    """A ``TokenGenerator`` that also says what each output token comes from."""

    def generate_attending(
        self, rows: Sequence[Ids], *, start: Start, longest: int
    ) -> list[tuple[list[int], list[int]]]:
        """As ``generate``, with, for each output id, the place of the input id that the model's
        alignment head attends to most."""
        ...


def check_least(**settings: tuple[int, int]) -> None:
    """setting=(value, least): raise XProjError for a value that is less."""
    for setting, (value, least) in settings.items():
        if value < least:
            why = f"it must be at least {least}."
            raise XProjError(Errors.XP207.format(setting=setting, value=value, why=why))


def batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Indices in batches, the longest first, so that too big a batch shows at once."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    for start in range(0, len(order), size):
        yield order[start : start + size]


class TransformersGenerator:
    """transformers' own ``generate``: beam search without sampling."""

    def __init__(
        self,
        model: str,
        *,
        revision: str | None = None,
        device: str = "auto",
        batch_size: int = 16,
        num_beams: int = 4,
        generation: dict[str, Any] | None = None,
        half: bool = False,
    ) -> None:
        """``Seq2Seq`` describes the settings. Raises XProjError for one that is invalid."""
        check_least(batch_size=(batch_size, 1), num_beams=(num_beams, 1))
        self.model = model
        self.revision = revision
        self.device = device
        self.batch_size = batch_size
        self.num_beams = num_beams
        self.generation = dict(generation or {})
        self.half = half
        self._loaded: tuple[Any, Any] | None = None
        for name in _OWN_SETTINGS:
            if name in self.generation:
                why = f"{name!r} is not free; leave it out (num_beams is a setting of its own)."
                raise XProjError(
                    Errors.XP207.format(setting="generation", value=self.generation, why=why)
                )

    def __getstate__(self) -> dict[str, Any]:
        # A worker process loads its own copy; weights do not belong in a pickle.
        return {**self.__dict__, "_loaded": None}

    def tokenizer(self) -> Any:
        return self._load()[0]

    def positions(self) -> int | None:
        return getattr(self._load()[1].config, "max_position_embeddings", None)

    def longest(self, limit: int) -> int:
        most: int = self.generation.get("max_new_tokens", limit)
        return most

    def generate(self, rows: Sequence[Ids], *, start: Start, longest: int) -> list[list[int]]:
        import torch

        tokenizer, model = self._load()
        arguments = {
            "decoder_start_token_id": start.decoder,
            "forced_bos_token_id": start.forced,
        }
        settings = {name: id for name, id in arguments.items() if id is not None}
        settings |= {**self.generation, "max_new_tokens": longest}
        end = tokenizer.eos_token_id

        def run(some: Sequence[Ids]) -> list[list[int]]:
            ids, mask = self._pad(some)
            with torch.inference_mode():
                output = model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    num_beams=self.num_beams,
                    do_sample=False,
                    pad_token_id=tokenizer.pad_token_id,
                    **settings,
                )
            lists = output[:, 1:].tolist()
            return [row[: row.index(end) + 1] if end in row else row for row in lists]

        results: list[list[int]] = [[] for _ in rows]
        for batch in batches([len(row) for row in rows], self.batch_size):
            found = in_parts(run, [rows[i] for i in batch], setting="batch_size")
            for i, row in zip(batch, found, strict=True):
                results[i] = row
        return results

    def score(self, rows: Sequence[Ids], outputs: Sequence[Ids], *, start: Start) -> list[float]:
        import torch

        _, model = self._load()

        def run(some: Sequence[tuple[Ids, Ids]]) -> list[float]:
            ids, mask = self._pad([row for row, _ in some])
            labels, label_mask = self._pad([output for _, output in some])
            labels = labels.masked_fill(label_mask == 0, -100)
            with torch.inference_mode():
                logits = model(input_ids=ids, attention_mask=mask, labels=labels).logits
                losses = torch.nn.functional.cross_entropy(
                    logits.float().transpose(1, 2), labels, ignore_index=-100, reduction="none"
                )
                means: list[float] = (-losses.sum(dim=1) / label_mask.sum(dim=1)).tolist()
            return means

        scores = [0.0] * len(rows)
        lengths = [len(row) + len(output) for row, output in zip(rows, outputs, strict=True)]
        for batch in batches(lengths, self.batch_size):
            found = in_parts(run, [(rows[i], outputs[i]) for i in batch], setting="batch_size")
            for i, value in zip(batch, found, strict=True):
                scores[i] = value
        return scores

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "seq2seq",
            "model": self.model,
            "revision": self.revision,
            "half": self.half,
            "num_beams": self.num_beams,
            "generation": dict(self.generation),
        }

    def _load(self) -> tuple[Any, Any]:
        """The tokenizer and the model."""
        keep_to_one_thread_after_a_fork()
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

    def _pad(self, rows: Sequence[Ids]) -> tuple[Any, Any]:
        """Token ids and their mask, both of shape (rows, longest), on the model's device."""
        import torch

        tokenizer, model = self._load()
        ids, mask = pad_batch(rows, tokenizer.pad_token_id)
        return torch.from_numpy(ids).to(model.device), torch.from_numpy(mask).to(model.device)
