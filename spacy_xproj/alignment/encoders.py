"""Contextual subword vectors from one or several layers of a Hugging Face encoder."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from ..hf.loading import DEFAULT_ENCODER, load_config, locate
from ..hf.runner import Runner
from .base import Encoded

# In these the output of layer n is that of a model cut after n layers: no norm follows the last.
_POST_NORM = ("bert", "camembert", "electra", "roberta", "xlm-roberta")


class HFEncoder:
    """The hidden states of one layer, or of several side by side.

    Several layers are scaled to unit length and joined, so that the cosine of two joined vectors is
    the mean of the layers' cosines. Nothing is computed beyond the highest layer.
    """

    def __init__(
        self,
        *,
        name: str,
        layers: Sequence[int] = (8,),
        revision: str | None = None,
        device: str = "auto",
        half: bool = False,
        batch_size: int = 64,
    ) -> None:
        if not layers:
            raise XProjError(Errors.XP410)
        self.name = name
        self.layers = tuple(layers)
        self.revision = revision
        self.device = device
        self.half = half
        self.batch_size = batch_size
        self._runner: Runner | None = None

    @property
    def runner(self) -> Runner:
        if self._runner is None:
            config = load_config(self.name, revision=self.revision)
            n_layers = config.num_hidden_layers
            for layer in self.layers:
                if not 0 <= layer <= n_layers:
                    # Two thirds up suits alignment: layer 8 of 12 (METHODS: SimAlign).
                    settings = {"layer": layer, "name": self.name, "n_layers": n_layers}
                    raise XProjError(Errors.XP401.format(**settings, fix=round(n_layers * 2 / 3)))
            top = max(self.layers)
            cut = config.model_type in _POST_NORM and top > 0
            self._runner = Runner(
                "AutoModel",
                self.name,
                self._pick,
                revision=self.revision,
                device=self.device,
                half=self.half,
                batch_size=self.batch_size,
                options={"num_hidden_layers": top} if cut else {},
                call_options={"output_hidden_states": True},
            )
        return self._runner

    def _pick(self, output: Any) -> Any:
        import torch

        states = [output.hidden_states[layer] for layer in self.layers]
        if len(states) == 1:
            return states[0]
        return torch.cat([torch.nn.functional.normalize(s.float(), dim=-1) for s in states], -1)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_runner": None}

    def encode(self, sentences: Sequence[Sequence[str]]) -> list[Encoded]:
        """Vectors (n_subwords, width) in float32, and the word index of each subword."""
        pieces = self.runner.split(sentences)
        return [
            Encoded(vectors, np.asarray(p.words, dtype=np.int64))
            for vectors, p in zip(self.runner.run(pieces), pieces, strict=True)
        ]

    def describe(self) -> dict[str, Any]:
        return {
            "model": self.name,
            "revision": self.revision,
            "layers": list(self.layers),
            "from": locate(self.name, self.revision),
        }


def make_hf_encoder(
    name: str = DEFAULT_ENCODER,
    layers: list[int] | None = None,
    revision: str | None = None,
    device: str = "auto",
    half: bool = False,
    batch_size: int = 64,
) -> HFEncoder:
    """``spacy-xproj.HFEncoder.v1``: any encoder that ``AutoModel`` loads, by path or name.

    layers: 0 is the embeddings, n the output of layer n; by default [8], which suits encoders of
    12 layers (Jalili Sabet et al. 2020, Dou & Neubig 2021). half: half precision on a GPU.
    """
    return HFEncoder(
        name=name,
        layers=[8] if layers is None else layers,
        revision=revision,
        device=device,
        half=half,
        batch_size=batch_size,
    )
