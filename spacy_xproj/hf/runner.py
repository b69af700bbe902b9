"""A Hugging Face model with its tokenizer, loaded on first use and run over word lists."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .loading import load_model, load_word_tokenizer
from .windows import (
    Pieces,
    pad_batch,
    room_for_pieces,
    run_windows,
    special_ids,
    split_pieces,
)

# Components import this module in the process that the others fork from.
_PID = os.getpid()


class Runner:
    """Runs ``AutoModel...`` over batches of pre-tokenised sentences of any length.

    pick: takes the model output and gives the tensor of shape (batch, length, width) wanted.
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
        batch_size: int = 32,
        options: dict[str, Any] | None = None,
        call_options: dict[str, Any] | None = None,
    ) -> None:
        self.auto_class = auto_class
        self.name = name
        self.pick = pick
        self.revision = revision
        self.device = device
        self.half = half
        self.batch_size = batch_size
        self.options = options or {}
        self.call_options = call_options or {}
        self._loaded: tuple[Any, Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        # A worker process loads its own copy; weights do not belong in a pickle.
        return {**self.__dict__, "_loaded": None}

    def load(self) -> tuple[Any, Any]:
        """The tokenizer and the model."""
        if os.getpid() != _PID:
            # OpenMP's threads do not survive a fork; a second thread would wait for ever, and
            # loading a model may use them too.
            import torch

            torch.set_num_threads(1)
        if self._loaded is None:
            tokenizer = load_word_tokenizer(self.name, revision=self.revision)
            model = load_model(
                self.auto_class,
                self.name,
                revision=self.revision,
                device=self.device,
                half=self.half,
                **self.options,
            )
            self._loaded = tokenizer, model
        return self._loaded

    def split(self, sentences: Sequence[Sequence[str]]) -> list[Pieces]:
        """The subwords of each sentence."""
        return split_pieces(self.load()[0], sentences)

    def run(self, pieces: Sequence[Pieces]) -> list[np.ndarray]:
        """The model's output per subword: float32 arrays of shape (n_subwords, width)."""
        import torch

        tokenizer, model = self.load()
        prefix, suffix = special_ids(tokenizer)
        pad_id = tokenizer.pad_token_id or 0

        def forward(ids: list[list[int]]) -> list[np.ndarray]:
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
            forward,
            pieces,
            prefix=prefix,
            suffix=suffix,
            room=room_for_pieces(tokenizer, model.config),
            batch_size=self.batch_size,
        )
