"""A Hugging Face model with its tokenizer, loaded on first use and run over word lists."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from .loading import keep_to_one_thread_after_a_fork, load_model, load_word_tokenizer
from .machine import has_fast_bfloat16
from .memory import in_parts
from .pieces import Pieces, split_pieces
from .windows import pad_batch, room_for_pieces, run_windows, special_ids

_log = logging.getLogger(__name__)

# Positions a batch by default. On a CPU its matrix products are as fast with few of them, and the
# fewer they are, the more alike are the lengths, the less is padding.
CPU_BATCH_TOKENS = 512
GPU_BATCH_TOKENS = 16_384


def check_settings(half: bool, bfloat16: bool, batch_size: int, batch_tokens: int | None) -> None:
    """Raise XProjError where a model cannot be run like this."""
    if half and bfloat16:
        raise XProjError(Errors.XP441)
    if batch_size < 1:
        raise XProjError(Errors.XP151.format(name="batch_size", value=batch_size, least=1, fix=64))
    if batch_tokens is not None and batch_tokens < 1:
        settings = {"value": batch_tokens, "least": 1, "fix": CPU_BATCH_TOKENS}
        raise XProjError(Errors.XP151.format(name="batch_tokens", **settings))


def side_by_side(
    device: str, forward: Callable[[Any], Any], batches: Sequence[Any]
) -> Iterator[Any]:
    """``forward`` of each batch, in order. On a CPU, where there are enough batches, as many run at
    a time as there are threads, each on one: they need not wait for one another in every layer."""
    import torch

    threads = torch.get_num_threads()
    if device != "cpu" or not 1 < threads <= len(batches):
        yield from map(forward, batches)
        return
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield from pool.map(forward, batches)
    finally:
        # It is also what threads started later begin with.
        torch.set_num_threads(threads)


def short_floats(device: str) -> bool:
    """Whether a model of which bfloat16 is wanted runs in it. It is wanted for speed, so a device
    that has no units for it computes in float32, and that is logged."""
    fast = has_fast_bfloat16(device)
    if not fast:
        _log.warning("bfloat16 would be slower than float32 on this %s, which is used.", device)
    return fast


class Runner:
    """Runs ``AutoModel...`` over batches of pre-tokenised sentences of any length.

    pick: takes the model output and gives the tensor of shape (batch, length, width) wanted.
    batch_size, batch_tokens: the most texts, and padded positions, in one batch; by default 512
    positions on a CPU and 16,384 on a GPU. bfloat16: where the device is fast at it, else float32;
    half: on a GPU only. Raises XProjError for settings that cannot be.
    """

    def __init__(
        self,
        auto_class: str,
        name: str,
        pick: Callable[[Any], Any],
        *,
        revision: str | None = None,
        device: str = "auto",
        half: bool = False,
        bfloat16: bool = False,
        batch_size: int = 256,
        batch_tokens: int | None = None,
        options: dict[str, Any] | None = None,
        call_options: dict[str, Any] | None = None,
    ) -> None:
        check_settings(half, bfloat16, batch_size, batch_tokens)
        self.auto_class = auto_class
        self.name = name
        self.pick = pick
        self.revision = revision
        self.device = device
        self.half = half
        self.bfloat16 = bfloat16
        self.batch_size = batch_size
        self.batch_tokens = batch_tokens
        self.options = options or {}
        self.call_options = call_options or {}
        self._loaded: tuple[Any, Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        # A worker process loads its own copy; weights do not belong in a pickle.
        return {**self.__dict__, "_loaded": None}

    def load(self) -> tuple[Any, Any]:
        """The tokenizer and the model."""
        keep_to_one_thread_after_a_fork()  # loading a model may use several, too
        if self._loaded is None:
            from .packed import pack_encoder

            tokenizer = load_word_tokenizer(self.name, revision=self.revision)
            model = load_model(
                self.auto_class,
                self.name,
                revision=self.revision,
                device=self.device,
                half=self.half,
                **self.options,
            )
            if self.bfloat16 and short_floats(model.device.type):
                model = model.bfloat16()
            self._loaded = tokenizer, pack_encoder(model, self._positions(model))
        return self._loaded

    def _positions(self, model: Any) -> int:
        """The most padded positions in one batch."""
        default = CPU_BATCH_TOKENS if model.device.type == "cpu" else GPU_BATCH_TOKENS
        return self.batch_tokens or default

    def split(self, sentences: Sequence[Sequence[str]]) -> list[Pieces]:
        """The subwords of each sentence."""
        return split_pieces(self.load()[0], sentences)

    def run(self, pieces: Sequence[Pieces]) -> list[np.ndarray]:
        """The model's output per subword: float32 arrays of shape (n_subwords, width)."""
        import torch

        tokenizer, model = self.load()
        prefix, suffix = special_ids(tokenizer)
        pad_id = tokenizer.pad_token_id or 0

        def forward(ids: Sequence[list[int]]) -> list[np.ndarray]:
            padded, mask = pad_batch(ids, pad_id)
            with torch.inference_mode():
                output = model(
                    input_ids=torch.from_numpy(padded).to(model.device),
                    attention_mask=torch.from_numpy(mask).to(model.device),
                    **self.call_options,
                )
                values = self.pick(output).float().cpu().numpy()
            return [values[i, : len(row)] for i, row in enumerate(ids)]

        return run_windows(
            partial(in_parts, forward, setting="batch_tokens"),
            pieces,
            prefix=prefix,
            suffix=suffix,
            room=room_for_pieces(tokenizer, model.config),
            batch_size=self.batch_size,
            batch_tokens=self._positions(model),
            each=partial(side_by_side, model.device.type),
        )
