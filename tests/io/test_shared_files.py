"""Files of public benchmarks, as their makers wrote them, are read whole: as many sentences, words
and entities as a plain count of lines and tags finds in them."""

from itertools import groupby, islice

import pytest

from spacy_xproj.io.formats.files import CorpusFile
from spacy_xproj.io.formats.reading import Reading
from tests.conftest import SHARED

DATA = SHARED / "data"
LINES = 2000
# Of the columns of each folder's files: what parts them, and where word and tag stand.
LAYOUTS = {
    "abstrct/*.tsv": (" ", 0, 1),
    "bam-nllb/test-*.txt": (" ", 0, 1),
    "conll-nllb/*.train.*": (" ", 0, 1),
    "europarl-ner/*.conll02": ("\t", 0, 1),
    "galician/*Gold_CoNLL*": ("\t", 0, 1),
    "masakhaner2/*/*.txt": (" ", 0, 1),
    "multicardioner/*.dev.conll": ("\t", 0, 1),
    "ote/en.*.tsv": (" ", 0, 1),
    "ote/[et][sr].[!a]*.tsv": ("\t", 0, 1),
    "uner-hr/*.iob2": ("\t", 1, 2),
    "wikiann/??/*.conllu": ("\t", 1, 2),
    "wikiann/???/*.txt": (" ", 0, 1),
}
FILES = [
    (path, layout) for pattern, layout in LAYOUTS.items() for path in sorted(DATA.glob(pattern))
]


def counted(lines, layout):
    """Sentences, words, and labels of entities, of lines."""
    sep, word, tag = layout
    of_words = [
        line
        for line in lines
        if not line.startswith("-DOCSTART-") and not (word and line.startswith("#"))
    ]
    blocks = [list(own) for full, own in groupby(of_words, lambda line: bool(line.strip())) if full]
    tags = [[line.split(sep)[tag].strip() for line in block] for block in blocks]
    begun = [one[2:] for own in tags for one in own if one[:2] == "B-" and one != "B-O"]
    for own in tags:  # entities that begin without a B
        for before, one in zip(["O", *own], own, strict=False):
            if one[:2] == "I-" and before[2:] != one[2:]:
                begun.append(one[2:])
    return len(blocks), sum(map(len, tags)), sorted(begun)


@pytest.mark.skipif(not FILES, reason="shared: the benchmarks' files are not here")
@pytest.mark.parametrize(
    ("path", "layout"),
    FILES,
    ids=[path.relative_to(DATA).as_posix() for path, _ in FILES],
)
def test_a_file_is_read_whole(path, layout, tmp_path):
    with path.open(encoding="utf8", newline="\n") as file:
        lines = [line.rstrip("\r\n") for line in islice(file, LINES)]
    if len(lines) == LINES:  # to the end of a sentence
        del lines[max(i for i, line in enumerate(lines) if not line.strip()) :]
    suffix = path.suffix if path.suffix not in (".train", ".test") else ".conll"
    copy = tmp_path / f"corpus{suffix}"
    copy.write_text("\n".join(lines) + "\n", encoding="utf8")
    file = CorpusFile(copy, lang="xx")
    parse = file.parser(Reading("xx"))
    docs = [parse(raw) for raw in file.split()]
    found = len(docs), sum(map(len, docs)), sorted(e.label_ for doc in docs for e in doc.ents)
    assert found == counted(lines, layout)
