"""A head on an encoder: the matrix that makes the vectors of words match more sharply.

It belongs to one encoder. Heads are trained by ``python -m benchmarks train-head``; the one in the
package lies in ``heads/``, with a card that says on what.
"""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from ..io.files import write_aside
from .base import Encoded, Encoder
from .matching import both_softmaxes, cosine_similarity, first_words

BUNDLED = Path(__file__).parent / "heads" / "multilingual-e5-small"
FILE = "head.safetensors"
# Of the encoder that a head was trained on, which gives these vectors for these words.
PROBE = ("The", "World", "Bank", "opened", "an", "office", "in", "Nairobi", ".")
# With 8 % noise on its weights, which is what four bits cost, a model is at .988; one layer lower
# it is at .907; other models are near 0.
LEAST_LIKENESS = 0.95


@dataclasses.dataclass(frozen=True)
class Head:
    """matrix: shape (width, rank), float32. probe: vectors of the words of ``PROBE`` as
    ``center_words`` gives them, shape (9, width). encoder: what that encoder says of itself."""

    matrix: np.ndarray
    temperature: float
    center: float
    probe: np.ndarray
    encoder: dict[str, Any]

    def strengths(self, source: Encoded, target: Encoded) -> np.ndarray:
        """How much of each of the source's ``first_words`` goes to each of the target's: the mean
        of both softmaxes over the cosines of their vectors times the matrix, in [0, 1]. Both sides
        must have some."""
        # The matrix first, as what comes after it is then narrower, and it is all linear.
        projected = (side._replace(vectors=side.vectors @ self.matrix) for side in (source, target))
        words = (center_words(side, self.center) for side in projected)
        return both_softmaxes(cosine_similarity(*words), self.temperature)

    def check(self, encoder: Encoder) -> None:
        """Raise XProjError where the encoder's vectors are not those that the head was trained
        on."""
        likeness = self._likeness(encoder)
        if likeness < LEAST_LIKENESS:
            mine, other = (_name(about) for about in (self.encoder, encoder.describe()))
            raise XProjError(Errors.XP417.format(mine=mine, other=other, likeness=likeness))

    def _likeness(self, encoder: Encoder) -> float:
        """Mean cosine of the encoder's vectors with the probe; 0 where they are of another width
        or number."""
        vectors = probe_vectors(encoder, self.center)
        if vectors.shape != self.probe.shape:
            return 0.0
        return float(np.diagonal(cosine_similarity(vectors, self.probe)).mean())

    def to_bytes(self) -> bytes:
        """As safetensors, in half precision."""
        import srsly
        from safetensors.numpy import save

        tensors = {
            "matrix": np.ascontiguousarray(self.matrix, dtype=np.float16),
            "probe": np.ascontiguousarray(self.probe, dtype=np.float16),
        }
        about = {name: getattr(self, name) for name in ("temperature", "center", "encoder")}
        # One value, since safetensors writes several in an order that differs from run to run.
        return bytes(save(tensors, metadata={"head": srsly.json_dumps(about, sort_keys=True)}))

    def save(self, folder: str | Path) -> None:
        """Write ``head.safetensors`` into a folder."""
        with write_aside(Path(folder) / FILE) as aside:
            aside.write_bytes(self.to_bytes())


def read_head(data: bytes, *, where: str | Path) -> Head:
    """What ``Head.to_bytes`` gave. Raises XProjError, naming ``where``, for anything else."""
    import srsly
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = {name: value.astype(np.float32) for name, value in load(data).items()}
        # The header, whose length in bytes comes first, holds what the library does not hand out.
        length = int.from_bytes(data[:8], "little")
        about = srsly.json_loads(srsly.json_loads(data[8 : 8 + length])["__metadata__"]["head"])
        head = Head(
            tensors["matrix"],
            float(about["temperature"]),
            float(about["center"]),
            tensors["probe"],
            dict(about["encoder"]),
        )
        fits = head.probe.shape == (len(PROBE), head.matrix.shape[0]) and head.temperature > 0
    except (SafetensorError, KeyError, ValueError, TypeError) as err:
        raise XProjError(
            Errors.XP416.format(path=where, reason=f"it cannot be read: {err}")
        ) from err
    if not fits:
        raise XProjError(Errors.XP416.format(path=where, reason="its parts do not fit together"))
    return head


def load_head(path: str | Path | None = None) -> Head:
    """The head in a folder, by default that of the package. Raises XProjError where there is
    none."""
    file = (BUNDLED if path is None else Path(path)) / FILE
    if not file.is_file():
        raise XProjError(Errors.XP416.format(path=file, reason="there is no such file"))
    return read_head(file.read_bytes(), where=file)


def center_words(side: Encoded, center: float) -> np.ndarray:
    """The vectors of ``first_words``: means over their subwords, less ``center`` times the mean of
    the sentence; shape (n words, width)."""
    starts = first_words(side)[1]
    sizes = np.diff(np.append(starts, len(side.words)))
    sums = np.add.reduceat(side.vectors, starts, axis=0)
    words: np.ndarray = sums / sizes[:, None] - center * side.vectors.mean(axis=0)
    return words


def probe_vectors(encoder: Encoder, center: float) -> np.ndarray:
    """The vectors that an encoder gives for the words of ``PROBE``."""
    return center_words(encoder.encode([PROBE])[0], center)


def _name(about: dict[str, Any]) -> str:
    layers = about.get("layers")
    return str(about.get("model", about)) + (f", layers {layers}" if layers else "")
