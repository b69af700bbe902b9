"""Training the head of an encoder (``spacy-xproj.HeadAlign.v1``) on text without any links."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from spacy_xproj.alignment import Encoder, HFEncoder
from spacy_xproj.alignment.head import Head, probe_vectors
from spacy_xproj.alignment.matching import cosine_similarity
from spacy_xproj.io.files import write_text

from ..datasets.ntrex import SOURCE, ntrex_files
from .fit import Example, Fit, fit_head
from .parallel import encode_words, read_ntrex
from .silver import LINK, Silver, silver_links

CENTER = 0.8
# The languages of the package's head: of all families that the data has, some of few readers.
LANGS = (
    *("de", "es", "fr", "ru", "tr", "sw", "ar", "it"),
    *("zh", "nl", "hu", "yo", "fi", "ha", "bg", "pt"),
)


class HeadSettings(NamedTuple):
    """sentences: of each language. from_source: of each sentence, how many pairs of English and
    another language. between: how many of two others. rounds: of finding links and fitting a head
    to them; from the second on the links are the last head's."""

    langs: tuple[str, ...] = LANGS
    sentences: int = 1000
    from_source: int = 6
    between: int = 2
    rounds: int = 2
    silver: Silver = Silver()
    fit: Fit = Fit()


def train_head(
    data: str | Path,
    encoder: HFEncoder,
    settings: HeadSettings,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Head:
    """A head for this encoder, from the NTREX files of a folder. Raises XProjError where a language
    is not there."""
    vectors = _encode(data, encoder, settings, say)
    pairs = _choose_pairs(settings)
    matrix: np.ndarray | None = None
    temperature = settings.silver.temperature
    for number in range(settings.rounds):
        silver = settings.silver._replace(temperature=temperature)
        examples = _examples(pairs, vectors, matrix, silver)
        n_links = sum(int((example.links == LINK).sum()) for example in examples)
        say(f"round {number + 1}: {len(examples)} sentence pairs, {n_links} links")
        matrix, temperature = fit_head(examples, settings.fit, say=say)
    assert matrix is not None
    about = {key: encoder.describe()[key] for key in ("model", "layers")}
    return Head(matrix, temperature, CENTER, probe_vectors(encoder, CENTER), about)


def _encode(
    data: str | Path, encoder: Encoder, settings: HeadSettings, say: Callable[[str], None]
) -> dict[str, list[np.ndarray]]:
    """The vectors of each language's sentences, each encoded once."""
    vectors = {}
    for lang, path in ntrex_files(data, (SOURCE, *settings.langs)).items():
        start = time.perf_counter()
        sentences = read_ntrex(path, lang, limit=settings.sentences)
        vectors[lang] = encode_words(encoder, sentences, CENTER)
        say(f"{lang}: encoded {len(sentences)} sentences, {time.perf_counter() - start:.0f} s")
    return vectors


def _choose_pairs(settings: HeadSettings) -> list[tuple[int, str, str]]:
    """For each sentence, which languages to link, at random."""
    random = np.random.default_rng(settings.fit.seed)
    langs = settings.langs
    n_from_source = min(settings.from_source, len(langs))
    n_between = settings.between if len(langs) > 1 else 0
    pairs = []
    for row in range(settings.sentences):
        for lang in random.choice(langs, n_from_source, replace=False):
            pairs.append((row, SOURCE, str(lang)))
        for _ in range(n_between):
            first, second = random.choice(langs, 2, replace=False)
            pairs.append((row, str(first), str(second)))
    return pairs


def _examples(
    pairs: Sequence[tuple[int, str, str]],
    vectors: dict[str, list[np.ndarray]],
    matrix: np.ndarray | None,
    silver: Silver,
) -> list[Example]:
    """Those with words on both sides, and their links by the vectors themselves or by a head."""
    examples = []
    for row, first, second in pairs:
        sides = [vectors[lang][row] for lang in (first, second) if row < len(vectors[lang])]
        if len(sides) < 2 or not all(map(len, sides)):
            continue
        seen: Any = [side.astype(np.float32) for side in sides]
        if matrix is not None:
            seen = [side @ matrix for side in seen]
        links = silver_links(cosine_similarity(*seen), silver)
        examples.append(Example(sides[0], sides[1], links))
    return examples


def write_card(folder: str | Path, head: Head, settings: HeadSettings, command: str) -> None:
    """Write ``README.md``: what the head is, what it was made from, and how."""
    silver, fit = settings.silver, settings.fit
    width, rank = head.matrix.shape
    layers = ", ".join(map(str, head.encoder["layers"]))
    write_text(
        Path(folder) / "README.md",
        f"""# A head for word alignment

For the encoder `{head.encoder["model"]}`, layers {layers}: `spacy-xproj.HeadAlign.v1` multiplies
the vectors of words ({width} wide, less {head.center:g} of their sentence's mean) by the matrix in
`head.safetensors` ({width} x {rank}, float16) and compares the products at temperature
{head.temperature:.4f}. The file also holds what that encoder gives for one sentence, by which
another encoder is refused.

## Made from
The first {settings.sentences} sentences of NTREX-128 in English and {", ".join(settings.langs)}.
Federmann, Kocmi and Xin 2022, "NTREX-128 - News Test References for MT Evaluation of 128
Languages", https://github.com/MicrosoftTranslator/NTREX, CC BY-SA 4.0; the English texts are the
news test set of WMT 2019. No links drawn by hand were learnt from, and no text is in the file.

Links to learn from were found by the encoder itself: cosines at temperature
{silver.temperature:g}, less up to {silver.diagonal:g} for words at other places of their
sentences, and more for links of their neighbours, in {silver.rounds} rounds. Where the geometric
mean of both softmaxes is above {silver.least:g} is a link, where it is not above {silver.most:g} is
none, and nothing is learnt from what lies between. The matrix was fitted to {settings.from_source}
pairs of English and another language and {settings.between} of two others for each sentence
({fit.epochs} epochs of AdamW, rate {fit.learning_rate:g}, batches of {fit.batch_size}, seed
{fit.seed}), found the links anew at its own temperature, and was fitted again: {settings.rounds}
times in all.

## Command
```
{command}
```
""",
    )
