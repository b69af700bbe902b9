"""A transformer that tags words, fine-tuned on labelled sentences: a student that starts from an
encoder, or from a teacher."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_xproj.data.labels import open_words
from spacy_xproj.data.spans import Span, spans_to_iob
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.hf.loading import load_word_tokenizer, quiet_transformers
from spacy_xproj.hf.machine import has_fast_bfloat16
from spacy_xproj.hf.pieces import split_pieces
from spacy_xproj.hf.windows import pad_batch, special_ids
from spacy_xproj.io.files import write_aside

from .frozen import LowerOutputs, freeze, upper_layers

_UNSCORED = -100  # of torch's cross-entropy: no word begins at this subword, or it is open


class Tuning(NamedTuple):
    """How a tagger is fine-tuned. frozen: layers, from the first, that stay as they are, the
    embeddings with them; 0 trains all. once: compute what frozen layers give once, without dropout,
    rather than in each epoch with: faster, and a little less good. longest: subwords of a sentence;
    what is longer is cut. batch_tokens: padded positions of a batch. kept: the share of
    the starting weights in those that come out, the rest is what was learnt: a mean of both keeps
    more of what the start can do (Wortsman et al. 2022, WiSE-FT)."""

    epochs: int = 3
    learning_rate: float = 5e-5
    frozen: int = 0
    once: bool = True
    longest: int = 160
    batch_tokens: int = 1024
    kept: float = 0.0
    seed: int = 0


class _Row(NamedTuple):
    ids: list[int]
    labels: list[int]


def tune_tagger(
    docs: Sequence[Doc],
    start: str | Path,
    output: Path,
    *,
    how: Tuning = Tuning(),  # noqa: B008 - it cannot be changed
    labels: Sequence[str] | None = None,
    lower: LowerOutputs | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Fine-tune on ``doc.ents``; a word's label is learnt at its first subword, and that of an open
    word not at all. Writes a folder in Hugging Face format, complete or not at all, which
    ``HFTagger`` reads.

    start: a folder or name of the hub, with the head of a tagger, whose labels are kept, or, where
    ``labels`` are given, an encoder that gets a new head for those. The same sentences, start and
    settings give the same weights on one machine. lower: keeps what frozen layers give, for a next
    student of the same start and text. Raises XProjError where there is no sentence with a word to
    learn, or an entity of a label that the head does not have.
    """
    import torch

    if not 0 <= how.kept < 1:
        raise XProjError(Errors.XP152.format(name="kept", value=how.kept, fix=0.3))
    torch.manual_seed(how.seed)
    tokenizer = load_word_tokenizer(str(start))
    model = _load(str(start), labels)
    rows = _rows(docs, tokenizer, model.config.label2id, how.longest)
    if not rows:
        raise XProjError(Errors.XP734)
    freeze(model, how.frozen)
    trained = [p for p in model.parameters() if p.requires_grad]
    before = [own.detach().clone() for own in trained] if how.kept else trained
    optimizer = torch.optim.AdamW(trained, lr=how.learning_rate)
    batches = [b for epoch in range(how.epochs) for b in _batches(rows, how, epoch)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, how.learning_rate, total_steps=len(batches) + 1, pct_start=0.1
    )
    pad_id = tokenizer.pad_token_id or 0
    kind = model.device.type
    # One around each step: it keeps its copies of weights until its end.
    autocast = partial(torch.autocast, kind, dtype=torch.bfloat16, enabled=has_fast_bfloat16(kind))
    model.train()
    losses: list[float] = []
    with ExitStack() as stack:
        given: Sequence[np.ndarray] | None = None
        if how.frozen and how.once:
            with autocast():
                given = (lower or LowerOutputs()).of(
                    *(model, how.frozen, [row.ids for row in rows]),
                    name=str(start),
                    pad_id=pad_id,
                    batch_tokens=how.batch_tokens,
                )
            stack.enter_context(upper_layers(model, how.frozen))
        for number, batch in enumerate(batches, 1):
            with autocast():
                loss = _loss(model, rows, batch, pad_id, given)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            if number % max(1, len(batches) // 5) == 0:
                say(f"batch {number} of {len(batches)}, loss {np.mean(losses[-50:]):.3f}")
    with torch.no_grad():
        for own, start_weights in zip(trained, before, strict=True):
            own.lerp_(start_weights, how.kept)
    with write_aside(output) as aside:
        model.eval().save_pretrained(aside, safe_serialization=True)
        tokenizer.save_pretrained(aside)
    return output


def _load(start: str, labels: Sequence[str] | None) -> Any:
    import transformers

    quiet_transformers()
    more: dict[str, Any] = {}
    if labels is not None:
        tags = ["O", *(f"{side}-{label}" for label in sorted(labels) for side in "BI")]
        more = {"id2label": dict(enumerate(tags)), "label2id": {t: i for i, t in enumerate(tags)}}
    return transformers.AutoModelForTokenClassification.from_pretrained(
        start, use_safetensors=True, trust_remote_code=False, **more
    )


def _rows(docs: Sequence[Doc], tokenizer: Any, numbers: dict[str, int], longest: int) -> list[_Row]:
    prefix, suffix = special_ids(tokenizer)
    room = longest - len(prefix) - len(suffix)
    words = [[token.text for token in doc] for doc in docs]
    rows = []
    for doc, piece in zip(docs, split_pieces(tokenizer, words), strict=True):
        tags = spans_to_iob([Span(e.start, e.end, e.label_) for e in doc.ents], len(doc))
        missing = sorted(set(tags) - numbers.keys())
        if missing:
            have = ", ".join(sorted(numbers))
            raise XProjError(Errors.XP735.format(tags=", ".join(missing), have=have))
        unknown = set(open_words(doc))
        before, labels = -1, []
        for word in piece.words[:room]:
            learnt = word != before and word not in unknown
            labels.append(numbers[tags[word]] if learnt else _UNSCORED)
            before = word
        if set(labels) - {_UNSCORED}:
            ends = [_UNSCORED] * len(prefix), [_UNSCORED] * len(suffix)
            rows.append(_Row([*prefix, *piece.ids[:room], *suffix], [*ends[0], *labels, *ends[1]]))
    return rows


def _batches(rows: Sequence[_Row], how: Tuning, epoch: int) -> Iterator[list[int]]:
    """Sentences of like length together, as their places, in an order of batches of each epoch's
    own."""
    random = np.random.default_rng([how.seed, epoch])
    noise = random.uniform(0.9, 1.1, size=len(rows))
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids) * noise[i])
    made: list[list[int]] = [[]]
    for i in order:
        longest = max(len(rows[i].ids), *(len(rows[j].ids) for j in made[-1]), 0)
        if made[-1] and longest * (len(made[-1]) + 1) > how.batch_tokens:
            made.append([])
        made[-1].append(i)
    for number in random.permutation(len(made)):
        yield made[number]


def _loss(
    model: Any,
    rows: Sequence[_Row],
    batch: Sequence[int],
    pad_id: int,
    given: Sequence[np.ndarray] | None,
) -> Any:
    """given: what frozen layers give for each row, where the model is without them."""
    import torch

    padded, mask = pad_batch([rows[i].ids for i in batch], pad_id)
    labels = np.full(padded.shape, _UNSCORED, dtype=np.int64)
    for place, i in enumerate(batch):
        labels[place, : len(rows[i].labels)] = rows[i].labels
    inputs: dict[str, Any] = {"input_ids": torch.from_numpy(padded)}
    if given is not None:
        hidden = np.zeros((*padded.shape, given[0].shape[1]), dtype=np.float32)
        for place, i in enumerate(batch):
            hidden[place, : len(given[i])] = given[i]
        inputs = {"inputs_embeds": torch.from_numpy(hidden)}
    return model(
        **inputs, attention_mask=torch.from_numpy(mask), labels=torch.from_numpy(labels)
    ).loss
