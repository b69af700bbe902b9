"""One encoder for all systems of a run, so that each sentence is encoded once."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from spacy_xproj.alignment import Encoded, HFEncoder
from spacy_xproj.alignment.encoders import best_layer
from spacy_xproj.hf.loading import load_config


class _RawLayers(HFEncoder):
    """The states of several layers side by side, as they are: systems take what they need."""

    def _pick(self, output: Any) -> Any:
        import torch

        return torch.cat([output.hidden_states[layer].float() for layer in self._chosen], -1)


class _Layers:
    """Some layers of a shared encoder; gives what ``HFEncoder`` with these layers would."""

    def __init__(self, shared: "SharedEncoder", layers: Sequence[int]) -> None:
        self.shared = shared
        self.layers = tuple(layers)

    def encode(self, sentences: Sequence[Sequence[str]]) -> list[Encoded]:
        """One ``Encoded`` per sentence; what is not known yet is encoded now."""
        self.shared.add(sentences)
        return [self._slice(self.shared.known[tuple(words)]) for words in sentences]

    def _slice(self, encoded: Encoded) -> Encoded:
        stacked = encoded.vectors.reshape(len(encoded.vectors), len(self.shared.layers), -1)
        states = stacked[:, [self.shared.layers.index(layer) for layer in self.layers]]
        if len(self.layers) > 1:
            norms = np.linalg.norm(states, axis=-1, keepdims=True)
            states = states / np.maximum(norms, 1e-12)
        return encoded._replace(vectors=states.reshape(len(states), -1))

    def describe(self) -> dict[str, Any]:
        return {**self.shared.describe(), "layers": list(self.layers)}


class SharedEncoder:
    """Encodes each distinct sentence once, and keeps its vectors until ``forget``.

    one: the layer that suits alignment best, see ``best_layer``. joined: that layer and the two
    below it, each scaled to unit length.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        top = best_layer(load_config(name).num_hidden_layers)
        self.layers = tuple(range(max(1, top - 2), top + 1))
        self.one = _Layers(self, [top])
        self.joined = _Layers(self, self.layers)
        self.known: dict[tuple[str, ...], Encoded] = {}
        self._encoder = _RawLayers(name=name, layers=self.layers)

    def load(self) -> None:
        """Load the model now, so that no measurement includes it."""
        self._encoder.runner.load()

    def add(self, sentences: Iterable[Sequence[str]]) -> int:
        """Encode those sentences that are not known yet; returns how many they were."""
        new = [w for w in dict.fromkeys(map(tuple, sentences)) if w not in self.known]
        if new:
            for words, encoded in zip(new, self._encoder.encode(new), strict=True):
                # A copy, since what comes is a part of a whole padded batch.
                self.known[words] = encoded._replace(vectors=encoded.vectors.copy())
        return len(new)

    def forget(self, sentences: Iterable[Sequence[str]]) -> None:
        """Free the vectors of these sentences."""
        for words in sentences:
            self.known.pop(tuple(words), None)

    def describe(self) -> dict[str, Any]:
        return self._encoder.describe()
