"""Building DocBins and a bitext from a parallel corpus with inline marks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.tokens import Doc

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.docbin import write_docbin
from spacy_xproj.io.records import write_records

from .marked import read_marked


def build_corpus(
    source: str | Path, output: str | Path, *, langs: Sequence[str]
) -> Iterator[tuple[Path, int, int]]:
    """Write ``LANG-SPLIT.spacy`` for each language and each ``SPLIT.jsonl`` of a folder, all splits
    in order of name as ``LANG-all.spacy``, and their plain text as ``bitext.jsonl``, one object a
    sentence keyed by language.

    Yields each DocBin's path, its number of sentences and of entities. Raises XProjError for a
    folder without such files.
    """
    splits = sorted(Path(source).glob("*.jsonl"))
    if not splits:
        raise XProjError(Errors.XP645.format(path=source))
    whole: dict[str, list[Doc]] = {lang: [] for lang in langs}
    for split in splits:
        for lang in langs:
            docs = list(read_marked(split, lang=lang))
            whole[lang] += docs
            yield _write(docs, Path(output) / f"{lang}-{split.stem}.spacy")
    for lang in langs:
        yield _write(whole[lang], Path(output) / f"{lang}-all.spacy")
    texts = zip(*([doc.text for doc in docs] for docs in whole.values()), strict=True)
    rows = (dict(zip(langs, sentence, strict=True)) for sentence in texts)
    write_records(Path(output) / "bitext.jsonl", rows)


def _write(docs: list[Doc], path: Path) -> tuple[Path, int, int]:
    write_docbin(docs, path)
    return path, len(docs), sum(len(doc.ents) for doc in docs)
