"""Building DocBins and a bitext from a parallel corpus with inline marks."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import Errors, XProjError
from ..files import write_text
from .docbin import write_docbin
from .marked import read_marked


def build_corpus(
    source: str | Path, output: str | Path, *, langs: Sequence[str]
) -> Iterator[tuple[Path, int, int]]:
    """Write ``LANG-SPLIT.spacy`` for each language and each ``SPLIT.jsonl`` of a folder, and
    ``bitext.jsonl`` with the plain text of all splits, one object a sentence keyed by language.

    Yields each DocBin's path, its number of sentences and of entities. Raises XProjError for a
    folder without such files.
    """
    splits = sorted(Path(source).glob("*.jsonl"))
    if not splits:
        raise XProjError(Errors.XP645.format(path=source))
    rows: list[dict[str, str]] = []
    for split in splits:
        docs = {lang: list(read_marked(split, lang=lang)) for lang in langs}
        for lang in langs:
            path = Path(output) / f"{lang}-{split.stem}.spacy"
            write_docbin(docs[lang], path)
            yield path, len(docs[lang]), sum(len(doc.ents) for doc in docs[lang])
        for sentence in zip(*docs.values(), strict=True):
            rows.append({lang: doc.text for lang, doc in zip(langs, sentence, strict=True)})
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_text(Path(output) / "bitext.jsonl", "".join(lines))
