"""Building XQuAD-NER: parallel text whose gold mentions are the XQuAD answers that are, in English,
exactly a named entity. It knows no model: what finds entities is passed in.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span

from spacy_xproj.about import __version__
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.files import write_text
from spacy_xproj.io.formats.docbin import write_docbin
from spacy_xproj.io.records import write_json, write_records
from spacy_xproj.text.tokenizers import blank_tokenizer, blank_vocab, cut_doc

from ..datasets.checksums import md5
from ..datasets.language_table import XQUAD
from .card import card
from .files import Paragraph, read_xquad, xquad_path
from .mentions import LeftOut, Mention, find_mentions
from .units import UNITS, SplitSentences, make_units, segments

SOURCE = "en"
GROUP = "xquad_ner"  # the span group of a Doc that holds its mentions
LABELS = ("PER", "ORG", "LOC")

# The entities of English sentences, [start, end) in words, without overlap in a sentence.
Recognise = Callable[[Sequence[Doc]], Sequence[Sequence[tuple[int, int, str]]]]


class XQuADNER(NamedTuple):
    """The corpus: Docs by language, unit by unit in parallel, and its summary as plain data."""

    docs: dict[str, list[Doc]]
    summary: dict[str, Any]

    def bitext(self) -> list[dict[str, str]]:
        """One object a unit: its id, and its text by language."""
        rows = []
        for row in zip(*self.docs.values(), strict=True):
            texts = {lang: doc.text for lang, doc in zip(self.docs, row, strict=True)}
            rows.append({"id": row[0].user_data["id"], **texts})
        return rows


def build_xquad_ner(
    folder: str | Path,
    *,
    recognise: Recognise,
    recogniser: Mapping[str, Any],
    split_sentences: SplitSentences,
    langs: Sequence[str] = XQUAD,
    unit: str = "sentence",
    labels: Sequence[str] = LABELS,
) -> XQuADNER:
    """Make XQuAD-NER from the files ``xquad.LANG.json`` of a folder.

    recognise: called once with all English sentences as Docs. recogniser: what it is, for the card.
    split_sentences: a text as (sentence, white space after it). langs: English is added where it
    is not named. unit: ``sentence``, as few sentences as are parallel in all languages, or
    ``paragraph``. labels: the entities to keep.

    Each Doc has its mentions in ``doc.spans["xquad_ner"]``, no ``doc.ents`` (most entities are no
    mention), and in ``doc.user_data`` its ``id``, the same in every language, and under ``xquad``
    where it comes from. Raises XProjError for a file that is missing, broken or not parallel.
    """
    langs = list(dict.fromkeys([SOURCE, *langs]))
    if unit not in UNITS:
        raise XProjError(
            Errors.XP150.format(
                kind="unit", name=unit, fix="--unit sentence", known=", ".join(UNITS)
            )
        )
    paths = {lang: xquad_path(folder, lang) for lang in langs}
    files = {lang: read_xquad(path) for lang, path in paths.items()}
    _check_parallel(paths, files)
    cut = [
        {lang: segments(p.text, lang, split_sentences) for lang, p in row.items()}
        for row in _rows(files)
    ]
    entities = _find_entities(files[SOURCE], [own[SOURCE] for own in cut], recognise)
    makers = {lang: _DocMaker(lang) for lang in langs}
    docs: dict[str, list[Doc]] = {lang: [] for lang in langs}
    left_out: list[LeftOut] = []
    rules: Counter[tuple[str, str]] = Counter()
    for paragraphs, own, found_entities in zip(_rows(files), cut, entities, strict=True):
        found = find_mentions(paragraphs, found_entities, source=SOURCE, labels=labels)
        left_out += found.left_out
        rules += found.counts
        units = make_units(paragraphs, own, source=SOURCE, unit=unit)
        for number, borders in enumerate(units):
            for lang, paragraph in paragraphs.items():
                docs[lang].append(
                    makers[lang].make(paragraph, number, borders[lang], found.mentions[lang])
                )
    summary = {
        "name": "XQuAD-NER",
        "made_by": f"spacy-xproj {__version__}",
        "recogniser": dict(recogniser),
        "unit": unit,
        "labels": list(labels),
        "paragraphs": len(files[SOURCE]),
        "questions": sum(len(p.answers) for p in files[SOURCE]),
        "units": len(docs[SOURCE]),
        "units_that_are_whole_paragraphs": _whole_paragraphs(docs[SOURCE]),
        "languages": {
            lang: {
                "file": paths[lang].name,
                "md5": md5(paths[lang]),
                "tokens": sum(map(len, docs[lang])),
                "tokens_cut": makers[lang].tokens_cut,
                "mentions": _label_counts(docs[lang], labels),
                "left_out": _sorted(Counter(o.reason for o in left_out if o.lang == lang)),
                "rules": _sorted({rule: n for (own, rule), n in rules.items() if own == lang}),
            }
            for lang in langs
        },
        "left_out": [o._asdict() for o in left_out],
    }
    return XQuADNER(docs, summary)


def write_xquad_ner(corpus: XQuADNER, output: str | Path) -> None:
    """Write ``LANG.spacy``, ``bitext.jsonl``, ``summary.json`` and the dataset card ``README.md``.

    The same corpus gives the same bytes.
    """
    folder = Path(output)
    for lang, docs in corpus.docs.items():
        write_docbin(docs, folder / f"{lang}.spacy")
    write_records(folder / "bitext.jsonl", corpus.bitext())
    write_json(folder / "summary.json", corpus.summary)
    write_text(folder / "README.md", card(corpus.summary))


class _DocMaker:
    """Makes the Docs of one language; counts the tokens that a mention cuts."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.tokenize = blank_tokenizer(lang, blank_vocab(lang))
        self.tokens_cut = 0

    def make(
        self, paragraph: Paragraph, number: int, borders: tuple[int, int], mentions: list[Mention]
    ) -> Doc:
        start, end = borders
        own = [m for m in mentions if start <= m.start < end]
        text = paragraph.text[start:end]
        spans = [(m.start - start, m.end - start, m.label) for m in own]
        doc, in_words = cut_doc(self.tokenize, text, spans)
        self.tokens_cut += len(doc) - len(self.tokenize(text)) if spans else 0
        doc.spans[GROUP] = [
            Span(doc, first, last, label=label, span_id=mention.questions[0])
            for (first, last, label), mention in zip(in_words, own, strict=True)
        ]
        doc.user_data["id"] = f"{paragraph.article:02}-{paragraph.number}-{number}"
        doc.user_data["xquad"] = {
            "lang": self.lang,
            "article": paragraph.article,
            "title": paragraph.title,
            "paragraph": paragraph.number,
            "unit": number,
            "start_char": start,
            "questions": [list(m.questions) for m in own],
        }
        return doc


def _rows(files: Mapping[str, list[Paragraph]]) -> list[dict[str, Paragraph]]:
    """Each paragraph by language."""
    return [dict(zip(files, row, strict=True)) for row in zip(*files.values(), strict=True)]


def _check_parallel(paths: Mapping[str, Path], files: Mapping[str, list[Paragraph]]) -> None:
    places = {lang: [(p.article, p.number) for p in own] for lang, own in files.items()}
    for lang, own in places.items():
        if own != places[SOURCE]:
            raise XProjError(
                Errors.XP687.format(
                    first=paths[SOURCE],
                    n_first=len(places[SOURCE]),
                    second=paths[lang],
                    n_second=len(own),
                )
            )


def _find_entities(
    paragraphs: Sequence[Paragraph],
    cut: Sequence[Sequence[tuple[int, int]]],
    recognise: Recognise,
) -> list[list[tuple[int, int, str]]]:
    """The entities of each paragraph, ``[start, end)`` in its characters."""
    tokenize = blank_tokenizer(SOURCE, blank_vocab(SOURCE))
    places = [(i, start, end) for i, own in enumerate(cut) for start, end in own]
    docs = [tokenize(paragraphs[i].text[start:end]) for i, start, end in places]
    entities: list[list[tuple[int, int, str]]] = [[] for _ in paragraphs]
    for (i, start, _), doc, own in zip(places, docs, recognise(docs), strict=True):
        spans = [(doc[first:last], label) for first, last, label in own]
        entities[i] += [(start + s.start_char, start + s.end_char, label) for s, label in spans]
    return entities


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _label_counts(docs: Sequence[Doc], labels: Sequence[str]) -> dict[str, int]:
    counts = Counter(span.label_ for doc in docs for span in doc.spans[GROUP])
    return {label: counts[label] for label in labels}


def _whole_paragraphs(docs: Sequence[Doc]) -> int:
    places = Counter(
        (d.user_data["xquad"]["article"], d.user_data["xquad"]["paragraph"]) for d in docs
    )
    return sum(n == 1 for n in places.values())
