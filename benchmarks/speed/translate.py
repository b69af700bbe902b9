"""How fast translation is: CTranslate2 beside transformers, and a cache that is cold and warm."""

import dataclasses
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import srsly

from spacy_xproj.hf.identity import digests
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.translation.base import Translation, Translator, translated
from spacy_xproj.translation.cache import CachedTranslator
from spacy_xproj.translation.ct2 import CTranslate2
from spacy_xproj.translation.seq2seq import Seq2Seq

from .linking import Say, check_limit, rate, silent
from .parts import Target

REFERENCE, COLD, WARM = "transformers", "cache, cold", "cache, warm"
FAST = {"ctranslate2": "default", "ctranslate2, int8": "int8"}  # systems and their weights


class Sizes(NamedTuple):
    """Of a model with random weights; by default those of the common OPUS-MT models.

    layers: of the encoder, and of the decoder. length: tokens of each output.
    """

    layers: int = 6
    width: int = 512
    vocabulary: int = 32_000
    length: int = 32


@dataclasses.dataclass(frozen=True)
class TranslationSpeed:
    """seconds: by system, one number a run over all sentences. same: share of sentences that came
    out as from transformers; empty for random weights, which say nothing about it. skipped: systems
    whose package is not installed."""

    model: str
    sentences: int
    settings: dict[str, Any]
    seconds: dict[str, list[float]]
    same: dict[str, float]
    skipped: tuple[str, ...] = ()

    def ratio(self, name: str, other: str) -> float:
        """How many times as fast ``name`` is as ``other``, by their median runs."""
        own = statistics.median(self.seconds[name])
        return statistics.median(self.seconds[other]) / max(own, 1e-9)

    def rows(self) -> list[dict[str, Any]]:
        """Per system, plain data. A warm cache is compared with a cold one, all others with
        transformers."""
        result = []
        for name, runs in self.seconds.items():
            median = statistics.median(runs)
            ratio = self.ratio(name, COLD if name == WARM else REFERENCE)
            row = {"system": name, "runs": len(runs), "seconds": round(median, 3)}
            row["sentences_per_second"] = rate(self.sentences, median)
            row["times_as_fast"] = round(ratio, 2)
            row["same"] = self.same.get(name)
            result.append(row)
        return result

    def table(self) -> str:
        """One table, a row for each system."""
        columns = ["system", "runs", "seconds", "sentences/s", "times as fast", "same"]
        rows: list[list[Cell]] = [list(row.values()) for row in self.rows()]
        return format_table(columns, rows)

    def summary(self) -> str:
        """What the table is about, in a few lines."""
        shown = ", ".join(f"{name} {value}" for name, value in self.settings.items())
        lines = [
            f"Translation of {self.sentences} distinct sentences with {self.model} ({shown}); "
            "seconds are medians, loading aside.",
            "times as fast: as transformers; the warm cache as the cold one, which runs the model "
            "(loaded before) and stores what it gives. Both find out anew which model it is.",
        ]
        if self.same:
            lines.append("same: share of sentences translated as by transformers.")
        if self.skipped:
            lines.append(
                f"Not run, as the extra [ct2] is not installed: {'; '.join(self.skipped)}."
            )
        return "\n".join(lines)

    def targets(self) -> list[Target]:
        """What is translated once is not paid again."""
        return [Target("warm cache: times cold", ">=", 50, self.ratio(WARM, COLD))]

    def to_json(self) -> dict[str, Any]:
        return {
            "benchmark": "translation",
            "model": self.model,
            "sentences": self.sentences,
            "settings": self.settings,
            "systems": self.rows(),
            "skipped": list(self.skipped),
        }


def run_translation(
    texts: Sequence[str],
    *,
    model: str | Sizes = Sizes(),  # noqa: B008  (immutable)
    source_lang: str = "sw",
    target_lang: str = "en",
    num_beams: int = 4,
    batch_size: int = 16,
    threads: int = 0,
    runs: int = 3,
    limit: int | None = None,
    say: Say = silent,
) -> TranslationSpeed:
    """Translate the distinct texts with transformers and with CTranslate2 (in 32-bit floats and in
    8-bit integers), in turns, then with a cold and with a warm cache around transformers.

    model: a name or folder, or the sizes of a model with random weights, which shows speed where no
    model can be had: each of its outputs has the same number of tokens, and means nothing.
    threads: of CTranslate2; 0 for its default. Without the extra [ct2] it is left out, and named in
    ``skipped``. Raises XProjError for a model that is not there.
    """
    has_fast = importlib.util.find_spec("ctranslate2") is not None
    texts = list(dict.fromkeys(texts))[: check_limit(limit)]
    settings: dict[str, Any] = {"num_beams": num_beams, "batch_size": batch_size}
    with tempfile.TemporaryDirectory() as scratch:
        options = {"device": "cpu", **settings}
        slow_options: dict[str, Any] = {}
        fast_options: dict[str, Any] = {"intra_threads": threads}
        name = model
        if isinstance(model, Sizes):
            name = f"a Marian model with random weights ({model.layers} + {model.layers} layers, "
            name += f"{model.width} wide, {model.vocabulary} tokens)"
            languages = {"source_lang": source_lang, "target_lang": target_lang}
            folder = random_model(Path(scratch) / "model", texts, model, **languages)
            options |= {"model": str(folder), "max_length": model.length}
            slow_options = {"generation": {"min_new_tokens": model.length}}
            fast_options |= {"generation": {"min_decoding_length": model.length}, "cache": scratch}
            settings["output_tokens"] = model.length
        else:
            options["model"] = model

        def translate(translator: Translator) -> tuple[list[Translation], float]:
            start = time.perf_counter()
            done = translated(translator, texts, source_lang=source_lang, target_lang=target_lang)
            return done, time.perf_counter() - start

        systems: dict[str, Translator] = {REFERENCE: Seq2Seq(**options, **slow_options)}
        for system, kind in FAST.items() if has_fast else ():
            systems[system] = CTranslate2(**options, **fast_options, compute_type=kind)
        for translator in systems.values():  # loads, and converts
            translator.translate(texts[:1], source_lang=source_lang, target_lang=target_lang)
        seconds: dict[str, list[float]] = {system: [] for system in systems}
        outputs: dict[str, list[Translation]] = {}
        for _ in range(runs):
            for system, translator in systems.items():
                outputs[system], taken = translate(translator)
                seconds[system].append(taken)
                say(f"{system}: {len(texts)} sentences in {taken:.1f} s")
        del systems
        for system, n in ((COLD, 1), (WARM, runs)):
            seconds[system] = []
            for _ in range(n):
                translator = Seq2Seq(**options, **slow_options)
                if system == COLD:  # loads; what is cached never does
                    translator.translate(
                        texts[:1], source_lang=source_lang, target_lang=target_lang
                    )
                digests.clear()  # as in a new process
                cached = CachedTranslator(
                    translator=translator, path=str(Path(scratch) / "translations.sqlite")
                )
                outputs[system], taken = translate(cached)
                seconds[system].append(taken)
                say(f"{system}: {len(texts)} sentences in {taken:.3f} s")
    same = {}
    if isinstance(model, str):
        for system, output in outputs.items():
            pairs = zip(output, outputs[REFERENCE], strict=True)
            same[system] = round(sum(a.text == b.text for a, b in pairs) / max(len(texts), 1), 3)
    skipped = () if has_fast else tuple(FAST)
    return TranslationSpeed(str(name), len(texts), settings, seconds, same, skipped)


def random_model(
    folder: Path, texts: Sequence[str], sizes: Sizes, *, source_lang: str, target_lang: str
) -> Path:
    """Write a Marian model with random weights, and a tokenizer that is learnt from the texts."""
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder.mkdir(parents=True)
    pieces = folder / "pieces.model"
    with pieces.open("wb") as stream:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_writer=stream,
            vocab_size=min(8000, sizes.vocabulary // 2),
            hard_vocab_limit=False,
            minloglevel=2,
        )
    known = sentencepiece.SentencePieceProcessor(str(pieces))
    tokens = ["</s>", "<unk>", *(known.id_to_piece(i) for i in range(3, len(known)))]
    # The rest stands for what a real vocabulary holds, whose width decides much of the time.
    tokens += [f"filler{i}" for i in range(sizes.vocabulary - len(tokens) - 1)]
    tokens.append("<pad>")
    srsly.write_json(folder / "vocab.json", {token: i for i, token in enumerate(tokens)})
    MarianTokenizer(
        *(str(pieces), str(pieces), str(folder / "vocab.json")),
        model_max_length=512,
        source_lang=source_lang,
        target_lang=target_lang,
    ).save_pretrained(folder)
    config = MarianConfig(
        vocab_size=len(tokens),
        d_model=sizes.width,
        encoder_layers=sizes.layers,
        decoder_layers=sizes.layers,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=4 * sizes.width,
        decoder_ffn_dim=4 * sizes.width,
        max_position_embeddings=512,
        pad_token_id=len(tokens) - 1,
        eos_token_id=0,
        decoder_start_token_id=len(tokens) - 1,
    )
    torch.manual_seed(0)
    MarianMTModel(config).save_pretrained(folder)
    return folder
