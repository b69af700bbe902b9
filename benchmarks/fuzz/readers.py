"""Whether readers of damaged files raise nothing but the project's own errors."""

import random
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.tokens import Doc, Span

from spacy_xproj.data.access import Views
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.base import Format
from spacy_xproj.io.formats.docbin import pack_docs
from spacy_xproj.io.formats.files import all_formats, read_docs
from spacy_xproj.io.notes import collected

from .mutations import mutate

_TEXT = "Rais Samia.\n\nHakuna mtu.\n"
# By suffix, what formats are tried with that are only read.
_READ_ONLY = {
    ".json": '[["Rais Samia", {"entities": [[5, 10, "PER"]]}], {"text": "Hakuna mtu", "spans": []},'
    ' {"words": ["Rais", "Samia"], "tags": ["O", "B-PER"], "answer": "accept"}]'
}


class Outcome(NamedTuple):
    """What became of the damaged files of a format: read all the same, refused by the project's own
    error, or another exception, by type and place, with the seed of the first of each."""

    format: str
    read: int
    refused: int
    foreign: dict[str, int]
    seeds: dict[str, int]

    @property
    def total(self) -> int:
        return self.read + self.refused + sum(self.foreign.values())


def sample_docs() -> list[Doc]:
    """Labelled sentences of several kinds: with a source view, empty, without entities."""
    nlp = spacy.blank("xx")
    docs = []
    for words, ents in (
        (["Rais", "Samia", "alitembelea", "Dodoma", "."], [(1, 2, "PER"), (3, 4, "LOC")]),
        ([], []),
        (["Hakuna", "mtu", "hapa"], []),
        (["Benki", "ya", "Dunia", "#", "東京", "👩‍🔬"], [(0, 3, "ORG"), (4, 5, "LOC")]),
    ):
        doc = Doc(nlp.vocab, words=words)
        doc.set_ents([Span(doc, *ent) for ent in ents])
        docs.append(doc)
    view = SourceView("en", ("President", "Samia"), (True, False), row=0)
    Views(docs[0])["en"] = view.with_entities([(1, 2, "PER")])
    return docs


def file_stem(format: Format) -> str:
    return format.name.replace(" ", "-")


def sample_files(folder: Path) -> Iterator[tuple[Format, Path]]:
    """A valid file of each suffix of each format."""
    for format in all_formats():
        for suffix in format.suffixes:
            path = folder / f"{file_stem(format)}{suffix}"
            if format.written:
                format.write(sample_docs(), path)
            else:
                path.write_text(_READ_ONLY.get(suffix, _TEXT), encoding="utf-8")
            yield format, path


def damage(format: Format, path: Path, rng: random.Random) -> Path:
    """A copy of a file, damaged; of one that has parts, either it or one of them."""
    copy = path.with_name(f"damaged-{path.name}")
    parts = dict(
        zip([path, *format.companions(path)], [copy, *format.companions(copy)], strict=True)
    )
    chosen = rng.choice(list(parts))
    for part, its in parts.items():
        data = part.read_bytes()
        its.write_bytes(mutate(data, rng) if part == chosen else data)
    return copy


def try_reading(path: Path) -> bool:
    """Whether a file is read, in every way that there is; False where it is refused. What was read
    must be fit to be written."""
    done = []
    for settings in ({}, {"spans_key": "sc"}, {"skip_bad": True}):
        try:
            with collected():
                pack_docs(read_docs(path, lang="xx", **settings))
            done.append(True)
        except XProjError:
            done.append(False)
    return any(done)


def fuzz(folder: Path, *, n: int, seed: int = 0) -> Iterator[Outcome]:
    """Read ``n`` damaged files of each format and suffix, written to ``folder``."""
    for format, path in sample_files(folder):
        counts: Counter[bool] = Counter()
        foreign: Counter[str] = Counter()
        seeds: dict[str, int] = {}
        for number in range(seed, seed + n):
            damaged = damage(format, path, random.Random(f"{path.name} {number}"))
            try:
                counts[try_reading(damaged)] += 1
            # What is looked for is any exception.
            except Exception as error:
                last = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
                foreign[kind] += 1
                seeds.setdefault(kind, number)
        suffix = path.name.removeprefix(file_stem(format))
        yield Outcome(
            f"{format.name} ({suffix})", counts[True], counts[False], dict(foreign), seeds
        )
