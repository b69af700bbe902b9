"""Benchmark folders with a few sentences, in the formats of the real ones."""

from pathlib import Path

import pytest

ENGLISH = [
    ("Asha met Baraka in Dodoma .", "B-PER O B-PER O B-LOC O"),
    ("Kijani Bank opened .", "B-ORG I-ORG O O"),
    ("the new year opened well .", "O O O O O O"),
    ("in Nairobi Asha works .", "O B-LOC B-PER O O"),
]
# The same words, but the gold of the last two sentences says something else.
OTHER_GOLD = [*(tags for _, tags in ENGLISH[:2]), "O B-MISC O O O O", "O B-LOC O O O"]


def write_columns(path: Path, rows) -> None:
    blocks = (
        "".join(f"{word}\t{tag}\n" for word, tag in zip(text.split(), tags.split(), strict=True))
        for text, tags in rows
    )
    path.write_text("\n".join(blocks), encoding="utf-8")


@pytest.fixture
def europarl(tmp_path) -> Path:
    """English, and two "translations" that are the same text, so that any encoder links them."""
    folder = tmp_path / "europarl-ner"
    folder.mkdir()
    write_columns(folder / "en-europarl.test.conll02", ENGLISH)
    write_columns(folder / "de-europarl.test.conll02", ENGLISH)
    other = [(text, tags) for (text, _), tags in zip(ENGLISH, OTHER_GOLD, strict=True)]
    write_columns(folder / "es-europarl.test.conll02", other)
    return folder


@pytest.fixture
def xl_wa(tmp_path) -> Path:
    """One language with the English text again; gold links each word with itself."""
    folder = tmp_path / "xl-wa"
    (folder / "es").mkdir(parents=True)
    lines = []
    for text, _ in ENGLISH:
        links = " ".join(f"{i}-{i}" for i in range(len(text.split())))
        lines.append(f"{text}\t{text}\t{links}\n")
    (folder / "es" / "test.tsv").write_text("".join(lines), encoding="utf-8")
    return folder
