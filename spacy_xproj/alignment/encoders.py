"""Contextual subword vectors from one or several layers of a Hugging Face encoder."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from ..hf.identity import check_model, settled_version
from ..hf.loading import DEFAULT_ENCODER, load_config, locate
from ..hf.runner import Runner, check_settings
from ..text.scripts import in_capitals, in_small_letters
from .base import Encoded

# In these the output of layer n is that of a model cut after n layers: no norm follows the last.
_POST_NORM = ("bert", "camembert", "electra", "roberta", "xlm-roberta")


def best_layer(depth: int) -> int:
    """The layer that suits alignment best, of ``depth``: two thirds up, 8 of 12 (Jalili Sabet et
    al. 2020, Dou & Neubig 2021)."""
    return max(1, round(depth * 2 / 3))


class HFEncoder:
    """``spacy-xproj.HFEncoder.v1``: any encoder that ``AutoModel`` loads, by path or name: the
    hidden states of one layer, or of several side by side.

    Several layers are scaled to unit length and joined, so that the cosine of two joined vectors is
    the mean of the layers' cosines. Nothing is computed beyond the highest layer.

    layers: 0 is the embeddings, n the output of layer n; by default the ``n_layers`` that end two
    thirds up the model, see ``best_layer``. device: "cpu", "cuda", "cuda:1", "mps" or "auto". half:
    half precision on a GPU. bfloat16: about twice as fast on CPUs that have units for it
    (AVX512_BF16, AMX) and on GPUs; on others, where it would be slower, it is float32, as by
    default. ``spacy xproj info`` says which this machine is. batch_size, batch_tokens: the most
    sentences and padded subwords in one batch; by default 512 subwords on a CPU, 16,384 on a GPU.
    """

    def __init__(
        self,
        *,
        name: str = DEFAULT_ENCODER,
        layers: Sequence[int] | None = None,
        n_layers: int = 1,
        revision: str | None = None,
        device: str = "auto",
        half: bool = False,
        bfloat16: bool = False,
        batch_size: int = 256,
        batch_tokens: int | None = None,
    ) -> None:
        if n_layers < 1 or (layers is not None and not layers):
            raise XProjError(Errors.XP410)
        check_settings(half, bfloat16, batch_size, batch_tokens)
        self.name = name
        self.layers = None if layers is None else tuple(layers)
        self.n_layers = n_layers
        self.revision = revision
        self.device = device
        self.half = half
        self.bfloat16 = bfloat16
        self.batch_size = batch_size
        self.batch_tokens = batch_tokens
        self._runner: Runner | None = None
        self._chosen: tuple[int, ...] = ()

    def _choose(self, depth: int) -> tuple[int, ...]:
        """The layers to use of a model that has ``depth``."""
        best = best_layer(depth)
        if self.layers is None:
            return tuple(range(max(1, best - self.n_layers + 1), best + 1))
        for layer in self.layers:
            if not 0 <= layer <= depth:
                settings = {"layer": layer, "name": self.name, "n_layers": depth}
                raise XProjError(Errors.XP401.format(**settings, fix=best))
        return self.layers

    @property
    def runner(self) -> Runner:
        if self._runner is None:
            config = load_config(self.name, revision=self.revision)
            self._chosen = self._choose(config.num_hidden_layers)
            top = max(self._chosen)
            cut = config.model_type in _POST_NORM and top > 0
            self._runner = Runner(
                "AutoModel",
                self.name,
                self._pick,
                revision=self.revision,
                device=self.device,
                half=self.half,
                bfloat16=self.bfloat16,
                batch_size=self.batch_size,
                batch_tokens=self.batch_tokens,
                options={"num_hidden_layers": top} if cut else {},
                call_options={"output_hidden_states": True},
            )
        return self._runner

    def _pick(self, output: Any) -> Any:
        import torch

        states = [output.hidden_states[layer] for layer in self._chosen]
        if len(states) == 1:
            return states[0]
        return torch.cat([torch.nn.functional.normalize(s.float(), dim=-1) for s in states], -1)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_runner": None}

    def encode(self, sentences: Sequence[Sequence[str]]) -> list[Encoded]:
        """Vectors (n_subwords, width) in float32, and the word index of each subword.

        A sentence in capitals is read as if it were in small letters: encoders have seen little
        text in capitals, and cut its words into many pieces.
        """
        pieces = self.runner.split(
            [in_small_letters(words) if in_capitals(words) else words for words in sentences]
        )
        return [
            Encoded(
                vectors,
                np.asarray(p.words, dtype=np.int64),
                None if p.ends is None else np.asarray(p.ends, dtype=np.int64),
            )
            for vectors, p in zip(self.runner.run(pieces), pieces, strict=True)
        ]

    def check_ready(self) -> None:
        """Raise XProjError where the model cannot be had."""
        check_model(self.name, self.revision)

    def identity(self) -> dict[str, Any]:
        """What the vectors depend on; no model is loaded, but the config of one that is not on this
        machine is fetched. Raises ModelNotFoundError where it cannot be had."""
        return {
            "model": settled_version(self.name, self.revision),
            "layers": self.layers,
            "n_layers": self.n_layers,
            "half": self.half,
            "bfloat16": self.bfloat16,
        }

    def describe(self) -> dict[str, Any]:
        return {
            "model": self.name,
            "revision": self.revision,
            "layers": list(self._chosen or self.layers or ()),
            "from": locate(self.name, self.revision),
            **({"precision": "half"} if self.half else {}),
            **({"precision": "bfloat16"} if self.bfloat16 else {}),
        }
